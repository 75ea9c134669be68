"""The buttons by which a paper is marked, and the page that asks and says that it is done."""

from collections.abc import Sequence
from typing import get_args

from chatpaper.storage.papers.marks import MarkKind
from chatpaper.web.translations import Translations, get_language
from chatpaper.web.viewer.addresses import make_mark_path, make_page_address
from chatpaper.web.viewer.templates import render_template


def render_mark(kind: MarkKind, paper: str, words: Translations, *, is_done: bool) -> str:
    """Render the button that marks a paper, by its title or id, or that it is marked."""
    return render_template(
        "mark",
        words=words,
        paper=paper,
        button="" if is_done else words[f"mark_{kind}_button"],
        done=words[f"mark_{kind}_done"] if is_done else "",
        address=make_page_address(get_language(words)),
    )


def render_mark_buttons(arxiv_id: str, profiles: Sequence[str], words: Translations) -> str:
    """Render a button for each kind of mark.

    Where there are several readers, the visitor says who they are and is asked once more.
    """
    return render_template(
        "mark_buttons",
        words=words,
        profiles=profiles,
        paths={kind: make_mark_path(kind, arxiv_id) for kind in get_args(MarkKind)},
    )
