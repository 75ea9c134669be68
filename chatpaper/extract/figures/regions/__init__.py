"""Regions that captions may refer to: where to look for them, and how far they reach."""
