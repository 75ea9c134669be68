"""The abstract, and where it ends in the flow of the document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain.text.sentences import STOPS
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.extract.headings.front_matter import LAST_TITLE_PAGE, Title
from chatpaper.extract.headings.levels import Heading
from chatpaper.extract.layout.layout import find_column
from chatpaper.extract.layout.text import is_prose
from chatpaper.extract.layout.typesetting import INDENT_POINTS, Typesetting
from chatpaper.extract.textline import TextLine

_TABLES = load_word_tables(__name__)
_SAME_SIZE_POINTS = 0.7
_RUN_IN_ABSTRACT = re.compile(
    r"(?:abstract|summary|摘\s*要)\s*(?:[—–\-.:：]+\s*|\s(?=(?-i:[A-Z])))(?=\S)", re.IGNORECASE
)
_STOP = re.compile(f"(?:{_TABLES.join('stop')})", re.IGNORECASE)
# "Code: https://example.org/code" on a line of its own is no part of the abstract, nor key words.
_LINK_ALONE = re.compile(
    r"(?:[A-Z][\w/&-]{0,20}(?: [\w/&-]{1,20}){0,3}\s?:\s?)?(?:https?://|www\.)\S{1,200}$"
)
_LABELLED = re.compile(r"[A-Z][\w/&-]{0,20}(?: [\w/&-]{1,20}){0,3}\s?:\s?\S.{0,80}$")
# A block without heading is the abstract if it has so many words.
_LEAST_ABSTRACT_WORDS = 40
# Notes and letters without abstract have so many words of text before their first heading.
_LEAST_TEXT_WORDS = 120
# … and so many behind its first block; key words and dates behind an abstract are fewer.
_LEAST_WORDS_BEHIND = 50
# Lines of text begin at the edge of their column; abstracts are set narrower by an em at least.
_EDGE_POINTS = 3.0
# Lines of this share of the column fill it.
_FULL_LINE = 0.85
_BLOCK_SPACE = 2.2
# Lines of one block follow each other within this many leadings.
_LINE_SPACE = 1.5


@dataclass(frozen=True, slots=True)
class Abstract:
    """The abstract's lines, without its heading, and where in the flow they end."""

    lines: tuple[TextLine, ...] = ()
    end: int = 0


def find_abstract(
    flow: Sequence[TextLine], title: Title, headings: Sequence[Heading], typesetting: Typesetting
) -> Abstract:
    """Find the abstract: under its heading, after a run-in "Abstract", or as a block of prose."""
    own = next((heading for heading in headings if heading.kind == "abstract"), None)
    first = next(
        (found.position for found in headings if found.kind in ("section", "references")), len(flow)
    )
    if own is not None:
        start = own.position + own.line_count
        end = next(
            (heading.position for heading in headings if heading.position >= start), len(flow)
        )
        return _read_until_stop(flow, start, end, typesetting)
    front = range(title.end, min(first, len(flow)))
    pages = {flow[index].page for index in (title.start, *title.again) if index < len(flow)}
    for index in front:
        match = _RUN_IN_ABSTRACT.match(flow[index].text)
        if match and flow[index].page in pages:
            found = _read_until_stop(flow, index, min(first, len(flow)), typesetting)
            return Abstract((_strip_word(flow[index], match[0]), *found.lines[1:]), found.end)
    if flow and flow[0].page > LAST_TITLE_PAGE:  # the first pages are pictures, or empty
        return Abstract()
    return _find_unnamed_abstract(flow, front, flow[title.start].page if flow else 1, typesetting)


def _strip_word(line: TextLine, word: str) -> TextLine:
    return TextLine(
        line.page, line.bbox, line.baseline, line.text[len(word) :].lstrip(), line.style, line.spans
    )


def _read_until_stop(
    flow: Sequence[TextLine], start: int, end: int, typesetting: Typesetting
) -> Abstract:
    """Read lines from `start` up to key words and the like, or to another block of type."""
    lines: list[TextLine] = []
    if start < end and _STOP.fullmatch(flow[start].text.rstrip(" :")):
        start += 1  # the word of key words that stand beside the abstract
    for line in flow[start:end]:
        if lines and (_STOP.match(line.text) or _is_other_block(lines, line, typesetting)):
            break
        lines.append(line)
    prose = find_prose_end([line.text for line in lines])
    return Abstract(tuple(lines[:prose]), start + prose)


def find_prose_end(texts: Sequence[str]) -> int:
    """Count the lines before those that give links and the like, one a line."""
    start = 0  # of the lines of this kind that end before the one looked at
    for index, text in enumerate(texts):
        if start > 0 and _LINK_ALONE.match(text) and texts[start - 1][-1] in STOPS:
            return start
        if not _LABELLED.match(text):
            start = index + 1
    return len(texts)


