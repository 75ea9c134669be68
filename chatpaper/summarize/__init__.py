"""Paper + Document -> prompt -> completion -> checked Summary.

`chatpaper.summarize(paper)` summarizes one: see `help(chatpaper.app.api.summarize)`.
"""

import sys

from chatpaper import CallablePackage
from chatpaper.summarize.cost.call_log import CompletionCache, NoCache
from chatpaper.summarize.summarizer import Summarizer, SummarizerOptions

__all__ = ["CompletionCache", "NoCache", "Summarizer", "SummarizerOptions"]

# `chatpaper.summarize(paper)` is a function of the API, too.
sys.modules[__name__].__class__ = CallablePackage
