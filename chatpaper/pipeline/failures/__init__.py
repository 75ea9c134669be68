"""When a paper that failed is tried again, and what gives an exhausted one another chance."""
