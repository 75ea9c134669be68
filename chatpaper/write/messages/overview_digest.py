"""An overview as a message: what is new, each theme and the open problems are its parts."""

from collections.abc import Iterable, Mapping, Sequence

from chatpaper.domain import PostEntry
from chatpaper.domain.overviews.overview import Overview, OverviewSentence, Theme
from chatpaper.write.markup.latex import maths_to_text
from chatpaper.write.markup.markdown import wrap_in_parentheses
from chatpaper.write.messages.digest import Digest, DigestPaper
from chatpaper.write.views.display import display_paper, display_text

# A theme of which no sentence stands shows the titles of its first papers.
_TITLES_SHOWN = 3


def build_overview_digest(
    overview: Overview, entries: Sequence[PostEntry], labels: Mapping[str, str], url: str = ""
) -> Digest:
    """Return the message of an overview, whose post is at `url`; empty where no site serves it."""
    titles = {each.paper.arxiv_id: display_paper(each.paper).title for each in entries}
    parts = [
        (labels["overview_news"], _list_lines(overview.news, overview.language, labels)),
        *(_describe_theme(theme, overview, titles, labels) for theme in overview.themes),
        (labels["overview_problems"], _list_lines(overview.problems, overview.language, labels)),
    ]
    since, until = overview.period.since.isoformat(), overview.period.until.isoformat()
    lead = labels["overview_lead"].format(
        since=since, until=until, papers=len(entries), themes=len(overview.themes)
    )
    title = labels["overview_title"].format(topic=overview.topic, since=since, until=until)
    return Digest(
        overview.period.until,
        (overview.topic,),
        tuple(
            DigestPaper(f"part-{number}", maths_to_text(name), lines=lines)
            for number, (name, lines) in enumerate(parts, start=1)
            if lines
        ),
        url,
        title=title,
        lead=lead,
    )


def _describe_theme(
    theme: Theme, overview: Overview, titles: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    name = theme.name or labels["list_separator"].join(theme.terms) or labels["overview_all"]
    count = labels["index_count"].format(papers=len(theme.arxiv_ids))
    shown = [maths_to_text(titles[each]) for each in theme.arxiv_ids[:_TITLES_SHOWN]]
    lines = _list_lines(theme.sentences, overview.language, labels) or tuple(shown)
    return f"{display_text(name, overview.language)} · {count}", lines


def _list_lines(
    sentences: Iterable[OverviewSentence], language: str, labels: Mapping[str, str]
) -> tuple[str, ...]:
    """Return sentences, each with the pages that it rests on."""
    return tuple(
        maths_to_text(display_text(each.text, language))
        + wrap_in_parentheses(
            labels["link_separator"].join(
                f"{source.arxiv_id} {labels['evidence_page'].format(page=source.page)}"
                for source in each.sources
            ),
            labels,
        )
        for each in sentences
    )
