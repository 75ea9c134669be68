"""Numbers in texts as values: digits, words, scales and units."""
