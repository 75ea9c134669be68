"""HTTP as arXiv asks for it: throttled, identified, bounded in size and time."""
