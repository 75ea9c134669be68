"""Typeset Chinese and Japanese as publishers do.

That means spaces beside Latin words, full-width punctuation, and one kind of quotes.

Spacing is autocorrect-py's (Rust, one wheel for every Python from 3.7 on), held against pangu 6.1
on the same sentences: pangu takes `O(n^2)`, `A+B` and `-5°C` apart and leaves half-width
punctuation, autocorrect does neither. Of its rules those are off that would change words, digits or
lists of Latin names. It knows no formulas and no Greek, and is careful with brackets and colons:
what is done here is what it leaves.

Chinese follows GB/T 15834-2011 and the habit of putting a space between Chinese and Latin;
Japanese, after the JTF style guide, has no such space. Text in other languages stays as it is.
"""

import json
import re
from dataclasses import dataclass

import autocorrect_py

from chatpaper.domain.text.scripts import ACCENTED_LATIN, GREEK, KANA, UNSPACED
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.write.markup.spans import (
    CODE,
    MATHS,
    PLACEHOLDERS,
    URL,
    mask_spans,
)

autocorrect_py.load_config(  # type: ignore[attr-defined]  # its stubs leave it out
    json.dumps(
        {
            "rules": {
                "space-word": 1,
                "space-punctuation": 1,
                "space-bracket": 1,
                "space-backticks": 1,
                "space-dash": 0,
                "fullwidth": 1,
                "no-space-fullwidth": 1,
                "no-space-fullwidth-quote": 1,
                "halfwidth-word": 0,
                "halfwidth-punctuation": 0,
                "spellcheck": 0,
            }
        }
    )
)

_FULL = "，。；：、！？（）《》【】"
_CLOSING = "）》】”」』"
_OPENING = "（《【“「『"
# Letters that autocorrect does not take for words: accented Latin ones, Greek, and what stands for
# a span.
_OTHER_LETTERS = f"{ACCENTED_LATIN}{GREEK}{PLACEHOLDERS}"

_TABLES = load_word_tables(__name__)
_ABBREVIATIONS = re.compile(_TABLES.join("abbreviations"), re.IGNORECASE)
# An English sentence that closes a Chinese text has more words after the last Chinese character
# than a name has.
MAX_WORDS_OF_NAME = 8
# One rule may make room for another; texts of papers settle after the second time.
MAX_PASSES = 4


@dataclass(frozen=True, slots=True)
class _Convention:
    """What differs between languages: the comma, outer and inner quotes, and the spaces."""

    comma: str
    outer: str
    inner: str
    spaced: bool


_CONVENTIONS = {
    "zh": _Convention("，", "“”", "‘’", spaced=True),
    "ja": _Convention("、", "「」", "『』", spaced=False),
}

OPENING_QUOTES = ("“", "「", "『")
CLOSING_QUOTES = ("”", "」", "』", '"')
# What a post says of a statement is no quotation: it keeps its brackets.
_CHARACTER_OR_MARK = re.compile("「(?:未能核实|原文未找到依据)」|.", re.DOTALL)

