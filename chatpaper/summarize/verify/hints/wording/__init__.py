"""Hints from the wording of a statement: negations, comparisons, causes, strength and scope."""
