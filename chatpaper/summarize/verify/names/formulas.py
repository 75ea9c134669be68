"""Formulas of numbers and letters that a sentence gives, 2F + 1, and that a paper gives otherwise.

The digits of a formula count nothing by themselves. Where the paper has one of the same letters and
signs with other digits, and nowhere this one, its digits are wrong.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# No power of ten is one: 1e-6.
_TERM = r"(?:\d{1,3} ?(?![eE] ?[-+^])[A-Za-z]|[A-Za-z]|\d{1,3})(?![A-Za-z\d.%])"
# What has a hyphen without blanks around it is a name, T-5, unless a number multiplies its letter.
# A letter behind a stroke is that of a unit: 10 m/s.
_LINK = r"(?: ?[+*] ?| ?/ ?(?=\d)| - |(?<=\d[A-Za-z])-)"
# What a letter is set to is so many times another one: h = 200r.
_MULTIPLE = r"(?<![\w.])[A-Za-z] ?= ?\d{1,4} ?[a-z](?![\w%]|\.\d)"
_FORMULA = re.compile(
    rf"(?<![\w.$\\/^+*-]){_TERM}(?:{_LINK}{_TERM}){{1,3}}(?![*/^]|-\w)|{_MULTIPLE}", re.ASCII
)
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "＋": "+"})
_DIGITS = re.compile(r"\d+")
_IS_FORMULA = re.compile(r"(?=.*\d)(?=.*[A-Za-z])")


def find_otherwise_formulas(sentence: str, paper: str) -> Iterator[tuple[int, str]]:
    """Find the formulas in place of which a paper has others, each with where it begins."""
    for start, words, formula in _find_formulas(sentence):
        printed = _list_printed(paper)
        if formula not in printed and _to_shape(formula) in map(_to_shape, printed):
            yield start, words


@lru_cache(maxsize=4)
def _list_printed(paper: str) -> frozenset[str]:
    return frozenset(formula for _, _, formula in _find_formulas(paper))


def _find_formulas(text: str) -> Iterator[tuple[int, str, str]]:
    """Find formulas: where each begins, its words, and these without blanks and capitals."""
    for found in _FORMULA.finditer(text.translate(_SIGNS)):
        if _IS_FORMULA.match(found[0]):
            words = text[found.start() : found.end()]
            yield found.start(), words, found[0].replace(" ", "").lower()


def _to_shape(formula: str) -> str:
    return _DIGITS.sub("#", formula)
