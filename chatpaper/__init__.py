"""Nightly, checked summaries of new research papers in one's own language."""

__version__ = "0.1.0"
