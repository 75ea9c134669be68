"""The tab in which a paper is summarized and shown."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from chatpaper.domain.errors import ChatPaperError
from chatpaper.web.jobs.requests import parse_request
from chatpaper.web.state import AppState
from chatpaper.web.tabs.fields import (
    COLUMN_PIXELS,
    LATEX_DELIMITERS,
    add_paper_fields,
    add_start_button,
)
from chatpaper.web.tabs.paper_views import open_job, open_known_paper, render_paper
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import views
from chatpaper.web.viewer.addresses import make_paper_address
from chatpaper.web.visitor_errors import VisitorError

# How often the view of a job is renewed, the first time at once.
POLL_SECONDS = 0.2

# The fields of the form, in the order in which their values are handed to the handler.
_FORM_FIELDS = ("reference", "upload", "backend", "model", "api_key", "language", "formats")


@dataclass(frozen=True, slots=True)
class _Outputs:
    """The parts of the page that show a paper."""

    status: gr.HTML
    counts: gr.HTML
    summary: gr.Markdown
    figures: gr.Markdown
    reading: gr.Markdown
    download: gr.HTML
    frame: gr.HTML

    @property
    def all(self) -> list[Any]:
        """The parts in the order in which handlers fill them: the status, then the paper's."""
        return [
            self.status,
            self.counts,
            self.summary,
            self.figures,
            self.reading,
            self.download,
            self.frame,
        ]


# How many parts of the page below the status show a paper.
_PAPER_PARTS = 6


def add_paper_tab(
    state: AppState,
    language: str,
    words: Translations,
    page: gr.Blocks,
    job_number: gr.BrowserState,
) -> None:
    """Add the form, the buttons and the parts that show the paper.

    The browser remembers the `job_number` of what it asked for last.
    """
    with gr.Column(elem_classes=["ask"]):
        upload, reference = add_paper_fields(state, words)
        choices = _add_choices(state, words)
        with gr.Row():
            start = add_start_button(words["start"], page)
            cancel = gr.Button(words["cancel"], elem_classes=["cancel"])
    outputs = _add_outputs()
    handlers = _PaperHandlers(state, language, words)
    started = start.click(
        handlers.begin,
        [reference, upload, *choices],
        [job_number, outputs.status],
        api_visibility="private",
        show_progress="hidden",
    )
    started.then(
        handlers.follow,
        [job_number, outputs.status],
        outputs.all,
        api_visibility="private",
        show_progress="hidden",
    )
    cancel.click(state.queue.cancel, [job_number], None, api_visibility="private")
    page.load(
        _fill_reference,
        None,
        [reference],
        api_visibility="private",
        show_progress="hidden",
    )
    page.load(
        handlers.resume,
        [job_number],
        outputs.all,
        api_visibility="private",
        show_progress="hidden",
    )


def _fill_reference(request: gr.Request) -> Any:
    """Fill in the paper that the address of the page names."""
    return dict(request.query_params).get("reference", "")[:300] or gr.skip()


def _add_choices(state: AppState, words: Translations) -> Sequence[Any]:
    """Add the fields below the fold, in the order of `_FORM_FIELDS`."""
    known, settings = state.choices, state.settings
    with gr.Accordion(words["choices"], open=False):
        with gr.Row():
            backend = gr.Dropdown(
                list(known.backends), value=settings.llm.backend, label=words["backend"]
            )
            model = gr.Textbox(
                label=words["model"],
                value=settings.llm.model or "",
                placeholder=words["model_hint"],
                max_length=100,
            )
            key = gr.Textbox(
                label=words["api_key"], info=words["api_key_hint"], type="password", max_length=400
            )
        with gr.Row():
            target = gr.Dropdown(
                list(known.languages), value=settings.language, label=words["language"]
            )
            formats = gr.CheckboxGroup(
                list(known.formats), value=list(settings.run.formats), label=words["formats"]
            )
    return backend, model, key, target, formats


