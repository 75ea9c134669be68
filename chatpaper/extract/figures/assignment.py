"""Assign regions of pages to captions: which figure or table belongs to which caption.

Every caption of a page gets its proposals; the best choice of one proposal each, such that no two
overlap, is searched for the page as a whole. Captions of one document stand on the same side of
their figures (and of their tables, often the other side), so each possible habit is tried, and the
one that explains the document best decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal, TypeAlias

from chatpaper.domain import BBox, Figure
from chatpaper.extract.boxes import contains, intersects, measure_agreement
from chatpaper.extract.figures.barriers.text_barriers import PageParts, partition_page
from chatpaper.extract.figures.captions import Caption, find_captions
from chatpaper.extract.figures.regions.region_proposals import Proposal, Side, propose_regions
from chatpaper.extract.figures.regions.scene import Scene, build_scene
from chatpaper.extract.figures.rotation import RotatedPage, rotate_page
from chatpaper.extract.layout.caption_labels import opens_with_label
from chatpaper.extract.layout.layout import Layout, PageLayout
from chatpaper.extract.layout.typesetting import Typesetting
from chatpaper.extract.page import Line, Page, PdfContent
from chatpaper.extract.pdf.graphics import RoundedBox, find_repeated_places, gather_graphics

# Regions may overlap by a hair's breadth of white, but not by a rule.
OVERLAP_POINTS = 1.0
# The bonus for agreeing with the document's other captions of the kind, against 2 for a region full
# of graphics.
SIDE_BONUS = 0.7
# A region that was shrunk to avoid a neighbour's is worth a little less than one that was not.
YIELDING_COST = 0.05
# Shrinking one region may let a neighbour find a better one in turn.
YIELDING_ROUNDS = 2
# The sides of the caption on which a document has its figures.
HABITS: tuple[tuple[Side, ...], ...] = (("above",), ("below",), ("left", "right"))
# Regions that agree this far are the same but for their edges.
SAME_REGION = 0.8
# Proposals that enter the search for a page's best choice; more do not change it, but cost time.
PROPOSALS_A_CAPTION = 8


@dataclass(frozen=True, slots=True)
class FoundFloat:
    """A float and the lines of its caption.

    Algorithms are no figures of the document, but kept out of its text. `rotated` is the page of a
    sideways float, made upright. `worth` is what its region scored, `lead` how much more that is
    than what the best of the other regions for its caption did.
    """

    figure: Figure
    caption_lines: tuple[Line, ...]
    is_algorithm: bool = False
    rotated: RotatedPage | None = None
    worth: float = 0.0
    lead: float = 0.0


# The bonus of each side for each kind.
Preference: TypeAlias = Mapping[tuple[str, Side], float]


def find_floats(content: PdfContent, layout: Layout) -> tuple[FoundFloat, ...]:
    """Find all captioned figures, tables and algorithms in page order, without images."""
    kept = {id(span) for page in layout.pages for line in page.lines for span in line.spans}
    furniture = frozenset(
        id(line)
        for page in content.pages
        for line in page.lines
        if not any(id(span) in kept for span in line.spans)
    )
    oriented_pages = _propose_on_upright_pages(
        content, layout, furniture
    ) + _propose_on_rotated_pages(content, layout)
    proposals = [oriented.proposals for oriented in oriented_pages]
    choices = (
        (preference, [_choose_best(page, preference) for page in proposals])
        for preference in _list_preferences(proposals)
    )
    preference, chosen = max(choices, key=lambda choice: sum(page.worth for page in choice[1]))
    return tuple(
        oriented.build_float(proposal, preference)
        for oriented, choice in sorted(
            zip(oriented_pages, chosen, strict=True), key=lambda pair: pair[0].number
        )
        for proposal in choice.proposals
    )


@dataclass(frozen=True, slots=True)
class _OrientedPage:
    """One page in one reading direction, with the proposals for each of its captions."""

    number: int
    proposals: Sequence[Sequence[Proposal]]
    rotated: RotatedPage | None = None

    def build_float(self, proposal: Proposal, preference: Preference) -> FoundFloat:
        """Build the float of a chosen proposal, in the coordinates of the page as shown."""
        caption = proposal.caption
        box, lines = proposal.bbox, caption.lines
        if self.rotated is not None:
            own = {id(line) for line in lines}
            pairs = zip(self.rotated.page.lines, self.rotated.originals, strict=True)
            box, lines = (
                self.rotated.rotation.undo(box),
                tuple(original for line, original in pairs if id(line) in own),
            )
        kind: Literal["figure", "table"] = "table" if caption.kind == "table" else "figure"
        figure = Figure(caption.label, kind, caption.text, caption.page, box)
        worth = _rate(proposal, preference)
        rivals = (
            _rate(other, preference)
            for proposals in self.proposals
            for other in proposals
            if other.caption is caption
            and measure_agreement(other.bbox, proposal.bbox) < SAME_REGION
        )
        return FoundFloat(
            figure,
            lines,
            caption.kind == "algorithm",
            self.rotated,
            worth,
            lead=worth - max(rivals, default=0.0),
        )


def _propose_on_upright_pages(
    content: PdfContent, layout: Layout, furniture: frozenset[int]
) -> list[_OrientedPage]:
    repeated = find_repeated_places(content.pages)
    by_page: defaultdict[int, list[Caption]] = defaultdict(list)
    for caption in find_captions(content, layout.typesetting, furniture):
        by_page[caption.page].append(caption)
    for number, captions in by_page.items():
        by_page[number] = _drop_labels_in_drawings(captions, content.pages[number - 1], repeated)
    return [
        _OrientedPage(
            number,
            _propose_for_captions(
                captions,
                _block_at_sideways_captions(
                    _partition(
                        content.pages[number - 1],
                        layout.pages[number - 1],
                        layout.typesetting,
                        captions,
                        repeated,
                    ),
                    layout.pages[number - 1],
                ),
            ),
        )
        for number, captions in by_page.items()
    ]


def _block_at_sideways_captions(parts: PageParts, read: PageLayout) -> PageParts:
    """Let no upright figure reach over the caption of a sideways one."""
    captions = tuple(line.bbox for line in read.vertical if opens_with_label(line))
    return replace(parts, barriers=parts.barriers + captions) if captions else parts


def _drop_labels_in_drawings(
    captions: Sequence[Caption], page: Page, repeated: frozenset[RoundedBox]
) -> list[Caption]:
    """Drop captions without text inside a drawing, which may mention a float by its label."""
    if all(caption.text for caption in captions):
        return list(captions)
    clusters = gather_graphics(
        page, repeated, [caption.bbox for caption in captions if caption.text]
    ).clusters
    return [
        c for c in captions if c.text or not any(contains(cluster, c.bbox) for cluster in clusters)
    ]


def _propose_on_rotated_pages(content: PdfContent, layout: Layout) -> list[_OrientedPage]:
    oriented_pages = []
    for page, read in zip(content.pages, layout.pages, strict=True):
        for rotated in rotate_page(page, read):
            captions = find_captions(PdfContent((rotated.page,)), layout.typesetting)
            parts = _partition(
                rotated.page, rotated.layout, layout.typesetting, captions, frozenset()
            )
            blocked = replace(parts, barriers=parts.barriers + rotated.barriers)
            oriented_pages.append(
                _OrientedPage(page.number, _propose_for_captions(captions, blocked), rotated)
            )
    return oriented_pages


def _partition(
    page: Page,
    read: PageLayout,
    typesetting: Typesetting,
    captions: Sequence[Caption],
    repeated: frozenset[RoundedBox],
) -> PageParts:
    boxes = [caption.bbox for caption in captions]
    taken = frozenset(
        id(span) for caption in captions for line in caption.lines for span in line.spans
    )
    return partition_page(read, typesetting, gather_graphics(page, repeated, boxes), boxes, taken)


def _list_preferences(proposals: Sequence[Sequence[Sequence[Proposal]]]) -> Iterator[Preference]:
    """List all habits of placing captions: those of each kind on one side of what they describe."""
    offered = {
        kind: [
            sides
            for sides in HABITS
            if any(
                p.caption.kind == kind and p.side in sides
                for page in proposals
                for mine in page
                for p in mine
            )
        ]
        for kind in ("figure", "table")
    }
    for figure_sides, table_sides in product(offered["figure"] or [()], offered["table"] or [()]):
        yield {("figure", side): SIDE_BONUS for side in figure_sides} | {
            ("table", side): SIDE_BONUS for side in table_sides
        }


def _propose_for_captions(captions: Sequence[Caption], parts: PageParts) -> list[list[Proposal]]:
    """Propose regions for each caption as they are, and as they are if neighbours keep theirs."""
    scenes = [build_scene(caption, parts, captions) for caption in captions]
    found = [_keep_distinct(propose_regions(scene)) for scene in scenes]
    for _ in range(YIELDING_ROUNDS):
        found = [_add_yielding(index, found, scene) for index, scene in enumerate(scenes)]
    return [proposals[:PROPOSALS_A_CAPTION] for proposals in found]


def _add_yielding(index: int, found: Sequence[Sequence[Proposal]], scene: Scene) -> list[Proposal]:
    """Add to the proposals for one caption smaller ones that avoid what neighbours claim."""
    mine = list(found[index])
    claims = {
        claim.claim: None
        for other, proposals in enumerate(found)
        if other != index
        for claim in proposals[:PROPOSALS_A_CAPTION]
        if any(are_in_conflict(proposal, claim) for proposal in found[index])
    }
    for claim in claims:
        smaller = propose_regions(scene, (claim,))
        mine += [replace(proposal, score=proposal.score - YIELDING_COST) for proposal in smaller]
    return _keep_distinct(mine)


def _keep_distinct(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Keep the best proposal of each region and side, the best first."""
    best: dict[tuple[BBox, Side], Proposal] = {}
    for proposal in sorted(proposals, key=lambda proposal: -proposal.score):
        best.setdefault((proposal.bbox, proposal.side), proposal)
    return list(best.values())


def are_in_conflict(a: Proposal, b: Proposal) -> bool:
    """Tell whether two regions cannot both be right."""
    return intersects(a.claim, b.bbox, OVERLAP_POINTS) or intersects(
        a.bbox, b.claim, OVERLAP_POINTS
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    """The proposals chosen for a page, and what they are worth together."""

    worth: float
    proposals: tuple[Proposal, ...]


def _choose_best(page: Sequence[Sequence[Proposal]], preference: Preference) -> _Choice:
    """Choose at most one proposal a caption without conflicts: an exact branch-and-bound search."""
    ranked = [
        sorted(
            ((_rate(proposal, preference), proposal) for proposal in proposals),
            key=lambda pair: -pair[0],
        )
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
            if worth > 0 and not any(are_in_conflict(proposal, other) for other in chosen):
                search(index + 1, (*chosen, proposal), total + worth)
        search(index + 1, chosen, total)

    search(0, (), 0.0)
    return best


def _rate(proposal: Proposal, preference: Preference) -> float:
    return proposal.score + preference.get((proposal.caption.kind, proposal.side), 0.0)
