"""The titles that papers of all fields have: what a heading is by its words.

They are listed in `known_titles.toml`.
"""

import re
from functools import lru_cache
from typing import Literal

from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tables import load_table
from chatpaper.extract.headings.numbering import parse_numbers

HeadingKind = Literal["section", "abstract", "references", "keywords", "contents"]

_TITLES = load_table(__package__, "known_titles.toml", dict[str, dict[str, list[str]]])
_PATTERNS = {name: re.compile("|".join(patterns)) for name, patterns in _TITLES.items()}
_KINDS: tuple[HeadingKind, ...] = ("abstract", "references", "keywords", "contents")


def _is_listed(title: str, *names: str) -> bool:
    letters = fold_letters(title)
    return any(_PATTERNS[name].fullmatch(letters) for name in names)


@lru_cache(maxsize=1024)
def classify_title(title: str) -> HeadingKind:
    """Tell by its title what stands under a heading."""
    return next((kind for kind in _KINDS if _is_listed(title, kind)), "section")


@lru_cache(maxsize=1024)
def is_known_title(title: str) -> bool:
    """Tell whether a title is one that papers of all fields have."""
    return _is_listed(title, "section", "back_matter")


def opens_text(text: str) -> bool:
    """Tell whether a line is the heading of an abstract or of a first section."""
    return any(is_abstract_word(title) or is_known_title(title) for _, title in parse_numbers(text))


def is_back_matter(title: str) -> bool:
    """Tell whether a title is one after the last section: thanks, declarations, appendices."""
    return _is_listed(title, "back_matter")


def names_appendix(title: str) -> bool:
    """Tell whether a title says that an appendix or supplement begins."""
    return bool(re.match(r"appendi|supplement|附录", title, re.IGNORECASE))


def is_abstract_word(text: str) -> bool:
    """Tell whether a line is the heading of an abstract, which may be smaller than the body."""
    return _is_listed(text, "abstract")


def is_common_section(title: str) -> bool:
    """Tell whether a title is that of a main section that papers of all fields have."""
    return _is_listed(title, "section")
