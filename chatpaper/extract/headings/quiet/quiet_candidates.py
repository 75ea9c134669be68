"""Lines that may be headings though they hardly differ from the body's text.

They are in about its size and weight, and told by number, place and white space together.
"""

from collections.abc import Sequence

from chatpaper.extract.font_names import is_mono_font
from chatpaper.extract.headings.heading_candidates import (
    HeadingCandidate,
    SectionPointers,
    build_candidate,
    collect_heading_lines,
    is_continued_as_text,
    is_set_off,
)
from chatpaper.extract.headings.known_titles import opens_text
from chatpaper.extract.headings.numbering import parse_numbers
from chatpaper.extract.headings.type_styles import (
    MAX_CHARACTERS,
    find_type_style,
    is_plain,
    is_run_in,
)
from chatpaper.extract.layout.typesetting import Column, Typesetting
from chatpaper.extract.page import PdfContent
from chatpaper.extract.textline import TextLine

# Notes and cells are smaller than the body by this.
_SMALLER_POINTS = 1.1
# Bold headings are smaller than the body by this at most.
_SMALLEST_BOLD = 0.8
# A centred line has the same space on both sides, give or take, and this share of the measure.
_CENTRED_POINTS = 4.0
_LEAST_SIDE_SHARE = 0.06
# A line in the body's own type that goes on below fills this share of its column.
_FULL_SHARE = 0.8


def find_quiet_candidates(
    flow: Sequence[TextLine],
    content: PdfContent,
    typesetting: Typesetting,
    loud: Sequence[HeadingCandidate],
) -> list[HeadingCandidate]:
    """Find lines in any type that stand apart and read like headings, sentences included.

    Lines in the body's own type must have a number, be centred, or have a title that papers of all
    fields have. Those of `loud` candidates are left out.
    """
    pointers = SectionPointers(content)
    taken: set[int] = set()
    for other in loud:
        pointers.take(other.destination)
        taken.update(range(other.position, other.position + len(other.lines)))
    found: list[HeadingCandidate] = []
    for position, line in enumerate(flow):
        if (
            position in taken
            or len(line.text) > MAX_CHARACTERS
            or line.text[:1].islower()
            or line.style.size < _find_smallest(line, typesetting)
            or not is_set_off(flow, position, typesetting, ())
        ):
            continue
        style = find_type_style(line.spans, typesetting.body_size)
        if style is None or is_mono_font(style.font) or is_run_in(line.spans, typesetting):
            continue
        if is_plain(style, typesetting):
            if not (
                is_centred(line, typesetting) or _is_numbered(line.text) or opens_text(line.text)
            ):
                continue
            lines = _collect_plain_lines(flow, position, typesetting)
            if _goes_on(flow, position + len(lines), lines[-1], typesetting):
                continue
        else:
            lines = collect_heading_lines(flow, position, style, typesetting)
        if is_continued_as_text(flow, position + len(lines), lines[-1], typesetting):
            continue
        candidate = build_candidate(position, lines, style, pointers, may_be_sentence=True)
        if candidate is not None:
            found.append(candidate)
    return found


def _find_smallest(line: TextLine, typesetting: Typesetting) -> float:
    """Find the smallest type size that a line of its weight may have, in points."""
    if line.style.bold:
        return _SMALLEST_BOLD * typesetting.body_size
    return typesetting.body_size - _SMALLER_POINTS


def _is_numbered(text: str) -> bool:
    return any(number.kind != "none" for number, _ in parse_numbers(text))


def _collect_plain_lines(
    flow: Sequence[TextLine], position: int, typesetting: Typesetting
) -> tuple[TextLine, ...]:
    """Collect the line, and the next one if the first is full and white space follows that."""
    line, *below = flow[position : position + 3]
    if not below or below[0].page != line.page:
        return (line,)
    tight = 0 < below[0].baseline - line.baseline <= _WITHIN_LEADINGS * typesetting.leading
    apart = len(below) < 2 or is_set_off(flow, position + 2, typesetting, ())
    both = is_centred(line, typesetting) and is_centred(below[0], typesetting)
    column = find_column(line, typesetting)
    full = column is not None and line.bbox.width >= _FULL_SHARE * column.width
    same = find_type_style(below[0].spans, typesetting.body_size)
    plain = same is not None and is_plain(same, typesetting)
    return (line, below[0]) if tight and apart and plain and (both or full) else (line,)


_WITHIN_LEADINGS = 1.05


def _goes_on(
    flow: Sequence[TextLine], after: int, last: TextLine, typesetting: Typesetting
) -> bool:
    """Tell whether a line is full, and text goes on right below it."""
    column = find_column(last, typesetting)
    if column is None or after >= len(flow) or flow[after].page != last.page:
        return False
    gap = flow[after].baseline - last.baseline
    tight = 0 < gap <= _WITHIN_LEADINGS * typesetting.leading
    return tight and last.bbox.x1 >= column.x1 - _FULL_EM * typesetting.body_size


# A full line ends within this of the column's edge, or with a hyphen that hangs out of it.
_FULL_EM = 2.0


def find_column(line: TextLine, typesetting: Typesetting) -> Column | None:
    """Find the column of the body that a line is in."""
    middle = (line.bbox.x0 + line.bbox.x1) / 2
    for column in typesetting.columns_on(line.page):
        if column.x0 <= middle <= column.x1:
            return column
    return None


def is_centred(line: TextLine, typesetting: Typesetting) -> bool:
    """Tell whether a line is centred in its column, with space on both sides."""
    column = find_column(line, typesetting)
    if column is None:
        return False
    left, right = line.bbox.x0 - column.x0, column.x1 - line.bbox.x1
    return abs(left - right) <= 2 * _CENTRED_POINTS and min(left, right) >= (
        _LEAST_SIDE_SHARE * column.width
    )
