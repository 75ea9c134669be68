"""Decide which candidates are headings, with what number and level.

Destinations and bookmarks are trusted if a line looks like a heading; they teach which styles the
headings of this document have. Numbers must run in order. Levels come from numbers, then from
styles, never from size alone.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from chatpaper.domain.text.folding import fold_letters
from chatpaper.extract.headings.heading_candidates import HeadingCandidate, find_candidates
from chatpaper.extract.headings.known_titles import is_known_title
from chatpaper.extract.headings.levels import Heading, assign_levels
from chatpaper.extract.headings.numbering import NO_NUMBER, Number, can_follow
from chatpaper.extract.headings.parsed_headings import (
    ParsedHeading,
    StyleKey,
    drop_front_matter,
    keep_ordered,
    parse_headings,
    split_at_references,
)
from chatpaper.extract.headings.quiet.evidence import Surroundings, rate_entries
from chatpaper.extract.headings.quiet.quiet_candidates import find_quiet_candidates
from chatpaper.extract.headings.type_styles import find_type_style
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import PdfContent
from chatpaper.extract.textline import TextLine

# A style is that of headings if this share of its numbers is in order, or if it is strong: bold, in
# capitals or larger.
_ORDERED_SHARE = 0.6
# Weak styles (italics, or just another font) need more certain headings: they have many other uses.
_WEAK_SURE_SHARE = 0.5
# White space below a heading, in leadings; the next line of a paragraph is one leading away.
_SPACE_BELOW = 1.04
# Headings of one level have one size, give or take.
_SMALLER_POINTS = 0.7
# Lines of text have at least this length; cells of tables and labels are shorter.
_LEAST_TEXT_CHARACTERS = 25


def find_headings(
    flow: Sequence[TextLine],
    content: PdfContent,
    typesetting: Typesetting,
    start: int = 0,
    again: range = range(0),
) -> tuple[Heading, ...]:
    """Find all headings of the flow from `start` on, in order, abstract and references included.

    `again` are the lines that print the title once more after a cover; authors may follow them.
    """
    found = find_candidates(flow, content, typesetting)
    candidates = [candidate for candidate in found if candidate.position >= start]
    first_page = flow[again.start].page if again else flow[0].page if flow else 1
    begun = drop_front_matter(parse_headings(candidates, first_page), again)
    entries = _drop_contents(begun)
    styled = _keep_heading_styles(entries, flow, typesetting)
    kept = _drop_bibliography_entries(styled, typesetting)
    kept = [entry for part in split_at_references(kept) for entry in keep_ordered(part)]
    kept = _drop_poster_titles(_drop_list_items(kept))
    quiet = find_quiet_candidates(flow, content, typesetting, candidates)
    # What was dropped for its place or number is not asked about again.
    refused = (_list_positions(begun) - _list_positions(entries)) | _list_positions(styled)
    open_ones = [
        candidate
        for candidate in (*candidates, *quiet)
        if candidate.position >= start and candidate.position not in refused
    ]
    rest = _list_rest(open_ones, kept, first_page)
    entries = _add_likely(rest, Surroundings(flow, typesetting, kept))
    return assign_levels(_drop_bibliography_entries(entries, typesetting))


def _list_positions(entries: Sequence[ParsedHeading]) -> set[int]:
    """List the positions in the flow of all lines of entries."""
    return {
        entry.candidate.position + index
        for entry in entries
        for index in range(len(entry.candidate.lines))
    }


def _list_rest(
    candidates: Sequence[HeadingCandidate], kept: Sequence[ParsedHeading], first_page: int
) -> list[ParsedHeading]:
    """List candidates that were not kept, but stand where headings may be.

    None stand in a bibliography, in a list of contents, or before the first heading.
    """
    own = _list_positions(kept)
    ordered = sorted(
        (*candidates, *(entry.candidate for entry in kept)), key=lambda each: each.position
    )
    entries = parse_headings(ordered, first_page)
    last = {_make_title_key(entry): entry.candidate.position for entry in entries}
    rest: list[ParsedHeading] = []
    begun, within = False, ""
    for entry in _drop_announced(entries):
        if entry.candidate.position in own:
            within, begun = entry.kind, begun or entry.kind == "section"
            continue
        begun = begun or _may_be_first(entry, first_page)
        listed = within == "contents" or (within == "references" and entry.number.kind == "arabic")
        comes_again = entry.number.text and last[_make_title_key(entry)] > entry.candidate.position
        if begun and not listed and not comes_again:
            rest.append(entry)
    return rest


def _may_be_first(entry: ParsedHeading, first_page: int) -> bool:
    known = entry.kind == "section" and is_known_title(entry.title)
    return entry.candidate.page > first_page or entry.number.parts == (1,) or known


def _add_likely(rest: Sequence[ParsedHeading], around: Surroundings) -> list[ParsedHeading]:
    """Add to the kept entries those that all evidence together speaks for."""
    plenty = len(around.kept) >= _PLENTY_A_PAGE * len({line.page for line in around.flow})
    least = _LEAST_BESIDE_PLENTY if plenty else _LEAST_RATE
    likely = [
        entry
        for entry, rate in zip(rest, rate_entries(rest, around), strict=True)
        if rate >= (_LEAST_RATE if entry.number.text else least)
    ]
    entries = sorted((*around.kept, *likely), key=lambda entry: entry.candidate.position)
    kept = {id(entry) for entry in around.kept}
    ordered = {id(entry) for part in split_at_references(entries) for entry in keep_ordered(part)}
    return [entry for entry in entries if id(entry) in kept or id(entry) in ordered]


# Where rules found so many a page, others without a number must be more likely.
_PLENTY_A_PAGE, _LEAST_RATE, _LEAST_BESIDE_PLENTY = 0.5, 0.7, 0.95


def _drop_contents(entries: list[ParsedHeading]) -> list[ParsedHeading]:
    """Drop the lines of a table of contents: titles that end in page numbers.

    Where page numbers stand in a column of their own, they are titles that come again later.
    """
    kept: list[ParsedHeading] = []
    within = False
    for entry in _drop_announced(entries):
        within = entry.kind == "contents" or (within and entry.title[-1:].isdigit())
        if not within or entry.kind == "contents":
            kept.append(entry)
    return kept


def _drop_announced(entries: list[ParsedHeading]) -> list[ParsedHeading]:
    """Drop headings that all come again on later pages, several in a row."""
    last_page = {_make_title_key(entry): entry.candidate.page for entry in entries}
    kept: list[ParsedHeading] = []
    for is_announced, run in groupby(
        entries, lambda entry: last_page[_make_title_key(entry)] > entry.candidate.page
    ):
        same = list(run)
        if not is_announced or len(same) < _LEAST_ANNOUNCED:
            kept += same
    return kept


# Sections of a paper may have the title of another section, but not so many in a row.
_LEAST_ANNOUNCED = 3


def _make_title_key(entry: ParsedHeading) -> tuple[str, str]:
    return entry.number.text, fold_letters(entry.title)


def _keep_heading_styles(
    entries: list[ParsedHeading], flow: Sequence[TextLine], typesetting: Typesetting
) -> list[ParsedHeading]:
    """Keep entries that are certain, or in a style that certain ones or ordered numbers prove."""
    styles: defaultdict[StyleKey, list[ParsedHeading]] = defaultdict(list)
    starts = {entry.candidate.position for entry in entries}
    for entry in entries:
        if (
            entry.is_certain
            or entry.number.kind != "none"
            or _heads_text(entry, flow, typesetting, starts)
        ):
            styles[entry.style_key].append(entry)
    before = _find_previous_numbers(entries)
    accepted = {
        key
        for key, members in styles.items()
        if _is_heading_style(key, members, before, typesetting)
        or _stand_in_white(members, flow, typesetting)
    }
    kept = {id(entry) for key in accepted for entry in styles[key]} | {
        id(entry)
        for entry in entries
        if entry.style_key in accepted and _has_white_around(entry, flow, typesetting)
    }
    return [
        entry
        for entry in entries
        if id(entry) in kept or entry.is_declared or entry.kind != "section"
    ]


def _heads_text(
    entry: ParsedHeading,
    flow: Sequence[TextLine],
    typesetting: Typesetting,
    starts: Collection[int],
) -> bool:
    """Tell whether body text, or another heading, begins below an entry.

    Text begins after white space, or indented; after a lead-in that happens to fill its line it
    goes on flush left at the usual distance. `starts` are the positions of headings in the flow.
    """
    lines = entry.candidate.lines
    if entry.candidate.position + len(lines) in starts:
        return True
    following = flow[
        entry.candidate.position + len(lines) : entry.candidate.position + len(lines) + 1
    ]
    if not following:
        return True  # nothing but figures below
    below, last = following[0], lines[-1]
    if below.page != last.page or below.baseline < last.baseline:
        return True
    if (
        abs(below.style.size - typesetting.body_size) > 1
        or len(below.text) < _LEAST_TEXT_CHARACTERS
    ):
        return below.style.bold and find_type_style(below.spans, typesetting.body_size) is not None
    gap = below.baseline - last.baseline
    indented = below.bbox.x0 > last.bbox.x0 + typesetting.body_size / 2
    return gap > _SPACE_BELOW * typesetting.leading or indented


def _stand_in_white(
    members: Sequence[ParsedHeading], flow: Sequence[TextLine], typesetting: Typesetting
) -> bool:
    """Tell whether several lines of a style have white space above and below, nearly all of it."""
    white = sum(_has_white_around(entry, flow, typesetting) for entry in members)
    return len(members) >= _LEAST_IN_WHITE and white >= _IN_WHITE_SHARE * len(members)


# So many lines of one style with so much white around them are no accident.
_LEAST_IN_WHITE, _IN_WHITE_SHARE = 3, 0.75
_WHITE_LEADINGS = 1.3


def _has_white_around(
    entry: ParsedHeading, flow: Sequence[TextLine], typesetting: Typesetting
) -> bool:
    """Tell whether white space stands above and below an entry, or a column ends there."""
    first = entry.candidate.position
    last = first + len(entry.candidate.lines) - 1
    white = _WHITE_LEADINGS * typesetting.leading
    pairs = zip((first - 1, last), (first, last + 1), strict=True)
    return all(
        not 0 <= upper < lower < len(flow)
        or flow[lower].page != flow[upper].page
        or not 0 <= flow[lower].baseline - flow[upper].baseline < white
        for upper, lower in pairs
    )


def _is_heading_style(
    key: StyleKey,
    members: Sequence[ParsedHeading],
    before: Mapping[int, Number],
    typesetting: Typesetting,
) -> bool:
    sure = sum(entry.is_certain for entry in members) / len(members)
    pairs = zip([NO_NUMBER, *(entry.number for entry in members)], members, strict=False)
    ordered = sum(_is_ordered(earlier, before[id(entry)], entry.number) for earlier, entry in pairs)
    if ordered >= _ORDERED_SHARE * len(members):
        return len(members) > 1 or sure > 0 or _is_under(before[id(members[0])], members[0].number)
    return _is_strong(key, typesetting) or sure >= _WEAK_SURE_SHARE


def _is_strong(key: StyleKey, typesetting: Typesetting) -> bool:
    """Tell whether type catches the eye, which italics or another font alone do not."""
    _, size, bold, _, capitals = key
    return bold or capitals or size > typesetting.body_size + 1


def _find_previous_numbers(entries: Sequence[ParsedHeading]) -> Mapping[int, Number]:
    """Find for each entry, by `id`, the number of the last numbered one before it."""
    found: dict[int, Number] = {}
    last = NO_NUMBER
    for entry in entries:
        found[id(entry)] = last
        last = entry.number if entry.number.kind != "none" else last
    return found


def _is_ordered(earlier: Number, before: Number, number: Number) -> bool:
    """Tell whether a number follows the last in its style, or is the first under any last one."""
    if number.kind == "none":
        return False
    lettered = number.kind == "letter" and number.parts[-1] in (
        1,
        earlier.parts[-1] + 1 if earlier.parts else 1,
    )
    return lettered or can_follow(earlier, number) or _is_under(before, number)


def _is_under(before: Number, number: Number) -> bool:
    """Tell whether a number is the first below the one before it: 2.1 after 2, A after II.

    2.1 may follow 1 where 2 was missed.
    """
    if before.kind == "roman" and number.kind == "letter":
        return number.parts == (1,)
    deeper = number.kind == before.kind and number.depth > 1 and number.parts[-1] == 1
    return deeper and before.parts[0] <= number.parts[0] <= before.parts[0] + 1


def _drop_bibliography_entries(
    entries: list[ParsedHeading], typesetting: Typesetting
) -> list[ParsedHeading]:
    """Drop numbered lines of a bibliography: sections have other styles and numbers."""
    start = next(
        (index for index, entry in enumerate(entries) if entry.kind == "references"), len(entries)
    )
    styles = {entry.style_key for entry in entries[:start]}
    sections = [entry.number.parts[0] for entry in entries[:start] if entry.number.kind == "arabic"]
    furthest = max(sections, default=0) + _MOST_SKIPPED
    return [
        entry
        for index, entry in enumerate(entries)
        if index <= start
        or entry.is_certain
        or (entry.style_key in styles and not _counts_past(entry.number, furthest))
        or (
            _is_strong(entry.style_key, typesetting)
            and entry.candidate.style.size >= typesetting.body_size - _SMALLER_POINTS
        )
    ]


def _counts_past(number: Number, furthest: int) -> bool:
    return number.kind == "arabic" and number.parts[0] > furthest


# Sections go on after a bibliography with the next number, or so many were missed.
_MOST_SKIPPED = 3


def _drop_list_items(entries: list[ParsedHeading]) -> list[ParsedHeading]:
    """Drop single numbers in smaller type than the main sections: items of lists."""
    main = [entry for entry in entries if entry.number.kind == "arabic" and entry.number.depth == 1]
    sizes = Counter(entry.candidate.style.size for entry in main if entry.is_certain)
    if not sizes:
        return entries
    usual = sizes.most_common(1)[0][0]
    dropped = {
        id(entry)
        for entry in main
        if not entry.is_certain and entry.candidate.style.size < usual - _SMALLER_POINTS
    }
    return [entry for entry in entries if id(entry) not in dropped]


def _drop_poster_titles(entries: list[ParsedHeading]) -> list[ParsedHeading]:
    """Drop what is larger than all sections if the file declares these: titles of drawings."""
    sections = [entry for entry in entries if entry.kind == "section"]
    backed = [entry for entry in sections if entry.is_declared]
    if len(backed) < max(_LEAST_BACKED, _BACKED_SHARE * len(sections)):
        return entries
    largest = max(entry.candidate.style.size for entry in backed)
    return [
        entry
        for entry in entries
        if entry.is_certain
        or entry.number.text
        or entry.candidate.style.size <= largest + _SMALLER_POINTS
    ]


# A file that declares so many sections, and such a share of all likely ones, declares all of them.
_LEAST_BACKED = 5
_BACKED_SHARE = 0.8
