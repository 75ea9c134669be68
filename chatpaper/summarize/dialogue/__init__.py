"""The dialogue with a model about one paper.

It has the schema of the answers, and the repairs of what failed a check.
"""
