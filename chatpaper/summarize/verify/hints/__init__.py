"""What words alone tell against a statement, before or without a second reader."""
