"""Lines that may begin a caption, and the choice of those that do.

A document formats its captions consistently, and mentions in the text do not share that format, see
`captions`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from chatpaper.domain.text.float_words import FloatKind
from chatpaper.extract.boxes import overlap_height, overlap_width
from chatpaper.extract.figures.caption_rows import (
    CAPTION_LEADING_SIZES,
    LABEL_GAP_SIZES,
    SAME_SIZE,
    CaptionPage,
    collect_row,
)
from chatpaper.extract.layout.bilingual import LEAST_TWINS_SHARE, label_same_float, may_follow
from chatpaper.extract.layout.caption_labels import (
    classify_label,
    find_mark,
    is_float_word,
    is_label,
    is_numbered,
    match_label,
    normalize_label,
)
from chatpaper.extract.layout.typesetting import Column, Typesetting, find_line_font, find_line_size
from chatpaper.extract.layout.wraparound import has_text_before
from chatpaper.extract.page import Line, Page

# Dot leaders, as in lists of figures.
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d*\s*$")
_CONTINUED = re.compile(
    r"\bcont(?:inued|['’.]?d?)\b|\b(?:fortsetzung|fortgesetzt|suite|continua(?:ción|ção|zione)"
    r"|продолжение)\b|[(（][续續]",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?。]\s*$")
# A new paragraph is further from the line above than this many leadings.
PARAGRAPH_LEADINGS = 1.3
# A line that continues a paragraph covers at least this share of the column.
FULL_LINE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class CaptionFormat:
    """The format of captions of one kind in one document, which mentions in the text lack.

    `mark` is what sets the label off, `size` is in points, rounded to halves.
    """

    word: str
    mark: str
    emphasized: bool
    size: float


@dataclass(frozen=True, slots=True)
class CaptionCandidate:
    """A line that begins like a caption.

    `index` is its place among the upright lines of its page; `continued` says that the caption is
    of a part of a float, on another page; a `has_twin` candidate stands beside one in another
    language.
    """

    kind: FloatKind
    label: str
    page: Page
    line: Line
    index: int
    style: CaptionFormat
    opens_paragraph: bool
    continued: bool
    has_twin: bool = False


def find_candidates(
    page: Page, lines: Sequence[Line], typesetting: Typesetting
) -> list[CaptionCandidate]:
    """Find the lines of a page that begin like captions; `lines` are its upright lines.

    Two that name one float in different languages, one right below the other, are marked as twins:
    they prove each other.
    """
    return _mark_twins(list(_list_candidates(page, lines, typesetting)))


def _list_candidates(
    page: Page, lines: Sequence[Line], typesetting: Typesetting
) -> Iterable[CaptionCandidate]:
    around = CaptionPage(lines, frozenset(), typesetting, typesetting.columns_on(page.number))
    for index, line in enumerate(lines):
        match = match_label(line.text) or _match_split_label(line, lines)
        if match is None or not is_numbered(match):
            continue
        if (
            has_text_before(line, lines)
            or _is_cell(line, match, lines)
            or _LEADERS.search(line.text)
        ):
            continue
        mark = find_mark(match) or ""
        beside = "".join(part.text for part in collect_row(line, around)[1:])
        rest = (match.string[match.end() :] + beside).strip()
        yield CaptionCandidate(
            kind=classify_label(match),
            label=normalize_label(match),
            page=page,
            line=line,
            index=index,
            style=CaptionFormat(
                word=match["word"] + match["dot"],
                mark=mark if rest or mark not in ("", ".") else "end",
                emphasized=_is_emphasized(line, typesetting),
                size=round(find_line_size(line) * 2) / 2,
            ),
            opens_paragraph=_opens_paragraph(line, lines, typesetting, around.columns),
            continued=match["again"] is not None or _CONTINUED.search(line.text) is not None,
        )


def _match_split_label(line: Line, lines: Sequence[Line]) -> re.Match[str] | None:
    """Match a label whose number stands apart, as in narrow justified captions.

    It is further right than words are from each other, or begins the next line.
    """
    if not is_float_word(line.text):
        return None
    size = find_line_size(line)
    for other in lines:
        gap = other.bbox.x0 - line.bbox.x1
        beside = overlap_height(other.bbox, line.bbox) > size / 2 and gap >= 0
        below = (
            abs(other.bbox.x0 - line.bbox.x0) <= SAME_SIZE
            and 0 < other.bbox.y1 - line.bbox.y1 <= CAPTION_LEADING_SIZES * size
        )
        if below or (beside and gap <= LABEL_GAP_SIZES * size):
            match = match_label(f"{line.text.strip()} {other.text.strip()}")
            if match is not None and find_mark(match) is not None:
                return match
    return None


def _mark_twins(candidates: Sequence[CaptionCandidate]) -> list[CaptionCandidate]:
    """Mark pairs of candidates that name one float in two languages, one right below the other."""
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
    """Tell whether a label without text has another label beside it: it heads a column."""
    size = find_line_size(line)
    return match.end() == len(match.string.rstrip()) and any(
        other is not line
        and overlap_height(other.bbox, line.bbox) > size / 2
        and is_label(other.text)
        and overlap_width(other.bbox, line.bbox) > -LABEL_GAP_SIZES * size
        for other in lines
    )


def _is_emphasized(line: Line, typesetting: Typesetting) -> bool:
    first = next(span for span in line.spans if span.text.strip())
    return (
        first.bold
        or first.italic
        or (first.font != typesetting.body_font and first.font != find_line_font(line))
    )


def _opens_paragraph(
    line: Line, lines: Sequence[Line], typesetting: Typesetting, columns: Sequence[Column]
) -> bool:
    """Tell whether no line of the same size runs on into `line`."""
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
    """Tell whether `above` is a full line of text at the same left edge, give or take an indent."""
    near = min(columns, key=lambda column: abs(column.x0 - line.bbox.x0), default=None)
    measure = near.width if near else line.bbox.width
    size = find_line_size(line)
    if near and _ENDS_SENTENCE.search(above.text) and above.bbox.x1 < near.x1 - 2 * size:
        return False  # it ends its paragraph
    aligned = abs(above.bbox.x0 - line.bbox.x0) <= 2 * size
    return aligned and above.bbox.width >= FULL_LINE_SHARE * min(
        measure, max(line.bbox.width, measure / 2)
    )


def choose_captions(candidates: Sequence[CaptionCandidate]) -> list[CaptionCandidate]:
    """Choose the candidates that are captions, in the order of the document."""
    chosen: list[CaptionCandidate] = []
    for kind in ("figure", "table", "algorithm"):
        of_kind = [candidate for candidate in candidates if candidate.kind == kind]
        chosen += _choose_of_kind(of_kind)
    return sorted(chosen, key=lambda candidate: (candidate.page.number, candidate.index))


def _choose_of_kind(candidates: Sequence[CaptionCandidate]) -> list[CaptionCandidate]:
    """Choose the captions of one kind: of each label the one in the format of most labels.

    Where formats set labels off, only these count, and twins. Continued captions are kept too.
    """
    is_algorithm = any(each.kind == "algorithm" for each in candidates)
    openers = [each for each in _check_twins(candidates) if each.opens_paragraph or each.has_twin]
    labels: defaultdict[CaptionFormat, set[str]] = defaultdict(set)
    by_label: defaultdict[str, list[CaptionCandidate]] = defaultdict(list)
    for opener in openers:
        labels[opener.style].add(opener.label)
        by_label[opener.label].append(opener)
    rank = {
        style: (_is_marked(style), is_algorithm and _names_algorithm(style), len(found))
        for style, found in labels.items()
    }
    any_marked = any(map(_is_marked, labels))
    chosen: list[CaptionCandidate] = []
    for same_label in by_label.values():
        fit = [
            each for each in same_label if _is_marked(each.style) or each.has_twin or not any_marked
        ]
        if fit:
            # The first of those that rank highest.
            best = max(fit, key=lambda each: rank[each.style])
            chosen.append(best)
            chosen += [each for each in fit if each.continued and each != best]
    return chosen


def _names_algorithm(style: CaptionFormat) -> bool:
    """Tell whether a label is set off and has a name after it; figures mention some alone."""
    return style.emphasized and style.mark != "end"


def _check_twins(candidates: Sequence[CaptionCandidate]) -> Sequence[CaptionCandidate]:
    """Return the candidates, without twins where too few of the labels set off have one."""
    marked = [candidate for candidate in candidates if _is_marked(candidate.style)]
    twins = sum(candidate.has_twin for candidate in marked)
    if twins >= LEAST_TWINS_SHARE * len({candidate.label for candidate in marked}):
        return candidates
    return [replace(candidate, has_twin=False) for candidate in candidates]


def _is_marked(style: CaptionFormat) -> bool:
    """Tell whether a label is set off by a mark, by type, or by the end of the line."""
    return style.mark != "" or style.emphasized
