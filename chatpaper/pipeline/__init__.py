"""Run the steps for each paper: fetch, extract, summarize, write.

A fault costs one paper, and the run report tells of it.
"""
