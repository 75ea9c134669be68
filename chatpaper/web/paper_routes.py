"""The addresses of what the page shows of a paper: evidence, images, and a file to take away."""

import logging

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from chatpaper.app import publishing, sources
from chatpaper.domain.errors import ChatPaperError
from chatpaper.extract.pdf.crops import PIXEL_DENSITY
from chatpaper.web.assets import load_asset
from chatpaper.web.error_pages import find_language
from chatpaper.web.state import AppState
from chatpaper.web.tabs.paper_views import find_known_entry
from chatpaper.web.translations import PAGE_LANGUAGES, load_translations
from chatpaper.web.viewer.addresses import find_arxiv_id, make_page_address
from chatpaper.web.viewer.annotations import SIGNS, ClaimAnnotation
from chatpaper.web.viewer.templates import render_template
from chatpaper.web.viewer.viewer_cache import PaperView, SummaryView

log = logging.getLogger(__name__)

# Proxies keep nothing of a paper that somebody reads.
_PRIVATE = {"Cache-Control": "private, max-age=3600"}


class PaperRoutes:
    """The routes below the address of a paper that somebody looks at."""

    def __init__(self, state: AppState) -> None:
        self._state = state

    def add_to(self, app: FastAPI) -> None:
        """Add the routes to the application."""
        view = "/papers/{number}"
        app.add_api_route(f"{view}/evidence/{{language}}/{{index}}", self.show_evidence)
        app.add_api_route(f"{view}/pages/{{index}}", self.show_page)
        app.add_api_route(f"{view}/passages/{{index}}", self.show_passage)
        app.add_api_route(f"{view}/figures/{{index}}", self.show_figure)
        app.add_api_route(f"{view}/archive.zip", self.send_archive)
        # Ids of the old style, such as "hep-th/9901001", have a slash.
        app.add_api_route("/papers/{key:path}", self.open_paper)

    def open_paper(self, request: Request, key: str) -> RedirectResponse:
        """Show a paper, in the language of the visitor; its script restores this address."""
        key = find_arxiv_id(key) or key
        if find_known_entry(self._state, key) is None:
            raise HTTPException(404)
        return RedirectResponse(make_page_address(find_language(request), paper=key))

    def show_evidence(self, number: str, language: str, index: int, at: int = 0) -> HTMLResponse:
        """Show a claim with the place of the paper that supports it, one of several by `at`."""
        view, annotation = self._find_annotation(number, index)
        if language not in PAGE_LANGUAGES:
            raise HTTPException(404)
        at = at % len(annotation.places) if annotation.places else 0
        page = render_template(
            "evidence",
            words=load_translations(language),
            style=load_asset("proof.css"),
            density=PIXEL_DENSITY,
            annotation=annotation,
            sign=SIGNS[annotation.kind],
            place=annotation.places[at] if annotation.places else None,
            at=at,
            count=len(annotation.places),
            view_url=f"/papers/{number}",
            number=index,
            has_page=bool(annotation.places) and view.pdf is not None,
        )
        return HTMLResponse(page)

    def show_page(self, number: str, index: int, at: int = 0) -> Response:
        """Show the page on which the evidence of a claim stands, as an image."""
        return self._render(number, index, at, cropped=False)

    def show_passage(self, number: str, index: int, at: int = 0) -> Response:
        """Show the evidence of a claim with the lines around it, large enough for a phone."""
        return self._render(number, index, at, cropped=True)

    def show_figure(self, number: str, index: int) -> FileResponse:
        """Show a figure."""
        path = self._state.viewer.find_figure_file(self._find_view(number), index)
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type="image/png", headers=_PRIVATE)

    def send_archive(self, number: str) -> Response:
        """Send the posts of a paper, its figures and its JSON as a ZIP file."""
        state, view = self._state, self._find_view(number)
        if not isinstance(view, SummaryView):
            raise HTTPException(404)
        style = publishing.load_post_style(
            state.settings.model_copy(update={"language": view.entry.summary.language})
        )
        packed = state.viewer.pack(
            view, style, sources.get_current_date(state.settings, state.clock)
        )
        headers = {"Content-Disposition": 'attachment; filename="chatpaper.zip"'}
        return Response(packed, media_type="application/zip", headers=headers)

    def _render(self, number: str, index: int, at: int, *, cropped: bool) -> Response:
        view, annotation = self._find_annotation(number, index)
        try:
            image = self._state.viewer.render_page(view, annotation, at, cropped=cropped)
        except ChatPaperError as error:
            log.warning("%s", error)
            image = None
        if image is None:
            raise HTTPException(404)
        return Response(image.png, media_type="image/png", headers=_PRIVATE)

    def _find_view(self, number: str) -> PaperView:
        view = self._state.viewer.find(number)
        if view is None:
            raise HTTPException(404)
        return view

    def _find_annotation(self, number: str, index: int) -> tuple[PaperView, ClaimAnnotation]:
        view = self._find_view(number)
        if not 0 <= index < len(view.annotations):
            raise HTTPException(404)
        return view, view.annotations[index]
