"""The dialogue with a model about one paper: the schema of its answers, and repairs of what failed
a check.
"""
