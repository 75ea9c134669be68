"""The labels that captions begin with: "Figure 3", "Abb. 2–4", "图 3-1", "<그림 5>"."""

import re

from chatpaper.domain.text.float_words import (
    HAN_NUMBER,
    HYPHENS,
    FloatKind,
    build_eastern_float_pattern,
    build_western_float_pattern,
    classify_float_word,
    normalize_label_number,
    spell_out_float_word,
)
from chatpaper.domain.text.scripts import HAN, KATAKANA
from chatpaper.extract.page import Line

_KINDS: tuple[FloatKind, ...] = ("figure", "table", "algorithm")
# Small capitals leave a gap after the first letter.
_WORD = (
    re.sub(r"(?<=\b\w)(?=\w)", " ?", build_western_float_pattern(*_KINDS))
    + "|"
    + build_eastern_float_pattern(*_KINDS)
)
# Numbers as journals print them: 3, its part 3a, II, A1, S2, B.4, 2-1, 4.10, 图 三.
_NUMBER = (
    rf"(?:[A-Z]{{0,2}}[.{HYPHENS}]?\d{{1,3}}(?:[.．{HYPHENS}]\d{{1,3}}){{0,4}}|[IVXL]{{1,8}}"
    rf"|[A-Z](?=[.:|])"
    rf"|(?:{HAN_NUMBER})(?=[\s.:：．]|$))"
)
# Hangul and hiragana right after a number are particles in a sentence that mentions the figure.
_LABEL = re.compile(
    r"\s{0,8}(?P<bracket>[<＜〈《\[［【]\s?)?"
    r"(?P<series>(?:supplementary|supplemental|extended data|appendix)\s{1,4})?"
    rf"(?P<again>[续續])?(?P<word>{_WORD})(?!le)(?P<dot>\.?)[\s~]{{0,8}}(?P<number>{_NUMBER})(?P<part>[a-zа-я])?"
    r"(?(bracket)\s?[>＞〉》\]］】])"
    r"(?P<mark>\s{0,8}[.．:|：︱∣—–-]{1,8}|\s{0,8}[.:]?\s{0,8}$)?"
    rf"(?=\W|$|[A-Z{KATAKANA}{HAN}])",
    re.IGNORECASE,
)
_LONE_WORD = re.compile(rf"\s*(?:{_WORD})\.?\s*", re.IGNORECASE)
_ROMAN_OR_CAPITAL = re.compile(r"[IVXLA-Z].*|\W?\d.*|[一二三四五六七八九十].*")
# What separates a label from the text of its caption.
MARKS = " .．:|：︱∣—–-"


def match_label(text: str) -> re.Match[str] | None:
    """Match the label that a text begins with, be it a caption or a mention."""
    return _LABEL.match(text)


def is_label(text: str) -> bool:
    """Tell whether a text is a label and nothing else."""
    return _LABEL.fullmatch(text.strip()) is not None


def is_float_word(text: str) -> bool:
    """Tell whether a text is the word of a label without its number."""
    return _LONE_WORD.fullmatch(text) is not None


def begins_with_label(line: Line) -> bool:
    """Tell whether a line begins with a label, be it of a caption or a mention."""
    return match_label(line.text) is not None


def opens_with_label(line: Line) -> bool:
    """Tell whether a line begins with a label that a mark sets off, or that stands alone."""
    match = match_label(line.text)
    return match is not None and find_mark(match) is not None


def find_mark(match: re.Match[str]) -> str | None:
    """Find what sets a label off: the mark after it or the bracket around it.

    Returns "" if the line ends, None if nothing sets it off.
    """
    if match["bracket"]:
        return match["bracket"].strip()
    return None if match["mark"] is None else match["mark"].strip()[:1]


def is_numbered(match: re.Match[str]) -> bool:
    """Tell whether the number of a label is one; that of "figure i" is not."""
    return _ROMAN_OR_CAPITAL.fullmatch(match["number"]) is not None


def classify_label(match: re.Match[str]) -> FloatKind:
    """Return the kind of float that a label names."""
    return classify_float_word(match["word"]) or "figure"


def normalize_label(match: re.Match[str]) -> str:
    """Write a label in one wording: "Fig. 3" becomes "Figure 3"; other languages stay."""
    series = (match["series"] or "").split()
    return " ".join(
        (*series, spell_out_float_word(match["word"], match["dot"]), format_number(match))
    )


def format_number(match: re.Match[str]) -> str:
    """Format the number of a label with the letter of its part."""
    return normalize_label_number(match["number"]) + (match["part"] or "")
