"""Claims of a text: what they say, and whether the paper supports them."""
