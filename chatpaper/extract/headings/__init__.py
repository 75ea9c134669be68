"""Headings and what they divide: front matter, sections, references and links."""
