"""Check posts: from a Markdown file to violations, each with its line and how to correct it."""

from chatpaper.write.lint.post import Violation
from chatpaper.write.lint.rules import TextCheck, lint_post

__all__ = ["TextCheck", "Violation", "lint_post"]
