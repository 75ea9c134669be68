"""Papers, what became of them, and the posts that show them."""
