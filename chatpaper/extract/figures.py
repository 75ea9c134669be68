"""Figures and tables: which region of which page belongs to which caption.

Every caption of a page gets its proposals; the best choice of one proposal each, such that no two overlap, is
searched for the page as a whole. Captions of one document stand on the same side of their figures (and of their
tables, often the other side), so each possible habit is tried, and the one that explains the document best decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from chatpaper.domain import BBox, Figure
from chatpaper.extract.boxes import shared_area
from chatpaper.extract.captions import Caption, find_captions
from chatpaper.extract.graphics import gather, repeated_places
from chatpaper.extract.layout import Layout
from chatpaper.extract.page import Line, PdfContent
from chatpaper.extract.proposals import Proposal, Side, propose
from chatpaper.extract.walls import PageParts, divide

# Regions may share a hair's breadth of white, not more than this part of the smaller one.
OVERLAP_SHARE = 0.03
# What agreement with the document's other captions of the kind is worth, against 2 for a region full of graphics.
SIDE_BONUS = 0.7
# A region that makes way for a neighbour's is worth a little less than one that needs not.
YIELDING_COST = 0.05
# Where captions may stand, as the side on which their figures are.
HABITS: tuple[tuple[Side, ...], ...] = (("above",), ("below",), ("left", "right"))
# Proposals that go into the search for a page's best choice; more do not change it, but cost time.
PROPOSALS_A_CAPTION = 8


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure or table, and the lines of its caption. Algorithms are not listed, but kept out of the text."""

    figure: Figure
    caption_lines: tuple[Line, ...]
    is_algorithm: bool = False


# What each side is worth for each kind.
Preference: TypeAlias = Mapping[tuple[str, Side], float]


def find_figures(content: PdfContent, layout: Layout) -> tuple[FoundFigure, ...]:
    """All captioned figures and tables in page order, without images."""
    return tuple(found for found in find_floats(content, layout) if not found.is_algorithm)


def find_floats(content: PdfContent, layout: Layout) -> tuple[FoundFigure, ...]:
    """All captioned figures, tables and algorithms in page order, without images."""
    kept = {id(span) for page in layout.pages for line in page.lines for span in line.spans}
    furniture = frozenset(
        id(line) for page in content.pages for line in page.lines if not any(id(span) in kept for span in line.spans)
    )
    captions = find_captions(content, layout.setting, furniture)
    proposals = [_proposals(found, parts) for found, parts in _pages_with_captions(content, layout, captions)]
    choices = ([_best(page, preference) for page in proposals] for preference in _preferences(proposals))
    chosen = max(choices, key=lambda pages: sum(page.worth for page in pages))
    return tuple(_found(proposal) for page in chosen for proposal in page.proposals)


def _preferences(proposals: Sequence[Sequence[Sequence[Proposal]]]) -> Iterator[Preference]:
    """All ways in which a document may place its captions: each kind on one side of what it describes."""
    offered = {
        kind: [
            sides
            for sides in HABITS
            if any(p.caption.kind == kind and p.side in sides for page in proposals for mine in page for p in mine)
        ]
        for kind in ("figure", "table")
    }
    for figure_sides, table_sides in product(offered["figure"] or [()], offered["table"] or [()]):
        yield {("figure", side): SIDE_BONUS for side in figure_sides} | {
            ("table", side): SIDE_BONUS for side in table_sides
        }


def _pages_with_captions(
    content: PdfContent, layout: Layout, captions: Sequence[Caption]
) -> list[tuple[list[Caption], PageParts]]:
    furniture = repeated_places(content.pages)
    by_page: defaultdict[int, list[Caption]] = defaultdict(list)
    for caption in captions:
        by_page[caption.page].append(caption)
    pages = []
    for number, found in sorted(by_page.items()):
        boxes = [caption.bbox for caption in found]
        taken = frozenset(id(span) for caption in found for line in caption.lines for span in line.spans)
        graphics = gather(content.pages[number - 1], furniture, boxes)
        pages.append((found, divide(layout.pages[number - 1], layout.setting, graphics, boxes, taken)))
    return pages


def _proposals(captions: Sequence[Caption], parts: PageParts) -> list[list[Proposal]]:
    """Per caption: regions as they are, and as they are when a neighbour keeps one of its own."""
    first = [_distinct(propose(caption, parts, captions, ())) for caption in captions]
    found = []
    for index, caption in enumerate(captions):
        mine = list(first[index])
        for claim in (claim for other, claims in enumerate(first) if other != index for claim in claims):
            if any(overlap(proposal, claim) for proposal in first[index]):
                smaller = propose(caption, parts, captions, (claim.claim,))
                mine += [replace(proposal, score=proposal.score - YIELDING_COST) for proposal in smaller]
        found.append(_distinct(mine)[:PROPOSALS_A_CAPTION])
    return found


def _distinct(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Proposals of different regions, the best first."""
    best: dict[tuple[BBox, Side], Proposal] = {}
    for proposal in sorted(proposals, key=lambda proposal: -proposal.score):
        best.setdefault((proposal.bbox, proposal.side), proposal)
    return list(best.values())


def overlap(a: Proposal, b: Proposal) -> bool:
    """Whether two regions cannot both be right."""
    return (
        shared_area(a.claim, b.bbox) > OVERLAP_SHARE * b.bbox.area
        or shared_area(a.bbox, b.claim) > OVERLAP_SHARE * a.bbox.area
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is chosen for a page, and what it is worth."""

    worth: float
    proposals: tuple[Proposal, ...]


def _best(page: Sequence[Sequence[Proposal]], preference: Preference) -> _Choice:
    """The best choice of at most one proposal a caption without overlaps: an exact search with bounds."""
    ranked = [
        sorted(((_worth(proposal, preference), proposal) for proposal in proposals), key=lambda pair: -pair[0])
        for proposals in page
    ]
    hopes = [max([worth for worth, _ in pairs] + [0.0]) for pairs in ranked]
    best = _Choice(-1.0, ())

    def search(index: int, chosen: tuple[Proposal, ...], total: float) -> None:
        nonlocal best
        if total + sum(hopes[index:]) <= best.worth:
            return
        if index == len(ranked):
            best = _Choice(total, chosen)
            return
        for worth, proposal in ranked[index]:
            if worth > 0 and not any(overlap(proposal, other) for other in chosen):
                search(index + 1, (*chosen, proposal), total + worth)
        search(index + 1, chosen, total)

    search(0, (), 0.0)
    return best


def _worth(proposal: Proposal, preference: Preference) -> float:
    return proposal.score + preference.get((proposal.caption.kind, proposal.side), 0.0)


def _found(proposal: Proposal) -> FoundFigure:
    caption = proposal.caption
    figure = Figure(
        label=caption.label,
        kind="table" if caption.kind == "table" else "figure",
        caption=caption.text,
        page=caption.page,
        bbox=proposal.bbox,
    )
    return FoundFigure(figure, caption.lines, caption.kind == "algorithm")
