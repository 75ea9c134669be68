"""What posts show of papers, as values that templates read."""
