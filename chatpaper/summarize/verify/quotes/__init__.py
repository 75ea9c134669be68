"""Where a paper has the words that a summary quotes."""
