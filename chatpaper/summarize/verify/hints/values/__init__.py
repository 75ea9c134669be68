"""Hints from the values of a statement: numbers, cells of tables, names and their order."""
