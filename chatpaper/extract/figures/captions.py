"""Finding the captions of figures and tables, and how far each goes.

The idea is that of PDFFigures 2.0 (Clark and Divvala, "PDFFigures 2.0: Mining figures from research
papers", JCDL 2016): a document formats its captions consistently, and mentions in the text ("Figure
3 shows") do not share that format. So every line that begins like a caption is a candidate, and the
format that most labels share decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chatpaper.domain import BBox
from chatpaper.domain.text.float_words import FloatKind
from chatpaper.extract.boxes import enclose, is_aligned, overlap_height, overlap_width
from chatpaper.extract.glyphs.superscripts import write_out_scripts
from chatpaper.extract.layout.bilingual import (
    LEAST_TWINS_SHARE,
    follows,
    label_same_float,
    may_follow,
)
from chatpaper.extract.layout.caption_labels import (
    MARKS,
    classify_label,
    find_mark,
    is_label,
    is_numbered,
    match_label,
    normalize_label,
    opens_with_label,
)
from chatpaper.extract.layout.text import join_lines
from chatpaper.extract.layout.typesetting import (
    GUTTER_POINTS,
    Column,
    Typesetting,
    fills_column,
    find_line_baseline,
    find_line_font,
    find_line_size,
    is_gutter,
    is_upright,
)
from chatpaper.extract.layout.wraparound import has_text_before
from chatpaper.extract.page import Line, Page, PdfContent
from chatpaper.extract.pdf.graphics import is_rule

# Lists of figures lead to their pages with dots.
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$")
_CONTINUED = re.compile(
    r"\bcont(?:inued|['’.]?d?)\b|\b(?:fortsetzung|fortgesetzt|suite|continua(?:ción|ção|zione)|продолжение)\b|[(（][续續]",
    re.IGNORECASE,
)

# The sign of a root, a bracket or a bar may be a line of its own in the file; it begins no row.
_NAMES_SOMETHING = re.compile(r"[^\W_]")

# A new paragraph stands further from the line above than this many leadings.
PARAGRAPH_LEADINGS = 1.3
# Lines of one caption follow each other at up to this many times their size; typists' manuscripts
# are double-spaced.
CAPTION_LEADING_SIZES = 1.6
# … and no further than the lines before them, but for the room that an index or an accent takes.
MOST_UNEVEN_LEADING = 1.25
# "TABLE I" on a line of its own stands a little further from its title.
LABEL_LEADING_SIZES = 2.4
# Fonts of one size differ in the second decimal; small capitals are 20 % smaller than the capitals
# beside them.
SAME_SIZE = 0.45
SMALL_CAPITALS_SHARE = 0.72
# Fragments of one line stand this near, in sizes; after a label alone styles put a quad or two.
FRAGMENT_GAP_SIZES = 1.0
# … or overlap so far: the file counts the room of a kern, or of an accent, twice.
OVERLAP_SIZES = 0.75
# … but where captions have a size of their own, no text that flows around them can be mistaken for
# theirs.
SMALL_TYPE_GAP_SIZES = 1.6
LABEL_GAP_SIZES = 3.0
# A caption of more lines is a page of text that only begins like one.
MAXIMUM_CAPTION_LINES = 60
# No line of a caption is that much longer than all above it: below a wrapped figure the text is
# wide again.
WIDER_LINE_SHARE = 1.35
# A line that goes on a paragraph covers at least this share of the column.
FULL_LINE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: `label` as "Figure 3", `text` without the label, the `lines` it was read from."""

    kind: FloatKind
    label: str
    text: str
    page: int
    lines: tuple[Line, ...]
    bbox: BBox


@dataclass(frozen=True, slots=True)
class CaptionFormat:
    """What the captions of one kind in one document have in common, and mentions in the text do
    not.
    """

    word: str
    mark: str
    emphasised: bool
    size: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: FloatKind
    label: str
    page: Page
    line: Line
    index: int
    style: CaptionFormat
    opens_paragraph: bool
    continued: bool
    has_twin: bool = False


