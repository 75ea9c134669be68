"""Pages that say why there is nothing at an address, in the language of the visitor."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from chatpaper.web.translations import choose_language, load_translations
from chatpaper.web.viewer.addresses import PAPERS, find_arxiv_id, make_page_address
from chatpaper.web.viewer.error_view import render_error

_NOT_FOUND = 404


def find_language(request: Request) -> str:
    """Find the language of a visitor: the one read last, or what the browser asks for."""
    return choose_language(
        request.headers.get("accept-language", ""), request.headers.get("cookie", "")
    )


def add_error_pages(app: FastAPI) -> None:
    """Answer requests for what is not there by pages that people can read."""
    app.add_exception_handler(HTTPException, _show_error)
    app.add_exception_handler(RequestValidationError, _show_error)


async def _show_error(request: Request, error: Exception) -> HTMLResponse:
    # An address with a word in place of a number leads nowhere.
    status = error.status_code if isinstance(error, HTTPException) else _NOT_FOUND
    language = find_language(request)
    words = load_translations(language)
    key = request.url.path.removeprefix(PAPERS)
    arxiv_id = find_arxiv_id(key) if request.url.path.startswith(PAPERS) else None
    if arxiv_id is not None:
        page = render_error(
            words["no_summary"].format(paper=arxiv_id),
            words,
            make_page_address(language, tab="paper", reference=arxiv_id),
            words["no_summary_start"],
        )
    else:
        page = render_error(words["no_address" if status == _NOT_FOUND else "bad_request"], words)
    return HTMLResponse(page, status)
