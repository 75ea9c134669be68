"""A paper opened in the viewer, and the parts of the page that show it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from chatpaper.app import publishing, sources
from chatpaper.domain import PostEntry
from chatpaper.fetch.paper_reference import PdfFile
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.web.jobs.folders import locate_uploads
from chatpaper.web.jobs.job import Job
from chatpaper.web.jobs.uploads import find_upload
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import views
from chatpaper.web.viewer.archive_views import choose_answered_format
from chatpaper.web.viewer.viewer_cache import SummaryView
from chatpaper.web.visitor_errors import VisitorError
from chatpaper.write.formats import list_formats, load_format

# What stands quoted before anything else.
_NOTICE = re.compile(r"\s*(?:>.*\n)+")


def open_job(state: AppState, job: Job) -> SummaryView:
    """Open the paper of a job that is done. Raises VisitorError where its summary was deleted."""
    request = job.request
    entry = state.runner.find_entry(request.key)
    if entry is None:
        raise VisitorError("summary_gone")
    formats = publishing.load_formats(request.apply_to(state.settings), request.formats)
    pdf = request.reference.path if isinstance(request.reference, PdfFile) else None
    return state.viewer.open_summary(entry, pdf, formats)


def find_known_entry(state: AppState, key: str, topic: str | None = None) -> PostEntry | None:
    """Return a paper that visitors may see: as a night published it, else as visitors have it.

    Of several topics, that of `topic` comes first.
    """
    of_nights = [
        each for each in state.nightly.entries.of_paper(key) if state.is_visible(each.topic)
    ]
    of_nights.sort(key=lambda each: each.topic != topic)
    return of_nights[0].entry if of_nights else state.runner.find_entry(key)


def open_known_paper(state: AppState, key: str, topic: str | None) -> SummaryView | None:
    """Open a paper in the first format whose fields it has, `daily` before others.

    Returns None where visitors may not see it, or no format can show it.
    """
    entry = find_known_entry(state, key, topic)
    if entry is None:
        return None
    own_folder = state.settings.post.formats_dir
    known = [load_format(name, own_folder) for name in list_formats(own_folder)]
    formats = choose_answered_format(entry, sorted(known, key=lambda each: each.name != "daily"))
    return state.viewer.open_summary(entry, _find_pdf(state, key), formats) if formats else None


def _find_pdf(state: AppState, key: str) -> Path | None:
    """Return the PDF that a visitor brought, while it is kept."""
    try:
        return find_upload(f"{key}.pdf", locate_uploads(state.settings))
    except VisitorError:
        return None


def render_paper(
    state: AppState,
    view: SummaryView,
    report: PaperReport | None,
    language: str,
    words: Translations,
) -> list[str]:
    """Render a paper for the parts of the page below the status, in their order."""
    settings = state.settings.model_copy(update={"language": view.entry.summary.language})
    style = publishing.load_post_style(settings)
    day = sources.get_current_date(settings, state.clock)
    links = views.make_evidence_links(view, language, words)
    texts = [view.summary.to_markdown(each, style, day, links) for each in view.formats]
    return [
        views.render_opening(view, words, tuple(settings.profiles)),
        "\n\n---\n\n".join(start_with_paper(text, day, style.labels) for text in texts),
        views.render_figures(view, state.viewer.list_figures(view), words),
        views.render_reading(view, report, words),
        views.render_download(view, words),
        views.render_evidence_frame("", words),
    ]


def start_with_paper(text: str, day: date, labels: Mapping[str, str]) -> str:
    """Move the notice of a post to its end, and leave out its date, which a page does not have."""
    text = re.sub(rf"^# {day.isoformat()}\b.*\n", "", text, count=1, flags=re.MULTILINE)
    notice = _NOTICE.match(text)
    if notice is None:
        return text
    moved = notice[0].strip().replace(labels["notice_below"], labels["notice_above"], 1)
    return f"{text[notice.end() :].strip()}\n\n{moved}"
