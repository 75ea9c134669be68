"""The server of the page: its routes, the page in each language, and access control before both."""

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
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ChatPaperError, ConfigError
from chatpaper.storage.store import Store
from chatpaper.web.access.connections import limit_connections
from chatpaper.web.access.middleware import AccessMiddleware, ensure_access_control
from chatpaper.web.access.visitors import LoginAttempts
from chatpaper.web.jobs.folders import make_page_settings
from chatpaper.web.jobs.job_queue import JobQueue
from chatpaper.web.jobs.job_runner import JobRunner
from chatpaper.web.jobs.messages import make_public_message
from chatpaper.web.jobs.uploads import RefusedUploadError, UploadStore, build_page_counter
from chatpaper.web.page import build_page, render_head
from chatpaper.web.state import AppState
from chatpaper.web.translations import PAGE_LANGUAGES, choose_language, load_translations
from chatpaper.web.viewer.annotations import SIGNS, ClaimAnnotation
from chatpaper.web.viewer.viewer_cache import PaperView, SummaryView, ViewerCache

log = logging.getLogger(__name__)

# Proxies keep nothing of a paper that somebody reads.
_PRIVATE = {"Cache-Control": "private, max-age=3600"}
_TEMPLATES = Environment(
    loader=PackageLoader("chatpaper.web.viewer", "."), autoescape=True, undefined=StrictUndefined
)


def serve(settings: Settings, announce: Callable[[str], None], clock: Clock = SYSTEM_CLOCK) -> None:
    """Serve the page until interrupted; `announce` gets its address once it can be reached.

    Raises ConfigError where the address cannot be used or needs access control, RunLockedError
    while another page is served from the same state folder.
    """
    ensure_access_control(settings.web)
    listening = _listen(settings.web.host, settings.web.port)
    with ExitStack() as stack:
        stack.callback(listening.close)
        state = _open_state(settings, clock, stack)
        server = uvicorn.Server(
            uvicorn.Config(
                make_app(state),
                http=limit_connections(),
                ws="none",
                # Without a proxy, anybody could claim to come from anywhere.
                proxy_headers=bool(settings.web.proxy_header),
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
                lifespan="on",
            )
        )
        host, port = listening.getsockname()[:2]
        announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        server.run(sockets=[listening])


def _open_state(settings: Settings, clock: Clock, stack: ExitStack) -> AppState:
    """Open databases and worker processes; `stack` closes them."""
    own = make_page_settings(settings)
    stack.enter_context(hold_run_lock(own))
    for folder in (own.cache_dir, own.state_dir):
        clear_parts(folder)
    nightly = stack.enter_context(Store(settings.state_dir))
    nightly.search_index.rebuild()
    store = stack.enter_context(Store(own.state_dir))
    workers = stack.enter_context(container.build_extractor(own, own.extract.workers))
    arxiv = ArxivClients(own, clock)
    arxiv.enable_cooldowns(store.cooldowns, own.arxiv.backoff_seconds)
    resources = container.SharedResources(store, workers)
    runner = JobRunner(own, arxiv, resources, nightly)
    queue = JobQueue(runner, own.web)
    stack.callback(queue.close)
    counter = stack.enter_context(
        build_page_counter(own.extract.memory_megabytes * container.MEGABYTE)
    )
    uploads = UploadStore(own, counter, lambda: queue.files, clock)
    uploads.prune()
    viewer = ViewerCache(own, resources, arxiv, settings.cache_dir, nightly.records)
    return AppState(own, queue, runner, viewer, arxiv, resources, nightly, uploads, clock)


