"""What the page shows of a paper, as Markdown and HTML; all text from outside is made safe here or
by the templates.
"""

from collections.abc import Sequence
from html import escape

from chatpaper.domain import Coverage, Figure
from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.web.jobs.job_queue import Standing
from chatpaper.web.translations import Words
from chatpaper.web.viewer.annotations import SIGNS, Mark
from chatpaper.web.viewer.viewer_cache import ShownPaper
from chatpaper.write.display import shown_entry
from chatpaper.write.markup.markdown import plain

# What is still under way, in the order in which it comes.
_STEPS = ("find", "fetch", "extract", "summarize", "check", "write")


def status(standing: Standing, ahead: int, waiting: int, words: Words) -> str:
    """How far a wish is, as HTML that a screen reader is told of."""
    if standing.state == "waiting":
        text = words["waiting"].format(ahead=ahead) if ahead else words["waiting_first"]
        return _said(f"{text} {words['queue'].format(waiting=waiting)}", 0)
    if standing.state in ("working", "cancelling"):
        step = standing.step or "find"
        text = words["cancelling" if standing.state == "cancelling" else f"step_{step}"].format(
            calls=standing.calls,
            pages=standing.pages,
            sections=standing.sections,
            figures=standing.figures,
        )
        return _said(f"{text} …", 1 + _STEPS.index(step))
    if standing.state == "done":
        return _said(words["done"], len(_STEPS))
    if standing.state == "cancelled":
        return _said(words["cancelled"], 0)
    return fault(standing.message, words)


def fault(message: str, words: Words) -> str:
    """What went wrong, as HTML."""
    return f'<p class="fault" role="alert">{escape(words["failed"])} {escape(message)}</p>'


def _said(text: str, step: int) -> str:
    bar = (
        f'<progress max="{len(_STEPS)}" value="{step}" aria-hidden="true"></progress>'
        if step > 0
        else ""
    )
    return f'<p role="status" aria-live="polite">{bar} {escape(text)}</p>'


def marks_line(shown: ShownPaper, words: Words) -> str:
    """How many marks of each kind there are, and what they mean."""
    counts = {kind: shown.count(kind) for kind in SIGNS}
    return f"{escape(words['marks'].format(**counts))}. {escape(words['evidence_hint'])}"


def figures(shown: ShownPaper, embedded: Sequence[Figure], words: Words) -> str:
    """The figures with their captions, as Markdown, so that formulas in captions work."""
    if not embedded or shown.entry is None:
        return ""
    parts = [f"### {words['figures']}"]
    for number, figure in enumerate(shown_entry(shown.entry).document.figures):
        if figure.image in {each.image for each in embedded}:
            alt = escape(f"{figure.label}", quote=True)
            parts.append(
                f'<img src="/papers/{shown.number}/figures/{number}" alt="{alt}" loading="lazy">'
            )
            parts.append(f"**{plain(figure.label)}** {plain(figure.caption)}".rstrip())
    return "\n\n".join(parts)


def reading(shown: ShownPaper, report: PaperReport | None, words: Words) -> str:
    """What was read and what was left out, what it took, and what else there is to say, as
    Markdown.
    """
    if shown.entry is None:
        return ""
    summary = shown.entry.summary
    lines = [
        f"### {words['coverage']}",
        *_coverage(summary.coverage, words),
        f"- **{words['tokens']}**: {_tokens(shown, words)}",
    ]
    remarks = [*shown.entry.document.warnings, *(report.warnings if report else summary.warnings)]
    if remarks:
        lines.append(f"- **{words['warnings']}**: " + "; ".join(map(plain, dict.fromkeys(remarks))))
    return "\n".join([lines[0], "", *lines[1:]])


def _coverage(coverage: Coverage, words: Words) -> list[str]:
    def line(label: str, sections: Sequence[str], characters: int) -> str:
        named = ", ".join(map(plain, sections)) or words["nothing"]
        return (
            f"- **{words[label]}** ({words['characters'].format(characters=characters)}): {named}"
        )

    left_out = (
        *coverage.sections_left_out,
        *coverage.sections_shortened,
        *coverage.tables_left_out,
    )
    return [
        line("sections_read", coverage.sections_read, coverage.characters_read),
        line("sections_left_out", left_out, coverage.characters_left_out),
    ]


def _tokens(shown: ShownPaper, words: Words) -> str:
    assert shown.entry is not None
    summary = shown.entry.summary
    cost = words["cost_unknown"] if summary.cost_usd is None else f"{summary.cost_usd:.4f} USD"
    return (
        words["tokens_line"].format(
            calls=summary.llm_calls,
            input=summary.input_tokens,
            output=summary.output_tokens,
            cost=plain(cost),
        )
        + f" ({plain(summary.backend)}, {plain(summary.model)})"
    )


def download(shown: ShownPaper, words: Words) -> str:
    """A link to the archive, as HTML."""
    return f'<p><a class="download" href="/papers/{shown.number}/archive.zip" download>{escape(words["download"])}</a></p>'


def evidence_frame(url: str, words: Words) -> str:
    """The frame in which evidence is shown; `url` is empty until a mark is chosen."""
    source = f' src="{escape(url, quote=True)}"' if url else ""
    return (
        f"<h3>{escape(words['evidence'])}</h3>"
        f'<iframe class="evidence" title="{escape(words["evidence"], quote=True)}"{source}></iframe>'
    )


def checked_text(marks: Sequence[Mark], url: str, words: Words) -> str:
    """The claims of a text, line by line, as Markdown with a link to the evidence of each."""
    if not marks:
        return words["nothing_found"]
    rows = [
        f"- {mark.claim.line}: [{_bracketed(mark.claim.value)}{SIGNS[mark.kind]}]({url}/{number}#{mark.kind}) "
        f"{words[f'mark_{mark.kind}']}"
        for number, mark in enumerate(marks)
    ]
    return "\n".join(rows)


def _bracketed(text: str) -> str:
    return plain(text).replace("[", "&#91;").replace("]", "&#93;")