def find_captions(
    content: PdfContent, typesetting: Typesetting, furniture: frozenset[int] = frozenset()
) -> tuple[Caption, ...]:
    """All captions of a document in page order.

    `furniture` holds the `id` of every line that is no part of the text: running heads, page and
    line numbers. (A caption that heads page after page may look like one, but running heads begin
    with no label.)
    """
    candidates: list[_Candidate] = []
    pages: dict[int, list[Line]] = {}
    for page in content.pages:
        lines = [
            line
            for line in page.lines
            if is_upright(line) and (id(line) not in furniture or opens_with_label(line))
        ]
        pages[page.number] = lines
        candidates += _mark_twins(list(_find_candidates(page, lines, typesetting)))
    chosen = _choose(candidates)
    starts = {id(candidate.line) for candidate in chosen}
    whole = [
        _complete_caption(candidate, pages[candidate.page.number], starts, typesetting)
        for candidate in chosen
    ]
    return tuple(_merge_languages(whole))


def _find_candidates(
    page: Page, lines: Sequence[Line], typesetting: Typesetting
) -> Iterable[_Candidate]:
    for index, line in enumerate(lines):
        match = match_label(line.text)
        if match is None or not is_numbered(match):
            continue
        if (
            has_text_before(line, lines)
            or _is_cell(line, match, lines)
            or _LEADERS.search(line.text)
        ):
            continue
        mark = find_mark(match) or ""
        beside = "".join(
            part.text for part in _collect_row(line, lines, set(), typesetting, page.number)[1:]
        )
        rest = (line.text[match.end() :] + beside).strip()
        yield _Candidate(
            kind=classify_label(match),
            label=normalize_label(match),
            page=page,
            line=line,
            index=index,
            style=CaptionFormat(
                word=match["word"] + match["dot"],
                mark=mark if rest or mark not in ("", ".") else "end",
                emphasised=_is_emphasised(line, typesetting),
                size=round(find_line_size(line) * 2) / 2,
            ),
            opens_paragraph=_opens_paragraph(
                line, lines, typesetting, typesetting.columns_on(page.number)
            ),
            continued=match["again"] is not None or _CONTINUED.search(line.text) is not None,
        )


