"""Nightly, checked summaries of new research papers in one's own language."""

__version__ = "0.1.0"

# Named in every post and in the User-Agent.
PROJECT_URL = "https://github.com/chatpaper/chatpaper"
