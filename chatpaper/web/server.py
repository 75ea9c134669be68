"""The server of the page: its routes, the page in each language, and access control before both."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from urllib.parse import unquote

import gradio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse

from chatpaper.app import container
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.domain.atomic_files import clear_parts
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.storage.store import Store
from chatpaper.web.access.connections import (
    build_http_server,
    describe_address,
    open_listening_socket,
)
from chatpaper.web.access.middleware import AccessMiddleware, ensure_access_control
from chatpaper.web.access.visitors import LoginAttempts
from chatpaper.web.api_routes import API_PATH, make_api
from chatpaper.web.assets import load_asset
from chatpaper.web.error_pages import add_error_pages, find_language
from chatpaper.web.jobs.folders import make_page_settings
from chatpaper.web.jobs.job_queue import JobQueue
from chatpaper.web.jobs.job_runner import JobRunner
from chatpaper.web.jobs.uploads import RefusedUploadError, UploadStore, build_page_counter
from chatpaper.web.mark_routes import MarkRoutes
from chatpaper.web.page import build_page, render_head
from chatpaper.web.paper_routes import PaperRoutes
from chatpaper.web.signed_marks import SignedMarks
from chatpaper.web.state import AppState
from chatpaper.web.translations import PAGE_LANGUAGES, load_translations
from chatpaper.web.viewer.addresses import make_page_address
from chatpaper.web.viewer.viewer_cache import ViewerCache


def serve(settings: Settings, announce: Callable[[str], None], clock: Clock = SYSTEM_CLOCK) -> None:
    """Serve the page until interrupted; `announce` gets its address once it can be reached.

    Raises ConfigError where the address cannot be used or needs access control, RunLockedError
    while another page is served from the same state folder.
    """
    ensure_access_control(settings.web)
    listening = open_listening_socket(settings.web.host, settings.web.port)
    with ExitStack() as stack:
        stack.callback(listening.close)
        state = _open_state(settings, clock, stack)
        app = SignedMarks(
            make_app(state), state.nightly, settings.state_dir, settings.profiles, clock
        )
        server = build_http_server(app, behind_proxy=bool(settings.web.proxy_header))
        announce(describe_address(listening, "/"))
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


def make_app(state: AppState) -> AccessMiddleware:
    """Build the application: routes, the page in each language, and access control before them."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/", _redirect_to_language)
    app.add_api_route("/uploads", partial(_upload, state), methods=["POST"])
    PaperRoutes(state).add_to(app)
    MarkRoutes(state).add_to(app)
    app.mount(API_PATH, make_api(state))
    add_error_pages(app)
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
            css=load_asset("proof.css") + load_asset("page.css"),
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
    return RedirectResponse(make_page_address(find_language(request)))


async def _upload(state: AppState, request: Request) -> JSONResponse:
    name = unquote(request.headers.get("x-file-name", ""))
    visitor = state.identify(request)
    try:
        saved, pages = await state.uploads.accept(request.stream(), name, visitor)
    except RefusedUploadError as error:
        words = load_translations(find_language(request))
        return JSONResponse({"error": error.translate(words)}, status_code=400)
    return JSONResponse({"name": saved, "pages": pages})
