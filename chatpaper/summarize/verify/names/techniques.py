"""Techniques that a sentence names in Chinese or English, and the paper in no words."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from chatpaper.domain.text.scripts import contains_unspaced
from chatpaper.domain.text.tables import load_table
from chatpaper.summarize.verify.names.named_terms import find_place

_BETWEEN_WORDS = re.compile(r"[\s-]+")
# Words of a paper may be parted by a line end or written as one.
_GAP = r"[\s‐‑–-]*"
_LEAST_SHORT_FORM = 2
_GLOSS = re.compile(r"\s*(?:[（(][^（）()]*[）)])?\s*")


class _Technique(NamedTuple):
    """A technique by its Chinese name.

    The pattern `called` finds it in an English sentence, and `words` what a paper about it has.
    They are compiled when a sentence needs them, which few do.
    """

    name: str
    called: str
    words: str


def find_missing_techniques(sentence: str, paper: str) -> Iterator[tuple[int, str]]:
    """Find the techniques of a sentence for which the paper has none of their words.

    One that stands by itself is a keyword, which need not be among the words of the text.
    """
    is_english = not contains_unspaced(sentence)
    for technique in _load_techniques():
        if is_english:
            match = _compile(technique.called).search(sentence)
            place, name = (match.start(), match[0]) if match else (None, "")
        elif technique.name in sentence:
            place, name = find_place(technique.name, sentence), technique.name
        else:
            continue
        if place is None or technique.name in paper or _compile(technique.words).search(paper):
            continue
        is_keyword = not sentence[:place].strip() and _GLOSS.fullmatch(sentence, place + len(name))
        if not is_keyword:
            yield place, name


@cache
def _load_techniques() -> tuple[_Technique, ...]:
    table = load_table(__package__, "lists/techniques.toml", dict[str, tuple[str, ...]])
    return tuple(
        _Technique(
            name,
            rf"\b{_write_pattern(forms[0])}s?\b",
            "|".join(map(_write_pattern, forms)),
        )
        for name, forms in table.items()
    )


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _write_pattern(form: str) -> str:
    """Write the pattern of English words in any case, or of a short form in capitals."""
    if sum(map(str.isupper, form)) >= _LEAST_SHORT_FORM and " " not in form:
        return rf"(?:{re.escape(form)}s?\b)"
    words = _GAP.join(re.escape(word) for word in _BETWEEN_WORDS.split(form))
    return rf"(?i:{words})"
