"""Lines that may be headings, by style, white space, and destinations or bookmarks at them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.tables import load_word_tables
from chatpaper.extract.headings.known_titles import is_abstract_word
from chatpaper.extract.headings.type_styles import (
    MAX_CHARACTERS,
    TypeStyle,
    find_heading_style,
    find_named_style,
    find_type_style,
    has_same_style,
    is_plain,
    is_run_in,
)
from chatpaper.extract.layout.caption_labels import match_label
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import (
    Destination,
    OutlineEntry,
    PdfContent,
    parse_section_destination,
)
from chatpaper.extract.textline import TextLine

# The longest headings seen have three lines.
MAX_LINES = 3
_MAX_WORDS = 24
# White space above a heading, in leadings of the body, from base line to base line.
_SPACE_ABOVE = 1.12
# A bold line may lack it if there is much white space below.
_SPACE_BELOW_ALONE = 1.6
# Lines of one heading follow each other within these limits, in type sizes and in leadings.
_WITHIN_HEADING = 1.45
_WITHIN_LEADINGS = 1.05
_SAME_SIZE = 0.5
# A line that breaks only because it is full ends within this of the edge, in type sizes.
_FULL_EM = 4.0
# Complete titles: text below in the same style is a heading of its own, unless it follows this
# tightly.
_TIGHT = 1.3
_STANDS_ALONE = re.compile(
    r"appendi(?:x|ces)|supplementary(?:materials?|information)|supportinginformation|附录"
)
# A heading's top is below the point of its destination by up to two lines (hyperref raises the
# point by the height of a line so that the heading shows): 2.5 to 10 points to the top were
# measured, median 4.2.
_DESTINATION_ABOVE_POINTS = 24.0
_DESTINATION_BELOW_POINTS = 6.0

_TABLES = load_word_tables(__name__)
_NO_HEADING = re.compile(
    rf"(?:{_TABLES.join('numbered')})\s*\(?[A-Z]?\d+(?:\.\d+)*\)?\b"
    rf"|(?:{_TABLES.join('opening')})\b(?!\s+(?:of|for)?\s*[A-Z\d])|(?:journal|proceedings|annals|bulletin)\s+of\b|\d+\s*:",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|https?:|www\.|\bdoi\b", re.IGNORECASE)
# What programs print before a line that is typed: "R> ", "C:\\> ", "user@host:~$ ", "In [1]: ".
_PROMPT = re.compile(r"\S{0,30}>{1,3}\s|\S{1,30}[@:]\S{0,30}[$#]\s|(?:In|Out)\s?\[\d+\]:")
_START = re.compile(r"(?:[\"“‘'(\[]|§\s*)?[^\W_a-z]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """Lines that may be a heading; `position` is that of the first one in the flow."""

    position: int
    lines: tuple[TextLine, ...]
    text: str
    style: TypeStyle
    destination: str = ""
    outline_level: int = 0
    outline_title: str = ""

    @property
    def page(self) -> int:
        """The page that it begins on, counted from 1."""
        return self.lines[0].page


def find_candidates(
    flow: Sequence[TextLine], content: PdfContent, typesetting: Typesetting
) -> tuple[HeadingCandidate, ...]:
    """Find the lines of the flow that may be headings, in order; those of one are joined."""
    pointers = SectionPointers(content)
    found: list[HeadingCandidate] = []
    position = 0
    while position < len(flow):
        line = flow[position]
        named = pointers.find_named_lines(flow, position)
        style = find_named_style(named) if named else find_heading_style(line, typesetting)
        if style is None or not (named or is_set_off(flow, position, typesetting, found)):
            position += 1
            continue
        lines = named or collect_heading_lines(flow, position, style, typesetting)
        if not named and is_continued_as_text(flow, position + len(lines), lines[-1], typesetting):
            position += 1
            continue
        candidate = build_candidate(position, lines, style, pointers)
        if candidate is not None:
            pointers.take(candidate.destination)
            found.append(candidate)
        position += len(lines) if candidate is not None else 1
    return tuple(found)


def build_candidate(
    position: int,
    lines: tuple[TextLine, ...],
    style: TypeStyle,
    pointers: "SectionPointers",
    *,
    may_be_sentence: bool = False,
) -> HeadingCandidate | None:
    """Build a candidate of lines that read like a heading; None for others."""
    text = join_heading_lines(lines)
    name = pointers.find_destination(lines[0])
    entry = pointers.find_bookmark(text, lines[0].page)
    backed = bool(name or entry)
    if not _reads_like_heading(text, backed or may_be_sentence):
        return None
    return HeadingCandidate(
        position,
        lines,
        text,
        style,
        name,
        entry.level if entry else 0,
        entry.title if entry else "",
    )


def join_heading_lines(lines: Iterable[TextLine]) -> str:
    """Join the lines of a heading; hyphens at line ends are hardly ever real there."""
    text = ""
    for line in lines:
        if text.endswith("-") and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text


# Some styles leave no space above subsections.
_DEEP_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s*[^\W\d]")
_NUMBER = re.compile(r"(?:§\s*)?[\dA-Z]{1,2}(?:\.\d{1,2})*\.?\s")


def _reads_like_heading(text: str, backed: bool) -> bool:
    words = text.split()
    if is_abstract_word(text):
        return True  # also with space between its letters
    title = _NUMBER.sub("", text).replace(" ", "")
    letters = sum(character.isalpha() for character in title)
    if len(text) > MAX_CHARACTERS or len(words) > _MAX_WORDS or letters < max(2, len(title) / 2):
        return False
    if match_label(text) or _NO_HEADING.match(text) or _ADDRESS.search(text) or text[-1] in ",;=":
        return False
    if _PROMPT.match(text):
        return False
    if not _START.match(text) or not re.search(r"[^\W\d_]{2}", text):
        return False
    return backed or not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    """Tell whether text ends as sentences do, and is no short numbered title ("3. Results.")."""
    if text.endswith(("。", "！", "；")):
        return True
    return (
        text.endswith((".", "?", "!", ":"))
        and not re.match(r"\d|[A-Z][.\d]|[IVX]+\.|appendix\b", text, re.IGNORECASE)
        and not text.endswith("?")
    )


def is_set_off(
    flow: Sequence[TextLine],
    position: int,
    typesetting: Typesetting,
    found: Sequence[HeadingCandidate],
) -> bool:
    """Tell whether a line has white space above it, or begins a column, or follows a heading."""
    line = flow[position]
    if position == 0:
        return True
    above = _find_line_above(flow, position)
    if above.page != line.page or above.baseline > line.baseline + 1:
        return True
    if (
        line.baseline - above.baseline < line.style.size
        and above.bbox.x1 < line.bbox.x0 - 2 * line.style.size
    ):
        return True  # what stands on the left is another column
    if found and found[-1].lines[-1] is above:
        return True
    if line.baseline - above.baseline >= _SPACE_ABOVE * typesetting.leading:
        return True
    if line.style.bold and _DEEP_NUMBER.match(line.text):
        return True
    below = flow[position + 1] if position + 1 < len(flow) else line
    return (
        below.baseline - line.baseline >= _SPACE_BELOW_ALONE * typesetting.leading
        and line.style.bold
    )


def _find_line_above(flow: Sequence[TextLine], position: int) -> TextLine:
    """Find the line above in the column, skipping lines that stand on the right of this one."""
    line = flow[position]
    for above in reversed(flow[max(0, position - _MOST_BESIDE) : position]):
        beside = above.page == line.page and above.bbox.x0 > line.bbox.x1 + 2 * line.style.size
        if not beside or above.baseline < line.baseline - _MOST_BESIDE * line.style.size:
            return above
    return flow[position - 1]


# Lines of smaller type that may be beside one line of the column, one after the other.
_MOST_BESIDE = 4


def _is_above(above: TextLine, line: TextLine) -> bool:
    return (
        above.page == line.page
        and above.baseline < line.baseline - 1
        and above.bbox.x0 < line.bbox.x1
        and line.bbox.x0 < above.bbox.x1 + 2 * line.style.size
    )


def collect_heading_lines(
    flow: Sequence[TextLine], position: int, style: TypeStyle, typesetting: Typesetting
) -> tuple[TextLine, ...]:
    """Collect the line and those below it in the same style that continue it."""
    lines = [flow[position]]
    # Where lines of text are set apart, those of headings are by as much.
    leading = typesetting.leading * max(1.0, style.size / typesetting.body_size)
    furthest = max(_WITHIN_HEADING * style.size, _WITHIN_LEADINGS * leading)
    for line in flow[position + 1 :]:
        gap = line.baseline - lines[-1].baseline
        if (
            line.page != lines[0].page
            or not -1 <= gap <= furthest
            or _starts_new_heading(line.text)
        ):
            break
        if _STANDS_ALONE.fullmatch(fold_letters(lines[0].text)) and gap > _TIGHT * style.size:
            break
        own = find_type_style(line.spans, typesetting.body_size)
        if own is None or not _is_above(lines[-1], line) or not has_same_style(own, style):
            break
        if is_plain(own, typesetting) and not is_plain(style, typesetting):
            break
        lines.append(line)
    return tuple(lines)


def is_continued_as_text(
    flow: Sequence[TextLine], position: int, last: TextLine, typesetting: Typesetting
) -> bool:
    """Tell whether the next line begins in the type of a heading and goes on as text."""
    if position >= len(flow):
        return False
    line = flow[position]
    lettered = [span for span in line.spans if any(map(str.isalpha, span.text))]
    return (
        line.page == last.page
        and last.bbox.x1 >= line.bbox.x1 - _FULL_EM * last.style.size
        and 0 < line.baseline - last.baseline <= _TIGHT * typesetting.leading
        and len(lettered) > 1
        and (lettered[0].font, lettered[0].bold) == (last.style.font, last.style.bold)
        and abs(lettered[0].size - last.style.size) < _SAME_SIZE
        and (is_run_in(line.spans, typesetting) or (last.style.bold and not lettered[-1].bold))
    )


def _starts_new_heading(text: str) -> bool:
    return bool(re.match(r"(?:\d{1,2}(?:\.\d+)*\.?|[A-Z]\.(?:\d+\.?)*|[IVX]+\.)\s+[^\W\d]", text))


class SectionPointers:
    """The destinations of sections and the bookmarks of a file, by page."""

    def __init__(self, content: PdfContent) -> None:
        self._destinations: Mapping[int, list[Destination]] = _group_by_page(
            destination
            for destination in content.destinations
            if parse_section_destination(destination.name)[0]
        )
        self._entries: defaultdict[int, dict[str, OutlineEntry]] = defaultdict(dict)
        for entry in content.outline:
            self._entries[entry.page][fold_letters(entry.title)] = entry
        self._taken: set[str] = set()

    def take(self, name: str) -> None:
        """Find a destination no more, since its heading was found."""
        self._taken.add(name)

    def find_destination(self, line: TextLine) -> str:
        """Return the name of the destination just above a line, or ""."""
        near = [
            (line.bbox.y0 - point.y, point.name)
            for point in self._destinations.get(line.page, ())
            if point.name not in self._taken
            and _points_at(point.y, line)
            and (point.x == 0 or -_FAR_LEFT_POINTS <= line.bbox.x0 - point.x <= _FAR_RIGHT_POINTS)
        ]
        return min(near)[1] if near else ""

    def find_named_lines(self, flow: Sequence[TextLine], position: int) -> tuple[TextLine, ...]:
        """Return the lines from `position` on that are a bookmark's title, in whatever style.

        A destination or bookmark must point at the first of them.
        """
        line = flow[position]
        entries = self._entries.get(line.page, {})
        if not entries or not (
            self.find_destination(line) or any(_points_at(e.y, line) for e in entries.values())
        ):
            return ()
        lines = [
            below for below in flow[position : position + MAX_LINES] if below.page == line.page
        ]
        for count in range(1, len(lines) + 1):
            entry = self.find_bookmark(join_heading_lines(lines[:count]), line.page)
            if entry is not None and len(fold_letters(entry.title)) > len(
                fold_letters(join_heading_lines(lines[1:count]))
            ):
                return tuple(lines[:count])
        return ()

    def find_bookmark(self, text: str, page: int) -> OutlineEntry | None:
        """Return the bookmark to this page with this text, with or without its number."""
        entries = self._entries.get(page)
        if not entries:
            return None
        wanted = fold_letters(text)
        for title, entry in entries.items():
            if title and (
                title == wanted
                or (wanted.endswith(title) and len(wanted) - len(title) <= _NUMBER_LETTERS)
            ):
                return entry
        return None


def _points_at(y: float | None, line: TextLine) -> bool:
    """Tell whether a destination at this height shows the line at the top of the window."""
    return (
        y is not None
        and -_DESTINATION_BELOW_POINTS <= line.bbox.y0 - y <= _DESTINATION_ABOVE_POINTS
    )


# Destinations are at the left edge of the column; centred headings begin up to half a column
# further right.
_FAR_LEFT_POINTS = 30.0
_FAR_RIGHT_POINTS = 180.0
# A bookmark may lack the printed number: "VIII", "appendix A".
_NUMBER_LETTERS = 9


def _group_by_page(destinations: Iterable[Destination]) -> Mapping[int, list[Destination]]:
    pages: defaultdict[int, list[Destination]] = defaultdict(list)
    for destination in destinations:
        pages[destination.page].append(destination)
    return pages