def _mark_twins(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The candidates of a page; two of one figure, one right below the other in another language,
    prove each other.
    """
    found = list(candidates)
    for index, (upper, lower) in enumerate(pairwise(candidates)):
        size = upper.style.size
        alike = (
            label_same_float(upper.label, lower.label) and abs(size - lower.style.size) <= SAME_SIZE
        )
        if alike and may_follow(upper.line.bbox, lower.line.bbox, size):
            found[index : index + 2] = [
                replace(each, has_twin=True) for each in found[index : index + 2]
            ]
    return found


def _is_cell(line: Line, match: re.Match[str], lines: Sequence[Line]) -> bool:
    """Whether a label stands in a row with other text right beside it, and nothing follows: the
    head of a column.
    """
    size = find_line_size(line)
    return match.end() == len(line.text.rstrip()) and any(
        other is not line
        and overlap_height(other.bbox, line.bbox) > size / 2
        and is_label(other.text)
        and overlap_width(other.bbox, line.bbox) > -LABEL_GAP_SIZES * size
        for other in lines
    )


def _is_emphasised(line: Line, typesetting: Typesetting) -> bool:
    first = next(span for span in line.spans if span.text.strip())
    return (
        first.bold
        or first.italic
        or (first.font != typesetting.body_font and first.font != find_line_font(line))
    )


def _opens_paragraph(
    line: Line, lines: Sequence[Line], typesetting: Typesetting, columns: Sequence[Column]
) -> bool:
    """Whether no line of the same style runs on into `line`."""
    size = find_line_size(line)
    for other in lines:
        step = line.bbox.y1 - other.bbox.y1
        if not 0 < step <= max(PARAGRAPH_LEADINGS * typesetting.leading, PARAGRAPH_LEADINGS * size):
            continue
        if (
            abs(find_line_size(other) - size) > SAME_SIZE
            or overlap_width(other.bbox, line.bbox) <= 0
        ):
            continue
        if _runs_on(other, line, columns):
            return False
    return True


def _runs_on(above: Line, line: Line, columns: Sequence[Column]) -> bool:
    """Whether `above` is a full line of text at the same left edge, give or take an indent."""
    near = min(columns, key=lambda column: abs(column.x0 - line.bbox.x0), default=None)
    measure = near.width if near else line.bbox.width
    aligned = abs(above.bbox.x0 - line.bbox.x0) <= 2 * find_line_size(line)
    return aligned and above.bbox.width >= FULL_LINE_SHARE * min(
        measure, max(line.bbox.width, measure / 2)
    )


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    for kind in ("figure", "table", "algorithm"):
        of_kind = [candidate for candidate in candidates if candidate.kind == kind]
        chosen += _choose_of_kind(of_kind)
    return sorted(chosen, key=lambda candidate: (candidate.page.number, candidate.index))


def _choose_of_kind(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    twins = sum(candidate.has_twin for candidate in candidates if _is_marked(candidate.style))
    if twins < LEAST_TWINS_SHARE * len(
        {each.label for each in candidates if _is_marked(each.style)}
    ):
        candidates = [replace(candidate, has_twin=False) for candidate in candidates]
    openers = [
        candidate for candidate in candidates if candidate.opens_paragraph or candidate.has_twin
    ]
    labels_of: defaultdict[CaptionFormat, set[str]] = defaultdict(set)
    for candidate in openers:
        labels_of[candidate.style].add(candidate.label)
    rank = {style: (_is_marked(style), len(labels)) for style, labels in labels_of.items()}
    by_label: defaultdict[str, list[_Candidate]] = defaultdict(list)
    for candidate in openers:
        by_label[candidate.label].append(candidate)
    marked = any(_is_marked(style) for style in labels_of)
    chosen: list[_Candidate] = []
    for same_label in by_label.values():
        fit = [
            candidate
            for candidate in same_label
            if _is_marked(candidate.style) or candidate.has_twin or not marked
        ]
        best = max((rank[candidate.style] for candidate in fit), default=None)
        alike = [candidate for candidate in fit if rank[candidate.style] == best]
        chosen += alike[:1] + [
            candidate for candidate in fit if candidate.continued and candidate not in alike[:1]
        ]
    return chosen


def _is_marked(style: CaptionFormat) -> bool:
    """Whether the label is set off from what follows, by a mark, by type, or by the end of the
    line.
    """
    return style.mark != "" or style.emphasised


def _complete_caption(
    candidate: _Candidate, lines: Sequence[Line], starts: set[int], typesetting: Typesetting
) -> Caption:
    first = candidate.line
    columns = typesetting.columns_on(candidate.page.number)
    rows = [_collect_row(first, lines, starts, typesetting, candidate.page.number)]
    rules = [drawing.bbox for drawing in candidate.page.drawings if is_rule(drawing.bbox)]
    start = find_line_baseline(first)
    below = sorted(
        (line for line in lines if find_line_baseline(line) > start + SAME_SIZE),
        key=lambda line: (round(find_line_baseline(line)), line.bbox.x0),
    )
    for line in below:
        if not _NAMES_SOMETHING.search(line.text) or not _continues(rows, line, typesetting):
            continue
        if any(part is line for row in rows for part in row):
            continue
        row = _collect_row(line, lines, starts, typesetting, candidate.page.number)
        if (
            id(line) in starts
            or _is_separated(rows, row, rules)
            or _has_cells(row, rows, lines, starts, columns)
        ):
            break
        rows.append(row)
        if len(rows) >= MAXIMUM_CAPTION_LINES:
            break
    return _build_caption(candidate, rows)


def _merge_languages(captions: Sequence[Caption]) -> list[Caption]:
    """The captions; two that say the same of one figure, one below the other, are one under the
    label of the first.
    """
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
    """Whether a rule of a table lies between a caption so far and the next row; bars of fractions
    lie within rows.
    """
    above, below = _find_baseline(rows[-1]), _find_baseline(row) - find_line_size(row[0]) / 2
    return any(above < rule.y0 < below and overlap_width(rule, row[0].bbox) > 0 for rule in rules)


def _has_cells(
    row: Sequence[Line],
    rows: Sequence[Sequence[Line]],
    lines: Sequence[Line],
    starts: set[int],
    columns: Sequence[Column],
) -> bool:
    """Whether text stands beside `row` in its column, and none beside the caption's first line: a
    table's row.

    Text that flows around a figure stands beside all lines of its caption.
    """
    others = [line for line in lines if id(line) not in starts]
    return _has_neighbor(row, others, columns) and not _has_neighbor(rows[0], lines, columns)


def _has_neighbor(row: Sequence[Line], lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    box = enclose(line.bbox for line in row)
    size = find_line_size(row[0])
    home = next((c for c in columns if c.x0 - size <= box.x0 and box.x1 <= c.x1 + size), None)
    return any(
        not any(part is line for part in row)
        and overlap_height(line.bbox, box) > size / 2
        and overlap_width(line.bbox, box) <= size / 2
        and (home is None or (line.bbox.x1 > home.x0 and line.bbox.x0 < home.x1))
        for line in lines
    )


def _build_caption(candidate: _Candidate, rows: Sequence[Sequence[Line]]) -> Caption:
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


def _collect_row(
    first: Line, lines: Sequence[Line], starts: set[int], typesetting: Typesetting, page: int
) -> list[Line]:
    """`first` and the fragments that go on on its base line, up to the gutter."""
    row = [first]
    size = find_line_size(first)
    label_alone = is_label(first.text)
    columns = typesetting.columns_on(page)
    small = abs(size - typesetting.body_size) > SAME_SIZE
    for line in sorted(lines, key=lambda line: line.bbox.x0):
        gap = line.bbox.x0 - row[-1].bbox.x1
        usual = (
            SMALL_TYPE_GAP_SIZES
            if small or fills_column(first, line, columns)
            else FRAGMENT_GAP_SIZES
        )
        allowed = LABEL_GAP_SIZES if label_alone and len(row) == 1 else usual
        if not -OVERLAP_SIZES * size <= gap <= allowed * size or any(part is line for part in row):
            continue
        if _belongs_to_neighbor(line, row, lines, starts) or is_gutter(
            row[-1].bbox, line.bbox, columns
        ):
            continue
        if overlap_height(line.bbox, first.bbox) > size / 2 and abs(
            find_line_size(line) - size
        ) <= (size / 2 if gap <= size else SAME_SIZE):
            row.append(line)
    return row


def _belongs_to_neighbor(
    line: Line, row: Sequence[Line], lines: Sequence[Line], starts: set[int]
) -> bool:
    """Whether a fragment opens another caption, or stands below the beginning of one on the right
    of `row`.
    """
    return id(line) in starts or any(
        id(start) in starts
        and row[-1].bbox.x1 <= start.bbox.x0
        and abs(line.bbox.x0 - start.bbox.x0) <= GUTTER_POINTS
        and start.bbox.y0 < line.bbox.y0
        for start in lines
    )


def _continues(rows: Sequence[Sequence[Line]], line: Line, typesetting: Typesetting) -> bool:
    """Whether `line` is the next of the caption whose rows are `rows`."""
    box = enclose(part.bbox for row in rows for part in row)
    last = rows[-1]
    label_alone = len(rows) == 1 and is_label("".join(part.text for part in last))
    size = max(find_line_size(part) for part in last)
    step = find_line_baseline(line) - _find_baseline(last)
    allowed = (
        LABEL_LEADING_SIZES * size if label_alone else _find_allowed_step(rows, size, typesetting)
    )
    if not 0 < step <= allowed or overlap_width(box, line.bbox) <= 0:
        return False
    smaller, larger = sorted((find_line_size(line), size))
    if smaller < SMALL_CAPITALS_SHARE * larger if label_alone else not _has_same_size(last, line):
        return False
    if label_alone:
        return is_aligned(box, line.bbox, size)
    return line.bbox.x0 >= box.x0 - 2 * size and line.bbox.width <= WIDER_LINE_SHARE * box.width


def _has_same_size(row: Sequence[Line], line: Line) -> bool:
    """Whether `line` goes on in the type of `row`, or in that at its end: first sentences may be
    bold and smaller.
    """
    sizes = (max(find_line_size(part) for part in row), row[-1].spans[-1].size)
    return any(
        abs(a - b) <= SAME_SIZE for a in sizes for b in (find_line_size(line), line.spans[0].size)
    )


def _find_allowed_step(
    rows: Sequence[Sequence[Line]], size: float, typesetting: Typesetting
) -> float:
    if len(rows) == 1:
        return max(CAPTION_LEADING_SIZES * size, typesetting.leading * size / typesetting.body_size)
    return MOST_UNEVEN_LEADING * min(
        below - above for above, below in pairwise(map(_find_baseline, rows))
    )


def _find_baseline(row: Sequence[Line]) -> float:
    return max(find_line_baseline(part) for part in row)
