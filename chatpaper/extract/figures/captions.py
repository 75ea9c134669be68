"""Find the captions of figures and tables, and how far each goes.

The idea is that of PDFFigures 2.0 (Clark and Divvala, "PDFFigures 2.0: Mining figures from research
papers", JCDL 2016): a document formats its captions consistently, and mentions in the text ("Figure
3 shows") do not share that format. So every line that begins like a caption is a candidate, and the
format that most labels share decides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.domain.text.float_words import FloatKind
from chatpaper.extract.boxes import enclose, is_aligned, overlap_height, overlap_width
from chatpaper.extract.figures.caption_candidates import (
    CaptionCandidate,
    choose_captions,
    find_candidates,
)
from chatpaper.extract.figures.caption_rows import (
    CAPTION_LEADING_SIZES,
    SAME_SIZE,
    STRETCHED_GAP_SIZES,
    CaptionPage,
    collect_row,
    find_baseline,
)
from chatpaper.extract.glyphs.superscripts import write_out_scripts
from chatpaper.extract.layout.bilingual import (
    follows,
    label_same_float,
)
from chatpaper.extract.layout.caption_labels import (
    MARKS,
    is_float_word,
    is_label,
    match_label,
    opens_with_label,
)
from chatpaper.extract.layout.text import join_lines
from chatpaper.extract.layout.typesetting import (
    Column,
    Typesetting,
    find_line_baseline,
    find_line_size,
    is_upright,
)
from chatpaper.extract.page import Line, PdfContent
from chatpaper.extract.pdf.graphics import is_rule

# A root sign, a bracket or a bar may be a line of its own in the file; it begins no row.
_NAMES_SOMETHING = re.compile(r"[^\W_]")

# … and no further than the lines before them, except for the space of an index or an accent.
MOST_UNEVEN_LEADING = 1.25
# Rows of a table beside a caption are no further apart.
ROW_LEADING_SIZES = 2.0
# Base lines are rounded.
BASELINE_POINTS = 0.2
# Lines are sorted by base lines rounded to points.
ROUNDED_POINTS = 1.0
# "TABLE I" on a line of its own is a little further from its title; manuscripts leave a line free.
LABEL_LEADING_SIZES = 2.4
LABEL_LEADINGS = 2.1
SMALL_CAPITALS_SHARE = 0.72
# Manuscripts, whose lines are set apart so far, may set smaller captions a little further apart.
MANUSCRIPT_SPREAD, MANUSCRIPT_LEADINGS = 1.3, 1.05
# A longer caption is a page of text that only begins like one.
MAXIMUM_CAPTION_LINES = 60
# No line of a caption is wider by this factor than all above it: below a wrapped figure the text is
# wide again.
WIDER_LINE_SHARE = 1.35


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: `label` as "Figure 3", `text` without the label, the `lines` it was read from."""

    kind: FloatKind
    label: str
    text: str
    page: int
    lines: tuple[Line, ...]
    bbox: BBox


def find_captions(
    content: PdfContent, typesetting: Typesetting, furniture: frozenset[int] = frozenset()
) -> tuple[Caption, ...]:
    """Find all captions of a document, in page order.

    `furniture` holds the `id` of every line that is no part of the text: running heads, page and
    line numbers. (A caption at the top of page after page may look like one, but running heads
    begin with no label.)
    """
    candidates: list[CaptionCandidate] = []
    pages: dict[int, list[Line]] = {}
    for page in content.pages:
        lines = [
            line
            for line in page.lines
            if is_upright(line) and (id(line) not in furniture or opens_with_label(line))
        ]
        pages[page.number] = lines
        candidates += find_candidates(page, lines, typesetting)
    chosen = choose_captions(candidates)
    starts = frozenset(id(candidate.line) for candidate in chosen)
    whole = [
        _complete_caption(
            candidate,
            CaptionPage(
                pages[candidate.page.number],
                starts,
                typesetting,
                typesetting.columns_on(candidate.page.number),
            ),
        )
        for candidate in chosen
    ]
    return tuple(_merge_languages(whole))


