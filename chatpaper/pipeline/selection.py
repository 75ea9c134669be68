"""Select papers: those that were found for each topic, and those that earlier runs left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from chatpaper.domain import Paper, Ranking, Topic
from chatpaper.domain.atomic_files import compute_digest
from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.topics.exclusion import explain_exclusion
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.failures.retries import has_failed_elsewhere, is_due, is_exhausted
from chatpaper.pipeline.failures.second_chances import list_exhausted_elsewhere
from chatpaper.storage.papers.outcomes import FORGOTTEN, Outcome
from chatpaper.storage.rows import read_record, write_record
from chatpaper.storage.store import Store


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a source offers.

    `pdf` is its file, where it need not be fetched. `chosen` papers were picked by a person, and
    are not checked for their topic; `matched_phrase` is what the paper has of it.
    `warnings` tell what is wrong with the record, which is `provisional` until arXiv's API confirms
    it: a feed has no time of submission, and the authors in one line. `ranking` is there where
    papers are ranked for a reader.
    """

    paper: Paper
    pdf: Path | None = None
    chosen: bool = False
    warnings: tuple[str, ...] = ()
    provisional: bool = False
    matched_phrase: str = ""
    ranking: Ranking | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a source has for a topic.

    `source` names it, and `query` is what it was asked. `fault` is set where it did not give all
    that it should, `nothing_announced` explains why there may be nothing. All that arXiv had
    announced by `covered_until` is among the candidates, or was found earlier. `notes` are shown in
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
        """Return what is searched for, or where: shown where a result has no query of its own."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A paper that was found and is not published, and why.

    It is `repeated` if an earlier run has decided that. One that was `cut` had a lower score than
    there was room for; the candidate is kept, so that a later run for the same night can take it.
    """

    paper: Paper
    reason: str
    repeated: bool = False
    ranking: Ranking | None = None
    cut: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Deferred:
    """A paper that failed on an earlier night and is not tried on this one."""

    paper: Paper
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TopicSelection:
    """The papers of one topic, sorted by what is done with them.

    `query` is what was searched for, or where.
    """

    topic: Topic
    search: SearchResult
    query: str = ""
    wanted: tuple[Candidate, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    deferred: tuple[Deferred, ...] = ()

    @property
    def found(self) -> int:
        """The number of papers."""
        return len(self.wanted) + len(self.excluded) + len(self.deferred)


def select_papers(
    topic: Topic, source: PaperSource, store: Store, post_date: date, services: str = ""
) -> TopicSelection:
    """Find the papers of a topic, and decide which to summarize.

    Those that earlier runs left are selected even if the source fails. A paper that failed with
    other `services` (see `digest_services`) is due, though it was deferred or is exhausted. Raises
    StoreError.
    """
    left = _left_by_earlier_runs(topic, store, services)
    try:
        search = source.find(topic)
    except UpstreamError as error:
        search = SearchResult((), fault=error)
    candidates = {candidate.paper.arxiv_id: candidate for candidate in (*left, *search.candidates)}
    wanted: list[Candidate] = []
    excluded: list[Exclusion] = []
    deferred: list[Deferred] = []
    for candidate in sorted(candidates.values(), key=lambda candidate: candidate.paper.sort_key):
        earlier = store.outcomes.find(topic.name, candidate.paper.arxiv_id)
        has_new_chance = earlier is not None and has_failed_elsewhere(earlier, services)
        exclusion = (
            _forgotten(candidate.paper, earlier, store)
            or _replaced(candidate, store)
            or _exclusion(topic, candidate, None if has_new_chance else earlier, post_date)
        )
        if exclusion is not None:
            excluded.append(exclusion)
        elif earlier is not None and not has_new_chance and not is_due(earlier, post_date):
            deferred.append(Deferred(candidate.paper, earlier))
        else:
            wanted.append(_with_phrase(topic, candidate))
    query = search.query or source.describe(topic)
    return TopicSelection(topic, search, query, tuple(wanted), tuple(excluded), tuple(deferred))


def _with_phrase(topic: Topic, candidate: Candidate) -> Candidate:
    """Return a candidate with what its paper has of the topic."""
    return replace(candidate, matched_phrase=judge_relevance(topic, candidate.paper).phrase)


def _left_by_earlier_runs(topic: Topic, store: Store, services: str) -> Iterable[Candidate]:
    for outcome in (
        *store.outcomes.unfinished(topic.name),
        *list_exhausted_elsewhere(store.outcomes, topic.name, services),
    ):
        record = store.records.find(outcome.arxiv_id)
        if record is not None:
            yield candidate_from_json(record)


def candidate_to_json(candidate: Candidate) -> str:
    """Return a candidate as JSON, as the database keeps it until it is done."""
    return write_record(replace(candidate, ranking=None))


def candidate_from_json(record: str) -> Candidate:
    """Return a candidate from its JSON. Raises StoreError for a damaged one."""
    return read_record(Candidate, record, "a paper that waits")


def _forgotten(paper: Paper, earlier: Outcome | None, store: Store) -> Exclusion | None:
    """Exclude a paper that a person asked never to see again, in the topic or in any."""
    for outcome in (earlier, store.outcomes.find(None, paper.arxiv_id)):
        if outcome is not None and outcome.stage == FORGOTTEN:
            return Exclusion(paper, outcome.reason, repeated=True)
    return None


def _replaced(candidate: Candidate, store: Store) -> Exclusion | None:
    """Exclude a paper whose file has the contents of another paper by now."""
    if (
        candidate.pdf is None
        or not candidate.paper.is_from_elsewhere
        or not candidate.pdf.is_file()
    ):
        return None
    if not store.identities.is_other(candidate.paper.arxiv_id, compute_digest(candidate.pdf)):
        return None
    return Exclusion(candidate.paper, f"{candidate.pdf} is another paper now")


def _exclusion(
    topic: Topic, candidate: Candidate, earlier: Outcome | None, post_date: date
) -> Exclusion | None:
    """Exclude a paper that was published earlier, is exhausted, unwanted, or off topic."""
    if earlier is not None and earlier.post_date is not None and earlier.post_date != post_date:
        reason = f"already published on {earlier.post_date.isoformat()}"
        return Exclusion(candidate.paper, reason, repeated=True)
    if earlier is not None and is_exhausted(earlier) and earlier.version == candidate.paper.version:
        return Exclusion(candidate.paper, earlier.reason, repeated=True)
    if candidate.chosen:
        return None
    if unwanted := explain_exclusion(topic.exclude, candidate.paper):
        return Exclusion(candidate.paper, unwanted)
    verdict = judge_relevance(topic, candidate.paper)
    return None if verdict.relevant else Exclusion(candidate.paper, f"off topic: {verdict.reason}")
