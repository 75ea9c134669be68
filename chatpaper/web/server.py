"""The server of the page: routes for what a paper consists of, the page in each language, and the
guard before both.
"""

import logging
import socket
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.resources import files
from urllib.parse import unquote

import gradio
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from chatpaper.app import container, publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.errors import ChatPaperError, ConfigError
from chatpaper.storage.store import Store
from chatpaper.web.access.connections import bounded_protocol
from chatpaper.web.access.guard import Guard, require_guard
from chatpaper.web.jobs.folders import page_settings
from chatpaper.web.jobs.job_queue import Desk, told
from chatpaper.web.jobs.uploads import Doorway, RefusedUploadError, page_counter
from chatpaper.web.page import Site, build_page, page_head
from chatpaper.web.translations import PAGE_LANGUAGES, load_words, preferred_language
from chatpaper.web.viewer.annotations import SIGNS, Mark
from chatpaper.web.viewer.viewer_cache import Shelf, ShownPaper

log = logging.getLogger(__name__)

# Of a paper that somebody reads nothing is kept by proxies.
_PRIVATE = {"Cache-Control": "private, max-age=3600"}
_TEMPLATES = Environment(
    loader=PackageLoader("chatpaper.web.viewer", "."), autoescape=True, undefined=StrictUndefined
)


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the page until interrupted; `say` is told its address once it is there.

    Raises ConfigError where the address cannot be had or would need a guard, RunLockedError while
    another page is served from the same state folder.
    """
    require_guard(settings.web)
    listening = _listen(settings.web.host, settings.web.port)
    own = page_settings(settings)
    with ExitStack() as stack:
        stack.callback(listening.close)
        stack.enter_context(hold_run_lock(own))
        for folder in (own.cache_dir, own.state_dir):
            clear_parts(folder)
        nights = stack.enter_context(Store(settings.state_dir))
        nights.search_index.rebuild()
        store = stack.enter_context(Store(own.state_dir))
        workers = stack.enter_context(container.build_extractor(own, own.extract.workers))
        arxiv = ArxivClients(own)
        arxiv.enable_cooldowns(store.cooldowns, own.arxiv.backoff_seconds)
        resources = container.SharedResources(store, workers)
        desk = Desk(own, arxiv, resources, nights)
        stack.callback(desk.close)
        shelf = Shelf(own, resources, arxiv, settings.cache_dir)
        counter = stack.enter_context(
            page_counter(own.extract.memory_megabytes * container.MEGABYTE)
        )
        doorway = Doorway(own, counter, lambda: desk.files)
        doorway.tidy()
        app = make_app(Site(own, desk, shelf, arxiv, resources, nights, doorway))
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=bounded_protocol(),
                ws="none",
                # Where no proxy is, anybody could say from where he comes.
                proxy_headers=bool(own.web.proxy_header),
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
                lifespan="on",
            )
        )
        host, port = listening.getsockname()[:2]
        say(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        server.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises ConfigError where another program has the port, or the host is none of ours.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        raise ConfigError(
            f"The page cannot be served at {host}:{port}: {error.strerror}. Choose another --port or --host."
        ) from error
    return listening


def make_app(site: Site) -> Guard:
    """The whole application."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/", choose_language)
    app.add_api_route("/uploads", partial(_upload, site), methods=["POST"])
    app.add_api_route(
        "/papers/{number}/evidence/{language}/{mark_number}", partial(_evidence, site)
    )
    app.add_api_route("/papers/{number}/pages/{mark_number}", partial(_page_image, site))
    app.add_api_route("/papers/{number}/figures/{place}", partial(_figure, site))
    app.add_api_route("/papers/{number}/archive.zip", partial(_archive, site))
    for language in PAGE_LANGUAGES:
        gradio.mount_gradio_app(
            app,
            build_page(site, language),
            path=f"/{language}",
            footer_links=[],
            show_error=False,
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            # Files come by a route of ours, see `_upload`.
            max_file_size=1,
            theme=page_theme(),
            css=files("chatpaper.web").joinpath("assets", "page.css").read_text(encoding="utf-8"),
            head=page_head(language),
        )
    return Guard(app, site.settings.web)


def page_theme() -> gradio.themes.Base:
    """Fonts of the visitor's own machine, and colours with enough contrast."""
    fonts = ("system-ui", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
    return gradio.themes.Default(
        font=fonts,
        font_mono=("ui-monospace", "Consolas", "monospace"),
        primary_hue="blue",
        neutral_hue="slate",
    ).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_700",
    )


def choose_language(request: Request) -> RedirectResponse:
    """The page in the language that the browser asks for."""
    return RedirectResponse(f"/{preferred_language(request.headers.get('accept-language', ''))}/")


async def _upload(site: Site, request: Request) -> JSONResponse:
    name = unquote(request.headers.get("x-file-name", ""))
    try:
        kept, pages = await site.doorway.admit(request.stream(), name, site.visitor(request))
    except RefusedUploadError as error:
        return JSONResponse({"error": told(error)}, status_code=400)
    return JSONResponse({"name": kept, "pages": pages})


def _evidence(
    site: Site, number: str, language: str, mark_number: int, at: int = 0
) -> HTMLResponse:
    shown, mark = _found(site, number, mark_number)
    if language not in PAGE_LANGUAGES:
        raise HTTPException(404)
    at = at % len(mark.places) if mark.places else 0
    page = _TEMPLATES.get_template("evidence.html.j2").render(
        words=load_words(language),
        mark=mark,
        sign=SIGNS[mark.kind],
        place=mark.places[at] if mark.places else None,
        at=at,
        count=len(mark.places),
        number=mark_number,
        has_page=bool(mark.places) and shown.pdf is not None,
    )
    return HTMLResponse(page)


def _page_image(site: Site, number: str, mark_number: int, at: int = 0) -> Response:
    shown, mark = _found(site, number, mark_number)
    try:
        image = site.shelf.page_image(shown, mark, at)
    except ChatPaperError as error:
        log.warning("%s", error)
        image = None
    if image is None:
        raise HTTPException(404)
    return Response(image.png, media_type="image/png", headers=_PRIVATE)


def _figure(site: Site, number: str, place: int) -> FileResponse:
    shown = _shown(site, number)
    listed = shown.entry.document.figures if shown.entry else ()
    path = site.shelf.figure_file(shown, listed[place].image) if 0 <= place < len(listed) else None
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="image/png", headers=_PRIVATE)


def _archive(site: Site, number: str) -> Response:
    shown = _shown(site, number)
    if shown.entry is None:
        raise HTTPException(404)
    style = publishing.load_post_style(
        site.settings.model_copy(update={"language": shown.entry.summary.language})
    )
    packed = site.shelf.archive(shown, style, sources.current_date(site.settings))
    headers = {"Content-Disposition": 'attachment; filename="chatpaper.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


def _shown(site: Site, number: str) -> ShownPaper:
    shown = site.shelf.get(number)
    if shown is None:
        raise HTTPException(404)
    return shown


def _found(site: Site, number: str, mark_number: int) -> tuple[ShownPaper, Mark]:
    shown = _shown(site, number)
    if not 0 <= mark_number < len(shown.marks):
        raise HTTPException(404)
    return shown, shown.marks[mark_number]
