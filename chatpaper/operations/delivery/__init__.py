"""Deliver each night's new papers: by mail, and to the groups of chat services."""
