"""Values of symbols: C = 500, α=1.7, "C set to 500"."""

import re
from collections.abc import Iterator

from chatpaper.domain.text.scripts import GREEK
from chatpaper.summarize.verify.numbers.numeral import Numeral
from chatpaper.summarize.verify.numbers.numerals import find_printed_numerals
from chatpaper.summarize.verify.support.number_match import match

_SYMBOL = rf"[A-Za-z{GREEK}](?:_\{{?\w{{1,6}}\}}?)?"
_SAID = re.compile(
    rf"(?<![\w$\\])(?P<symbol>{_SYMBOL})(?P<link>\s?[=＝]\s?| ?(?:设为|取为|取|设定为|被设为) ?"
    rf"| (?:is |was )?(?:set|fixed|equal) to )\Z"
)
_LONGEST_ASSIGNMENT = 24
# What a paper says of a symbol stands so far behind it, up to the next one.
_REACH = 60
_NEXT = re.compile(rf"(?<!\w){_SYMBOL}\s?[=∈≈]")
_EQUALS = re.compile(r"\s?=\s?(?=[\d.−-])")


def find_symbol(numeral: Numeral, sentence: str) -> str:
    """Return the symbol of which a sentence says that it has this value, or ""."""
    before = sentence[max(0, numeral.start - _LONGEST_ASSIGNMENT) : numeral.start]
    said = _SAID.search(before)
    return said["symbol"] if said else ""


def is_assigned(symbol: str, numeral: Numeral, text: str) -> bool:
    """Tell whether a text says right behind a symbol that it has this value, alone or in a list."""
    return any(
        match(numeral, printed)
        for _, behind in _find_places(symbol, text)
        for printed in find_printed_numerals(behind)
    )


def find_assigned(symbol: str, text: str) -> frozenset[str]:
    """Return the values that a text gives a symbol with a sign of equality, α = 10."""
    found = set()
    for equals, behind in _find_places(symbol, text):
        numerals = find_printed_numerals(behind) if equals else ()
        if numerals and not behind[: numerals[0].start].strip():
            found.add(f"{symbol} = {numerals[0].text}")
    return frozenset(found)


def _find_places(symbol: str, text: str) -> Iterator[tuple[bool, str]]:
    """Yield what stands behind each place of a symbol, and whether an equals sign is between."""
    for found in re.finditer(rf"(?<![\w\\]){re.escape(symbol)}(?!\w)", text):
        equals = _EQUALS.match(text, found.end())
        start = equals.end() if equals else found.end()
        behind = text[start : start + _REACH]
        end = _NEXT.search(behind)
        yield equals is not None, behind[: end.start()] if end else behind
