"""An overview of the papers of some days: themes, statements with their sources, results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chatpaper.domain.answers import Usage

# The name of the format, and of what calls about several papers are booked on.
OVERVIEW = "overview"

# Why a sentence or a name was dropped: it names no source, a paper or a page that it was not shown,
# it has a number, name or quotation that none of its papers supports, it says what none of its
# papers says, or it is no answer at all.
DropReason = Literal[
    "no_source", "unknown_paper", "unknown_page", "unsupported", "not_said", "unusable"
]


@dataclass(frozen=True, slots=True)
class Period:
    """The days of the posts that an overview covers, the first and the last one included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Source:
    """A page of a paper that a sentence rests on."""

    arxiv_id: str
    page: int


@dataclass(frozen=True, slots=True)
class OverviewSentence:
    """A checked sentence about one or several papers, and what it rests on."""

    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class DroppedSentence:
    """What a model wrote and nobody is to read, with the reason.

    `detail` is the source, the claim or the fault that decided; it may be empty.
    """

    text: str
    reason: DropReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers that are about the same, by their ids, the newest first.

    `terms` are the words that tell them from the others. Without a model, or where its name for
    them was dropped, `name` is empty.
    """

    terms: tuple[str, ...]
    arxiv_ids: tuple[str, ...]
    name: str = ""
    sentences: tuple[OverviewSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedResult:
    """A value that a paper reports, with the best one that it compares with, as printed."""

    arxiv_id: str
    task: str
    value: str
    baseline: str
    baseline_name: str
    source: str
    page: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several papers report of one metric on the same data."""

    data_set: str
    metric: str
    rows: tuple[ComparedResult, ...]


@dataclass(frozen=True, slots=True)
class Limitation:
    """A limit that a paper states of itself; the page is 0 where it could not be found."""

    arxiv_id: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Overview:
    """An overview of what was published of a topic in a period.

    What a model wrote stands in `news`, `themes` and `problems`, and in `dropped` what of it failed
    the check; the rest is made by rules. `unread` are papers of which the model could not be shown
    anything. `limitations` stand in place of `problems` where there are none.
    """

    topic: str
    period: Period
    language: str
    themes: tuple[Theme, ...]
    news: tuple[OverviewSentence, ...] = ()
    problems: tuple[OverviewSentence, ...] = ()
    limitations: tuple[Limitation, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    dropped: tuple[DroppedSentence, ...] = ()
    unread: tuple[str, ...] = ()
    backend: str = ""
    model: str = ""
    usage: Usage = field(default_factory=Usage)

    @property
    def sentences(self) -> Iterator[OverviewSentence]:
        """All sentences that stand in the overview."""
        yield from self.news
        for theme in self.themes:
            yield from theme.sentences
        yield from self.problems

    @property
    def dropped_by_reason(self) -> Mapping[DropReason, int]:
        """How many sentences and names were dropped, by reason."""
        counts: dict[DropReason, int] = {}
        for each in self.dropped:
            counts[each.reason] = counts.get(each.reason, 0) + 1
        return counts
