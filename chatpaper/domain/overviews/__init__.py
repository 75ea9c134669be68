"""What is said of the papers of several days together."""
