"""Join lines to text: paragraphs, hyphenated words, ligatures, accents, unspaced scripts."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatpaper.domain.text.float_words import restore_number_hyphens
from chatpaper.domain.text.folding import expand_ligatures
from chatpaper.domain.text.scripts import CJK_FORMS, UNSPACED
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.extract.glyphs.superscripts import format_with_scripts
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.textline import TextLine

# A new paragraph: the distance above it is larger than the leading by this factor …
_PARAGRAPH_SPACE = 1.35
# … or its first line is indented, in type sizes: less is ragged, more is a displayed formula.
_LEAST_INDENT_EM = 0.6
_MOST_INDENT_EM = 3.5
# … or the line before it ends a sentence well before the edge, as a share of the column.
_SHORT_LINE = 0.9
_BULLET = re.compile(
    r"(?:[•‣◦▪■●○∙·➢✓–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.|\[\d+\])\s+\S"
)
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？：；][\"”’)\]]*$")

_WIDE = UNSPACED + CJK_FORMS
_IS_WIDE = re.compile(f"[{_WIDE}]")
_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}]) (?=[{_WIDE}])")
_HYPHENS = "-\u2010\u00ad"
_LAST_WORD = re.compile(rf"([^\W\d_]+)[{_HYPHENS}]$")
# A link broken at the end of a line, where links are broken without a hyphen.
_LINK_END = re.compile(r"(?:https?://|www\.|[\w-]+\.(?:com|org|io|net|edu)/)\S*[/\-_.?=&]$")
_LINK_GOES_ON = re.compile(r"[a-z0-9_~/-]")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# Fonts with accents as glyphs of their own: the accent precedes its letter (TeX's \accent), but the
# cedilla follows.
_COMBINING = {
    "´": "\u0301",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "¯": "\u0304",
    "˚": "\u030a",
    "˙": "\u0307",
    "˝": "\u030b",
    "`": "\u0300",
}
_ACCENT_BEFORE = re.compile(r"([´¨ˆ˜ˇ˘¯˚˙˝]|(?<=[^\W\d_])`) ?([A-Za-zıȷ])")
_CEDILLA_AFTER = re.compile(r"([A-Za-z])[¸]")
# A meaningless sign between digits may be a decimal point or the dash of a range: without it, they
# would be another number.
_LOST_SIGN = re.compile("(?<=[0-9])[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd](?=[0-9])")
# Stands for such a sign until all others are removed; no file has it.
_LOST = "\U000f0000"
_ODD = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")


_TABLES = load_word_tables(__name__)
_CLOSED_COMPOUNDS = frozenset(_TABLES.list_words("closed_compounds"))
_COMPOUND_TAILS = frozenset(_TABLES.list_words("compound_tails"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a document writes within its lines."""

    words: frozenset[str]

    @classmethod
    def from_lines(cls, lines: Iterable[TextLine]) -> "Vocabulary":
        """Collect all words, except those that a hyphen at the end of a line may have halved."""
        words: set[str] = set()
        halved = False
        for line in lines:
            found = _WORD.findall(line.text.lower())
            ends_in_hyphen = line.text[-1:] in _HYPHENS
            words.update(found[int(halved) : len(found) - int(ends_in_hyphen)])
            halved = ends_in_hyphen
        return cls(frozenset(words))

    def join_hyphenated(self, first: str, second: str) -> str:
        """Join two parts of a word around a line end, as the document writes it elsewhere.

        Without evidence they become one word, unless both parts are words themselves.
        """
        whole, parted = (first + second).lower(), f"{first}-{second}".lower()
        if whole in self.words or whole in _CLOSED_COMPOUNDS:
            return first + second
        if (
            parted in self.words
            or second.lower() in _COMPOUND_TAILS
            or (first.lower() in self.words and second.lower() in self.words)
        ):
            return f"{first}-{second}"
        return first + second


@dataclass(frozen=True, slots=True)
class PagedText:
    """Text with (page, offset) pairs: from that offset on, it stands on that page."""

    text: str
    page_starts: tuple[tuple[int, int], ...]


