"""Hints from what is measured: units, what is counted by, changes and scales."""
