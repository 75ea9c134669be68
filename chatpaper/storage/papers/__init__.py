"""Papers, what became of them, and the posts in which they stand."""