def _add_outputs() -> _Outputs:
    status = gr.HTML()
    with gr.Row():
        with gr.Column(scale=3, min_width=COLUMN_PIXELS):
            counts = gr.HTML()
            summary = gr.Markdown(latex_delimiters=LATEX_DELIMITERS, elem_classes=["summary"])
            figures = gr.Markdown(latex_delimiters=LATEX_DELIMITERS, elem_classes=["figures"])
            reading = gr.Markdown()
            download = gr.HTML()
        with gr.Column(scale=2, min_width=COLUMN_PIXELS, elem_classes=["evidence-column"]):
            frame = gr.HTML()
    return _Outputs(status, counts, summary, figures, reading, download, frame)


@dataclass(frozen=True, slots=True)
class _PaperHandlers:
    """What the buttons do, in one language of the page."""

    state: AppState
    language: str
    words: Translations

    def begin(self, request: gr.Request, *values: Any) -> tuple[str, str]:
        """Submit the form: the number of the job and its status, or no number and a message."""
        try:
            wanted = parse_request(
                dict(zip(_FORM_FIELDS, values, strict=True)),
                self.state.settings,
                self.state.choices,
            )
            job = self.state.queue.submit(wanted, self.state.identify(request))
        except ChatPaperError as error:
            return "", views.render_error(error, self.words)
        queue = self.state.queue
        return job.number, views.render_status(
            job.status, queue.count_ahead(job), queue.waiting, self.words
        )

    async def follow(self, number: str, message: str = "") -> AsyncIterator[list[Any]]:
        """Show a job until it is over; without a job, show the message."""
        if not number:
            yield [message or gr.skip(), *[gr.skip()] * _PAPER_PARTS]
            return
        async for shown in self._poll(number):
            yield shown

    async def resume(self, number: str, request: gr.Request) -> AsyncIterator[list[Any]]:
        """Show what the address names, or the job that this browser followed last."""
        query = dict(request.query_params)
        if "paper" in query:
            opening = f'<p role="status">{escape(self.words["opening"])}</p>'
            yield [opening, *[gr.skip()] * _PAPER_PARTS]
            yield await asyncio.to_thread(
                self._show_known, query["paper"], query.get("topic") or None
            )
            return
        job = self.state.queue.find(number) if number else None
        if job is None:
            message = f'<p role="status">{escape(self.words["gone"])}</p>' if number else gr.skip()
            yield [message, *[gr.skip()] * _PAPER_PARTS]
        elif job.status.state == "done":
            address = make_paper_address(job.request.key)
            yield [views.render_ready(address, self.words), *[gr.skip()] * _PAPER_PARTS]
        else:
            async for shown in self.follow(number):
                yield shown

    async def _poll(self, number: str) -> AsyncIterator[list[Any]]:
        """Yield the status of a job whenever it changes, at last with the paper."""
        queue, job = self.state.queue, self.state.queue.find(number)
        if job is None:
            return
        empty = [""] * _PAPER_PARTS
        before = ""
        while not job.over:
            now = views.render_status(job.status, queue.count_ahead(job), queue.waiting, self.words)
            if now != before:
                yield [now, *empty]
                before = now
            await asyncio.sleep(POLL_SECONDS)
        last = views.render_status(job.status, 0, 0, self.words)
        if job.status.state != "done":
            yield [last, *empty]
            return
        try:
            view = await asyncio.to_thread(open_job, self.state, job)
            parts = await asyncio.to_thread(
                render_paper, self.state, view, job.status.report, self.language, self.words
            )
            yield [last, *parts]
        except ChatPaperError as error:
            yield [views.render_error(error, self.words), *empty]

    def _show_known(self, key: str, topic: str | None) -> list[str]:
        view = open_known_paper(self.state, key, topic)
        if view is None:
            message = views.render_error(VisitorError("summary_gone"), self.words)
            return [message, *[""] * _PAPER_PARTS]
        return ["", *render_paper(self.state, view, None, self.language, self.words)]
