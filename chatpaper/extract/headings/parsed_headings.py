"""Candidates parsed as headings: each with the number that fits it and its neighbours."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.headings.heading_candidates import HeadingCandidate
from chatpaper.extract.headings.known_titles import HeadingKind, classify_title, is_known_title
from chatpaper.extract.headings.numbering import NO_NUMBER, Number, can_follow, parse_numbers
from chatpaper.extract.headings.type_styles import TypeStyle
from chatpaper.extract.page import parse_section_destination

DEEPEST_LEVEL = 4


@dataclass(frozen=True, slots=True)
class ParsedHeading:
    """A heading candidate with the number and title that it is read as."""

    candidate: HeadingCandidate
    number: Number
    title: str
    is_abstract: bool = False

    @property
    def style_key(self) -> "StyleKey":
        """The key of its style."""
        return make_style_key(self.candidate.style)

    @property
    def kind(self) -> HeadingKind:
        """What stands under it."""
        return "abstract" if self.is_abstract else classify_title(self.title)

    @property
    def is_declared(self) -> bool:
        """Whether a destination or bookmark of the file declares that this is a section."""
        level, starred, _ = parse_section_destination(self.candidate.destination)
        return (0 < level < DEEPEST_LEVEL and not starred) or self.candidate.outline_level > 0

    @property
    def is_certain(self) -> bool:
        """Whether it is a heading without regard to others."""
        return self.is_declared or self.kind != "section" or is_known_title(self.title)


StyleKey = tuple[str, float, bool, bool, bool]


def make_style_key(style: TypeStyle) -> StyleKey:
    """Make the key under which styles count as one.

    Capitals matter only in type that is neither bold nor italic; sizes are rounded to half a point.
    """
    return (
        style.font,
        round(2 * style.size) / 2,
        style.bold,
        style.italic,
        style.capitals and not (style.bold or style.italic),
    )


def parse_headings(candidates: Sequence[HeadingCandidate], first_page: int) -> list[ParsedHeading]:
    """Parse candidates in order, with or without a number, as those before make likely."""
    candidates = _join_chapter_numbers(candidates)
    roman = _counts_in_roman(candidates)
    parents = _find_lettered_parents(candidates)
    entries: list[ParsedHeading] = []
    last: dict[str, Number] = {}
    for candidate in candidates:
        number, title = _choose_reading(candidate, roman, parents, last)
        if number.kind != "none":
            last[number.kind] = number
            if number.kind == "roman":
                last.pop("letter", None)
        entries.append(
            _read_summary_as_abstract(ParsedHeading(candidate, number, title), first_page)
        )
    return entries


# What theses print on a line of its own above the title of a chapter.
_CHAPTER_NUMBER = re.compile(
    r"(?:chapter\s+(?:\d{1,2}|[IVX]+)|appendix\s+[A-Z]|第\s*\d{1,2}\s*章)\s*[.:]?", re.IGNORECASE
)


def _join_chapter_numbers(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Join the number of a chapter and the title that follows it."""
    joined: list[HeadingCandidate] = []
    for candidate in candidates:
        above = joined[-1] if joined else None
        if (
            above is not None
            and _CHAPTER_NUMBER.fullmatch(above.text)
            and above.page == candidate.page
            and above.position + len(above.lines) == candidate.position
        ):
            joined[-1] = replace(
                candidate,
                position=above.position,
                lines=(*above.lines, *candidate.lines),
                text=f"{above.text.rstrip(' .:')} {candidate.text}",
                destination=candidate.destination or above.destination,
            )
        else:
            joined.append(candidate)
    return joined


def _counts_in_roman(candidates: Sequence[HeadingCandidate]) -> bool:
    """Tell whether sections are I, II, III: I and one more numeral that cannot be a letter."""
    values = {
        number.parts
        for candidate in candidates
        for number, _ in parse_numbers(candidate.text)
        if number.kind == "roman"
    }
    return bool(values & {(1,)}) and bool(values & {(2,), (3,)})


def _find_lettered_parents(candidates: Sequence[HeadingCandidate]) -> frozenset[int]:
    """Find positions of candidates that begin with a letter whose subsections ("A.1") follow."""
    last: dict[int, int] = {}
    parents: set[int] = set()
    for candidate in candidates:
        for number, _ in parse_numbers(candidate.text):
            if number.kind == "letter" and number.depth == 1:
                last[number.parts[0]] = candidate.position
            elif number.kind == "letter" and number.parts[0] in last:
                parents.add(last.pop(number.parts[0]))
    return frozenset(parents)


def _choose_reading(
    candidate: HeadingCandidate, roman: bool, parents: frozenset[int], last: Mapping[str, Number]
) -> tuple[Number, str]:
    """Choose the reading of a candidate that fits its destination, else the numbers before it."""
    ways = parse_numbers(candidate.text)
    _, starred, named = parse_section_destination(candidate.destination)
    if named and not starred:
        for number, title in ways:
            if number.text and fold_letters(number.text) == fold_letters(named):
                return number, title
    for number, title in ways:
        if number.kind == "arabic":
            return number, title
        is_usual = (number.kind == "roman" and roman) or (
            number.kind == "letter"
            and (candidate.position in parents or _is_lettered(candidate, number, title))
        )
        if is_usual and _fits(number, last):
            return number, title
    if roman and ways[0][0].kind == "roman":
        return ways[0]
    return NO_NUMBER, candidate.text


