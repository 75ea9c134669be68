"""The JSON beside an overview, which `chatpaper overview --json` prints too."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from chatpaper.domain import Paper, PostEntry
from chatpaper.domain.json_model import Day, JsonModel, Number
from chatpaper.domain.overviews.overview import OVERVIEW, DropReason, Overview, OverviewSentence


class SourceJson(JsonModel):
    """A page of a paper that a sentence rests on."""

    arxiv_id: str = Field(description="Key of the paper")
    page: int = Field(description="Page, counted from 1")


class OverviewSentenceJson(JsonModel):
    """A sentence that passed the check."""

    text: str = Field(description="The sentence")
    sources: tuple[SourceJson, ...] = Field(description="What it rests on")


class ThemeJson(JsonModel):
    """Papers that are about the same."""

    name: str = Field(description="Name in the language of the overview; may be empty")
    terms: tuple[str, ...] = Field(description="Words that tell its papers from the others")
    papers: tuple[str, ...] = Field(description="Keys of its papers")
    sentences: tuple[OverviewSentenceJson, ...] = Field(description="What they have in common")


class ComparedResultJson(JsonModel):
    """What one paper reports."""

    arxiv_id: str = Field(description="Key of the paper")
    task: str = Field(description="What was to be done")
    value: str = Field(description="Value of its method, as printed")
    baseline: str = Field(description="Best value that it compares with; empty if there is none")
    baseline_name: str = Field(description="Method of that value")
    source: str = Field(description="Label of the table or figure with the values")
    page: int = Field(description="Page of the source, counted from 1")


class ComparisonJson(JsonModel):
    """What several papers report of one metric on the same data."""

    data_set: str = Field(description="Data on which it was measured")
    metric: str = Field(description="What was measured")
    rows: tuple[ComparedResultJson, ...] = Field(description="The values, by paper")


class LimitationJson(JsonModel):
    """A limit that a paper states."""

    arxiv_id: str = Field(description="Key of the paper")
    text: str = Field(description="The limit, as its summary tells it")
    page: int = Field(description="Page that speaks of it, counted from 1; 0 where unknown")


class DroppedSentenceJson(JsonModel):
    """What the model wrote and the check dropped."""

    text: str = Field(description="The sentence, or the name of a theme, as it came")
    reason: DropReason = Field(description="Why it was dropped")
    detail: str = Field(description="What decided; may be empty")


class OverviewPaperJson(JsonModel):
    """A paper that the overview is about."""

    arxiv_id: str = Field(description="Key of the paper, as in its own posts")
    version: int | None = Field(description="Version; null where there are none")
    title: str = Field(description="Title, as the source has it")
    abs_url: str = Field(description="Address of its page; may be empty")
    pdf_url: str = Field(description="Address of its PDF; may be empty")


class UsageJson(JsonModel):
    """What the call to the model took."""

    llm_calls: int = Field(description="Number of calls; one from the cache counts as well")
    input_tokens: int = Field(description="Tokens sent")
    output_tokens: int = Field(description="Tokens received")
    cost_usd: Number | None = Field(description="Cost in US dollars; null without a known price")


class OverviewJson(JsonModel):
    """The overview of the papers of some days."""

    date: Day = Field(description="Date of the post, the last day of the period")
    since: Day = Field(description="First day of the posts that it covers")
    until: Day = Field(description="Last day of them")
    topic: str = Field(description="Name of the topic")
    format: str = Field(description="Name of the format")
    language: str = Field(description="Language of the overview, e.g. `zh`")
    markdown_sha256: str = Field(
        description="Digest of the Markdown as it was written; empty where none was"
    )
    papers: tuple[OverviewPaperJson, ...] = Field(description="Papers, the newest first")
    themes: tuple[ThemeJson, ...] = Field(description="Themes, the largest first")
    news: tuple[OverviewSentenceJson, ...] = Field(description="What is new")
    problems: tuple[OverviewSentenceJson, ...] = Field(description="What stays open")
    limitations: tuple[LimitationJson, ...] = Field(
        description="Limits that the papers state; empty where `problems` are not"
    )
    comparisons: tuple[ComparisonJson, ...] = Field(description="Results on the same data")
    sentences: int = Field(description="Number of sentences that passed the check")
    dropped: tuple[DroppedSentenceJson, ...] = Field(description="What did not")
    dropped_by_reason: dict[DropReason, int] = Field(description="Number of these by reason")
    unread: tuple[str, ...] = Field(
        description="Keys of papers that the context of the model had no room for"
    )
    backend: str = Field(description="Backend that was asked")
    model: str = Field(description="Model that answered")
    usage: UsageJson = Field(description="What the call took")


def overview_to_json(
    overview: Overview, entries: Sequence[PostEntry], markdown_sha256: str = ""
) -> OverviewJson:
    """Describe an overview and its papers."""
    return OverviewJson(
        date=overview.period.until,
        since=overview.period.since,
        until=overview.period.until,
        topic=overview.topic,
        format=OVERVIEW,
        language=overview.language,
        markdown_sha256=markdown_sha256,
        papers=tuple(_describe_paper(entry.paper) for entry in entries),
        themes=tuple(
            ThemeJson(
                name=theme.name,
                terms=theme.terms,
                papers=theme.arxiv_ids,
                sentences=_describe_sentences(theme.sentences),
            )
            for theme in overview.themes
        ),
        news=_describe_sentences(overview.news),
        problems=_describe_sentences(overview.problems),
        limitations=tuple(map(LimitationJson.from_value, overview.limitations)),
        comparisons=tuple(map(ComparisonJson.from_value, overview.comparisons)),
        sentences=sum(1 for _ in overview.sentences),
        dropped=tuple(map(DroppedSentenceJson.from_value, overview.dropped)),
        dropped_by_reason=_sort_counts(overview.dropped_by_reason),
        unread=overview.unread,
        backend=overview.backend,
        model=overview.model,
        usage=UsageJson.from_value(overview.usage),
    )


def _describe_paper(paper: Paper) -> OverviewPaperJson:
    return OverviewPaperJson.from_value(paper)


def _describe_sentences(
    sentences: Sequence[OverviewSentence],
) -> tuple[OverviewSentenceJson, ...]:
    return tuple(map(OverviewSentenceJson.from_value, sentences))


def _sort_counts(counts: Mapping[DropReason, int]) -> dict[DropReason, int]:
    return dict(sorted(counts.items()))
