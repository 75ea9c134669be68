"""Links of a paper, and which of them are its own."""
