"""The tables and indices of the database, one script per version."""
