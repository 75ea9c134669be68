"""Paper + Document -> prompt -> completion -> checked Summary."""

from chatpaper.summarize.summarizer import CompletionCache, NoCache, Summarizer

__all__ = ["CompletionCache", "NoCache", "Summarizer"]
