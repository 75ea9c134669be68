"""The graphics of a page: drawings and bitmaps that touch, clustered into few boxes.

A page may hold more than a hundred thousand paths, so paths are never compared in pairs: boxes are
marked in a coarse grid of cells, and cells that touch are joined.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from chatpaper.domain import BBox
from chatpaper.extract.boxes import clip, contains, intersects
from chatpaper.extract.page import Drawing, Page

WHITE = 0xFFFFFF
# Paths of one drawing may miss each other by the width of a stroke or a marker; separate graphics
# are further apart.
CELL_POINTS = 3.0
# On pages of poster size cells grow with the page, to limit the grid.
MAXIMUM_CELLS_A_SIDE = 400
# Thinner boxes are rules, not areas: the heaviest rule of booktabs is 0.08 em, some styles draw 2
# pt.
RULE_POINTS = 3.0
# Shorter horizontal strokes are fraction bars, minus signs, accents.
SHORTEST_RULE_POINTS = 18.0
# Rules of one table are equally long, give or take trimmed ends.
RULE_ENDS_POINTS = 4.0
# A rule across a column or two, which touches nothing nearer than this, is no part of a figure.
WIDE_RULE_POINTS = 200.0
TOUCHING_POINTS = 0.75
# A path that covers nearly the whole page is its background.
BACKGROUND_SHARE = 0.85
# What is drawn in the same place on this share of the pages (and on three at least) belongs to the
# page design.
FURNITURE_SHARE = 0.3
FURNITURE_PAGES = 3

RoundedBox: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Graphics:
    """The graphics of one page: `clusters` of what touches, and all horizontal `rules`."""

    clusters: tuple[BBox, ...]
    rules: tuple[BBox, ...]


def is_rule(box: BBox) -> bool:
    """Tell whether a box is a horizontal rule."""
    return box.height <= RULE_POINTS and box.width >= SHORTEST_RULE_POINTS


def is_as_long(rule: BBox, other: BBox) -> bool:
    """Tell whether two rules begin and end at the same places."""
    return (
        abs(rule.x0 - other.x0) <= RULE_ENDS_POINTS and abs(rule.x1 - other.x1) <= RULE_ENDS_POINTS
    )


def _round_box(box: BBox) -> RoundedBox:
    return (round(box.x0), round(box.y0), round(box.x1), round(box.y1))


def find_repeated_places(pages: Sequence[Page]) -> frozenset[RoundedBox]:
    """Find where the same is drawn on many pages: rules under running heads, logos, frames."""
    counts: Counter[RoundedBox] = Counter()
    for page in pages:
        boxes = chain(
            (drawing.bbox for drawing in page.drawings), (bitmap.bbox for bitmap in page.bitmaps)
        )
        counts.update({_round_box(box) for box in boxes if box.width >= SHORTEST_RULE_POINTS})
    least = max(FURNITURE_PAGES, FURNITURE_SHARE * len(pages))
    return frozenset(place for place, count in counts.items() if count >= least)


def is_visible(drawing: Drawing) -> bool:
    """Tell whether a path leaves ink; white and transparent ones do not."""
    stroked = drawing.stroke is not None and drawing.stroke != WHITE
    filled = drawing.fill is not None and drawing.fill != WHITE
    return (stroked or filled) and drawing.opacity > 0


def find_painted_boxes(page: Page, furniture: frozenset[RoundedBox]) -> list[BBox]:
    """List the distinct boxes of visible drawings and bitmaps, without background and furniture."""
    bounds = BBox(0, 0, page.width, page.height)
    boxes = {drawing.bbox for drawing in page.drawings if is_visible(drawing)}
    boxes.update(bitmap.bbox for bitmap in page.bitmaps)
    largest = BACKGROUND_SHARE * bounds.area
    inside = (box if contains(bounds, box) else clip(box, bounds) for box in boxes)
    return [
        box
        for box in inside
        if (box.x1 > box.x0 or box.y1 > box.y0)
        and (
            box.x1 - box.x0 < SHORTEST_RULE_POINTS
            or (_round_box(box) not in furniture and box.area < largest)
        )
    ]


def gather_graphics(
    page: Page, furniture: frozenset[RoundedBox], captions: Sequence[BBox]
) -> Graphics:
    """Gather the graphics of a page.

    A path that covers a caption is invisible through clipping, or a frame: it is joined to nothing.
    """
    boxes = find_painted_boxes(page, furniture)
    narrowest = min((caption.width for caption in captions), default=float("inf"))
    joinable = [
        box
        for box in boxes
        if box.x1 - box.x0 < narrowest
        or not any(contains(box, caption, RULE_POINTS) for caption in captions)
    ]
    clusters = cluster_boxes(joinable, page.width, page.height)
    return Graphics(
        clusters=_sort_down(_part_wide_rules(clusters, joinable)),
        rules=_sort_down(box for box in joinable if is_rule(box)),
    )


def _sort_down(boxes: Iterable[BBox]) -> tuple[BBox, ...]:
    return tuple(sorted(boxes, key=lambda box: (box.y0, box.x0)))


def _part_wide_rules(clusters: Sequence[BBox], boxes: Sequence[BBox]) -> Iterator[BBox]:
    """Part rules across columns from narrower graphics that they miss by a hair's breadth."""
    rules = [box for box in boxes if is_rule(box) and box.width >= WIDE_RULE_POINTS]
    for cluster in clusters:
        edge = next((rule for rule in rules if _is_edge(rule, cluster)), None)
        rest = (
            [box for box in boxes if box != edge and contains(cluster, box)]
            if edge is not None and cluster.height > RULE_POINTS
            else []
        )
        if edge is None or not rest or any(intersects(box, edge, -TOUCHING_POINTS) for box in rest):
            yield cluster
            continue
        parts = cluster_boxes(rest, cluster.x1, cluster.y1)
        yield from [cluster] if any(is_as_long(part, edge) for part in parts) else [edge, *parts]


