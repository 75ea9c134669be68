"""Text right before other text on one base line: within one line, or beside a wrapped figure."""

from collections.abc import Sequence

from chatpaper.extract.boxes import overlap_height
from chatpaper.extract.layout.typesetting import find_line_size
from chatpaper.extract.page import Line

# Beside a wrapped figure at least so many more lines end at the same edge, within this distance in
# type sizes.
LEAST_WRAPPED_LINES, WRAPPED_LINES_SIZES = 2, 4.0
# Lines of one column end at its edge, give or take a protruding hyphen.
EDGE_POINTS = 2.0


def has_text_before(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether other text stands right before `line`, on its base line."""
    size = find_line_size(line)
    return any(
        other is not line
        and overlap_height(other.bbox, line.bbox) > size / 2
        and -size <= line.bbox.x0 - other.bbox.x1 < size
        and not _ends_at_edge(other, line, lines)
        for other in lines
    )


def _ends_at_edge(line: Line, after: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line ends where its neighbours end, as text beside a wrapped figure does.

    `after` begins right of it: styles leave 10 pt between the two, no more than the size of their
    type.
    """
    reach = WRAPPED_LINES_SIZES * find_line_size(line)
    alike = sum(
        abs(other.bbox.x1 - line.bbox.x1) <= EDGE_POINTS
        and abs(other.bbox.y0 - line.bbox.y0) <= reach
        for other in lines
        if other is not line and other.bbox.width > after.bbox.x0 - line.bbox.x1
    )
    return alike >= LEAST_WRAPPED_LINES and line.bbox.x1 < after.bbox.x0
