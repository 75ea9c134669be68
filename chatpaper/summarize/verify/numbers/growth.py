"""Orders of growth that a sentence gives, O(n log n), and that the paper must give too."""

import re
import unicodedata
from collections.abc import Iterator

_ORDER = re.compile(
    r"(?:\\(?:mathcal|mathrm)\{O\}|\\(?:Theta|Omega)\b|\\?(?:tilde|widetilde)\{?O\}?|[OΘΩ𝒪])"
    r"\s?(?:\\left)?\((?P<of>(?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\)){1,80})\)"
)
# Signs that some write and others leave out, and that are lost on the way out of a PDF.
_LEFT_OUT = re.compile(r"\\(?:left|right|cdot|times|,|;|!)|[\s^_{}()\\$·×⋅*|∣]")
_MINUS = str.maketrans("−–", "--")
_EPSILON = re.compile(r"\\(?:var)?epsilon|[εϵ]")


def find_missing_orders(sentence: str, paper_orders: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Find the orders of growth of a sentence that the paper gives nowhere.

    Nothing is said of a paper in which no order of growth can be read.
    """
    if paper_orders:
        for found in _ORDER.finditer(sentence):
            if _normalize(found["of"]) not in paper_orders:
                yield found.start(), found[0]


def list_orders(text: str) -> frozenset[str]:
    """List the orders of growth of a text, by the signs in them in no order."""
    return frozenset(_normalize(found["of"]) for found in _ORDER.finditer(text))


def _normalize(order: str) -> str:
    plain = unicodedata.normalize("NFKC", _EPSILON.sub("e", order)).casefold()
    return "".join(sorted(_LEFT_OUT.sub("", plain.translate(_MINUS))))