_CJK_CHARACTER = re.compile(f"[{UNSPACED}]")
_KANA_CHARACTER = re.compile(f"[{KANA}]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_MARKS_AFTER_CJK = re.compile(rf"(?<=[{UNSPACED}{_CLOSING}]) ?([,;:!?]+)(?![=.]) ?")
_MARKS_BEFORE_CJK = re.compile(rf"(?<=[^\s,;:!?]) ?([,;:!?]+) ?(?=[{UNSPACED}{_OPENING}])")
_STOP_AFTER_CJK = re.compile(rf"(?<=[{UNSPACED}{_CLOSING}])\.(?![A-Za-z0-9.])")
_STOP_AFTER_LATIN = re.compile(
    rf"(?P<word>[A-Za-z][\w-]{{0,60}}|[\d%)\]{PLACEHOLDERS}])\.(?:(?= ?[{UNSPACED}{_OPENING}])|$)",
    re.ASCII,
)
_ELLIPSIS = re.compile(rf"(?<=[{UNSPACED}{_CLOSING}])(?:\.{{3,}}|…+|。{{3,}})")
_REPEATED_MARK = re.compile(r"([，。；：、！？])\1+")
_MARK_BEFORE_STOP = re.compile(r"[，、；：]+(?=[。！？])|(?<=[。！？])[，、；：]+")
_SPACE_BESIDE_FULL = re.compile(rf"(?:(?<! ) +)?([{_FULL}]) *")
_BRACKETS_AFTER_CJK = re.compile(rf"(?<=[{UNSPACED}{_FULL}]) ?\(([^()（）]*)\)")
_BRACKETS_WITH_CJK = re.compile(rf"(?<!\b[A-Za-z]) ?\(([^()（）]*[{UNSPACED}][^()（）]*)\)")
_TUPLE = re.compile(r"[-+−∞\d\s.,;\[\]]*[,;][-+−∞\d\s.,;\[\]]*")
_JOINT = re.compile(
    rf"(?<=[{UNSPACED}])(?=[{_OTHER_LETTERS}]|[~≈≤≥<>±]\s?\d)"
    rf"|(?<=[{_OTHER_LETTERS}])(?=[{UNSPACED}])"
    rf"|(?<=[A-Za-z]\+\+)(?=[{UNSPACED}])|(?<=[A-Z]#)(?=[{UNSPACED}])"
)
_FULL_WIDTH_FORM = {";": "；", ":": "：", "!": "！", "?": "？"}


def typeset(text: str, language: str) -> str:
    """Return the text with the spaces and punctuation of its language.

    Doing it twice changes nothing more. Formulas, addresses and code stay as they are, and so does
    text in other languages.
    """
    convention = _CONVENTIONS.get(language)
    if convention is None or not _CJK_CHARACTER.search(text):
        return text
    shield = mask_spans(text, MATHS, URL, CODE)
    has_own_marks = _is_mostly_cjk(shield.text)
    settled = shield.text
    for _ in range(MAX_PASSES):
        before, settled = settled, _pass(settled, convention, has_own_marks=has_own_marks)
        if settled == before:
            break
    return shield.restore(settled)


def typeset_any(text: str) -> str:
    """Typeset text of unknown language: Japanese if it has kana, else Chinese."""
    return typeset(text, "ja" if _KANA_CHARACTER.search(text) else "zh")


def _is_mostly_cjk(text: str) -> bool:
    """Return whether most of a text is Chinese or Japanese.

    A Latin word counts as one character.
    """
    return len(_CJK_CHARACTER.findall(text)) >= len(_LATIN_WORD.findall(text))


def _pass(text: str, convention: _Convention, *, has_own_marks: bool) -> str:
    if has_own_marks:
        text = _full_width_marks(text, convention)
        text = _full_width_brackets(text)
        text = _one_kind_of_quotes(text, convention)
        text = _ELLIPSIS.sub("……", text)
        text = _REPEATED_MARK.sub(r"\1", text)
        text = _MARK_BEFORE_STOP.sub("", text)
        text = _SPACE_BESIDE_FULL.sub(r"\1", text)
    return _JOINT.sub(" ", autocorrect_py.format(text)) if convention.spaced else text


def _full_width_marks(text: str, convention: _Convention) -> str:
    forms = {",": convention.comma, **_FULL_WIDTH_FORM}

    def full(match: re.Match[str]) -> str:
        return "".join(forms[mark] for mark in dict.fromkeys(match[1]))

    text = _MARKS_BEFORE_CJK.sub(full, _MARKS_AFTER_CJK.sub(full, text))
    return _STOP_AFTER_LATIN.sub(_latin_stop, _STOP_AFTER_CJK.sub("。", text))


def _latin_stop(match: re.Match[str]) -> str:
    """Return a Chinese full stop where a sentence ends.

    Abbreviations, initials and numbers of lists keep theirs.
    """
    word, before = match["word"], match.string[: match.start()]
    at_end = match.end() == len(match.string)
    is_abbreviation = bool(_ABBREVIATIONS.fullmatch(word)) or (
        len(word) == 1 and word.isalpha() and word.isascii()
    )
    is_list_number = word.isdigit() and not at_end
    if (
        is_abbreviation
        or is_list_number
        or before.endswith(".")
        or (at_end and _closes_in_english(before))
    ):
        return match[0]
    return f"{word}。"


def _closes_in_english(before: str) -> bool:
    return len(_LATIN_WORD.findall(re.split(f"[{UNSPACED}]", before)[-1])) > MAX_WORDS_OF_NAME


def _full_width_brackets(text: str) -> str:
    return _BRACKETS_WITH_CJK.sub(_brackets, _BRACKETS_AFTER_CJK.sub(_brackets, text))


def _brackets(match: re.Match[str]) -> str:
    """Make brackets full-width, except those of intervals and tuples.

    Intervals and tuples are maths without dollars.
    """
    return match[0] if _TUPLE.fullmatch(match[1]) else f"（{match[1].strip()}）"


def _one_kind_of_quotes(text: str, convention: _Convention) -> str:
    """Return the text with every pair of double quotes in the convention's form.

    The text stays as it is where a quote has no partner.
    """
    shown: list[str] = []
    opened: list[str] = []
    for character in _CHARACTER_OR_MARK.findall(text):
        if character in OPENING_QUOTES or (character == '"' and (not opened or opened[-1] != '"')):
            shown.append((convention.inner if len(opened) % 2 else convention.outer)[0])
            opened.append(character)
        elif character in CLOSING_QUOTES:
            if not opened:
                return text
            opened.pop()
            shown.append((convention.inner if len(opened) % 2 else convention.outer)[1])
        else:
            shown.append(character)
    return text if opened else "".join(shown)
