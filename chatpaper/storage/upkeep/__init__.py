"""What keeps the database sound and within its bounds."""
