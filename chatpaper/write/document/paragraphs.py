"""Paragraphs of sections, in which floats have their place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import Section
from chatpaper.domain.text.float_mentions import FloatKey, find_mentions
from chatpaper.write.document.escapes import escape, escape_line

# A float stands at most so many pages before or behind the text that it belongs to.
_PAGES_AHEAD, _PAGES_BEHIND = 1, 2
_BULLET = re.compile(r"[•‣◦▪■●○∙➢✓]\s+")
_LETTERED = re.compile(r"\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s+\S")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+")
# Ends and beginnings of lines within a sentence that were taken for an entry or item of a list: the
# number of a citation, what ends a formula, or one of several points.
_BROKEN = (
    (re.compile(r"[^\W_][,;]?$"), re.compile(r"\[\d{1,3}(?:, ?\d{1,3})*\][ ,.;)]|[,;)]")),
    (re.compile(r"[^\W_]$"), re.compile(r"\((?:\d{1,2}|[a-z]|[ivx]{1,4})\) ")),
    # The number of an equation stands beside it.
    (re.compile(r"."), re.compile(r"\([A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?\)\Z")),
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a section by the section's index, and the page on which it begins."""

    section: int
    page: int
    text: str


def split_paragraphs(sections: Sequence[Section]) -> list[Paragraph]:
    """Split the texts of sections at blank lines; a section without text is one empty paragraph."""
    paragraphs: list[Paragraph] = []
    for index, section in enumerate(sections):
        end = 0
        before: Paragraph | None = None
        for text in section.text.split("\n\n"):
            if before is not None and _goes_on(before.text, text):
                before = paragraphs[-1] = replace(before, text=f"{before.text} {text}")
            else:
                before = Paragraph(index, section.page_at(end), text)
                paragraphs.append(before)
            end += len(text) + 2
    return paragraphs


def _goes_on(before: str, text: str) -> bool:
    """Tell whether a paragraph goes on with one that only begins like an item of a list."""
    return any(end.search(before) and start.match(text) for end, start in _BROKEN)


def find_place(key: FloatKey | None, page: int, paragraphs: Sequence[Paragraph]) -> int:
    """Find the paragraph behind which a float belongs: the first that mentions it nearby.

    One that no text nearby mentions stands behind the first paragraph of its page.
    """
    for index, paragraph in enumerate(paragraphs):
        is_near = page - _PAGES_BEHIND <= paragraph.page <= page + _PAGES_AHEAD
        if is_near and key is not None and key in find_mentions([paragraph.text]):
            return index
    return next(
        (index for index, paragraph in enumerate(paragraphs) if paragraph.page >= page),
        len(paragraphs) - 1,
    )


def format_paragraphs(texts: Iterable[str]) -> str:
    """Format paragraphs, with items of lists on lines that follow each other."""
    parts: list[str] = []
    was_item = False
    for text in texts:
        if not text.strip():
            continue
        bullet, numbered = _BULLET.match(text), _NUMBERED.match(text)
        if bullet:
            shown = f"- {escape_line(text[bullet.end() :])}"
        elif numbered:
            shown = f"{numbered[1]}. {escape(text[numbered.end() :])}"
        elif _LETTERED.match(text):
            shown = f"- {escape(text)}"
        else:
            shown = escape_line(text)
        is_item = shown.startswith("- ") or bool(numbered)
        parts.append(("\n" if is_item and was_item else "\n\n") + shown)
        was_item = is_item
    return "".join(parts).strip("\n")
