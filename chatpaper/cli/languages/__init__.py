"""The language in which the command line speaks to the person who uses it."""
