"""Spans over which other text is printed: ink at their place may be that of the other text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from chatpaper.extract.boxes import center_y, overlap_area
from chatpaper.extract.page import Line, Span

# Accents, indices and neighbouring lines cover less of a box.
LEAST_OVERLAID_SHARE = 0.5
# Each is painted once more, which takes time; the longest spans matter most.
MOST_OVERLAID = 60
# Signs of formulas are drawn beside their boxes, and mean little by themselves.
LEAST_LETTERS = 4
_ROW_POINTS = 12.0


class OverlapIndex:
    """Which spans of a page stand where others do.

    What covers more than half of a box covers its centre, so only spans at that height are
    compared.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._rows: dict[int, list[Span]] = defaultdict(list)
        for line in lines:
            for span in line.spans:
                if not span.text.isspace():
                    for row in range(_find_row(span.bbox.y0), _find_row(span.bbox.y1) + 1):
                        self._rows[row].append(span)

    def find_overlaid(self, spans: Iterable[Span]) -> list[Span]:
        """Find the spans that another covers by half or more, the `MOST_OVERLAID` longest."""
        found = [span for span in spans if self._is_overlaid(span)]
        return sorted(found, key=lambda span: -len(span.text))[:MOST_OVERLAID]

    def _is_overlaid(self, span: Span) -> bool:
        if sum(character.isalnum() for character in span.text) < LEAST_LETTERS:
            return False
        least = LEAST_OVERLAID_SHARE * span.bbox.area
        others = self._rows.get(_find_row(center_y(span.bbox)), ())
        return any(
            other is not span and overlap_area(other.bbox, span.bbox) > least for other in others
        )


def _find_row(y: float) -> int:
    return int(max(-1e6, min(y, 1e6)) // _ROW_POINTS)


def shares_text(characters: str, text: str) -> bool:
    """Tell whether characters are part of a text or contain it; white space does not count."""
    one, other = "".join(characters.split()), "".join(text.split())
    return bool(one) and (one in other or other in one)
