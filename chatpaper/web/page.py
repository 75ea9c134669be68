"""The page itself, in one language: its fields, and what happens when somebody uses them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import Any

import gradio as gr

from chatpaper.app import container, publishing, sources
from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.paper_lookup import look_up, read_candidate
from chatpaper.app.settings import Settings
from chatpaper.domain.errors import ChatPaperError, ConfigError
from chatpaper.fetch.paper_reference import PdfFile
from chatpaper.storage.store import Store
from chatpaper.summarize.verify.verifier import Verifier, verify_text
from chatpaper.web.access.guard import is_private
from chatpaper.web.access.visitors import visitor_of
from chatpaper.web.jobs.job_queue import Desk, Ticket, told
from chatpaper.web.jobs.requests import (
    Choices,
    backend_names,
    reference_of,
    wish_of,
)
from chatpaper.web.jobs.uploads import Doorway
from chatpaper.web.translations import PAGE_LANGUAGES, Words, load_words
from chatpaper.web.viewer import search_page, views
from chatpaper.web.viewer.annotations import marks_of_text
from chatpaper.web.viewer.viewer_cache import Shelf, ShownPaper
from chatpaper.write.formats import format_names, label_languages, load_format

# How often a visitor's view of his paper is renewed: the first time at once.
LOOK_SECONDS = 0.2
MAX_CHECKED_CHARACTERS = 200_000
# Two columns stand beside each other on a desk, and below each other on a phone, whose 360 pixels
# have margins.
_COLUMN_PIXELS = 280
DELIMITERS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


@dataclass(frozen=True, slots=True)
class Site:
    """What stands behind the page: `settings` are its own, `nights` is the database of the nightly
    runs.
    """

    settings: Settings
    desk: Desk
    shelf: Shelf
    arxiv: ArxivClients
    resources: container.SharedResources
    nights: Store
    doorway: Doorway
    # The visitors whose texts are being checked, one at a time of each.
    checking: set[str] = field(default_factory=set)

    def visitor(self, request: Any) -> str:
        """By what the visitor who asks is told from others; `request` is one of Starlette or
        Gradio.
        """
        header = self.settings.web.proxy_header
        return visitor_of(
            request.client.host if request.client else "",
            request.headers.get(header, "") if header else "",
        )

    def shows(self, topic: str | None) -> bool:
        """Whether visitors see the papers of a topic; those that the owner named one by one are his
        alone.
        """
        return topic is not None or is_private(self.settings.web)

    @property
    def choices(self) -> Choices:
        """What visitors can choose."""
        return Choices(
            backend_names(), label_languages(), format_names(self.settings.post.formats_dir)
        )


def page_head(language: str) -> str:
    """What the head of the page has besides Gradio's own."""
    script = files("chatpaper.web").joinpath("assets", "page.js").read_text(encoding="utf-8")
    tag = json.dumps(load_words(language)["language_tag"])
    return f"<script>window.pageLanguage = {tag};\n{script}</script>"


def build_page(site: Site, language: str) -> gr.Blocks:
    """The page in one of its languages."""
    words = load_words(language)
    page: gr.Blocks = gr.Blocks(title=words["title"], analytics_enabled=False)
    with page:
        (other,) = [each for each in PAGE_LANGUAGES if each != language]
        gr.HTML(
            f"<h1>{escape(words['title'])}</h1><p>{escape(words['lead'])}</p>"
            f'<p class="language"><a href="/{other}/">{escape(words["other_language"])}</a></p>'
        )
        with gr.Tabs():
            with gr.Tab(words["tab_paper"], id="paper"):
                _paper_tab(site, language, words, page)
            with gr.Tab(words["tab_check"], id="check"):
                _check_tab(site, language, words, page)
            with gr.Tab(words["tab_archive"], id="archive") as tab:
                _archive_tab(site, words, tab)
    page.queue(default_concurrency_limit=None, api_open=False)
    return page


