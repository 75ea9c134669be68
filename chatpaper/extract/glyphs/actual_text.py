"""Replacement text (ActualText) of a PDF: used only where it reads like what is printed."""

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.boxes import contains_center
from chatpaper.extract.page import Line

# Replacement text writes out ligatures, drops hyphens and names formulas; most of a line stays the
# same.
LEAST_ALIKE = 70.0
# A glyph stands for at most three letters (ffi), or for a sign by its name.
MOST_CHARACTERS_A_GLYPH = 3


def prefer_painted_text(
    lines: Sequence[Line], printed: Set[str], others: Sequence[Line]
) -> tuple[Line, ...]:
    """Put the text that glyphs paint in place of replacement text that says something else.

    `lines` have replacement text, `printed` are the texts of the lines by their glyphs, and
    `others` the lines that only the glyphs have. A line that its glyphs contradict is marked as
    without ink, and they stand in its place.
    """
    found: list[Line] = []
    placed: set[int] = set()
    for line in lines:
        is_replaced = line.text.strip() not in printed
        here = [other for other in others if is_replaced and contains_center(line.bbox, other.bbox)]
        glyphs = "".join(other.text for other in here)
        if here and not _reads_like(line.text, glyphs):
            found += [_replace_in_spans(other, clipped=False) for other in here]
            line = _replace_in_spans(line, ink="none")
        placed.update(map(id, here))
        found.append(line)
    return (*found, *(other for other in others if id(other) not in placed))


def _replace_in_spans(line: Line, **changes: Any) -> Line:
    return replace(line, spans=tuple(replace(span, **changes) for span in line.spans))


def _reads_like(text: str, glyphs: str) -> bool:
    wanted, printed = fold_letters(text), fold_letters(glyphs)
    if not printed:
        return len(wanted) <= MOST_CHARACTERS_A_GLYPH * len(glyphs.strip())
    return fuzz.ratio(wanted, printed) >= LEAST_ALIKE
