"""The tab in which any text about a paper is checked against the paper."""

from dataclasses import dataclass

import gradio as gr

from chatpaper.app.paper_lookup import load_document, resolve_paper
from chatpaper.domain.errors import ChatPaperError
from chatpaper.summarize.verify.examiner import verify_text
from chatpaper.summarize.verify.verifier import Verifier
from chatpaper.web.jobs.requests import parse_paper
from chatpaper.web.state import AppState
from chatpaper.web.tabs.fields import COLUMN_PIXELS, add_paper_fields, add_start_button
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import views
from chatpaper.web.viewer.annotations import annotate_text
from chatpaper.web.viewer.viewer_cache import PaperView
from chatpaper.web.visitor_errors import VisitorError

MAX_CHECKED_CHARACTERS = 200_000


def add_check_tab(state: AppState, language: str, words: Translations, page: gr.Blocks) -> None:
    """Add the fields for a paper and a text, and the parts that show the claims of the text."""
    upload, reference = add_paper_fields(state, words)
    text = gr.Textbox(
        label=words["check_text"],
        info=words["check_hint"],
        lines=8,
        max_length=MAX_CHECKED_CHARACTERS,
    )
    start = add_start_button(words["check_start"], page)
    status = gr.HTML()
    with gr.Row():
        with gr.Column(scale=3, min_width=COLUMN_PIXELS):
            claims = gr.Markdown(elem_classes=["summary"])
        with gr.Column(scale=2, min_width=COLUMN_PIXELS, elem_classes=["evidence-column"]):
            frame = gr.HTML()
    start.click(
        _CheckHandler(state, language, words).check,
        [reference, upload, text],
        [status, claims, frame],
        api_visibility="private",
        concurrency_limit=state.settings.web.concurrency,
    )


def open_check(state: AppState, named: str, uploaded: str, text: str) -> PaperView:
    """Check a text against a paper, and open its claims in the viewer. Raises ChatPaperError."""
    reference = parse_paper(named or "", uploaded or "", state.settings)
    candidate = resolve_paper(reference, state.arxiv)
    reading = load_document(candidate, state.settings, state.arxiv, state.resources.workers)
    claims = verify_text(text[:MAX_CHECKED_CHARACTERS], reading.document, reading.paper)
    annotations = annotate_text(claims, Verifier(reading.document, reading.paper))
    pdf = candidate.pdf
    if pdf is None and reading.abstract_only is None:
        pdf = state.arxiv.fetch_pdf(candidate.paper)
    return state.viewer.open_check(annotations, pdf, reading.paper)


@dataclass(frozen=True, slots=True)
class _CheckHandler:
    """What the button does, in one language of the page."""

    state: AppState
    language: str
    words: Translations

    def check(
        self, request: gr.Request, named: str, uploaded: str, text: str
    ) -> tuple[str, str, str]:
        """Return the status, the claims and the empty frame for their evidence."""
        visitor = self.state.identify(request)
        if visitor in self.state.checking:
            return views.render_error(VisitorError("check_busy"), self.words), "", ""
        self.state.checking.add(visitor)
        try:
            view = open_check(self.state, named, uploaded, text)
        except ChatPaperError as error:
            return views.render_error(error, self.words), "", ""
        finally:
            self.state.checking.discard(visitor)
        links = views.make_evidence_links(view, self.language, self.words)
        status = f'<p role="status">{views.render_counts(view, self.words)}</p>'
        claims = views.render_claims(view.annotations, links, self.words)
        return status, claims, views.render_evidence_frame("", self.words)
