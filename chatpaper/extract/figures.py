"""Figures and tables: which region of which page belongs to which caption.

Every caption of a page gets its proposals; the best choice of one proposal each, such that no two overlap, is
searched for the page as a whole. Captions of one document stand on the same side of their figures (and of their
tables, often the other side): a first pass learns that side, a second one prefers it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain import Figure
from chatpaper.extract.boxes import shared_area
from chatpaper.extract.captions import Caption, find_captions
from chatpaper.extract.graphics import gather, repeated_places
from chatpaper.extract.layout import Layout
from chatpaper.extract.page import Line, PdfContent
from chatpaper.extract.proposals import Proposal, propose
from chatpaper.extract.walls import PageParts, divide

# Regions may share a hair's breadth of white, not more than this part of the smaller one.
OVERLAP_SHARE = 0.03
# What agreement with the document's other captions of the kind is worth, against 2 for a region full of graphics.
SIDE_BONUS = 0.7
# Proposals that go into the search for a page's best choice; more do not change it, but cost time.
PROPOSALS_A_CAPTION = 6


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A figure or table, and the lines of its caption."""

    figure: Figure
    caption_lines: tuple[Line, ...]


Preference = dict[tuple[str, str], float]


def find_figures(content: PdfContent, layout: Layout) -> tuple[FoundFigure, ...]:
    """All captioned figures and tables in page order, without images."""
    kept = {id(span) for page in layout.pages for line in page.lines for span in line.spans}
    furniture = frozenset(
        id(line) for page in content.pages for line in page.lines if not any(id(span) in kept for span in line.spans)
    )
    captions = find_captions(content, layout.setting, furniture)
    pages = _pages_with_captions(content, layout, captions)
    proposals = [_proposals(found, parts) for found, parts in pages]
    preference = _learned([_best(page, {}) for page in proposals])
    chosen = [proposal for page in proposals for proposal in _best(page, preference)]
    return tuple(_found(proposal) for proposal in chosen if proposal.caption.kind != "algorithm")


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
    """Per caption: regions as they are, and as they are when a neighbour keeps its best one."""
    first = [propose(caption, parts, captions, ()) for caption in captions]
    best = [max(proposals, key=lambda proposal: proposal.score, default=None) for proposals in first]
    found = []
    for index, caption in enumerate(captions):
        mine = list(first[index])
        for other, claim in enumerate(best):
            overlapped = claim is not None and other != index and any(overlap(p, claim) for p in first[index])
            if claim is not None and overlapped:
                mine += propose(caption, parts, captions, (claim.bbox,))
        mine.sort(key=lambda proposal: -proposal.score)
        found.append(mine[:PROPOSALS_A_CAPTION])
    return found


def overlap(a: Proposal, b: Proposal) -> bool:
    """Whether two regions cannot both be right."""
    return shared_area(a.bbox, b.bbox) > OVERLAP_SHARE * min(a.bbox.area, b.bbox.area)


def _best(page: Sequence[Sequence[Proposal]], preference: Preference) -> list[Proposal]:
    """The best choice of at most one proposal a caption without overlaps: an exact search with bounds."""
    ranked = [
        sorted(((_worth(proposal, preference), proposal) for proposal in proposals), key=lambda pair: -pair[0])
        for proposals in page
    ]
    hopes = [max([worth for worth, _ in pairs] + [0.0]) for pairs in ranked]
    best_total = -1.0
    best: list[Proposal] = []

    def search(index: int, chosen: list[Proposal], total: float) -> None:
        nonlocal best_total, best
        if total + sum(hopes[index:]) <= best_total:
            return
        if index == len(ranked):
            best_total, best = total, list(chosen)
            return
        for worth, proposal in ranked[index]:
            if worth > 0 and not any(overlap(proposal, other) for other in chosen):
                search(index + 1, [*chosen, proposal], total + worth)
        search(index + 1, chosen, total)

    search(0, [], 0.0)
    return best


def _worth(proposal: Proposal, preference: Preference) -> float:
    return proposal.score + preference.get((proposal.caption.kind, proposal.side), 0.0)


def _learned(pages: Sequence[Sequence[Proposal]]) -> Preference:
    """What each side is worth for each kind, from where the regions of a first choice stand."""
    sides: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for proposal in page:
            if proposal.caption.kind == "algorithm":
                continue
            sides[proposal.caption.kind][proposal.side] += 1
    return {
        (kind, side): SIDE_BONUS * count / counts.total()
        for kind, counts in sides.items()
        for side, count in counts.items()
    }


def _found(proposal: Proposal) -> FoundFigure:
    caption = proposal.caption
    figure = Figure(
        label=caption.label,
        kind="table" if caption.kind == "table" else "figure",
        caption=caption.text,
        page=caption.page,
        bbox=proposal.bbox,
    )
    return FoundFigure(figure, caption.lines)
