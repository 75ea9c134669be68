"""Figures and tables: captions, the regions they belong to, and the text inside of them."""
