"""Tables as rows and columns, from the boxes of their words and their ruling lines."""
