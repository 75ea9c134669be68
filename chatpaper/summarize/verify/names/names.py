"""Names in Latin script in a text, of methods, models, data sets and people.

In a text in Chinese or Japanese every Latin word with a capital letter or a digit in it is a name:
writers leave little else in Latin script. In English a name is what is capitalised within a
sentence, an acronym, or CamelCase.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatpaper.domain.text.scripts import LATIN, contains_unspaced
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.summarize.verify.names.name_index import is_acronym
from chatpaper.summarize.verify.numbers.labels import blank_labels
from chatpaper.summarize.verify.numbers.numerals import find_claimed_numerals
from chatpaper.summarize.verify.numbers.units import is_unit

_TABLES = load_word_tables(__name__)
COMMON_WORDS = frozenset(_TABLES.list_words("common"))

_TOKEN = rf"[{LATIN}\d][{LATIN}\d'’]*(?:[-‐‑.+/&_]+[{LATIN}\d]+)*\+*"
_RUN = re.compile(rf"{_TOKEN}(?: {_TOKEN})*")
_SINGLE = re.compile(_TOKEN)
_FORMULA = re.compile(r"\$[^$\n]+\$|\\[A-Za-z]+(?:\{[^}]*\})*|`[^`\n]*`")
_SENTENCE_START = re.compile(
    r"(?:\A|[.!?:;。！？：；\n•“\"(（]|^\s*[-*#>\d.]+)\s*[“\"'(（*_]*\Z", re.MULTILINE
)
# F1, L2, P1, X1 and Y2 are measures and variables, Q1 a question or a quarter.
_MODEL_NUMBER = re.compile(r"[A-Z]-?\d{2,4}(?!\d)|(?![FLPHQUVWXYZ])[A-Z]\d(?!\w)")
# The thing itself stands before what belongs to it: "O1's SARSA" are two names.
_POSSESSIVE = re.compile(r"['’]s?\Z")
# A designation in a catalogue: GRB 130427A.
_DESIGNATION = re.compile(r"\d{4,6}[A-Z]")
# A measure of something for each of another unit: 1.22 G/ms, 70 km/s/Mpc.
_RATE = re.compile(r"\s?[A-Za-zµμΩ]{0,5}(?P<parts>(?:/[A-Za-zµμΩ]{1,5}){1,3})(?![A-Za-z\d])")
_LONGEST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a text."""

    text: str
    start: int
    end: int


def find_names(text: str) -> tuple[Name, ...]:
    """Find the names of a text, in order."""
    bare = _without_numerals(_FORMULA.sub(_blank, blank_labels(text)))
    return tuple(name for run in _RUN.finditer(bare) for name in _names_of_run(bare, run))


def _without_numerals(text: str) -> str:
    for numeral in find_claimed_numerals(text):
        rate = _RATE.match(text, numeral.end)
        end = (
            rate.end()
            if rate and all(is_unit(part) for part in rate["parts"].split("/")[1:])
            else numeral.end
        )
        text = text[: numeral.start] + " " * (end - numeral.start) + text[end:]
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _names_of_run(text: str, run: re.Match[str]) -> Iterator[Name]:
    """Return the names among Latin words in a row: neighbours that are names make one name."""
    before = text[max(0, run.start() - 3) : run.start()].rpartition("\n")[2]
    behind = text[run.end() : run.end() + 3].partition("\n")[0]
    in_cjk = contains_unspaced(before + behind) and len(run[0].split()) < 12
    begun: list[re.Match[str]] = []
    for token in [*_SINGLE.finditer(text, run.start(), run.end()), None]:
        named = token is not None and (
            _is_name_among_han(token[0]) if in_cjk else _is_name_in_english(text, token)
        )
        if token is not None and named and len(begun) < _LONGEST_NAME_WORDS:
            begun.append(token)
            if not _POSSESSIVE.search(token[0]):
                continue
            token, named = None, False
        if begun:
            start = begun[0].start()
            name = _POSSESSIVE.sub("", text[start : begun[-1].end()])
            yield Name(name, start, start + len(name))
        begun = [token] if token is not None and named else []


def _is_name_among_han(token: str) -> bool:
    has_mark = any(character.isupper() or character.isdigit() for character in token)
    return _has_letters(token) and has_mark and not _is_common(token)


def _has_letters(token: str) -> bool:
    """Tell whether a token has the letters of a name.

    These are two letters, or one and the number of a model, as in H800; F1 and L2 are no names.
    """
    letters = sum(character.isalpha() for character in token)
    return letters > 1 or bool(_MODEL_NUMBER.match(token) or _DESIGNATION.fullmatch(token))


def _is_name_in_english(text: str, token: re.Match[str]) -> bool:
    word = token[0]
    if not _has_letters(word) or _is_common(word):
        return False
    if is_acronym(word):
        return True
    capital = word[0].isupper() and not _SENTENCE_START.search(text[: token.start()][-40:])
    return capital and not _is_ordinary_capital(word)


def _is_ordinary_capital(word: str) -> bool:
    return word in calendar.month_name or word in calendar.day_name


def _is_common(token: str) -> bool:
    return token.lower().strip("'’") in COMMON_WORDS