def _is_edge(rule: BBox, cluster: BBox) -> bool:
    """Tell whether a rule is the upper or lower edge of a cluster."""
    return is_as_long(rule, cluster) and (
        abs(rule.y0 - cluster.y0) <= TOUCHING_POINTS or abs(rule.y1 - cluster.y1) <= TOUCHING_POINTS
    )


def cluster_boxes(boxes: Sequence[BBox], width: float, height: float) -> list[BBox]:
    """Join boxes where they touch; takes time linear in their number."""
    cell = max(CELL_POINTS, width / MAXIMUM_CELLS_A_SIDE, height / MAXIMUM_CELLS_A_SIDE)
    columns, rows = int(width / cell) + 2, int(height / cell) + 2
    grid = [bytearray(columns) for _ in range(rows)]
    for box in boxes:
        left, right = int(box.x0 / cell), int(box.x1 / cell) + 1
        ink = b"\x01" * (right - left)
        for row in range(int(box.y0 / cell), int(box.y1 / cell) + 1):
            grid[row][left:right] = ink
    runs = _join_runs(grid)
    return _merge_boxes(boxes, runs, cell)


@dataclass(slots=True)
class _Run:
    """A horizontal run of marked cells; a union-find forest whose roots stand for the clusters."""

    left: int
    right: int
    parent: "_Run | None" = None

    def root(self) -> "_Run":
        """Return the run that stands for this one's cluster."""
        run = self
        while run.parent is not None:
            if run.parent.parent is not None:
                run.parent = run.parent.parent  # halves the way for those who ask next
            run = run.parent
        return run


def _find_runs(row: bytearray) -> list[_Run]:
    runs = []
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        runs.append(_Run(start, end))
        start = row.find(1, end)
    return runs


def _join_runs(grid: Iterable[bytearray]) -> list[list[_Run]]:
    """Find the runs of every row; those that touch, also at a corner, get the same root."""
    rows: list[list[_Run]] = []
    above: list[_Run] = []
    for row in grid:
        current = _find_runs(row)
        for run in current:
            for neighbour in above:
                if neighbour.left <= run.right and run.left <= neighbour.right:
                    mine, its = run.root(), neighbour.root()
                    if mine is not its:
                        mine.parent = its
        rows.append(current)
        above = current
    return rows


def _merge_boxes(boxes: Sequence[BBox], rows: list[list[_Run]], cell: float) -> list[BBox]:
    """Merge the boxes of each cluster, which is given by the run that a box's corner lies in."""
    starts = [[run.left for run in row] for row in rows]
    merged: dict[int, list[float]] = {}
    for x0, y0, x1, y1 in boxes:
        row = int(y0 / cell)
        run = rows[row][bisect_right(starts[row], int(x0 / cell)) - 1]
        known = merged.setdefault(id(run.root()), [x0, y0, x1, y1])
        known[0] = min(known[0], x0)
        known[1] = min(known[1], y0)
        known[2] = max(known[2], x1)
        known[3] = max(known[3], y1)
    return sorted((BBox(*edges) for edges in merged.values()), key=lambda box: (box.y0, box.x0))
