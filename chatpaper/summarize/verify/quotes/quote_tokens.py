"""A text as the tokens by which a quote is compared with a paper.

Tokens are words, numbers, and signs that change a meaning. Ligatures, accents, case, small
capitals, quotation marks, dashes and the kind of blank are matters of typesetting, and make no
token. Numbers, comparisons and minus signs are not, and are kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from chatpaper.domain.text.folding import fold_accents
from chatpaper.domain.text.scripts import UNSPACED

# How surely a number is negative: a dash may also be a hyphen or a range.
NO_DASH, DASH, MINUS = 0, 1, 2

_DASHES = "-−–—‐‑⁻﹣－"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿⁱ"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₋₊ₐₑₒₓₕₖₗₘₙₚₛₜᵢᵣᵤᵥⱼ"
_RAISED = f"{_SUPERSCRIPTS}{_SUBSCRIPTS}"
_THOUSANDS = re.compile(r"[,\u2009\u202f](?=\d{3})")
_TOKEN = re.compile(
    rf"(?P<raised>[{_SUPERSCRIPTS}]+|[{_SUBSCRIPTS}]+)"
    r"|(?P<number>\d{1,3}(?:[,\u2009\u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)*)"
    r"|(?P<command>\\[A-Za-z]+)"
    rf"|(?P<han>[{UNSPACED}])"
    rf"|(?P<word>[^\W\d_{_RAISED}{UNSPACED}\u00d7]+)"
    r"|(?P<sign>\u0338\s?=|!=|<=|>=|\+/-|[=≠≤≥<>≈∼~±×%％‰\x00⩽⩾])"
)
_SIGNS = {
    "!=": "≠",
    "<=": "≤",
    ">=": "≥",
    "⩽": "≤",
    "⩾": "≥",
    "+/-": "±",
    "×": "x",
    "％": "%",
    "∼": "~",
    "≈": "~",
}
_COMMANDS = {
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "lt": "<", "gt": ">",
    "pm": "±", "times": "x", "approx": "~", "sim": "~",
}  # fmt: skip
_CITATION = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
# What raises or lowers the token that follows.
_MARKUP = re.compile(r"[\^_]\{?[-−+]?\Z")
_BRACKETED = re.compile(r"\([^()\n]{0,300}\)|（[^（）\n]{0,300}）|\[[^\[\]\n]{0,100}\]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number in the letters by which it is compared, and its span in the text.

    `bracketed` tells that it stands in brackets, `cited` that it is one of the numbers of a
    citation, `raised` that it is printed, or marked up, above or below the line.
    """

    text: str
    start: int
    end: int
    dash: int = NO_DASH
    bracketed: bool = False
    cited: bool = False
    raised: bool = False

    @property
    def is_number(self) -> bool:
        """Tell whether the token begins with a digit."""
        return self.text[0].isdigit()


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text in their order."""
    bracketed, cited = _covered(_BRACKETED, text), _covered(_CITATION, text)
    tokens = []
    for match in _TOKEN.finditer(text):
        compared = _compared(match)
        if compared:
            start, end = match.span()
            raised = match.lastgroup == "raised" or bool(
                _MARKUP.search(text, max(0, start - 4), start)
            )
            dash = _dash_at(text, start) if compared[0].isdigit() else NO_DASH
            tokens.append(
                Token(
                    compared, start, end, dash, bool(bracketed[start]), bool(cited[start]), raised
                )
            )
    return tokens


def _compared(match: re.Match[str]) -> str:
    """Return the letters by which a token is compared.

    They are empty for what only says how others are set.
    """
    text, kind = match[0], match.lastgroup
    if kind == "sign":
        return "≠" if text[0] == "\u0338" else _SIGNS.get(text, text)
    if kind == "number":
        number = _THOUSANDS.sub("", text)
        return number if number.isascii() else fold_accents(number, keep_points=True)
    if kind == "command":
        return _COMMANDS.get(text[1:]) or _greek_letter(text[1:])
    if text.isascii():
        return text.lower()
    return fold_accents(text)


@cache
def _greek_letter(name: str) -> str:
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")
    except KeyError:
        return ""


def _dash_at(text: str, start: int) -> int:
    """Tell whether a number is negative.

    It is certain where its dash has nothing before it to join it to.
    """
    if text[start] in _DASHES:
        return MINUS
    before = text[max(0, start - 2) : start]
    if not before or before[-1] not in _DASHES:
        return NO_DASH
    return MINUS if (len(before) == 1 and start == 1) or before[-2:-1] in " \n|([{,=^" else DASH


def _covered(pattern: re.Pattern[str], text: str) -> bytearray:
    """Return, for each character, whether it belongs to a match of the pattern."""
    flags = bytearray(len(text) + 1)
    for match in pattern.finditer(text):
        flags[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return flags