def _listen(host: str, port: int) -> socket.socket:
    """Open a socket that listens.

    Raises ConfigError where another program has the port, or this machine has no such address.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        raise ConfigError(
            f"The page cannot be served at {host}:{port}: {error.strerror}. "
            "Choose another --port or --host."
        ) from error
    return listening


def make_app(state: AppState) -> AccessMiddleware:
    """Build the application: routes, the page in each language, and access control before them."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/", _redirect_to_language)
    app.add_api_route("/uploads", partial(_upload, state), methods=["POST"])
    paper = "/papers/{number}"
    app.add_api_route(f"{paper}/evidence/{{language}}/{{index}}", partial(_evidence, state))
    app.add_api_route(f"{paper}/pages/{{index}}", partial(_page_image, state))
    app.add_api_route(f"{paper}/figures/{{index}}", partial(_figure, state))
    app.add_api_route(f"{paper}/archive.zip", partial(_archive, state))
    for language in PAGE_LANGUAGES:
        gradio.mount_gradio_app(
            app,
            build_page(state, language),
            path=f"/{language}",
            footer_links=[],
            show_error=False,
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            # Files come by a route of our own, see `_upload`.
            max_file_size=1,
            theme=build_theme(),
            css=files("chatpaper.web").joinpath("assets", "page.css").read_text(encoding="utf-8"),
            head=render_head(language),
        )
    return AccessMiddleware(app, state.settings.web, LoginAttempts(state.clock))


def build_theme() -> gradio.themes.Base:
    """Build a theme of fonts that visitors have and of colours with enough contrast."""
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


def _redirect_to_language(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/{choose_language(request.headers.get('accept-language', ''))}/")


async def _upload(state: AppState, request: Request) -> JSONResponse:
    name = unquote(request.headers.get("x-file-name", ""))
    visitor = state.identify(request)
    try:
        saved, pages = await state.uploads.accept(request.stream(), name, visitor)
    except RefusedUploadError as error:
        return JSONResponse({"error": make_public_message(error)}, status_code=400)
    return JSONResponse({"name": saved, "pages": pages})


def _evidence(state: AppState, number: str, language: str, index: int, at: int = 0) -> HTMLResponse:
    view, annotation = _find_annotation(state, number, index)
    if language not in PAGE_LANGUAGES:
        raise HTTPException(404)
    at = at % len(annotation.places) if annotation.places else 0
    page = _TEMPLATES.get_template("evidence.html.j2").render(
        words=load_translations(language),
        annotation=annotation,
        sign=SIGNS[annotation.kind],
        place=annotation.places[at] if annotation.places else None,
        at=at,
        count=len(annotation.places),
        number=index,
        has_page=bool(annotation.places) and view.pdf is not None,
    )
    return HTMLResponse(page)


def _page_image(state: AppState, number: str, index: int, at: int = 0) -> Response:
    view, annotation = _find_annotation(state, number, index)
    try:
        image = state.viewer.render_page(view, annotation, at)
    except ChatPaperError as error:
        log.warning("%s", error)
        image = None
    if image is None:
        raise HTTPException(404)
    return Response(image.png, media_type="image/png", headers=_PRIVATE)


def _figure(state: AppState, number: str, index: int) -> FileResponse:
    path = state.viewer.find_figure_file(_find_view(state, number), index)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="image/png", headers=_PRIVATE)


def _archive(state: AppState, number: str) -> Response:
    view = _find_view(state, number)
    if not isinstance(view, SummaryView):
        raise HTTPException(404)
    style = publishing.load_post_style(
        state.settings.model_copy(update={"language": view.entry.summary.language})
    )
    packed = state.viewer.pack(view, style, sources.get_current_date(state.settings, state.clock))
    headers = {"Content-Disposition": 'attachment; filename="chatpaper.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


def _find_view(state: AppState, number: str) -> PaperView:
    view = state.viewer.find(number)
    if view is None:
        raise HTTPException(404)
    return view


def _find_annotation(state: AppState, number: str, index: int) -> tuple[PaperView, ClaimAnnotation]:
    view = _find_view(state, number)
    if not 0 <= index < len(view.annotations):
        raise HTTPException(404)
    return view, view.annotations[index]
