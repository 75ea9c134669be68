"""Arrange the figures of a paper as a post shows them.

Those that matter most are in view, each beside what is said of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chatpaper.domain import Claim, FieldAnswer, Figure
from chatpaper.domain.text.folding import fold_letters
from chatpaper.domain.text.sentences import STOPS, split_sentences
from chatpaper.write.markup.latex import answer_to_text
from chatpaper.write.markup.markdown import sanitize_line

# How many figures stand in view, before the fold with the others.
KEY_FIGURES_IN_VIEW = 2
# A caption in view is a few lines; the paper has the rest.
MOST_CAPTION_CHARACTERS = 240

_STOPS = (*STOPS, ")", "）")


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


@dataclass(frozen=True, slots=True)
class KeyFigureView:
    """A statement about a figure, the image beside it, and the beginning of the figure's caption.

    `source` is empty where the post may not show the image, `caption` where the statement says the
    same.
    """

    statement: Claim
    source: str
    caption: str


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


def _key_figure(statement: Claim, view: FigureView | None) -> KeyFigureView:
    if view is None or not view.source:
        return KeyFigureView(statement, "", "")
    caption = sanitize_line(view.figure.caption)
    forms = (caption, answer_to_text(caption), sanitize_line(answer_to_text(view.figure.caption)))
    is_repeated = any(fold_letters(statement.text) in fold_letters(form) for form in forms)
    return KeyFigureView(statement, view.source, "" if is_repeated else _first_sentences(caption))


def _first_sentences(caption: str) -> str:
    """Return as many whole sentences of a caption as are still short, and always the first.

    A sentence that breaks off does not count as whole.
    """
    ends = [sentence.start + len(sentence.text) for sentence in split_sentences(caption)]
    if not caption.endswith(_STOPS):
        ends.pop()
    fitting = [end for end in ends if end <= MOST_CAPTION_CHARACTERS] or ends[:1]
    return caption[: fitting[-1]] if fitting else caption
