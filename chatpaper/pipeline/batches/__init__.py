"""Requests that are sent in batches by one run, and collected by a later one."""
