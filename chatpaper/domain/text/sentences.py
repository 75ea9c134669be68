"""Split texts into sentences, in three ways: each is right for another use.

`split_sentences` knows abbreviations and is for prose of papers and of people. `split_clauses` is
for answers of models, in which semicolons and line ends part statements. `spans_between_stops`
takes every full stop for an end: where a sentence is to be blanked, it must not take the next one
with it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from chatpaper.domain.text.scripts import UNSPACED
from chatpaper.domain.text.tables import load_word_tables

# What ends a sentence that breaks off nowhere.
STOPS = ".!?。！？"

# What a sentence may have behind its stop.
CLOSERS = "\"'”’)]」』）"
_CLOSERS = re.escape(CLOSERS)
_END = re.compile(
    rf"(?<=[.!?])(?P<closers>[{_CLOSERS}]*)\s+(?=[\"'“‘(\[*]*[A-Z0-9{UNSPACED}]|[•†‡§])"
    rf"|(?<=[。！？])(?P<closers_of_wide>[{_CLOSERS}]*)|\n{{2,}}"
    r"|\n(?=\s*(?:[-*+•]|\d+[.)]|[（(]\d+[）)])\s)"
)
_TABLES = load_word_tables(__name__)
_ABBREVIATION = re.compile(rf"(?:\b(?:{_TABLES.join('abbreviations')})|\b[A-Z])\.\Z")
_LABEL_WORD = re.compile(r"\b(?:Tables?|Figures?|Sections?|Eqn|Alg|App)\.\Z")
# The longest of them with the letter before it.
_ABBREVIATION_CHARACTERS = 10
# How far from a stop both parentheses of a remark stand at most. No remark of 30 papers in which a
# stop is that of an abbreviation ("a.k.a.", "grant no.") is half as long.
_REMARK_CHARACTERS = 200
_CLAUSE_END = re.compile(r"(?:[。！？?；;\n]|!(?!\[))[”」』）)]?|\.(?=\s|\Z)")
# A full stop inside an address or a number ends no sentence.
_BETWEEN_STOPS = re.compile(
    r"(?:[^.!?。！？\n]|[.!?](?![\s\"'”’)]|\Z)|\n(?!\n))+(?:[.!?。！？]+|(?=\n\n)|\Z)"
)


class Sentence(NamedTuple):
    """A sentence without the spaces around it, and the offset in its text at which it begins."""

    start: int
    text: str


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of prose in any language; paragraphs and items of lists end one too.

    Stops of abbreviations and initials end none, nor one between a word and the number of a label,
    nor one between parentheses.

    >>> [sentence.text for sentence in split_sentences("See Fig. 2 of [1]. It holds.")]
    ['See Fig. 2 of [1].', 'It holds.']
    """
    start = 0
    for end in [*_END.finditer(text), None]:
        if end is not None and _goes_on(text, start, end):
            continue
        stop = _stop(end) if end else len(text)
        sentence = text[start:stop].lstrip()
        if sentence:
            yield Sentence(stop - len(sentence), sentence.rstrip())
        start = end.end() if end else stop


def find_statement_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of clauses that could stand alone, which together are the whole text.

    Full stops, semicolons and line ends end one; so does an exclamation mark that opens no image of
    Markdown.
    """
    ends = [match.end() for match in _CLAUSE_END.finditer(text)]
    return list(pairwise(dict.fromkeys((0, *ends, len(text)))))


def find_stop_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans from one full stop to the next, be it that of an abbreviation."""
    return (match.span() for match in _BETWEEN_STOPS.finditer(text))


def _stop(end: re.Match[str]) -> int:
    """Return where a sentence ends, behind the quotation marks and parentheses that it closes."""
    return max(end.start(), end.end("closers"), end.end("closers_of_wide"))


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    if "\n\n" in end[0]:
        return False
    before = text[max(start, end.start() - _ABBREVIATION_CHARACTERS) : end.start()]
    return bool(
        _ABBREVIATION.search(before)
        or _is_in_remark(text, start, end)
        or (_LABEL_WORD.search(before) and text[end.end() : end.end() + 1].isdigit())
    )


def _is_in_remark(text: str, start: int, end: re.Match[str]) -> bool:
    """Tell whether a sentence's parenthesis is open where it would end, and is closed soon."""
    before = text[max(start, end.start() - _REMARK_CHARACTERS) : end.start()]
    behind = text[end.end() : end.end() + _REMARK_CHARACTERS].partition("\n\n")[0]
    opened = before.rfind("(") > before.rfind(")")
    return opened and -1 < behind.find(")") < (behind + "(").find("(")
