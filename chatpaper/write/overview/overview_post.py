"""An overview as a Markdown post, with its JSON beside it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatpaper.domain import EXTRACTIVE, Paper, Post, PostEntry
from chatpaper.domain.overviews.overview import (
    OVERVIEW,
    ComparedResult,
    Comparison,
    Overview,
    OverviewSentence,
    Theme,
)
from chatpaper.domain.project import PROJECT_URL
from chatpaper.write.edit_protection import (
    WrittenPost,
    add_new_suffix,
    choose_target,
    hash_content,
    is_free,
    remove_if_ours,
    write_tracked,
)
from chatpaper.write.files import write_atomically
from chatpaper.write.formats import PostFormat
from chatpaper.write.markup.markdown import (
    SafeMarkdown,
    escape_cell,
    escape_link_text,
    sanitize_line,
    to_link_target,
)
from chatpaper.write.notes import format_writers, list_writers
from chatpaper.write.overview.overview_json import overview_to_json
from chatpaper.write.post_paths import PostPaths, WriteLog, plan_post_paths
from chatpaper.write.render import (
    PostStyle,
    build_environment,
    build_page_url,
    tidy_markdown,
)
from chatpaper.write.views.display import display_paper, display_text, translate_label
from chatpaper.write.views.entry_view import PostView

# Its template is no format of a run: what it shows is not in the answers about one paper.
OVERVIEW_FORMAT = PostFormat(OVERVIEW, "day", ())


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with the places that it rests on, as links."""

    text: str
    sources: SafeMarkdown


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper in the list of its theme: its title as a link, its key, its verdict in a sentence."""

    title: SafeMarkdown
    key: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme as a template shows it; `terms` is empty where they are its name."""

    name: str
    terms: str
    papers: tuple[ListedPaper, ...]
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The results on one data set and metric, as a table."""

    heading: str
    table: SafeMarkdown


@dataclass(frozen=True, slots=True)
class OverviewView:
    """An overview as a template shows it; `dropped` says what was left out, or is empty."""

    lead: str
    themes: tuple[ThemeView, ...]
    news: tuple[SentenceView, ...]
    problems: tuple[SentenceView, ...]
    limitations: tuple[SentenceView, ...]
    comparisons: tuple[ComparisonView, ...]
    dropped: str
    unread: str


@dataclass(frozen=True, slots=True)
class Citations:
    """The papers of an overview by their keys, and how posts lead to their pages."""

    papers: Mapping[str, Paper]
    style: PostStyle

    def link_page(self, arxiv_id: str, page: int) -> str:
        """Return a page of a paper as a link, which names the paper by its key."""
        named = arxiv_id
        if page:
            named = f"{arxiv_id} {self.style.labels['evidence_page'].format(page=page)}"
        paper = self.papers[arxiv_id]
        address = build_page_url(paper, page) if page else paper.abs_url
        shown = escape_link_text(named)
        return f"[{shown}]({to_link_target(address)})" if address else str(shown)

    def link_paper(self, arxiv_id: str, title: str) -> SafeMarkdown:
        """Return the title of a paper as a link to its page."""
        paper = self.papers[arxiv_id]
        shown = escape_link_text(title)
        target = to_link_target(paper.abs_url or paper.pdf_url)
        return SafeMarkdown(f"[{shown}]({target})" if target else str(shown))


@dataclass(frozen=True, slots=True)
class OverviewText:
    """An overview with its papers, as Markdown."""

    overview: Overview
    entries: Sequence[PostEntry]
    markdown: str


def write_overview(
    written: OverviewText, style: PostStyle, output_dir: Path, book: WriteLog
) -> WrittenPost:
    """Put an overview and its JSON on disk; one that a person edited stays, as with other posts.

    Raises WriteError.
    """
    place = plan_overview_paths(written.overview, output_dir, book, style)
    markdown, record = place.markdown(OVERVIEW), place.record(OVERVIEW)
    content = written.markdown.encode()
    target = choose_target(markdown, content, record, book, tuple)
    if target is None:
        return WrittenPost(markdown, kept=markdown)
    described = overview_to_json(written.overview, written.entries, hash_content(content))
    text = json.dumps(described.to_json(), ensure_ascii=False, indent=1) + "\n"
    write_atomically(record if is_free(record) else add_new_suffix(record), text.encode())
    write_tracked(target, content, book)
    if target != markdown:
        return WrittenPost(target, kept=markdown)
    remove_if_ours(add_new_suffix(markdown), book)
    return WrittenPost(markdown)


def plan_overview_paths(
    overview: Overview, output_dir: Path, book: WriteLog, style: PostStyle
) -> PostPaths:
    """Return where an overview goes: beside the post of the last day of its period."""
    post = Post(overview.period.until, overview.topic, ())
    return plan_post_paths(output_dir, post, "day", book, style.layout)


def render_overview(overview: Overview, entries: Sequence[PostEntry], style: PostStyle) -> str:
    """Return the Markdown of an overview."""
    template = build_environment(OVERVIEW_FORMAT, style).get_template(
        OVERVIEW_FORMAT.template_file.name
    )
    return tidy_markdown(
        template.render(
            post=_build_post_view(overview, entries, style),
            overview=build_overview_view(overview, entries, style),
            labels={name: SafeMarkdown(label) for name, label in style.labels.items()},
            author=style.author,
            project_url=PROJECT_URL,
        ),
        style.layout.site,
    )


def build_overview_view(
    overview: Overview, entries: Sequence[PostEntry], style: PostStyle
) -> OverviewView:
    """Return what the template is given of an overview."""
    labels = style.labels
    citations = Citations({entry.paper.arxiv_id: entry.paper for entry in entries}, style)
    by_id = {entry.paper.arxiv_id: entry for entry in entries}
    is_written = overview.backend != EXTRACTIVE
    kept = sum(1 for _ in overview.sentences)
    return OverviewView(
        lead=labels["overview_lead"].format(
            since=overview.period.since.isoformat(),
            until=overview.period.until.isoformat(),
            papers=len(entries),
            themes=len(overview.themes),
        ),
        themes=tuple(_view_theme(theme, by_id, citations, overview) for theme in overview.themes),
        news=_view_sentences(overview.news, citations, overview.language),
        problems=_view_sentences(overview.problems, citations, overview.language),
        limitations=tuple(
            SentenceView(
                display_text(each.text, overview.language),
                SafeMarkdown(citations.link_page(each.arxiv_id, each.page)),
            )
            for each in overview.limitations
        ),
        comparisons=tuple(
            _view_comparison(each, by_id, citations) for each in overview.comparisons
        ),
        dropped=labels["overview_checked"].format(kept=kept, dropped=len(overview.dropped))
        if is_written
        else "",
        unread=labels["overview_unread"].format(papers=len(overview.unread))
        if overview.unread
        else "",
    )


def _build_post_view(
    overview: Overview, entries: Sequence[PostEntry], style: PostStyle
) -> PostView:
    labels = style.labels
    dates = {
        "topic": sanitize_line(overview.topic),
        "since": overview.period.since.isoformat(),
        "until": overview.period.until.isoformat(),
    }
    written = {pair for entry in entries for pair in list_writers(entry)}
    if overview.backend != EXTRACTIVE:
        written.add((overview.backend, overview.model))
    return PostView(
        title=dates["topic"],
        topic=dates["topic"],
        tags=(dates["topic"],),
        dated_title=labels["overview_title"].format_map(dates),
        date=dates["until"],
        cover="",
        description=labels["overview_description"].format_map(dates | {"papers": len(entries)}),
        notice=format_writers(written, labels),
        closing_notice=format_writers(written, labels, "above"),
        entries=(),
        site=style.layout.site,
    )


def _view_theme(
    theme: Theme, by_id: Mapping[str, PostEntry], citations: Citations, overview: Overview
) -> ThemeView:
    labels, language = citations.style.labels, overview.language
    terms = labels["list_separator"].join(theme.terms)
    return ThemeView(
        name=display_text(theme.name, language) or terms or labels["overview_all"],
        terms=terms if theme.name else "",
        papers=tuple(
            _list_paper(by_id[arxiv_id], citations, language) for arxiv_id in theme.arxiv_ids
        ),
        sentences=_view_sentences(theme.sentences, citations, language),
    )


def _list_paper(entry: PostEntry, citations: Citations, language: str) -> ListedPaper:
    answers = entry.summary.answers
    verdict = str(answers.get("tldr") or answers.get("summary") or "")
    return ListedPaper(
        citations.link_paper(entry.paper.arxiv_id, _choose_title(entry)),
        entry.paper.arxiv_id,
        display_text(verdict, language),
    )


def _choose_title(entry: PostEntry) -> str:
    """Return the title in the language of the summary, or else the paper's own."""
    translated = entry.summary.answers.get("title")
    if isinstance(translated, str) and translated:
        return display_text(translated, entry.summary.language)
    return display_paper(entry.paper).title


