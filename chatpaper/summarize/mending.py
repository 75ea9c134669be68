"""Answers in the form in which they are published."""

from chatpaper.summarize.quality.form import normalize_answer as tidied

__all__ = ["tidied"]
