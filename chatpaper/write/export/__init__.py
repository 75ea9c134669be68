"""Published papers for other programs: BibTeX, JSON Lines and CSV."""
