"""Text made safe and well set: Markdown, LaTeX, typography."""
