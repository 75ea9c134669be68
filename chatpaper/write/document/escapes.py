"""Text of a paper in Markdown that is read by people and programs: escaped as little as possible.

What Markdown or HTML would take for its own shows as itself. Other than in posts, links work, and
what only some sites take for their own stays as it is.
"""

import re

from chatpaper.domain.text.invisible import remove_invisible

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad]")
# An underscore opens an emphasis only behind white space or punctuation.
_ALWAYS = re.compile(r"[\\`*]|(?<![^\W_])_(?=\S)|~~|\](?=[(\[:])|<(?=[A-Za-z/!?])|&(?=#|\w+;)")
_LINE_START = re.compile(r"^(?:(?=[-+>#=|])|(\d{1,9})(?=[.)](?:\s|$)))")
_FENCE = re.compile(r"`{3,}")


def escape(text: str) -> str:
    """Escape a paragraph or a line, without its white space at the ends."""
    plain = " ".join(_UNSEEN.sub("", remove_invisible(text)).split())
    return _ALWAYS.sub(lambda match: f"\\{match[0]}", plain)


def escape_line(text: str) -> str:
    """Escape a line so that its first characters open no list, quote, heading or table."""
    return _LINE_START.sub(lambda match: f"{match[1] or ''}\\", escape(text), count=1)


def escape_cell(text: str) -> str:
    """Escape the text of a cell of a table."""
    return escape(text).replace("|", "\\|")


def format_block(lines: str) -> str:
    """Put lines between fences that none of them closes."""
    marks = max((len(match[0]) for match in _FENCE.finditer(lines)), default=2) + 1
    return f"{'`' * marks}\n{_UNSEEN.sub('', lines)}\n{'`' * marks}"