def _fits(number: Number, last: Mapping[str, Number]) -> bool:
    """Tell whether a number starts again, repeats or continues the last one of its kind."""
    before = last.get(number.kind)
    if number.parts == (1,) or number.appendix or (number.kind == "letter" and number.depth > 1):
        return True
    if before is None:
        return number.parts[0] == 1
    return before.parts <= number.parts and number.parts[0] - before.parts[0] <= _MISSED_NUMBERS


# So many headings in a row may have been missed before a number is taken for something else.
_MISSED_NUMBERS = 2


def _is_lettered(candidate: HeadingCandidate, number: Number, title: str) -> bool:
    """Tell whether the first letter is a number: a point or a gap follows, unlike in "A Survey"."""
    text = candidate.text
    after = text[text.find(number.text) + len(number.text) :][:1]
    if number.appendix or number.depth > 1 or after in ".:)–—-" or not title:
        return True
    spans = candidate.lines[0].spans
    first, *rest = [span for span in spans if span.text.strip()]
    if not rest:
        return "  " in first.text or "\u2003" in first.text
    gap = rest[0].bbox.x0 - first.bbox.x1
    return first.text.strip() == number.text and gap > _NUMBER_GAP_EM * first.size


# The space after a number is half an em at least; between words it is a third, or more in justified
# lines.
_NUMBER_GAP_EM = 0.45


def _read_summary_as_abstract(entry: ParsedHeading, first_page: int) -> ParsedHeading:
    """Mark a "Summary" on the first page as the abstract; journals of life sciences call it so."""
    is_summary = (
        fold_letters(entry.title) == "summary"
        and not entry.number.text
        and entry.candidate.page == first_page
    )
    return replace(entry, is_abstract=True) if is_summary else entry


def drop_front_matter(entries: list[ParsedHeading], again: range) -> list[ParsedHeading]:
    """Drop front matter of the first page, and after the lines that print the title `again`."""
    before = [entry for entry in entries if entry.candidate.position < again.start]
    after = [entry for entry in entries if entry.candidate.position >= again.stop]
    return [*_drop_front_matter(before), *_drop_front_matter(after)]


def _drop_front_matter(entries: list[ParsedHeading]) -> list[ParsedHeading]:
    """Drop what stands before the first heading on the first page, such as names of authors.

    The first heading is one that is certain, or number 1 in a style whose numbers go on; if the
    first page has neither, the first one in the style of certain headings.
    """
    first_page = [entry for entry in entries if entry.candidate.page == entries[0].candidate.page]
    counted = _find_counted_styles(entries)
    certain = {entry.style_key for entry in entries if entry.is_certain and entry.kind == "section"}
    for index, entry in enumerate(first_page):
        if entry.is_certain or (entry.number.parts == (1,) and entry.style_key in counted):
            return entries[index:]
    for index, entry in enumerate(first_page):
        if entry.style_key in certain:
            return entries[index:]
    return entries[len(first_page) :]


def _find_counted_styles(entries: Sequence[ParsedHeading]) -> set[StyleKey]:
    """Find the styles in which 1 goes on as 2 or 1.1, in numbers of one kind."""
    parts: defaultdict[tuple[StyleKey, str], set[tuple[int, ...]]] = defaultdict(set)
    for entry in entries:
        parts[entry.style_key, entry.number.kind].add(entry.number.parts)
    return {key for (key, _), found in parts.items() if (1,) in found and found & {(2,), (1, 1)}}


def split_at_references(entries: list[ParsedHeading]) -> list[list[ParsedHeading]]:
    """Split after the bibliography, since supplements may start counting again."""
    ends = [index + 1 for index, entry in enumerate(entries) if entry.kind == "references"]
    starts = [0, *ends]
    return [entries[start:end] for start, end in zip(starts, [*ends, len(entries)], strict=True)]


def keep_ordered(entries: Sequence[ParsedHeading]) -> list[ParsedHeading]:
    """Keep the entries whose numbers are in order; items of lists and cells of tables are not."""
    dropped: set[int] = set()
    for kind in ("arabic", "roman"):
        own = [entry for entry in entries if entry.number.kind == kind]
        chain = {id(entry) for entry in _find_heaviest_chain(own)}
        dropped |= {id(entry) for entry in own if id(entry) not in chain and not entry.is_declared}
    return [entry for entry in entries if id(entry) not in dropped]


# Fewer false numbers than this are between two neighbours in a chain; the limit bounds the time for
# long documents.
_LOOK_BACK = 400


def _find_heaviest_chain(entries: Sequence[ParsedHeading]) -> list[ParsedHeading]:
    """Find the heaviest rising sequence of numbers.

    Certain entries weigh more, and so do numbers that directly follow each other. Takes time linear
    in the number of entries times `_LOOK_BACK`.
    """
    best: list[tuple[float, int]] = []
    for index, entry in enumerate(entries):
        weight, previous = 0.0, -1
        for earlier in range(max(0, index - _LOOK_BACK), index):
            if entries[earlier].number.parts < entry.number.parts:
                step = best[earlier][0] + can_follow(entries[earlier].number, entry.number)
                if step > weight:
                    weight, previous = step, earlier
        begins = entry.number.parts in ((1,), (0,)) and previous < 0
        best.append((weight + (3 if entry.is_certain else 1) + begins, previous))
    chain: list[ParsedHeading] = []
    index = max(range(len(best)), key=lambda position: best[position][0], default=-1)
    while index >= 0:
        chain.append(entries[index])
        index = best[index][1]
    return chain[::-1]
