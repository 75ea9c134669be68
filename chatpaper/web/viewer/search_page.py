"""What the nights wrote, as the page shows it: what is found, and how much there is of it by day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from chatpaper.domain import PostEntry
from chatpaper.domain.errors import ConfigError
from chatpaper.storage.search_index import (
    MATCH_BEGINS,
    MATCH_ENDS,
    DayCount,
    Hit,
)
from chatpaper.storage.usage import DayUsage, UsageLog
from chatpaper.web.translations import Words
from chatpaper.write.formats import PostFormat

# Two months are as much as can be read in one look.
MOST_DAYS = 60
# As many colours as page.css has.
_COLOURS = 6


def day_of(text: str, words: Words) -> date | None:
    """A day that somebody typed; None where nothing was. Raises ConfigError where it is none."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise ConfigError(words["bad_date"].format(value=text.strip()[:40])) from None


def found(hits: Sequence[Hit], words: Words) -> str:
    """What was found, as HTML: titles that lead to the paper, and what was found marked in them."""
    if not hits:
        return f'<p role="status">{escape(words["nothing_found"])}</p>'
    items = "".join(_item(hit, words) for hit in hits)
    return f'<p role="status">{escape(words["found"].format(count=len(hits)))}</p><ul class="found">{items}</ul>'


def _item(hit: Hit, words: Words) -> str:
    address = f"?{urlencode({'topic': hit.topic or '', 'paper': hit.arxiv_id})}"
    topic = hit.topic or words["single_papers"]
    snippet = f"<p>{_marked(hit.snippet)}</p>" if hit.snippet else ""
    return (
        f'<li><a href="{escape(address, quote=True)}">{_marked(hit.title)}</a>'
        f'<div class="of">{hit.post_date.isoformat()} · {escape(topic)} · {escape(hit.arxiv_id)}</div>{snippet}</li>'
    )


def _marked(text: str) -> str:
    """Text with its found parts marked."""
    return escape(text).replace(MATCH_BEGINS, "<mark>").replace(MATCH_ENDS, "</mark>")


def papers_chart(counts: Sequence[DayCount], words: Words) -> str:
    """Papers by topic and day, as a table whose cells are bars: read aloud it is the numbers."""
    by_day: dict[date, dict[str, float]] = defaultdict(dict)
    for count in counts:
        by_day[count.post_date][count.topic or words["single_papers"]] = count.papers
    return _chart(words["chart_papers"], by_day, words)


def usage_charts(logs: Sequence[UsageLog], words: Words) -> str:
    """Tokens and cost by day, of the nightly runs and of this page together."""
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
    return _chart(words["chart_tokens"], tokens, words) + _chart(words["chart_cost"], cost, words)


def _chart(title: str, by_day: Mapping[date, Mapping[str, float]], words: Words) -> str:
    shown = dict(sorted(by_day.items())[-MOST_DAYS:])
    largest = max((sum(parts.values()) for parts in shown.values()), default=0.0)
    if not largest:
        return ""
    names = sorted({name for parts in shown.values() for name in parts})
    rows = "".join(
        f'<tr><th scope="row">{day.isoformat()}</th><td>{_bars(parts, names, largest)}</td></tr>'
        for day, parts in shown.items()
    )
    heads = (
        f'<tr><th scope="col">{escape(words["day"])}</th><th scope="col">{escape(title)}</th></tr>'
    )
    return f'<table class="chart"><caption>{escape(title)}</caption><thead>{heads}</thead><tbody>{rows}</tbody></table>'


def _bars(parts: Mapping[str, float], names: Sequence[str], largest: float) -> str:
    return "".join(
        f'<div><span class="bar c{names.index(name) % _COLOURS}" style="width:{60 * value / largest:.1f}%"></span> '
        f"{escape(name)} {value:,.4g}</div>"
        for name, value in sorted(parts.items())
    )


def formats_answered(entry: PostEntry, formats: Sequence[PostFormat]) -> tuple[PostFormat, ...]:
    """The first of the formats whose fields were all asked for."""
    answered = [
        each for each in formats if all(name in entry.summary.answers for name in each.fields)
    ]
    return tuple(answered[:1])
