"""Page furniture: running heads and feet, page numbers, line numbers, stamps, banners."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from chatpaper.extract.layout.caption_labels import match_label
from chatpaper.extract.page import Line, Page
from chatpaper.extract.textline import TextLine

# Running heads and feet have at most this many lines, at either end of a page.
_EDGE_LINES = 4
# They are in the outer parts of a page: text that recurs in its middle (heads of tables) is no
# furniture.
_EDGE_SHARE = 0.14
# … or, where margins are wider, they are as near to the outermost text as so many leadings.
_EDGE_LEADINGS = 2.0
# The same text recurs on so many pages at least, at one height give or take a few points (two type
# sizes).
_LEAST_PAGES = 3
_HEIGHT_POINTS = 4.0
# Shorter texts that recur are more often labels of figures.
_LEAST_CHARACTERS = 5
# In a short paper the head of the odd or even pages can recur only once; longer texts do not recur
# by accident.
_FEW_PAGES, _LEAST_CHARACTERS_IN_FEW = 6, 15
# … or, if the text changes (names of sections), a line by itself at the same height of most pages,
# further from the text than lines of text are from each other.
_MOST_PAGES_SHARE = 0.6
_APART_LEADINGS = 1.4
_LEAST_PAGES_FOR_HEIGHT_ALONE = 4

# Line numbers for referees: at least so many on a page, and this share of the integers at one
# margin in order.
_LEAST_LINE_NUMBERS = 10
_ORDERED_SHARE = 0.9
# Floats push the numbered lines together, but not below this part of the page's height.
_LINE_NUMBERS_SHARE = 0.2
_LINE_NUMBER = re.compile(r"\d{1,4}")

_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s*)?(\d{1,5})(?:\s*(?:of|/)\s*\d+)?[-–—\s]*", re.IGNORECASE
)
# The stamp of arXiv (info.arxiv.org/help/submit: "stamp"), if it is not set along the left edge.
_STAMP = re.compile(r"arXiv:\s*(?:\d{4}\.\d{4,6}|[a-z.-]+/\d{7})(?:v\d+)?\s*\[", re.IGNORECASE)


def find_line_numbers(pages: Sequence[Page]) -> Collection[int]:
    """Find the raw lines that number the lines of a manuscript; returns their `id`s."""
    columns = [(page, place, column) for page in pages for place, column in _list_columns(page)]
    # A title page or the last one may have a few lines only.
    numbered = {
        place
        for page, place, column in columns
        if len(column) >= _LEAST_LINE_NUMBERS
        and _is_margin(page, column)
        and _spans_page(page, column)
    }
    return {
        id(line)
        for page, place, column in columns
        if place in numbered and _is_margin(page, column)
        for line in column
    }


def _list_columns(page: Page) -> Iterator[tuple[int, list[Line]]]:
    """Yield the numbers below each other that count upwards, with the edge that they share."""
    columns: defaultdict[int, list[Line]] = defaultdict(list)
    for line in page.lines:
        if _LINE_NUMBER.fullmatch(line.text.strip()):
            columns[round(line.bbox.x1 / 2)].append(line)
            columns[-1 - round(line.bbox.x0 / 2)].append(line)
    for place, column in columns.items():
        if len(column) > 1 and _counts_upwards(column):
            yield place, column


def _counts_upwards(column: list[Line]) -> bool:
    column.sort(key=lambda line: line.bbox.y0)
    values = [int(line.text) for line in column]
    steps = Counter(later - earlier for earlier, later in pairwise(values))
    step, times = steps.most_common(1)[0]
    return step > 0 and times >= _ORDERED_SHARE * (len(values) - 1)


def _is_margin(page: Page, column: Sequence[Line]) -> bool:
    """Tell whether numbers stand beside nearly all other lines of a page."""
    left, right = min(line.bbox.x0 for line in column), max(line.bbox.x1 for line in column)
    own = {id(line) for line in column}
    others = [line for line in page.lines if id(line) not in own]
    beside = sum(1 for line in others if line.bbox.x0 >= right or line.bbox.x1 <= left)
    return beside >= _ORDERED_SHARE * len(others)


def _spans_page(page: Page, column: Sequence[Line]) -> bool:
    """Tell whether numbers run down a good part of the page."""
    return column[-1].bbox.y1 - column[0].bbox.y0 > _LINE_NUMBERS_SHARE * page.height


def find_furniture(
    pages: Sequence[Page], lines: Sequence[Sequence[TextLine]], leading: float
) -> Mapping[int, tuple[TextLine, ...]]:
    """Find running heads and feet, page numbers and preprint stamps, by page number.

    `lines` are those of each page from top to bottom, `leading` is that of the body in points.
    """
    middle = _find_middle(pages, lines, leading)
    edges = [_find_edge_lines(own, middle) for own in lines]
    largest = _find_usual_size(lines) + _LARGER_POINTS
    recurring = _find_recurring_texts(edges, largest)
    found = _find_recurring_heights(lines, middle, leading, largest) | _find_page_numbers(
        edges, lines
    )
    if len(pages) < _LEAST_PAGES_FOR_HEIGHT_ALONE:
        found |= {
            id(line)
            for page, own in zip(pages[1:], lines[1:], strict=True)
            for line in _find_single_head(page, own, middle, leading)
        }
    found |= {
        id(line)
        for own in edges
        for line in own
        if any(key in recurring for key in _make_keys(line))
    }
    return {
        page.number: tuple(line for line in own if id(line) in found or _STAMP.match(line.text))
        for page, own in zip(pages, lines, strict=True)
    }


def _find_page_numbers(
    edges: Sequence[Sequence[TextLine]], lines: Sequence[Sequence[TextLine]]
) -> set[int]:
    """Find the `id`s of lines that count the pages, and of what stands beside them.

    They are numerals at the edges with one offset to the number of the page in the file.
    """
    ends = [line for edge, own in zip(edges, lines, strict=True) for line in (*edge, *own[-1:])]
    candidates = [
        (int(match[1]) - line.page, line)
        for line in ends
        if (match := _PAGE_NUMBER.fullmatch(line.text))
    ]
    once_a_page = dict.fromkeys((offset, line.page) for offset, line in candidates)
    counts = Counter(offset for offset, _ in once_a_page)
    if not counts:
        return set()
    offset, times = counts.most_common(1)[0]
    if times < min(_LEAST_PAGES, len(edges)):
        return set()
    rows = {
        (line.page, round(line.baseline) + shift)
        for own_offset, line in candidates
        if own_offset == offset
        for shift in (-1, 0, 1)
    }
    return {id(line) for line in ends if (line.page, round(line.baseline)) in rows}


def _find_middle(
    pages: Sequence[Page], lines: Sequence[Sequence[TextLine]], leading: float
) -> tuple[float, float]:
    """Find where the middle of pages begins and ends; running heads and feet are outside of it."""
    boxes = [line.bbox for own in lines for line in own]
    height = max(page.height for page in pages)
    if not boxes:
        return 0.0, height
    near = _EDGE_LEADINGS * leading
    return (
        max(_EDGE_SHARE * height, min(box.y0 for box in boxes) + near),
        min((1 - _EDGE_SHARE) * height, max(box.y1 for box in boxes) - near),
    )


def _find_edge_lines(lines: Sequence[TextLine], middle: tuple[float, float]) -> list[TextLine]:
    """Find the first and last lines of a page, within its outer parts."""
    top = [line for line in lines if line.bbox.y1 < middle[0]][:_EDGE_LINES]
    bottom = [line for line in lines if line.bbox.y0 > middle[1]][-_EDGE_LINES:]
    return top + bottom


def _make_keys(line: TextLine) -> tuple[tuple[str, int], tuple[str, int]]:
    """Make two keys of a line: its text with masked numerals, at two neighbouring heights.

    Of two lines at nearly one height at least one key is equal, wherever the borders of heights
    are.
    """
    masked = re.sub(r"\d+", "#", line.text)
    height = int(line.baseline / _HEIGHT_POINTS)
    return (masked, height), (masked, height + 1)


def _find_usual_size(lines: Sequence[Sequence[TextLine]]) -> float:
    """Find the type size of most letters, in points."""
    letters: Counter[float] = Counter()
    for line in (line for own in lines for line in own):
        letters[line.style.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _find_recurring_texts(
    edges: Sequence[Sequence[TextLine]], largest: float
) -> set[tuple[str, int]]:
    """Find the keys of texts that recur at the edges of pages.

    Larger type that recurs only once is the title, repeated over a supplement.
    """
    counts: Counter[tuple[str, int]] = Counter()
    large: set[tuple[str, int]] = set()
    for lines in edges:
        counts.update({key for line in lines for key in _make_keys(line)})
        large |= {key for line in lines if line.style.size > largest for key in _make_keys(line)}
    few = len(edges) <= _FEW_PAGES
    return {
        key
        for key, count in counts.items()
        if (count >= _LEAST_PAGES and len(key[0]) >= _LEAST_CHARACTERS)
        or (few and count > 1 and len(key[0]) >= _LEAST_CHARACTERS_IN_FEW and key not in large)
    }


def _find_recurring_heights(
    lines: Sequence[Sequence[TextLine]],
    middle: tuple[float, float],
    leading: float,
    largest: float,
) -> set[int]:
    """Find the `id`s of first and last lines apart from the text, at one height of most pages.

    Headings may stand at the top of pages too: they are larger, and at heights where other pages
    have running text.
    """
    if len(lines) < _LEAST_PAGES_FOR_HEIGHT_ALONE:
        return set()
    found: set[int] = set()
    for from_top in (True, False):
        rows = [_find_outer_row(own, middle, leading, from_top) for own in lines]
        apart = [row for row, is_apart in rows if is_apart and row[0].style.size <= largest]
        text = [row for row, is_apart in rows if row and not is_apart]
        height = _find_usual_height(apart, text, len(lines))
        if height is not None:
            found.update(
                id(line) for row in apart for line in row if abs(line.baseline / 2 - height) <= 1
            )
    return found


def _find_usual_height(
    apart: Sequence[list[TextLine]], text: Sequence[list[TextLine]], page_count: int
) -> int | None:
    """Find the height of rows set apart on most pages, where few pages have text, in 2 points."""
    heights = Counter(round(row[0].baseline / 2) for row in apart)
    if not heights:
        return None
    height, times = heights.most_common(1)[0]
    if times < max(_LEAST_PAGES, _MOST_PAGES_SHARE * (page_count - 1)):
        return None
    in_text = sum(abs(round(row[0].baseline / 2) - height) <= 1 for row in text)
    return height if in_text <= _TEXT_SHARE * times else None


# Type larger than the text by more than this is that of titles and headings, not of running heads.
_LARGER_POINTS = 1.0
# On some pages a head may be near to labels of a figure; text that begins at a height does so
# often.
_TEXT_SHARE = 0.2


def _find_single_head(
    page: Page, lines: Sequence[TextLine], middle: tuple[float, float], leading: float
) -> Sequence[TextLine]:
    """Find the first row of a page of a short paper, if it is set apart and in other type.

    Bold lines are headings of sections.
    """
    row = _find_separate_row(lines, middle, leading, from_top=True)
    others = Counter(line.style for line in lines)
    usual = others.most_common(1)[0][0] if others else None
    high = [
        line
        for line in row
        if line.bbox.y1 < _HEAD_SHARE * page.height
        and not line.style.bold
        and match_label(line.text) is None
    ]
    return [
        line
        for line in high
        if usual is not None and (line.style.font, line.style.size) != (usual.font, usual.size)
    ]


# Heads are above this part of the page; text begins lower.
_HEAD_SHARE = 0.1


def _find_separate_row(
    lines: Sequence[TextLine], middle: tuple[float, float], leading: float, from_top: bool
) -> list[TextLine]:
    """Find the first or last row of a page, if it is in the outer part and set apart."""
    row, is_apart = _find_outer_row(lines, middle, leading, from_top)
    return row if is_apart else []


def _find_outer_row(
    lines: Sequence[TextLine], middle: tuple[float, float], leading: float, from_top: bool
) -> tuple[list[TextLine], bool]:
    """Find the first or last row of a page in its outer part, and whether it is set apart."""
    ordered = lines if from_top else lines[::-1]
    if not ordered:
        return [], False
    edge = ordered[0]
    row = [line for line in ordered if abs(line.baseline - edge.baseline) <= 1]
    is_outside = edge.bbox.y1 < middle[0] if from_top else edge.bbox.y0 > middle[1]
    if not is_outside or len(row) == len(ordered):
        return [], False
    return row, abs(ordered[len(row)].baseline - edge.baseline) > _APART_LEADINGS * leading
