"""Hints from the tables of a paper: what stands beside a number there and what does not."""
