"""Arrange the figures of a paper as a post shows them.

Those that matter most are in view, each beside what is said of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatpaper.domain import Claim, FieldAnswer, Figure
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.sentences import STOPS, split_sentences
from chatpaper.write.markup.latex import answer_to_text
from chatpaper.write.markup.markdown import sanitize_line

# How many figures stand in view, before the fold with the others.
KEY_FIGURES_IN_VIEW = 2
# A caption in view is a few lines; the paper has the rest.
MOST_CAPTION_CHARACTERS = 240

# CSS has 96 pixels an inch, a PDF 72 points: a figure is shown as large as it is printed.
_PIXELS_A_POINT = 96 / 72
# In view, what is taller leaves no room for the words beside it on a phone.
MAX_HEIGHT_IN_VIEW = 280
# Themes stretch covers over cards of some 300 to 400 pixels: what is smaller is a blur there.
LEAST_COVER_WIDTH = 300

_STOPS = (*STOPS, ")", "）")
# The letter of a panel: "The pipeline. (a) Training", "a) Training".
_BEFORE_PANEL = re.compile(r"(?<=[.。])\s+(?=[(（]?[a-h][)）]\s)")


class ImageSize(NamedTuple):
    """Width and height at which an image is shown, in CSS pixels."""

    width: int
    height: int

    def limit_height(self, most: int) -> "ImageSize":
        """Return the size of the same image, no taller than `most`."""
        if self.height <= most:
            return self
        return ImageSize(max(1, round(self.width * most / self.height)), most)


_NO_SIZE = ImageSize(0, 0)


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as a template shows it: where its image is, relative to the post, and what it shows.

    `source` is empty where the post may not show the image. `page` names the page of the paper on
    which it stands, and `link` leads there, where the paper is on the web.
    """

    source: str
    alt: str
    figure: Figure
    page: str = ""
    link: str = ""

    @property
    def size(self) -> "ImageSize":
        """As large as it is printed."""
        box = self.figure.bbox
        return ImageSize(_to_pixels(box.width), _to_pixels(box.height))

    @property
    def caption(self) -> str:
        """The beginning of its caption."""
        return shorten_caption(sanitize_line(self.figure.caption))


@dataclass(frozen=True, slots=True)
class KeyFigureView:
    """A statement about a figure, the image beside it, and the beginning of the figure's caption.

    `source` is empty where the post may not show the image, `caption` where the statement says the
    same; `brief_caption` is its first sentence. `size` is no taller than what stands in view may
    be.
    """

    statement: Claim
    source: str
    caption: str
    brief_caption: str = ""
    size: ImageSize = _NO_SIZE


def select_key_figures(
    answer: FieldAnswer, figures: Sequence[FigureView]
) -> tuple[KeyFigureView, ...]:
    """Return the first statements about figures, those with an image before the others.

    Otherwise they keep the order of the answer.
    """
    by_label: dict[str, FigureView] = {}
    for view in figures:
        by_label.setdefault(view.figure.label, view)
    statements: dict[str, Claim] = {}
    for item in answer:
        if isinstance(item, Claim) and item.page:
            statements.setdefault(item.section, item)
    views = [_key_figure(item, by_label.get(label)) for label, item in statements.items()]
    chosen = sorted(views, key=lambda view: not view.source)[:KEY_FIGURES_IN_VIEW]
    return tuple(view for view in views if view in chosen)


def choose_cover(figures: Sequence[FigureView]) -> str:
    """Return the image of the first figure that fills a cover, or else of the first; no table's."""
    shown = [view for view in figures if view.source and view.figure.kind == "figure"]
    wide = [view for view in shown if _fills_cover(view.size)]
    return next((view.source for view in wide or shown), "")


def _fills_cover(size: ImageSize) -> bool:
    return size.width >= LEAST_COVER_WIDTH and size.width >= size.height


def _key_figure(statement: Claim, view: FigureView | None) -> KeyFigureView:
    if view is None or not view.source:
        return KeyFigureView(statement, "", "")
    caption = sanitize_line(view.figure.caption)
    forms = (caption, answer_to_text(caption), sanitize_line(answer_to_text(view.figure.caption)))
    is_repeated = any(fold_letters(statement.text) in fold_letters(form) for form in forms)
    return KeyFigureView(
        statement,
        view.source,
        "" if is_repeated else shorten_caption(caption),
        "" if is_repeated else shorten_caption(caption, most=0),
        view.size.limit_height(MAX_HEIGHT_IN_VIEW),
    )


def _to_pixels(points: float) -> int:
    return max(1, round(points * _PIXELS_A_POINT))


def shorten_caption(caption: str, most: int = MOST_CAPTION_CHARACTERS) -> str:
    """Return as many whole sentences as `most` characters have room for, and always the first.

    One that breaks off is no whole one; what is said of a panel begins one.
    """
    ends = [sentence.start + len(sentence.text) for sentence in split_sentences(caption)]
    ends = sorted({*ends, *(each.start() for each in _BEFORE_PANEL.finditer(caption))})
    if ends and not caption.endswith(_STOPS):
        ends.pop()
    fitting = [end for end in ends if end <= most] or ends[:1]
    return caption[: fitting[-1]] if fitting else caption
