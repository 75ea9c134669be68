"""The ruling lines of a table: which part its rows, and which its columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatpaper.domain import BBox
from chatpaper.extract.boxes import intersects
from chatpaper.extract.page import Page
from chatpaper.extract.pdf.graphics import RULE_POINTS, is_visible

# Shorter strokes are minus signs, fraction bars and accents.
_LEAST_LENGTH_POINTS = 8.0
# Pieces of one rule, as where cells have borders of their own, are level within this, and no more
# than this apart.
_LEVEL_POINTS = 1.5
# A rule across the table may end before its edge: some styles leave out the padding of columns.
_ACROSS_SHARE = 0.85
# A rule beside a column runs down most of the table; rows of the head may interrupt it.
_DOWN_SHARE = 0.6
# Strokes at the edge of a table are read with it.
_EDGE_POINTS = 2.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is `at` one coordinate, and runs from `start` to `end` in the other."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """The length in points."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of a table: horizontal ones from edge to edge, shorter ones, and vertical ones.

    `across` and `down` hold the coordinates of rules that part all columns or nearly all rows,
    `upright` all vertical ones.
    """

    across: tuple[float, ...]
    partial: tuple[Rule, ...]
    down: tuple[float, ...]
    upright: tuple[Rule, ...] = ()

    def parts(self, left: float, right: float, y: float) -> bool:
        """Tell whether a vertical rule stands between two x coordinates at a height."""
        return any(
            left <= rule.at <= right and rule.start <= y <= rule.end for rule in self.upright
        )


def find_ruling(box: BBox, text: BBox, page: Page) -> Ruling:
    """Find the rules in the box of a table; `text` is the box of its words.

    Some files paint rules as bitmaps.
    """
    reach = BBox(
        box.x0 - _EDGE_POINTS, box.y0 - _EDGE_POINTS, box.x1 + _EDGE_POINTS, box.y1 + _EDGE_POINTS
    )
    painted = [each for each in page.drawings if intersects(each.bbox, reach, -_LEVEL_POINTS)]
    boxes = [each.bbox for each in painted if is_visible(each)]
    boxes += [each.bbox for each in page.bitmaps if intersects(each.bbox, reach, -_LEVEL_POINTS)]
    level = _join_pieces(
        Rule((each.y0 + each.y1) / 2, each.x0, each.x1)
        for each in boxes
        if each.height <= RULE_POINTS and each.width >= _LEAST_LENGTH_POINTS
    )
    upright = _join_pieces(
        Rule((each.x0 + each.x1) / 2, each.y0, each.y1)
        for each in boxes
        if each.width <= RULE_POINTS and each.height >= _LEAST_LENGTH_POINTS
    )
    across = [rule for rule in level if rule.length >= _ACROSS_SHARE * text.width]
    return Ruling(
        across=tuple(rule.at for rule in across),
        partial=tuple(rule for rule in level if rule not in across),
        down=_find_down(upright, text),
        upright=tuple(upright),
    )


def _join_pieces(pieces: Iterable[Rule]) -> list[Rule]:
    """Join the pieces of rules that continue each other, ordered by their coordinate."""
    joined: list[Rule] = []
    for piece in sorted(pieces, key=lambda piece: (piece.at, piece.start)):
        for place, rule in enumerate(joined):
            is_level = abs(rule.at - piece.at) <= _LEVEL_POINTS
            if is_level and (
                piece.start <= rule.end + _LEVEL_POINTS and rule.start <= piece.end + _LEVEL_POINTS
            ):
                joined[place] = Rule(
                    rule.at, min(rule.start, piece.start), max(rule.end, piece.end)
                )
                break
        else:
            joined.append(piece)
    return joined


def _find_down(upright: Sequence[Rule], text: BBox) -> tuple[float, ...]:
    """Find the places of vertical rules whose pieces cover most of the height."""
    found: list[float] = []
    for rule in upright:
        same = [other for other in upright if abs(other.at - rule.at) <= _LEVEL_POINTS]
        covered = sum(min(each.end, text.y1) - max(each.start, text.y0) for each in same)
        is_new = not found or rule.at - found[-1] > _LEVEL_POINTS
        if is_new and covered >= _DOWN_SHARE * text.height:
            found.append(rule.at)
    return tuple(found)
