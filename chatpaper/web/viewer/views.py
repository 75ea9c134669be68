"""What the page shows of a job and its paper, as Markdown and HTML.

All text from outside is escaped here or by the templates.
"""

from collections.abc import Sequence
from html import escape

from chatpaper.domain import Coverage, Figure
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.web.jobs.job import JobStatus
from chatpaper.web.jobs.messages import describe_error
from chatpaper.web.numbers import format_amount, format_count, format_duration, format_money
from chatpaper.web.translations import Translations, get_language
from chatpaper.web.viewer.addresses import make_page_address, make_paper_address
from chatpaper.web.viewer.annotations import SIGNS, ClaimAnnotation, EvidenceLinks
from chatpaper.web.viewer.last_night import describe_paper
from chatpaper.web.viewer.mark_view import render_mark_buttons
from chatpaper.web.viewer.viewer_cache import PaperView, SummaryView
from chatpaper.web.visitor_errors import VisitorError
from chatpaper.write.formats import load_labels
from chatpaper.write.markup.markdown import escape_markdown
from chatpaper.write.views.display import display_entry, translate_label

# What is still under way, in the order in which it comes.
_STEPS = ("find", "fetch", "extract", "summarize", "check", "write")


def render_status(status: JobStatus, ahead: int, waiting: int, words: Translations) -> str:
    """Render how far a job is, as HTML that screen readers announce."""
    if status.state == "waiting":
        text = words["waiting"] if ahead else words["waiting_first"]
        told = f"{text} {words['queue']}".format(
            ahead=format_count(ahead), waiting=format_count(waiting)
        )
        return _render_progress(told, 0, under_way=True)
    if status.state in ("working", "cancelling"):
        step = status.step or "find"
        text = words["cancelling" if status.state == "cancelling" else f"step_{step}"].format(
            calls=format_count(status.calls),
            pages=format_count(status.pages),
            sections=format_count(status.sections),
            figures=format_count(status.figures),
        )
        return _render_progress(f"{text} …", 1 + _STEPS.index(step), under_way=True)
    if status.state == "done":
        return _render_progress(words["done"], len(_STEPS))
    if status.state == "cancelled":
        return _render_progress(words["cancelled"], 0)
    return render_error(status.error or VisitorError("summary_gone"), words)


def render_ready(address: str, words: Translations) -> str:
    """Render that a paper is done, with a link to it, as HTML."""
    link = f'<a href="{escape(address)}">{escape(words["ready_open"])}</a>'
    return f'<p role="status">{escape(words["ready"])} {link}</p>'


def render_error(error: Exception, words: Translations) -> str:
    """Render what went wrong and what to do, as HTML; the details can be unfolded."""
    message = describe_error(error, words)
    details = (
        f"<details><summary>{escape(words['error_details'])}</summary>"
        f'<p lang="en">{escape(message.details)}</p></details>'
        if message.details
        else ""
    )
    return f'<div class="fault" role="alert"><p>{escape(message.text)}</p>{details}</div>'


def _render_progress(text: str, step: int, *, under_way: bool = False) -> str:
    bar = (
        f'<progress max="{len(_STEPS)}" value="{step}" aria-hidden="true"></progress>'
        if step > 0
        else ""
    )
    # While there is something to cancel, the style sheet shows the button for it.
    kind = ' class="under-way"' if under_way else ""
    return f'<p role="status" aria-live="polite"{kind}>{bar} {escape(text)}</p>'


def make_evidence_links(view: PaperView, language: str, words: Translations) -> EvidenceLinks:
    """Return the links to the evidence of a view, in a language of the page."""
    return EvidenceLinks(
        view.evidence_url(language), {kind: words[f"mark_{kind}"] for kind in SIGNS}
    )


def render_opening(view: SummaryView, words: Translations, profiles: Sequence[str] = ()) -> str:
    """Render what stands before a summary: the way back, and what its marks say in sum.

    The script of the page takes the address and the title of the paper from it.
    """
    language = get_language(words)
    paper = describe_paper(view.entry)
    title = paper.choose_title(language)
    translated = f"<p><strong>{escape(title)}</strong></p>" if title != paper.title else ""
    return (
        f'<div class="opened" data-address="{escape(make_paper_address(paper.arxiv_id))}" '
        f'data-title="{escape(title)} · chatpaper">'
        f'<p class="back"><a href="{make_page_address(language)}">‹ {escape(words["back"])}</a></p>'
        f"{translated}<p>{render_counts(view, words)}</p>"
        f"{render_mark_buttons(paper.arxiv_id, profiles, words)}</div>"
    )