def _view_sentences(
    sentences: Iterable[OverviewSentence], citations: Citations, language: str
) -> tuple[SentenceView, ...]:
    separator = citations.style.labels["link_separator"]
    return tuple(
        SentenceView(
            display_text(each.text, language),
            SafeMarkdown(
                separator.join(
                    citations.link_page(source.arxiv_id, source.page) for source in each.sources
                )
            ),
        )
        for each in sentences
    )


def _view_comparison(
    comparison: Comparison, by_id: Mapping[str, PostEntry], citations: Citations
) -> ComparisonView:
    labels = citations.style.labels
    rows = [_list_cells(row, by_id[row.arxiv_id], citations) for row in comparison.rows]
    heads = [
        labels[name]
        for name in ("overview_paper", "overview_value", "result_baseline", "result_source")
    ]
    # A column in which nothing stands would only take room.
    shown = [number for number in range(len(heads)) if any(row[number] for row in rows)]
    lines = [heads, ["---"] * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(line[number] for number in shown)} |" for line in lines)
    return ComparisonView(f"{comparison.data_set} · {comparison.metric}", SafeMarkdown(table))


def _list_cells(row: ComparedResult, entry: PostEntry, citations: Citations) -> list[str]:
    """Return the cells of a result: its paper, the value, what it is compared with, the place."""
    labels, language = citations.style.labels, entry.summary.language
    baseline = str(escape_cell(display_text(row.baseline, language)))
    if baseline and row.baseline_name:
        baseline = f"{baseline} ({escape_cell(row.baseline_name)})"
    place = citations.link_page(row.arxiv_id, row.page)
    return [
        escape_cell(_choose_title(entry)),
        escape_cell(display_text(row.value, language)),
        baseline,
        f"{escape_cell(translate_label(row.source, labels))} {place}",
    ]