def _complete_caption(candidate: CaptionCandidate, page: CaptionPage) -> Caption:
    first = candidate.line
    rows = [collect_row(first, page)]
    rules = [drawing.bbox for drawing in candidate.page.drawings if is_rule(drawing.bbox)]
    start = find_line_baseline(first)
    below = sorted(
        (line for line in page.lines if find_line_baseline(line) > start + SAME_SIZE),
        key=lambda line: (round(find_line_baseline(line)), line.bbox.x0),
    )
    end = _find_end(rows, page.typesetting)
    for line in below:
        if find_line_baseline(line) > end + ROUNDED_POINTS:
            break
        if not _continues(rows, line, page.typesetting) or not _NAMES_SOMETHING.search(line.text):
            continue
        if any(part is line for row in rows for part in row):
            continue
        row = collect_row(line, page)
        if (
            id(line) in page.starts
            or _is_separated(rows, row, rules)
            or _has_cells(row, rows, page)
        ):
            break
        rows.append(row)
        end = _find_end(rows, page.typesetting)
        if len(rows) >= MAXIMUM_CAPTION_LINES:
            break
    return _build_caption(candidate, rows)


def _merge_languages(captions: Sequence[Caption]) -> list[Caption]:
    """Merge captions that say the same in two languages, under the label of the first."""
    found: list[Caption] = []
    for caption in captions:
        if found and _say_the_same(found[-1], caption):
            found[-1] = _merge_captions(found[-1], caption)
        else:
            found.append(caption)
    return found


def _say_the_same(upper: Caption, lower: Caption) -> bool:
    one_float = upper.page == lower.page and label_same_float(upper.label, lower.label)
    return one_float and follows(upper.bbox, lower.bbox, find_line_size(lower.lines[0]))


def _merge_captions(upper: Caption, lower: Caption) -> Caption:
    return replace(
        upper,
        text=" / ".join(filter(None, (upper.text, lower.text))),
        lines=(*upper.lines, *lower.lines),
        bbox=enclose((upper.bbox, lower.bbox)),
    )


def _is_separated(
    rows: Sequence[Sequence[Line]], row: Sequence[Line], rules: Sequence[BBox]
) -> bool:
    """Tell whether a rule of a table lies between a caption so far and the next row.

    Bars of fractions lie within rows.
    """
    above, below = find_baseline(rows[-1]), find_baseline(row) - find_line_size(row[0]) / 2
    return any(above < rule.y0 < below and overlap_width(rule, row[0].bbox) > 0 for rule in rules)


def _has_cells(row: Sequence[Line], rows: Sequence[Sequence[Line]], page: CaptionPage) -> bool:
    """Tell whether a row is one of a table: text stands beside it, but not beside the caption.

    Text that flows around a figure, or another caption, goes on from above.
    """
    own = {id(part) for each in (*rows, row) for part in each}
    others = [line for line in page.lines if id(line) not in own]
    opening = [line for line in others if id(line) in page.starts]
    return any(
        not any(
            _is_on_row_of(start, line) or _is_title_under(start, line, page.typesetting)
            for start in opening
        )
        and not _flows_on(line, others, page.typesetting)
        for line in _list_neighbors(row, others, page.columns)
    ) and not any(
        not any(_is_on_row_of(start, line) for start in opening)
        for line in _list_neighbors(rows[0], others, page.columns)
    )


def _list_neighbors(
    row: Sequence[Line], lines: Sequence[Line], columns: Sequence[Column]
) -> Iterator[Line]:
    """List the lines beside a row, in the column that it lies in."""
    box = enclose(line.bbox for line in row)
    size = find_line_size(row[0])
    home = next((c for c in columns if c.x0 - size <= box.x0 and box.x1 <= c.x1 + size), None)
    return (
        line
        for line in lines
        if not any(part is line for part in row)
        and overlap_height(line.bbox, box) > size / 2
        and overlap_width(line.bbox, box) <= size / 2
        and abs(find_line_size(line) - size) <= SAME_SIZE
        and (home is None or (line.bbox.x1 > home.x0 and line.bbox.x0 < home.x1))
    )


def _is_on_row_of(start: Line, line: Line) -> bool:
    """Tell whether a line begins a caption, or stands on the base line of its beginning."""
    return start.bbox.x0 <= line.bbox.x0 and overlap_height(start.bbox, line.bbox) > (
        find_line_size(line) / 2
    )


def _is_title_under(label: Line, line: Line, typesetting: Typesetting) -> bool:
    """Tell whether a line stands under a label on a line of its own, as the title of a float."""
    size = find_line_size(label)
    step = find_line_baseline(line) - find_line_baseline(label)
    return (
        _is_label_row((label,))
        and 0 < step <= _find_label_step(size, typesetting)
        and is_aligned(label.bbox, line.bbox, size)
    )


def _find_label_step(size: float, typesetting: Typesetting) -> float:
    """Find how far a title may be from a label of this size, from base line to base line."""
    return max(LABEL_LEADING_SIZES * size, LABEL_LEADINGS * typesetting.leading)


