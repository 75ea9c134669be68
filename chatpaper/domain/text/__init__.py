"""What can be told of a text in any language."""
