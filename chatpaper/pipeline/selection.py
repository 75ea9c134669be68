"""What there is to do: the papers that were found for each topic, and those that earlier runs left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from chatpaper.domain import Paper, Topic
from chatpaper.domain.atomic_files import digest_of
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.failures.retries import given_up, has_other_services, is_due
from chatpaper.pipeline.failures.second_chances import list_exhausted_elsewhere
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.rows import read_record, write_record
from chatpaper.storage.store import Store


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a source offers.

    `pdf` is its file, where it need not be fetched.

    A source that was picked by hand says with `chosen` that the paper belongs to the topic;
    `warnings` say what is not as it should be with its record. A record is `provisional` where
    arXiv's API has not confirmed it: a feed gives no time of submission, and authors in one line.
    """

    paper: Paper
    pdf: Path | None = None
    chosen: bool = False
    warnings: tuple[str, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a source offers for a topic.

    `source` names it. `fault` is set where it did not give all that it should, `nothing_announced`
    says why there may be nothing. `covered_until`: all that arXiv had announced until then is among
    the candidates, or was earlier. `query` is what was searched for, `notes` are for whoever reads
    the run report.
    """

    candidates: Sequence[Candidate]
    source: str = ""
    query: str = ""
    fault: UpstreamError | None = None
    nothing_announced: str = ""
    covered_until: datetime | None = None
    notes: tuple[str, ...] = ()


class PaperSource(Protocol):
    """Where the papers of topics come from."""

    def find(self, topic: Topic) -> SearchResult:
        """Find the papers of a topic. Raises UpstreamError where a service gave none of them."""

    def describe(self, topic: Topic) -> str:
        """Return what is searched for, or where: shown where an offer has no query of its own."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A paper that was found and is not to be published, and why; `repeated` if an earlier run had
    settled it.
    """

    paper: Paper
    reason: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """A paper that failed before and is not tried tonight."""

    paper: Paper
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TopicSelection:
    """The papers of one topic, and what its source said of them."""

    topic: Topic
    offer: SearchResult
    query: str = ""
    wanted: tuple[Candidate, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    waiting: tuple[Deferred, ...] = ()

    @property
    def found(self) -> int:
        """How many papers there were."""
        return len(self.wanted) + len(self.excluded) + len(self.waiting)


def select_papers(
    topic: Topic, source: PaperSource, store: Store, post_date: date, asked: str = ""
) -> TopicSelection:
    """Find the papers of a topic and part them; what earlier runs left is taken in though the
    source is silent.

    What failed when something else than `asked` was asked is due, though it waits or was given up.
    """
    left = _left_by_earlier_runs(topic, store, asked)
    try:
        offer = source.find(topic)
    except UpstreamError as error:
        offer = SearchResult((), fault=error)
    candidates = {candidate.paper.arxiv_id: candidate for candidate in (*left, *offer.candidates)}
    wanted: list[Candidate] = []
    excluded: list[Exclusion] = []
    waiting: list[Deferred] = []
    for candidate in sorted(candidates.values(), key=lambda candidate: candidate.paper.place):
        earlier = store.outcomes.find(topic.name, candidate.paper.arxiv_id)
        is_anew = earlier is not None and has_other_services(earlier, asked)
        exclusion = _replaced(candidate, store) or _exclusion(
            topic, candidate, None if is_anew else earlier, post_date
        )
        if exclusion is not None:
            excluded.append(exclusion)
        elif earlier is not None and not is_anew and not is_due(earlier, post_date):
            waiting.append(Deferred(candidate.paper, earlier))
        else:
            wanted.append(candidate)
    query = offer.query or source.describe(topic)
    return TopicSelection(topic, offer, query, tuple(wanted), tuple(excluded), tuple(waiting))


def _left_by_earlier_runs(topic: Topic, store: Store, asked: str) -> Iterable[Candidate]:
    for outcome in (
        *store.outcomes.unfinished(topic.name),
        *list_exhausted_elsewhere(store.outcomes, topic.name, asked),
    ):
        record = store.records.find(outcome.arxiv_id)
        if record is not None:
            yield candidate_from_json(record)


def candidate_to_json(candidate: Candidate) -> str:
    """A candidate as JSON, to be kept until it is done."""
    return write_record(candidate)


def candidate_from_json(record: str) -> Candidate:
    """A candidate from its JSON. Raises StoreError for one that is damaged."""
    return read_record(Candidate, record, "a paper that waits")


def _replaced(candidate: Candidate, store: Store) -> Exclusion | None:
    """Why a paper from a file cannot be read any more: the file has the contents of another one
    now.
    """
    if (
        candidate.pdf is None
        or not candidate.paper.is_from_elsewhere
        or not candidate.pdf.is_file()
    ):
        return None
    if not store.identities.is_other(candidate.paper.arxiv_id, digest_of(candidate.pdf)):
        return None
    return Exclusion(candidate.paper, f"{candidate.pdf} is another paper now")


def _exclusion(
    topic: Topic, candidate: Candidate, earlier: Outcome | None, post_date: date
) -> Exclusion | None:
    if earlier is not None and earlier.post_date is not None and earlier.post_date != post_date:
        reason = f"already published on {earlier.post_date.isoformat()}"
        return Exclusion(candidate.paper, reason, repeated=True)
    if earlier is not None and given_up(earlier) and earlier.version == candidate.paper.version:
        return Exclusion(candidate.paper, earlier.reason, repeated=True)
    if candidate.chosen:
        return None
    verdict = judge_relevance(topic, candidate.paper)
    return None if verdict.relevant else Exclusion(candidate.paper, f"off topic: {verdict.reason}")
