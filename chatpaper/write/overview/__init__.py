"""Overviews as posts: the Markdown, and the JSON beside it."""
