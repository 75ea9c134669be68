"""What of a paper bears on a statement."""
