"""Keep the database sound and within its bounds."""
