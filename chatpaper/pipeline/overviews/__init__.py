"""Overviews of a period: its papers out of the store, and the post on disk."""
