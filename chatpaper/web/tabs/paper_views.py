"""A paper opened in the viewer, and the parts of the page that show it."""

from chatpaper.app import publishing, sources
from chatpaper.domain.errors import ConfigError
from chatpaper.fetch.paper_reference import PdfFile
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.web.jobs.job import Job
from chatpaper.web.state import AppState
from chatpaper.web.translations import Translations
from chatpaper.web.viewer import views
from chatpaper.web.viewer.archive_views import choose_answered_format
from chatpaper.web.viewer.viewer_cache import SummaryView
from chatpaper.write.formats import list_formats, load_format


def open_job(state: AppState, job: Job) -> SummaryView:
    """Open the paper of a job that is done. Raises ConfigError where its summary was deleted."""
    request = job.request
    entry = state.runner.find_entry(request.key)
    if entry is None:
        raise ConfigError("The summary is no longer kept: ask again.")
    formats = publishing.load_formats(request.apply_to(state.settings), request.formats)
    pdf = request.reference.path if isinstance(request.reference, PdfFile) else None
    return state.viewer.open_summary(entry, pdf, formats)


def open_archived_paper(state: AppState, topic: str | None, arxiv_id: str) -> SummaryView | None:
    """Open a paper of a nightly run in the first format whose fields it has, `daily` before others.

    Returns None where visitors may not see it, or no format can show it.
    """
    entry = state.nightly.entries.find(topic, arxiv_id) if state.is_visible(topic) else None
    if entry is None:
        return None
    own_folder = state.settings.post.formats_dir
    known = [load_format(name, own_folder) for name in list_formats(own_folder)]
    formats = choose_answered_format(entry, sorted(known, key=lambda each: each.name != "daily"))
    return state.viewer.open_summary(entry, None, formats) if formats else None


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
        f"<p>{views.render_counts(view, words)}</p>",
        "\n\n---\n\n".join(texts),
        views.render_figures(view, state.viewer.list_figures(view), words),
        views.render_reading(view, report, words),
        views.render_download(view, words),
        views.render_evidence_frame("", words),
    ]
