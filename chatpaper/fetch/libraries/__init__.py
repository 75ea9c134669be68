"""Readers of people's own libraries: BibTeX files and Zotero."""