def _is_other_block(lines: Sequence[TextLine], line: TextLine, typesetting: Typesetting) -> bool:
    above = lines[-1]
    if line.page != above.page or line.baseline <= above.baseline:
        return abs(line.style.size - lines[0].style.size) > _SAME_SIZE_POINTS
    far = line.baseline - above.baseline > _BLOCK_SPACE * typesetting.leading
    return far and (
        abs(line.style.size - above.style.size) > _SAME_SIZE_POINTS
        or line.style.bold != above.style.bold
    )


def _find_unnamed_abstract(
    flow: Sequence[TextLine], front: range, page: int, typesetting: Typesetting
) -> Abstract:
    """Find the first block of prose after the authors that is long enough.

    It begins on the title's page or on the next one. If that block is the text of a note, which
    goes on without heading, there is no abstract, and the text begins there. If there is no block,
    and the title's page has no prose, the text begins after that page.
    """
    prose = next((index for index in front if is_prose(flow[index].text)), front.start)
    behind = next((index for index in front if flow[index].page > page), front.stop)
    end = next((index for index in front if flow[index].page > page + 1), front.stop)
    index = front.start
    while index < end:
        if not is_prose(flow[index].text) or _STOP.match(flow[index].text):
            index += 1
            continue
        lines = _read_block(flow, index, front.stop, typesetting)
        if _is_text(flow, index, len(lines), front.stop, typesetting):
            is_behind = flow[index].page > page and behind <= prose
            first = _find_paragraph_start(flow, front.start, index, typesetting)
            return Abstract(end=behind if is_behind else first)
        if (
            sum(len(line.text.split()) for line in lines) >= _LEAST_ABSTRACT_WORDS
            and lines[-1].text[-1:] in STOPS
        ):
            return Abstract(tuple(lines), index + len(lines))
        index += max(len(lines), 1)
    return Abstract(end=behind if behind <= prose else 0)


def _is_text(
    flow: Sequence[TextLine], start: int, count: int, stop: int, typesetting: Typesetting
) -> bool:
    """Tell whether the text of a note begins with a block, and goes on after it without heading."""
    if stop - start <= count or count < 2:
        return False
    own = [line for line in flow[start : start + count] if _is_set_as_text(line, typesetting)]
    behind = [line for line in flow[start + count : stop] if _is_set_as_text(line, typesetting)]
    words, words_behind = _count_prose_words([*own, *behind]), _count_prose_words(behind)
    return (
        2 * len(own) > count and words_behind >= _LEAST_WORDS_BEHIND and words >= _LEAST_TEXT_WORDS
    )


def _count_prose_words(lines: Sequence[TextLine]) -> int:
    return sum(len(line.text.split()) for line in lines if is_prose(line.text))


def _find_paragraph_start(
    flow: Sequence[TextLine], start: int, position: int, typesetting: Typesetting
) -> int:
    """Find the first line, not before `start`, of the paragraph that the line at `position` is in.

    Its lines fill the column, and the first one may be indented.
    """
    while position > start and _continues_text(flow[position - 1], flow[position], typesetting):
        position -= 1
    return position


def _continues_text(above: TextLine, line: TextLine, typesetting: Typesetting) -> bool:
    columns = typesetting.columns_on(above.page)
    column = columns[find_column(above.bbox, columns)]
    return (
        above.page == line.page
        and 0 < line.baseline - above.baseline < _LINE_SPACE * typesetting.leading
        and above.bbox.x0 - column.x0 <= INDENT_POINTS
        and above.bbox.width >= _FULL_LINE * column.width
        and _is_in_body_type(above, typesetting)
    )


def _is_set_as_text(line: TextLine, typesetting: Typesetting) -> bool:
    """Tell whether a line has the type of the text, and begins at the edge of a column."""
    columns = typesetting.columns_on(line.page)
    column = find_column(line.bbox, columns)
    return (
        column >= 0
        and bool(columns)
        and abs(line.bbox.x0 - columns[column].x0) <= _EDGE_POINTS
        and _is_in_body_type(line, typesetting)
    )


def _is_in_body_type(line: TextLine, typesetting: Typesetting) -> bool:
    return (
        abs(line.style.size - typesetting.body_size) <= _SAME_SIZE_POINTS
        and not line.style.bold
        and not line.style.italic
    )


def _read_block(
    flow: Sequence[TextLine], start: int, end: int, typesetting: Typesetting
) -> list[TextLine]:
    lines = [flow[start]]
    for line in flow[start + 1 : end]:
        gap = line.baseline - lines[-1].baseline
        same = line.style.italic == lines[0].style.italic and (
            abs(line.style.size - lines[0].style.size) <= _SAME_SIZE_POINTS
            and line.style.bold == lines[0].style.bold
        )
        if (
            line.page != lines[0].page
            or not same
            or not -1 < gap < _LINE_SPACE * typesetting.leading
            or _STOP.match(line.text)
        ):
            break
        lines.append(line)
    return lines