def _flows_on(line: Line, lines: Sequence[Line], typesetting: Typesetting) -> bool:
    """Tell whether text goes on in a line from above, or from the left, as words do."""
    size = find_line_size(line)
    return any(_is_right_below(above, line, typesetting) for above in lines) or any(
        0 <= line.bbox.x0 - before.bbox.x1 <= STRETCHED_GAP_SIZES * size
        and overlap_height(before.bbox, line.bbox) > size / 2
        and any(_is_right_below(above, before, typesetting) for above in lines)
        for before in lines
    )


def _is_right_below(above: Line, line: Line, typesetting: Typesetting) -> bool:
    """Tell whether a line follows one above as lines of one text do."""
    size = max(find_line_size(above), find_line_size(line))
    step = line.bbox.y1 - above.bbox.y1
    return (
        0 < step <= max(ROW_LEADING_SIZES * size, _find_usual_step(size, typesetting))
        and overlap_width(above.bbox, line.bbox) > 0
    )


def _build_caption(candidate: CaptionCandidate, rows: Sequence[Sequence[Line]]) -> Caption:
    text = join_lines(" ".join(_format_line(line) for line in row) for row in rows)
    match = match_label(text)
    taken = tuple(line for row in rows for line in row)
    return Caption(
        kind=candidate.kind,
        label=candidate.label,
        text=text[match.end() if match else 0 :].lstrip(MARKS),
        page=candidate.page.number,
        lines=taken,
        bbox=enclose(line.bbox for line in taken),
    )


def _format_line(line: Line) -> str:
    return "".join(span.text for span in write_out_scripts(line.spans))


def _continues(rows: Sequence[Sequence[Line]], line: Line, typesetting: Typesetting) -> bool:
    """Tell whether `line` is the next of the caption whose rows are `rows`."""
    last = rows[-1]
    if not find_baseline(last) < find_line_baseline(line) <= _find_end(rows, typesetting):
        return False
    label_alone = _is_label_alone(rows)
    size = _find_row_size(last)
    box = enclose(part.bbox for row in rows for part in row)
    if overlap_width(box, line.bbox) <= 0:
        return False
    smaller, larger = sorted((find_line_size(line), size))
    if smaller < SMALL_CAPITALS_SHARE * larger if label_alone else not _has_same_size(last, line):
        return False
    if label_alone:
        return is_aligned(box, line.bbox, size)
    return line.bbox.x0 >= box.x0 - 2 * size and line.bbox.width <= WIDER_LINE_SHARE * box.width


def _find_end(rows: Sequence[Sequence[Line]], typesetting: Typesetting) -> float:
    """Find the lowest base line that the next row of a caption may have."""
    size = _find_row_size(rows[-1])
    step = (
        _find_label_step(size, typesetting)
        if _is_label_alone(rows)
        else _find_allowed_step(rows, size, typesetting)
    )
    return find_baseline(rows[-1]) + step


def _find_row_size(row: Sequence[Line]) -> float:
    return max(find_line_size(part) for part in row)


def _is_label_alone(rows: Sequence[Sequence[Line]]) -> bool:
    return len(rows) == 1 and _is_label_row(rows[0])


def _is_label_row(row: Sequence[Line]) -> bool:
    text = "".join(part.text for part in row)
    return is_label(text) or is_float_word(text)


def _has_same_size(row: Sequence[Line], line: Line) -> bool:
    """Tell whether `line` has the type size of `row`, or of its end.

    First sentences may be bold and smaller.
    """
    sizes = (max(find_line_size(part) for part in row), row[-1].spans[-1].size)
    return any(
        abs(a - b) <= SAME_SIZE for a in sizes for b in (find_line_size(line), line.spans[0].size)
    )


def _find_allowed_step(
    rows: Sequence[Sequence[Line]], size: float, typesetting: Typesetting
) -> float:
    if _is_label_row(rows[0]):
        rows = rows[1:]  # its distance to the title says nothing of those between lines
    if len(rows) == 1:
        return _find_usual_step(size, typesetting)
    return MOST_UNEVEN_LEADING * min(
        below - above for above, below in pairwise(map(find_baseline, rows))
    )


def _find_usual_step(size: float, typesetting: Typesetting) -> float:
    """Find how far lines of type of this size may be apart, from base line to base line."""
    leading = typesetting.leading * size / typesetting.body_size
    if typesetting.spread >= MANUSCRIPT_SPREAD:
        leading = max(leading, MANUSCRIPT_LEADINGS * typesetting.leading)
    return max(CAPTION_LEADING_SIZES * size, leading + BASELINE_POINTS)
