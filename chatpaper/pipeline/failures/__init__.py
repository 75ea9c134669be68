"""When a paper that failed is tried again, and what brings back one that was given up."""