def _upload(site: Site, words: Words) -> gr.HTML:
    """A field for a file that goes to a route of ours: Gradio's own would tell where on this
    machine it is kept.
    """
    web = site.settings.web
    hint = words["upload_hint"].format(megabytes=web.max_upload_megabytes, pages=web.max_pages)
    told_words = {name: words[name] for name in ("upload_busy", "upload_done", "upload_failed")}
    return gr.HTML(
        value="",
        html_template=(
            f'<div class="upload"><label><strong>{escape(words["upload"])}</strong> {escape(hint)}'
            '<input type="file" accept="application/pdf,.pdf"></label>'
            '<p class="said" role="status" aria-live="polite"></p>'
            f'<button type="button" hidden>{escape(words["upload_remove"])}</button></div>'
        ),
        js_on_load=files("chatpaper.web")
        .joinpath("assets", "upload.js")
        .read_text(encoding="utf-8"),
        words=told_words,
    )


def _paper_fields(site: Site, words: Words) -> tuple[gr.HTML, gr.Textbox]:
    """The two ways to name a paper, beside each other where there is room for both."""
    with gr.Row():
        with gr.Column(min_width=_COLUMN_PIXELS):
            upload = _upload(site, words)
        with gr.Column(min_width=_COLUMN_PIXELS):
            reference = gr.Textbox(
                label=words["reference"], placeholder=words["reference_hint"], max_length=300
            )
    return upload, reference


def _start_button(label: str, page: gr.Blocks) -> gr.Button:
    """A button that can be pressed once the page listens: what is pressed before would be lost."""
    button = gr.Button(label, variant="primary", interactive=False)
    page.load(
        lambda: gr.Button(interactive=True),
        None,
        [button],
        api_visibility="private",
        show_progress="hidden",
    )
    return button


@dataclass(frozen=True, slots=True)
class _Outputs:
    """The parts of the page in which a paper is shown, in the order in which handlers give them."""

    status: gr.HTML
    marks: gr.HTML
    summary: gr.Markdown
    figures: gr.Markdown
    reading: gr.Markdown
    download: gr.HTML
    frame: gr.HTML

    @property
    def all(self) -> list[Any]:
        """In their order."""
        return [
            self.status,
            self.marks,
            self.summary,
            self.figures,
            self.reading,
            self.download,
            self.frame,
        ]


def _outputs() -> _Outputs:
    status = gr.HTML()
    with gr.Row():
        with gr.Column(scale=3, min_width=_COLUMN_PIXELS):
            marks = gr.HTML()
            summary = gr.Markdown(latex_delimiters=DELIMITERS, elem_classes=["summary"])
            figures = gr.Markdown(latex_delimiters=DELIMITERS, elem_classes=["figures"])
            reading = gr.Markdown()
            download = gr.HTML()
        with gr.Column(scale=2, min_width=_COLUMN_PIXELS, elem_classes=["evidence-column"]):
            frame = gr.HTML()
    return _Outputs(status, marks, summary, figures, reading, download, frame)


def _paper_tab(site: Site, language: str, words: Words, page: gr.Blocks) -> None:
    known, settings = site.choices, site.settings
    upload, reference = _paper_fields(site, words)
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
    with gr.Row():
        start = _start_button(words["start"], page)
        cancel = gr.Button(words["cancel"])
    outputs = _outputs()
    ticket_number = gr.BrowserState("", storage_key=f"chatpaper-{language}", secret="chatpaper")

    def begin(request: gr.Request, *values: Any) -> tuple[str, str]:
        names = ("reference", "upload", "backend", "model", "api_key", "language", "formats")
        try:
            wish = wish_of(dict(zip(names, values, strict=True)), settings, known)
            ticket = site.desk.submit(wish, site.visitor(request))
        except ChatPaperError as error:
            return "", views.fault(told(error), words)
        return ticket.number, views.status(
            ticket.standing, site.desk.ahead_of(ticket), site.desk.waiting, words
        )

    async def follow(number: str, said: str = "") -> AsyncIterator[list[Any]]:
        if not number:
            yield [said or gr.skip(), *[gr.skip()] * 6]
            return
        async for shown in _followed(site, number, language, words):
            yield shown

    async def resume(number: str, request: gr.Request) -> AsyncIterator[list[Any]]:
        asked = dict(request.query_params)
        if "paper" in asked:
            yield await asyncio.to_thread(
                _of_archive, site, asked.get("topic") or None, asked["paper"], language, words
            )
            return
        if number and site.desk.ticket(number) is None:
            yield [f'<p role="status">{escape(words["gone"])}</p>', *[gr.skip()] * 6]
            return
        async for shown in follow(number):
            yield shown

    fields = [reference, upload, backend, model, key, target, formats]
    started = start.click(
        begin,
        fields,
        [ticket_number, outputs.status],
        api_visibility="private",
        show_progress="hidden",
    )
    started.then(
        follow,
        [ticket_number, outputs.status],
        outputs.all,
        api_visibility="private",
        show_progress="hidden",
    )
    cancel.click(site.desk.cancel, [ticket_number], None, api_visibility="private")
    page.load(
        resume, [ticket_number], outputs.all, api_visibility="private", show_progress="hidden"
    )


