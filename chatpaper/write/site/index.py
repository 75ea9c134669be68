"""The index of an output folder, as a plain Markdown page: topics, then posts by date."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from chatpaper.write.markup.latex import latex_to_text
from chatpaper.write.markup.markdown import SafeMarkdown, escape_markdown, to_link_target
from chatpaper.write.site.post_folder import DAYS_WITH_TITLES, DIGESTS, PublishedPost

INDEX_MARK = "<!-- chatpaper: index -->"

# The papers of a topic are told apart a part after the other, so that about so many of them are in
# memory at once.
_PAPERS_AT_ONCE = 100_000
# Names of topics and formats stand in a line for each day.
_NAMES_REMEMBERED = 1000

Labels = Mapping[str, str]


def render_index(posts: Sequence[PublishedPost], labels: Labels) -> str:
    """Return the index page for these posts, which come newest first.

    Links are relative to the output folder.
    """
    lines = [f"# {labels['index_title']}", "", INDEX_MARK, ""]
    if posts:
        lines += [*_topic_table(posts, labels), ""]
    for number, (day, of_day) in enumerate(groupby(posts, key=lambda post: post.date)):
        lines += [f"## {day.isoformat()}", ""]
        lines += [*_day(tuple(of_day), labels, titles=number < DAYS_WITH_TITLES), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _topic_table(posts: Sequence[PublishedPost], labels: Labels) -> Iterable[str]:
    columns = (
        labels["index_topic"],
        labels["index_posts"],
        labels["index_papers"],
        labels["index_latest"],
    )
    yield f"| {' | '.join(columns)} |"
    yield "| --- | ---: | ---: | --- |"
    by_topic: dict[str | None, list[PublishedPost]] = {}
    for post in posts:
        if not post.is_overview:
            by_topic.setdefault(post.topic, []).append(post)
    for topic in sorted(by_topic, key=_alphabetical):
        found = by_topic[topic]
        days = len({post.date for post in found})
        papers = _count_papers(found)
        latest = _link(found[0].date.isoformat(), found[0])
        yield f"| {_cell(_topic_name(topic, labels))} | {days} | {papers} | {latest} |"


def _day(posts: Sequence[PublishedPost], labels: Labels, *, titles: bool) -> Iterable[str]:
    by_topic: dict[str | None, list[PublishedPost]] = {}
    for post in posts:
        by_topic.setdefault(post.topic, []).append(post)
    for topic in sorted(by_topic, key=_alphabetical):
        found = by_topic[topic]
        own = [post for post in found if not post.is_overview]
        count = [labels["index_count"].format(papers=_count_papers(own))] if own else []
        name = _escape(_topic_name(topic, labels))
        links = [_link(post.format, post) for post in found if not post.single]
        yield f"- {name}{labels['colon']}{' · '.join([*links, *count])}"
        yield from _papers_of_day(found, titles=titles)


def _papers_of_day(posts: Iterable[PublishedPost], *, titles: bool) -> Iterable[str]:
    """Yield a line for each paper that has posts of its own, or with `titles` for each."""
    papers = {
        arxiv_id: title for post in posts if not post.is_overview for arxiv_id, title in post.papers
    }
    alone: dict[str, list[PublishedPost]] = {}
    for post in posts:
        if post.single:
            alone.setdefault(post.papers[0][0] if post.papers else "", []).append(post)
    for arxiv_id, title in papers.items():
        apart = alone.get(arxiv_id, [])
        if titles or apart:
            links = (_link(post.format, post) for post in apart)
            yield "    - " + " · ".join([escape_markdown(latex_to_text(title)), *links])


def _count_papers(posts: Sequence[PublishedPost]) -> int:
    """Count the papers of posts, each once."""
    if len(posts) == 1:
        return posts[0].paper_count
    keys = [post.keys for post in posts]
    parts = sum(map(len, keys)) // _PAPERS_AT_ONCE + 1
    bounds = [DIGESTS * part // parts for part in range(parts + 1)]
    return sum(_count_between(keys, *between) for between in pairwise(bounds))


def _count_between(keys: Iterable[Sequence[int]], low: int, high: int) -> int:
    """Count the distinct numbers of ascending sequences that are from `low` to below `high`."""
    parts = (of_post[bisect_left(of_post, low) : bisect_left(of_post, high)] for of_post in keys)
    return len(set().union(*parts))


@lru_cache(_NAMES_REMEMBERED)
def _escape(name: str) -> SafeMarkdown:
    return escape_markdown(name)


def _alphabetical(topic: str | None) -> str:
    """Sort papers without a topic first."""
    return topic or ""


def _topic_name(topic: str | None, labels: Labels) -> str:
    return labels["index_single"] if topic is None else topic


def _link(text: str, post: PublishedPost) -> SafeMarkdown:
    return SafeMarkdown(f"[{_escape(text)}]({to_link_target(post.markdown)})")


def _cell(text: str) -> str:
    """Escape text for a cell of a table, which a bar would end."""
    return escape_markdown(text).replace("|", "&#124;")
