"""The index and the feed of an output folder."""