async def _followed(
    site: Site, number: str, language: str, words: Words
) -> AsyncIterator[list[Any]]:
    """What is seen of a ticket until it is over: how far it is, then the paper."""
    ticket = site.desk.ticket(number)
    if ticket is None:
        return
    empty = ["", "", "", "", "", ""]
    before = ""
    while not ticket.over:
        now = views.status(ticket.standing, site.desk.ahead_of(ticket), site.desk.waiting, words)
        if now != before:
            yield [now, *empty]
            before = now
        await asyncio.sleep(LOOK_SECONDS)
    last = views.status(ticket.standing, 0, 0, words)
    if ticket.standing.state != "done":
        yield [last, *empty]
        return
    try:
        shown = await asyncio.to_thread(_put_on_shelf, site, ticket)
        yield [last, *await asyncio.to_thread(_paper_views, site, shown, ticket, language, words)]
    except ChatPaperError as error:
        yield [views.fault(told(error), words), *empty]


def _put_on_shelf(site: Site, ticket: Ticket) -> ShownPaper:
    entry = site.desk.entry(ticket.wish.key)
    if entry is None:
        raise ConfigError("The summary is no longer kept: ask again.")
    chosen = publishing.load_formats(ticket.wish.settings(site.settings), ticket.wish.formats)
    pdf = ticket.wish.reference.path if isinstance(ticket.wish.reference, PdfFile) else None
    return site.shelf.show(entry, pdf, chosen)


def _of_archive(
    site: Site, topic: str | None, arxiv_id: str, language: str, words: Words
) -> list[str]:
    """What the parts of the page show of a paper that a night wrote about."""
    entry = site.nights.entries.find(topic, arxiv_id) if site.shows(topic) else None
    names = format_names(site.settings.post.formats_dir)
    known = [load_format(name, site.settings.post.formats_dir) for name in names]
    formats = (
        search_page.formats_answered(entry, sorted(known, key=lambda each: each.name != "daily"))
        if entry
        else ()
    )
    if entry is None or not formats:
        return [views.fault(words["nothing_found"], words), *[""] * 6]
    shown = site.shelf.show(entry, None, formats)
    return ["", *_paper_views(site, shown, None, language, words)]


def _paper_views(
    site: Site, shown: ShownPaper, ticket: Ticket | None, language: str, words: Words
) -> list[str]:
    """What the parts of the page below the status show of a paper."""
    assert shown.entry is not None
    assert shown.summary is not None
    settings = site.settings.model_copy(update={"language": shown.entry.summary.language})
    style = publishing.load_post_style(settings)
    day = sources.current_date(settings)
    texts = [
        shown.summary.markdown(each, style, day, shown.evidence_url(language))
        for each in shown.formats
    ]
    report = ticket.standing.report if ticket else None
    return [
        f"<p>{views.marks_line(shown, words)}</p>",
        "\n\n---\n\n".join(texts),
        views.figures(shown, site.shelf.figures(shown), words),
        views.reading(shown, report, words),
        views.download(shown, words),
        views.evidence_frame("", words),
    ]


