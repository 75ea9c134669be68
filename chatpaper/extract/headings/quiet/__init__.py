"""Headings that hardly differ from text, told by all evidence together."""
