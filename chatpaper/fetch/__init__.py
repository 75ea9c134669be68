"""Where papers come from: arXiv, a folder, a single file."""