def _check_tab(site: Site, language: str, words: Words, page: gr.Blocks) -> None:
    upload, reference = _paper_fields(site, words)
    text = gr.Textbox(
        label=words["check_text"],
        info=words["check_hint"],
        lines=8,
        max_length=MAX_CHECKED_CHARACTERS,
    )
    start = _start_button(words["check_start"], page)
    status = gr.HTML()
    with gr.Row():
        with gr.Column(scale=3, min_width=_COLUMN_PIXELS):
            claims = gr.Markdown(elem_classes=["summary"])
        with gr.Column(scale=2, min_width=_COLUMN_PIXELS, elem_classes=["evidence-column"]):
            frame = gr.HTML()

    def check(request: gr.Request, named: str, uploaded: str, given: str) -> tuple[str, str, str]:
        visitor = site.visitor(request)
        if visitor in site.checking:
            return views.fault(words["check_busy"], words), "", ""
        site.checking.add(visitor)
        try:
            shown = checked(site, named, uploaded, given)
        except ChatPaperError as error:
            return views.fault(told(error), words), "", ""
        finally:
            site.checking.discard(visitor)
        url = shown.evidence_url(language)
        line = f'<p role="status">{views.marks_line(shown, words)}</p>'
        return line, views.checked_text(shown.marks, url, words), views.evidence_frame("", words)

    start.click(
        check,
        [reference, upload, text],
        [status, claims, frame],
        api_visibility="private",
        concurrency_limit=site.settings.web.concurrency,
    )


def _archive_tab(site: Site, words: Words, tab: gr.Tab) -> None:
    nights = site.nights
    with gr.Row():
        wanted = gr.Textbox(label=words["search"], max_length=200, scale=3)
        topic = gr.Dropdown([words["all_topics"]], value=words["all_topics"], label=words["topic"])
        since = gr.Textbox(label=words["since"], max_length=10)
        until = gr.Textbox(label=words["until"], max_length=10)
    start = gr.Button(words["find"], variant="primary")
    results = gr.HTML()
    charts = gr.HTML()

    def find(text: str, of: str, first: str, last: str) -> str:
        try:
            single = {words["single_papers"]: None}
            chosen = () if of == words["all_topics"] else (single.get(of, of),)
            days = (search_page.day_of(first or "", words), search_page.day_of(last or "", words))
            hits = nights.search_index.search(text or "", chosen, *days)
            return search_page.found([hit for hit in hits if site.shows(hit.topic)], words)
        except ChatPaperError as error:
            return views.fault(told(error), words)

    def look() -> tuple[Any, str, str]:
        catalogue = nights.search_index
        names = [name or words["single_papers"] for name in catalogue.topics() if site.shows(name)]
        drawn = search_page.papers_chart(
            [each for each in catalogue.papers_by_day() if site.shows(each.topic)], words
        )
        used = search_page.usage_charts((nights.usage, site.resources.store.usage), words)
        return (
            gr.Dropdown([words["all_topics"], *names]),
            drawn + used,
            find("", words["all_topics"], "", ""),
        )

    fields = [wanted, topic, since, until]
    gr.on([start.click, wanted.submit], find, fields, [results], api_visibility="private")
    tab.select(look, None, [topic, charts, results], api_visibility="private")


def checked(site: Site, named: str, uploaded: str, text: str) -> ShownPaper:
    """The claims of a text about a paper, on the shelf. Raises ChatPaperError."""
    reference = reference_of(named or "", uploaded or "", site.settings)
    candidate = look_up(reference, site.arxiv)
    reading = read_candidate(candidate, site.settings, site.arxiv, site.resources.workers)
    given = text[:MAX_CHECKED_CHARACTERS]
    claims = verify_text(given, reading.document, reading.paper)
    marks = marks_of_text(claims, Verifier(reading.document, reading.paper))
    pdf = candidate.pdf if candidate.pdf is not None else None
    if pdf is None and reading.abstract_only is None:
        pdf = site.arxiv.fetch_pdf(candidate.paper)
    return site.shelf.show_check(marks, pdf, reading.paper)
