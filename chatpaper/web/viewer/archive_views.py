"""The papers of nightly runs as HTML: search results, and charts by day."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape

from chatpaper.domain import PostEntry
from chatpaper.storage.search_index import (
    MATCH_BEGINS,
    MATCH_ENDS,
    DayCount,
    SearchHit,
)
from chatpaper.storage.usage import DayUsage, UsageLog
from chatpaper.web.numbers import format_amount, format_count, format_money
from chatpaper.web.translations import Translations, get_language
from chatpaper.web.viewer.addresses import make_paper_address
from chatpaper.web.visitor_errors import VisitorError
from chatpaper.write.formats import PostFormat
from chatpaper.write.markup.latex import maths_to_text

# Two months are as much as can be read in one look.
MAX_CHART_DAYS = 60
# As many colours as page.css has.
_COLOURS = 6


def parse_day(text: str) -> date | None:
    """Read a date such as 2026-11-22; None for blank text. Raises VisitorError for other text."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise VisitorError("bad_date", value=text.strip()[:40]) from None


def render_hits(hits: Sequence[SearchHit], words: Translations) -> str:
    """Render search results: titles that link to the papers, with the matches highlighted."""
    if not hits:
        return f'<p role="status">{escape(words["nothing_found"])}</p>'
    items = "".join(_render_hit(hit, words) for hit in hits)
    count = escape(words["found"].format(count=format_count(len(hits))))
    return f'<p role="status">{count}</p><ul class="found">{items}</ul>'


def _render_hit(hit: SearchHit, words: Translations) -> str:
    address = make_paper_address(hit.arxiv_id)
    topic = hit.topic or words["single_papers"]
    snippet = f"<p>{_highlight(hit.snippet)}</p>" if hit.snippet else ""
    return (
        f'<li><a href="{escape(address, quote=True)}">{_highlight(maths_to_text(hit.title))}</a>'
        f'<div class="of">{hit.post_date.isoformat()} · {escape(topic)} · '
        f"{escape(hit.arxiv_id)}</div>{snippet}</li>"
    )


def _highlight(text: str) -> str:
    """Escape a text and highlight its matches."""
    return escape(text).replace(MATCH_BEGINS, "<mark>").replace(MATCH_ENDS, "</mark>")


def render_papers_chart(counts: Sequence[DayCount], words: Translations) -> str:
    """Render papers by topic and day: a table of bars that screen readers read as numbers."""
    by_day: dict[date, dict[str, float]] = defaultdict(dict)
    for count in counts:
        by_day[count.post_date][count.topic or words["single_papers"]] = count.papers
    return _render_chart(words["chart_papers"], by_day, words, _write_count)


def render_usage_charts(logs: Sequence[UsageLog], words: Translations) -> str:
    """Render tokens and cost by day, of all these logs together."""
    days: dict[date, list[DayUsage]] = defaultdict(list)
    for log in logs:
        for used in log.usage_by_day():
            days[used.day].append(used)
    tokens = {
        day: {"": float(sum(each.usage.input_tokens + each.usage.output_tokens for each in used))}
        for day, used in days.items()
    }
    # A call without a known price adds nothing that could be drawn.
    cost = {
        day: {"": sum(each.usage.cost_usd or 0.0 for each in used)} for day, used in days.items()
    }
    language = get_language(words)
    return _render_chart(
        words["chart_tokens"],
        tokens,
        words,
        lambda number: format_amount(round(number), language),
    ) + _render_chart(
        words["chart_cost"], cost, words, lambda number: format_money(number, language)
    )


def _write_count(number: float) -> str:
    return format_count(round(number))


def _render_chart(
    title: str,
    by_day: Mapping[date, Mapping[str, float]],
    words: Translations,
    write_number: Callable[[float], str],
) -> str:
    shown = dict(sorted(by_day.items())[-MAX_CHART_DAYS:])
    largest = max((sum(parts.values()) for parts in shown.values()), default=0.0)
    if not largest:
        return ""
    names = sorted({name for parts in shown.values() for name in parts})
    rows = "".join(
        f'<tr><th scope="row">{day.isoformat()}</th>'
        f"<td>{_render_bars(parts, names, largest, write_number)}</td></tr>"
        for day, parts in shown.items()
    )
    heads = (
        f'<tr><th scope="col">{escape(words["day"])}</th><th scope="col">{escape(title)}</th></tr>'
    )
    return (
        f'<table class="chart"><caption>{escape(title)}</caption>'
        f"<thead>{heads}</thead><tbody>{rows}</tbody></table>"
    )


def _render_bars(
    parts: Mapping[str, float],
    names: Sequence[str],
    largest: float,
    write_number: Callable[[float], str],
) -> str:
    return "".join(
        f'<div><span class="bar c{names.index(name) % _COLOURS}" '
        f'style="width:{60 * value / largest:.1f}%"></span> '
        f"{escape(name)} {escape(write_number(value))}</div>"
        for name, value in sorted(parts.items())
    )


def choose_answered_format(
    entry: PostEntry, formats: Sequence[PostFormat]
) -> tuple[PostFormat, ...]:
    """Return the first of the formats all of whose fields were answered; empty for none."""
    answered = [
        each for each in formats if all(name in entry.summary.answers for name in each.fields)
    ]
    return tuple(answered[:1])
