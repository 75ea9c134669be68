"""The addresses by which a reader likes or hides a paper from a message: a page with one button.

Mail programs open links by themselves to look at them: only the button changes anything.
"""

from typing import get_args

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse

from chatpaper.storage.papers.marks import Mark, MarkKind
from chatpaper.web.error_pages import find_language
from chatpaper.web.state import AppState
from chatpaper.web.tabs.paper_views import find_known_entry
from chatpaper.web.translations import load_translations
from chatpaper.web.viewer.addresses import MARKS, find_arxiv_id
from chatpaper.web.viewer.mark_view import render_mark


class MarkRoutes:
    """The routes that mark a paper for a reader, who may be one of several."""

    def __init__(self, state: AppState) -> None:
        self._state = state

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to the application."""
        # Ids of the old style have a slash.
        address = f"{MARKS}/{{kind}}/{{key:path}}"
        app.add_api_route(address, self.ask)
        app.add_api_route(address, self.mark, methods=["POST"])

    def ask(self, request: Request, kind: str, key: str, profile: str = "") -> HTMLResponse:
        """Ask whether the paper is to be marked."""
        mark, name = self._find(kind, key, profile)
        return _show(request, mark, name, is_done=False)

    def mark(self, request: Request, kind: str, key: str, profile: str = "") -> HTMLResponse:
        """Mark the paper, and say so."""
        mark, name = self._find(kind, key, profile)
        self._state.nightly.marks.set([mark], self._state.clock.now())
        return _show(request, mark, name, is_done=True)

    def _find(self, kind: str, key: str, profile: str) -> tuple[Mark, str]:
        """Return the mark, and what the paper is called; raise HTTPException for any other."""
        kinds: dict[str, MarkKind] = {each: each for each in get_args(MarkKind)}
        arxiv_id = find_arxiv_id(key)
        entry = find_known_entry(self._state, arxiv_id or key)
        is_reader = not profile or profile in self._state.settings.profiles
        if kind not in kinds or not is_reader or (arxiv_id is None and entry is None):
            raise HTTPException(404)
        mark = Mark(profile, arxiv_id or key, kinds[kind])
        return mark, entry.paper.title if entry else mark.arxiv_id


def _show(request: Request, mark: Mark, name: str, *, is_done: bool) -> HTMLResponse:
    words = load_translations(find_language(request))
    return HTMLResponse(render_mark(mark.kind, name, words, is_done=is_done))
