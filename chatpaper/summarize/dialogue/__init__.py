"""The dialogue with a model about one paper.

This is the schema of its answers, the loop, and the repairs of what failed a check.
"""
