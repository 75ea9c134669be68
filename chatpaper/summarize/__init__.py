"""Paper + Document -> prompt -> completion -> checked Summary."""

from chatpaper.summarize.cost.call_log import CompletionCache, NoCache
from chatpaper.summarize.summarizer import Summarizer

__all__ = ["CompletionCache", "NoCache", "Summarizer"]