def render_counts(view: PaperView, words: Translations) -> str:
    """Render the number of annotations of each kind, and what they mean, as HTML."""
    if isinstance(view, SummaryView) and not view.summary.is_checked:
        return escape(words["unchecked"])
    counts = {kind: format_count(view.count(kind)) for kind in SIGNS}
    return (
        f"{escape(words['marks'].format(**counts))} "
        f'<span class="legend">{escape(words["evidence_hint"])}</span>'
    )


def render_figures(view: SummaryView, embedded: Sequence[Figure], words: Translations) -> str:
    """Render figures with their captions, as Markdown, so that formulas in captions work."""
    if not embedded:
        return ""
    parts = [f"### {words['figures']}"]
    labels = load_labels(view.entry.summary.language)
    for number, figure in enumerate(display_entry(view.entry).document.figures):
        if figure.image in {each.image for each in embedded}:
            alt = escape(f"{figure.label}", quote=True)
            parts.append(
                f'<img src="/papers/{view.number}/figures/{number}" alt="{alt}" loading="lazy">'
            )
            label = escape_markdown(translate_label(figure.label, labels))
            parts.append(f"**{label}** {escape_markdown(figure.caption)}".rstrip())
    return "\n\n".join(parts)


def render_reading(view: SummaryView, report: PaperReport | None, words: Translations) -> str:
    """Render what the model was given, what it cost and the warnings, as Markdown."""
    summary = view.entry.summary
    lines = [
        f"### {words['coverage']}",
        *_render_coverage(summary.coverage, words),
        f"- **{words['tokens']}**{words['colon']}{_render_usage(view, words)}",
    ]
    if report is not None and report.seconds:
        seconds = format_duration(report.seconds, get_language(words))
        lines.append(f"- **{words['duration']}**{words['colon']}{seconds}")
    remarks = [*view.entry.document.warnings, *(report.warnings if report else summary.warnings)]
    if remarks:
        lines.append(
            f"- **{words['warnings']}**{words['colon']}"
            + "; ".join(map(escape_markdown, dict.fromkeys(remarks)))
        )
    return "\n".join([lines[0], "", *lines[1:]])


def _render_coverage(coverage: Coverage, words: Translations) -> list[str]:
    def line(label: str, sections: Sequence[str], characters: int) -> str:
        named = words["comma"].join(map(escape_markdown, sections)) or words["nothing"]
        amount = words["characters"].format(characters=format_amount(characters, language))
        return f"- **{words[label]}**{amount}{words['colon']}{named}"

    language = get_language(words)

    left_out = (
        *coverage.sections_left_out,
        *coverage.sections_shortened,
        *coverage.tables_left_out,
    )
    return [
        line("sections_read", coverage.sections_read, coverage.characters_read),
        line("sections_left_out", left_out, coverage.characters_left_out),
    ]


def _render_usage(view: SummaryView, words: Translations) -> str:
    summary, language = view.entry.summary, get_language(words)
    cost = summary.cost_usd
    return words["tokens_line"].format(
        calls=format_count(summary.llm_calls),
        input=format_amount(summary.input_tokens, language),
        output=format_amount(summary.output_tokens, language),
        cost=words["cost_unknown"] if cost is None else format_money(cost, language),
        model=escape_markdown(f"{summary.backend}, {summary.model}"),
    )


def render_download(view: SummaryView, words: Translations) -> str:
    """Render a link to the ZIP file, as HTML."""
    address = f"/papers/{view.number}/archive.zip"
    return f'<p><a class="download" href="{address}" download>{escape(words["download"])}</a></p>'


def render_evidence_frame(url: str, words: Translations) -> str:
    """Render the frame for evidence, as HTML; `url` is empty until an annotation is chosen."""
    source = f' src="{escape(url, quote=True)}"' if url else ""
    return (
        f"<h3>{escape(words['evidence'])}</h3>"
        f'<p class="legend">{escape(words["evidence_hint"])}</p>'
        f'<iframe class="evidence" title="{escape(words["evidence"], quote=True)}"'
        f"{source}></iframe>"
    )


def render_claims(
    annotations: Sequence[ClaimAnnotation], links: EvidenceLinks, words: Translations
) -> str:
    """Render the claims of a text by line, as Markdown with links to their evidence."""
    if not annotations:
        return words["nothing_found"]
    return "\n".join(
        f"- {words['line'].format(line=format_count(annotation.claim.line))} "
        f"[{_escape_label(annotation.claim.value)}"
        f"{links.render_sign(annotation.kind)}]({links.locate(number, annotation.kind)})"
        f'<span aria-hidden="true"> {escape(links.labels[annotation.kind])}</span>'
        for number, annotation in enumerate(annotations)
    )


def _escape_label(text: str) -> str:
    return escape_markdown(text).replace("[", "&#91;").replace("]", "&#93;")
