"""Notes at the foot of columns, parted from the text above them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatpaper.extract.font_names import is_math_font
from chatpaper.extract.layout.layout import PageLayout, find_column
from chatpaper.extract.layout.text import Vocabulary, build_paged_text, is_prose
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Drawing, Span
from chatpaper.extract.textline import TextLine, join_spans

# Notes are smaller than the body by half a point at least.
_SMALLER_POINTS = 0.45
# Notes on the affiliations and dates of authors have fewer lines of prose than an abstract.
_LEAST_ABSTRACT_LINES = 6


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote without its mark.

    `anchor` is the text before the mark in the body, as far as it may be the sentence of the note.
    """

    page: int
    text: str
    anchor: str
    lines: tuple[TextLine, ...]


_MARK = re.compile(r"[*∗⁎†‡§¶⋆★♠♣♢♡◇♭#‖]|\d{1,2}(?=\D)")
# The rule above notes (LaTeX: two inches or 0.4 of the column) is thin, starts at the column and
# ends before it does.
_RULE_HEIGHT_POINTS = 1.5
_RULE_SHARES = (0.15, 0.75)
_RULE_DISTANCE_POINTS = 16.0
_EDGE_POINTS = 6.0


def split_footnotes(
    page: PageLayout,
    lines: Sequence[TextLine],
    drawings: Sequence[Drawing],
    typesetting: Typesetting,
) -> tuple[list[TextLine], list[TextLine]]:
    """Split the lines of a page into (text, footnotes), each from top to bottom."""
    columns: defaultdict[int, list[TextLine]] = defaultdict(list)
    for line in lines:
        columns[find_column(line.bbox, page.columns)].append(line)
    lowest = max((own[-1].baseline for index, own in columns.items() if index >= 0), default=0.0)
    notes = {
        id(line)
        for index, own in columns.items()
        if index >= 0 or own[-1].baseline >= lowest
        for line in _find_notes_at_foot(own, page, drawings, typesetting)
    }
    return [line for line in lines if id(line) not in notes], [
        line for line in lines if id(line) in notes
    ]


def _find_notes_at_foot(
    lines: Sequence[TextLine],
    page: PageLayout,
    drawings: Sequence[Drawing],
    typesetting: Typesetting,
) -> Sequence[TextLine]:
    """Find the small lines that end a column, from the first with a mark, or under a rule."""
    start = len(lines)
    while start and _is_small(lines[start - 1], typesetting):
        start -= 1
    if start == 0 and page.number > 1:
        return ()  # a page of references or of an appendix in small type
    for index in range(start, len(lines)):
        if not _is_at_foot(lines[index:], page):
            continue
        if _is_marked(lines[index]) or _has_rule_above(lines[index], page, drawings):
            return lines[index:]
    is_note = page.number == 1 and start and _is_at_foot(lines[start:], page)
    return lines[start:] if is_note and not _is_only_prose(lines, start) else ()


def _is_only_prose(lines: Sequence[TextLine], start: int) -> bool:
    """Tell whether lines from `start` on are the only prose of a title page, as abstracts are."""
    prose = [is_prose(line.text) for line in lines]
    return sum(prose[start:]) >= _LEAST_ABSTRACT_LINES and not any(prose[:start])


def build_notes(
    body: Sequence[TextLine], notes: Sequence[TextLine], typesetting: Typesetting
) -> tuple[Note, ...]:
    """Build the notes of one page, each with its anchor; lines come in reading order."""
    groups: list[list[TextLine]] = []
    for line in notes:
        if not groups or _is_marked(line):
            groups.append([])
        groups[-1].append(line)
    words = Vocabulary.from_lines(notes)
    found = []
    for lines in groups:
        text = build_paged_text(lines, typesetting, words).text
        mark = match[0] if (match := _MARK.match(text)) else ""
        found.append(
            Note(
                lines[0].page,
                text.removeprefix(mark).lstrip(),
                _find_anchor(body, mark),
                tuple(lines),
            )
        )
    return tuple(found)


def _find_anchor(body: Sequence[TextLine], mark: str) -> str:
    """Find the text that leads to a raised mark; "" if the mark is nowhere."""
    for place, line in enumerate(body if mark else ()):
        for index, span in enumerate(line.spans[1:], start=1):
            if span.text.strip() == mark and _is_raised(span, line):
                before = [other.text for other in body[max(0, place - _LINES_BEFORE_MARK) : place]]
                return " ".join([*before, join_spans(line.spans[:index])])
    return ""


def _is_raised(span: Span, line: TextLine) -> bool:
    return span.superscript or (
        span.size < _RAISED_SIZES * line.style.size and span.baseline < line.baseline - 1
    )


# A sentence with the mark of a note begins at most so many lines before it.
_LINES_BEFORE_MARK = 3


def remove_note_marks(lines: Sequence[TextLine], notes: Sequence[TextLine]) -> list[TextLine]:
    """Remove the raised marks of a page's notes from its lines: "word3" becomes "word"."""
    marks = {match[0] for note in notes if (match := _MARK.match(note.text))}
    return [
        _remove_marks_from_line(line, marks) if marks and len(line.spans) > 1 else line
        for line in lines
    ]


def _remove_marks_from_line(line: TextLine, marks: set[str]) -> TextLine:
    kept = [line.spans[0]]
    for span in line.spans[1:]:
        before = kept[-1]
        is_power = (
            is_math_font(before.font) or before.superscript or _POWER_OF_TEN.search(before.text)
        )
        if _is_raised(span, line) and span.text.strip() in marks and not is_power:
            kept[-1] = replace(before, bbox=before.bbox._replace(x1=span.bbox.x1))
        else:
            kept.append(span)
    return (
        line
        if len(kept) == len(line.spans)
        else replace(line, text=join_spans(kept), spans=tuple(kept))
    )


# A raised number right after a ten is a power of it, even if the page has a note of that number.
_POWER_OF_TEN = re.compile(r"(?<![\w.,])10\Z")
# Marks of notes are set at some seven tenths of the surrounding size.
_RAISED_SIZES = 0.85


def _is_small(line: TextLine, typesetting: Typesetting) -> bool:
    return line.style.size <= typesetting.body_size - _SMALLER_POINTS


def _is_at_foot(lines: Sequence[TextLine], page: PageLayout) -> bool:
    return bool(lines) and lines[0].bbox.y0 > page.height / 2


def _is_marked(line: TextLine) -> bool:
    first = line.spans[0]
    raised = first.superscript or (len(line.spans) > 1 and first.size < line.style.size - 1)
    return bool(_MARK.match(line.text)) and (raised or not line.text[0].isdigit())


def _has_rule_above(line: TextLine, page: PageLayout, drawings: Sequence[Drawing]) -> bool:
    index = max(find_column(line.bbox, page.columns), 0)
    width = page.columns[index].width if page.columns else page.width
    low, high = (share * width for share in _RULE_SHARES)
    return any(
        drawing.bbox.height <= _RULE_HEIGHT_POINTS
        and low <= drawing.bbox.width <= high
        and 0 <= line.bbox.y1 - drawing.bbox.y1 <= _RULE_DISTANCE_POINTS + line.bbox.height
        and line.bbox.y0 >= drawing.bbox.y1 - _EDGE_POINTS
        and abs(drawing.bbox.x0 - line.bbox.x0) <= 3 * _EDGE_POINTS
        for drawing in drawings
    )
