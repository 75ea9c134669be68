"""The levels of headings: from numbers, then from styles, never from size alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatpaper.extract.headings.known_titles import (
    HeadingKind,
    is_back_matter,
    is_common_section,
    names_appendix,
)
from chatpaper.extract.headings.parsed_headings import DEEPEST_LEVEL, ParsedHeading, StyleKey


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the flow of the document: lines `position` to `position + line_count`."""

    number: str
    title: str
    level: int
    page: int
    position: int
    line_count: int
    kind: HeadingKind = "section"
    appendix: bool = False


# A document is numbered if this share of its headings is; back matter and appendices are not.
_NUMBERED_SHARE = 0.5
_LEVEL_OF_LEAD_INS = 3


def assign_levels(entries: Sequence[ParsedHeading]) -> tuple[Heading, ...]:
    """Turn entries into headings with levels; unnumbered headings skip no level."""
    roman = sum(entry.number.kind == "roman" for entry in entries) > 1
    by_number = {id(entry): _find_number_level(entry, roman) for entry in entries}
    style_levels = _find_style_levels(entries, by_number)
    headings: list[Heading] = []
    above = 0
    siblings: dict[StyleKey, int] = {}
    in_appendix = False
    after_references = False
    for entry in entries:
        level = (
            by_number[id(entry)]
            or siblings.get(entry.style_key)
            or min(_find_unnumbered_level(entry, style_levels), above + 1)
        )
        above = level
        siblings = (
            siblings | {entry.style_key: level} if level > 1 and not by_number[id(entry)] else {}
        )
        after_references |= entry.kind == "references"
        in_appendix |= _begins_appendix(entry, level, after_references)
        ends = level == 1 and not entry.number.text and is_back_matter(entry.title)
        in_appendix &= not ends or names_appendix(entry.title)
        headings.append(_build_heading(entry, level, in_appendix))
    return tuple(headings)


def _build_heading(entry: ParsedHeading, level: int, appendix: bool) -> Heading:
    candidate = entry.candidate
    return Heading(
        number=entry.number.text,
        title=entry.title or candidate.text,
        level=min(level, DEEPEST_LEVEL),
        page=candidate.page,
        position=candidate.position,
        line_count=len(candidate.lines),
        kind=entry.kind,
        appendix=appendix and entry.kind == "section",
    )


def _find_number_level(entry: ParsedHeading, roman: bool) -> int:
    """Find the level that a number tells; 0 without a number."""
    number = entry.number
    if number.kind == "none":
        return 0
    if number.kind == "letter" and number.depth == 1 and roman:
        return 1 if number.appendix else 2
    if number.kind == "arabic" and number.depth == 1 and roman:
        return _LEVEL_OF_LEAD_INS
    return number.depth


def _find_style_levels(
    entries: Sequence[ParsedHeading], by_number: Mapping[int, int]
) -> Mapping[StyleKey, int]:
    """Find the level of each style: that of its numbered headings, else its rank."""
    votes: defaultdict[StyleKey, Counter[int]] = defaultdict(Counter)
    for entry in entries:
        if by_number[id(entry)]:
            votes[entry.style_key][by_number[id(entry)]] += 1
    levels = {key: counter.most_common(1)[0][0] for key, counter in votes.items()}
    numbered = sum(1 for level in by_number.values() if level)
    if levels and numbered >= _NUMBERED_SHARE * len(entries):
        return levels | _infer_levels(levels, entries)
    return _rank_styles(entries) | levels


def _infer_levels(
    levels: Mapping[StyleKey, int], entries: Sequence[ParsedHeading]
) -> dict[StyleKey, int]:
    """Infer the levels of styles without numbers in a numbered document.

    They are as high as the numbered ones of their size and weight, else lead-ins.
    """
    found: dict[StyleKey, int] = {}
    for key in {entry.style_key for entry in entries} - set(levels):
        larger = [
            level for other, level in levels.items() if key[1] >= other[1] and key[2] >= other[2]
        ]
        found[key] = min(larger, default=_LEVEL_OF_LEAD_INS)
    return found


def _rank_styles(entries: Sequence[ParsedHeading]) -> dict[StyleKey, int]:
    """Rank styles: that of the titles all papers have is first, then by size, weight, capitals."""
    known = Counter(entry.style_key for entry in entries if is_common_section(entry.title))
    known.update(entry.style_key for entry in entries if entry.kind == "references")
    if not known:
        known.update(entry.style_key for entry in entries)
    top = known.most_common(1)[0][0] if known else None
    levels: dict[StyleKey, int] = {}
    rank, before = 1, None
    for key in sorted({entry.style_key for entry in entries}, key=_find_prominence, reverse=True):
        if top is not None and _find_prominence(key) >= _find_prominence(top):
            levels[key] = 1
            continue
        if before != _find_prominence(key):
            rank, before = rank + 1, _find_prominence(key)
        levels[key] = rank
    return levels


def _find_prominence(key: StyleKey) -> tuple[float, bool, bool, bool]:
    _, size, bold, italic, capitals = key
    return size, bold, capitals, not italic


def _find_unnumbered_level(entry: ParsedHeading, style_levels: Mapping[StyleKey, int]) -> int:
    if is_back_matter(entry.title) or entry.kind != "section":
        return 1
    return style_levels.get(entry.style_key, _LEVEL_OF_LEAD_INS)


def _begins_appendix(entry: ParsedHeading, level: int, after_references: bool) -> bool:
    if entry.kind != "section" or level != 1:
        return False
    lettered = entry.number.kind == "letter"
    return lettered or entry.number.appendix or names_appendix(entry.title) or after_references
