"""Whether a paper supports a value: it stands there, or follows from others."""