def build_paged_text(
    lines: Sequence[TextLine], typesetting: Typesetting, vocabulary: Vocabulary
) -> PagedText:
    """Join lines in reading order to text; a blank line separates paragraphs."""
    text = ""
    starts: list[tuple[int, int]] = []
    parts: list[str] = []
    length = 0
    above: TextLine | None = None
    for line in lines:
        piece = clean_text(format_with_scripts(line))
        if not piece:
            continue
        if above is not None:
            if begins_paragraph(above, line, typesetting):
                parts.append("\n\n")
                length += 2
            else:
                tail, glue, piece = _glue(parts[-1], piece, vocabulary)
                length += len(tail) + len(glue) - len(parts[-1])
                parts[-1] = tail
                parts.append(glue)
        if not starts or starts[-1][0] != line.page:
            starts.append((line.page, length))
        parts.append(piece)
        length += len(piece)
        above = line
    text = "".join(parts)
    return PagedText(text, tuple(starts))


def _glue(before: str, after: str, vocabulary: Vocabulary) -> tuple[str, str, str]:
    """Return the end of a line, what joins it to the next, and the beginning of that."""
    if _LINK_END.search(before) and _LINK_GOES_ON.match(after):
        return before, "", after
    last = _LAST_WORD.search(before)
    first = _FIRST_WORD.match(after)
    if last and first and first[0][0].islower():
        word = vocabulary.join_hyphenated(last[1], first[0])
        cut = len(last[1])
        return before[: last.start()] + word[:cut], "", word[cut:] + after[first.end() :]
    if before[-1] in _HYPHENS and not before[-2:-1].isspace() and len(before) > 1:
        return before, "", after
    if _IS_WIDE.match(before[-1]) and _IS_WIDE.match(after[0]):
        return before, "", after
    return before, " ", after


def begins_paragraph(above: TextLine, line: TextLine, typesetting: Typesetting) -> bool:
    """Tell whether `line` opens a paragraph after `above`."""
    if line.text[:1].islower() and not _ENDS_SENTENCE.search(above.text):
        return False
    if _BULLET.match(line.text):
        return True
    column, column_above = _find_column(line, typesetting), _find_column(above, typesetting)
    size = line.style.size
    ends = bool(_ENDS_SENTENCE.search(above.text))
    below = above.page == line.page and line.baseline > above.baseline and column == column_above
    if below and line.baseline - above.baseline > _PARAGRAPH_SPACE * max(
        typesetting.leading, 1.1 * size
    ):
        return ends or line.bbox.x0 - column.x0 < _MOST_INDENT_EM * size
    left = above.bbox.x0 if below else column.x0
    if ends and _LEAST_INDENT_EM * size < line.bbox.x0 - left < _MOST_INDENT_EM * size:
        return True
    return ends and above.bbox.x1 < column_above.x0 + _SHORT_LINE * column_above.width


def _find_column(line: TextLine, typesetting: Typesetting) -> Column:
    columns = typesetting.columns_on(line.page)
    inside = [column for column in columns if column.x0 - line.style.size <= line.bbox.x0]
    return inside[-1] if inside else Column(line.bbox.x0, line.bbox.x1)


def clean_text(text: str) -> str:
    """Compose ligatures and accents as letters, and close gaps in Chinese and Japanese."""
    if text.isascii() and text.isprintable():
        return text
    text = _LOST_SIGN.sub(_LOST, text)
    if text.isascii():
        return _ODD.sub("", text)
    text = _ACCENT_BEFORE.sub(_compose_accent, expand_ligatures(text))
    text = _CEDILLA_AFTER.sub(lambda match: match[1] + "\u0327", text)
    text = _BETWEEN_WIDE.sub("", unicodedata.normalize("NFC", restore_number_hyphens(text)))
    if text[-1:] != "\u00ad":
        text = _ODD.sub("", text.replace("\u00a0", " ")).strip()
    return text.replace(_LOST, "\ufffd")


def _compose_accent(match: re.Match[str]) -> str:
    letter = {"ı": "i", "ȷ": "j"}.get(match[2], match[2])
    return letter + _COMBINING[match[1]]


def join_lines(lines: Iterable[str]) -> str:
    """Join lines with single spaces, undo hyphenation, and put no spaces within Chinese."""
    text = ""
    for line in lines:
        line = " ".join(line.split())
        if text.endswith("-") and len(text) > 1 and text[-2].islower() and line[:1].islower():
            text = text[:-1] + line
        elif text and line and _IS_WIDE.match(text[-1]) and _IS_WIDE.match(line[0]):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return restore_number_hyphens(text).replace("\u00ad", "").replace("\ufffd", "")


# A line is prose from this length on.
_PROSE_CHARACTERS = 45


def is_prose(text: str) -> bool:
    """Tell whether a line is long and mostly of small initials; addresses are full of names."""
    words = text.split()
    return len(text) >= _PROSE_CHARACTERS and 2 * sum(word[0].islower() for word in words) > len(
        words
    )
