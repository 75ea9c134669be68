"""What speaks against a region: it cuts something, leaves something out, or is too wide."""

from collections.abc import Iterable, Sequence

from chatpaper.domain import BBox
from chatpaper.extract.boxes import center_x, enclose, intersects, overlap_height, overlap_width
from chatpaper.extract.figures.barriers.text_blocks import EDGE_POINTS
from chatpaper.extract.figures.regions.extents import is_wider_than_needed
from chatpaper.extract.figures.regions.region_growing import FIRST_GAP, Element
from chatpaper.extract.figures.regions.scene import Scene
from chatpaper.extract.layout.typesetting import Column
from chatpaper.extract.pdf.graphics import is_as_long

# Costs of cutting a graphic in two, of reaching out of the column, and of graphics right beside the
# caption.
CUT_COST, CROSSING_COST = 1.0, 0.8
LEVEL_COST = 0.5
# … and of text right beyond the edge, which may be a row of the table, or the caption of a panel.
CURTAILED_POINTS = 10.0
CURTAILING_COSTS = {"figure": 0.05, "table": 0.15, "algorithm": 0.0}
# … and of a rule there.
RULED_OFF_COST = 0.5
# Pictures of one row are nearer to each other than columns are.
PANEL_GUTTER_POINTS = 8.0
# Captions are mostly as wide as what they describe, but a short one may belong to both columns.
WIDE_COST = 0.6


def sum_costs(scene: Scene, taken: Sequence[Element], region: BBox, extent: Column) -> float:
    """Sum what speaks against a region: it cuts something, reaches out, or is too wide.

    A graphic right beside the caption speaks against it too: it may be a side caption.
    """
    return (
        _find_cut_cost(taken, region, scene.elements, extent)
        + WIDE_COST * is_wider_than_needed(scene.caption, taken, scene.parts.columns)
        + LEVEL_COST * _is_level(scene, extent)
        + CURTAILING_COSTS[scene.caption.kind] * _is_curtailed(scene, region)
        + RULED_OFF_COST * _is_ruled_off(scene, region)
        + CUT_COST * _is_row_cut(scene, taken)
    )


def _is_curtailed(scene: Scene, region: BBox) -> bool:
    """Tell whether text right above or below a region, within its width, is left out of it."""
    near = region._replace(y0=region.y0 - CURTAILED_POINTS, y1=region.y1 + CURTAILED_POINTS)
    return any(
        not element.drawn
        and not element.opens_note
        and intersects(element.box, near)
        and not intersects(element.box, region)
        and region.x0 - EDGE_POINTS <= element.box.x0
        and element.box.x1 <= region.x1 + EDGE_POINTS
        for element in scene.elements
    )


def _is_ruled_off(scene: Scene, region: BBox) -> bool:
    """Tell whether a rule as long as a region is left out right beyond it: it is part of a table.

    Styles draw rules between floats and text as well, but with more space.
    """
    return any(
        is_as_long(rule, region)
        and (
            0 < region.y0 - rule.y1 <= CURTAILED_POINTS
            or 0 < rule.y0 - region.y1 <= CURTAILED_POINTS
        )
        for rule in scene.parts.graphics.rules
    )


def _is_row_cut(scene: Scene, taken: Sequence[Element]) -> bool:
    """Tell whether the next picture of a row, as high and right beside the last, is left out."""
    known = {id(element) for element in taken}
    panels = [element.box for element in taken if element.is_significant]
    return any(
        element.is_significant
        and id(element) not in known
        and any(_is_next_in_row(element.box, panel) for panel in panels)
        for element in scene.elements
    )


def _is_next_in_row(box: BBox, panel: BBox) -> bool:
    return (
        -PANEL_GUTTER_POINTS <= overlap_width(box, panel) <= 0
        and abs(box.y0 - panel.y0) <= EDGE_POINTS
        and abs(box.y1 - panel.y1) <= EDGE_POINTS
    )


def _is_level(scene: Scene, extent: Column) -> bool:
    """Tell whether something drawn stands right beside a side caption: tinted rows, or a table."""
    box = scene.caption.bbox
    if _is_between_rules(box, extent, scene.parts.graphics.rules):
        return True
    beside = [
        element.box
        for element in scene.elements
        if element.is_significant
        and overlap_height(element.box, box) > 0
        and -FIRST_GAP < overlap_width(element.box, box) <= 0
        and extent.x0 <= center_x(element.box) <= extent.x1
    ]
    return bool(beside) and overlap_height(enclose(beside), box) > box.height / 2


def _is_between_rules(box: BBox, extent: Column, rules: Iterable[BBox]) -> bool:
    """Tell whether a table stands beside a caption: its first rule is higher, its last lower."""
    beside = [
        rule
        for rule in rules
        if overlap_width(rule, box) <= 0 and extent.x0 <= center_x(rule) <= extent.x1
    ]
    higher = [rule for rule in beside if rule.y1 <= box.y0]
    lower = [rule for rule in beside if rule.y0 >= box.y1]
    return any(is_as_long(above, below) for above in higher for below in lower)


def _find_cut_cost(
    taken: Sequence[Element], region: BBox, elements: Sequence[Element], extent: Column
) -> float:
    """Find the cost of cutting through graphics, or of reaching out of the extent."""
    known = {id(element) for element in taken}
    cut = sum(
        id(element) not in known
        and element.is_significant
        and intersects(element.box, region, EDGE_POINTS)
        for element in elements
    )
    crossing = any(
        element.box.x0 < extent.x0 - EDGE_POINTS or element.box.x1 > extent.x1 + EDGE_POINTS
        for element in taken
    )
    return CUT_COST * cut + CROSSING_COST * crossing
