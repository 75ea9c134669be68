"""What there is to do: the papers that were found for each topic, and those that earlier runs left."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from chatpaper.domain import Paper, Topic
from chatpaper.errors import UpstreamError
from chatpaper.fetch.topics import relevance
from chatpaper.store import Outcome, Store


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a source offers. `pdf` is its file, where it need not be fetched.

    A source that was picked by hand says with `chosen` that the paper belongs to the topic.
    """

    paper: Paper
    pdf: Path | None = None
    chosen: bool = False


FindCandidates = Callable[[Topic], Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A paper that was found and is not to be published, and why."""

    paper: Paper
    reason: str
    published_before: bool = False


@dataclass(frozen=True, slots=True)
class TopicIntake:
    """The papers of one topic; `fault` is set where its source did not answer."""

    topic: Topic
    wanted: tuple[Candidate, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    fault: UpstreamError | None = None

    @property
    def found(self) -> int:
        """How many papers there were."""
        return len(self.wanted) + len(self.excluded)


def take_in(topic: Topic, find: FindCandidates, store: Store, post_date: date) -> TopicIntake:
    """Find the papers of a topic and part them; what earlier runs left is taken in though the source is silent."""
    left = _left_by_earlier_runs(topic, store)
    fault = None
    offered: Sequence[Candidate] = ()
    try:
        offered = find(topic)
    except UpstreamError as error:
        fault = error
    candidates = {candidate.paper.arxiv_id: candidate for candidate in (*left, *offered)}
    wanted: list[Candidate] = []
    excluded: list[Exclusion] = []
    for candidate in sorted(candidates.values(), key=_newest_first):
        earlier = store.outcome(topic.name, candidate.paper.arxiv_id)
        exclusion = _exclusion(topic, candidate, earlier, post_date)
        if exclusion is None:
            wanted.append(candidate)
        else:
            excluded.append(exclusion)
    return TopicIntake(topic, tuple(wanted), tuple(excluded), fault)


def _left_by_earlier_runs(topic: Topic, store: Store) -> Iterable[Candidate]:
    for outcome in store.unfinished(topic.name):
        record = store.paper_record(outcome.arxiv_id)
        if record is not None:
            yield remembered(record)


def remember(candidate: Candidate) -> str:
    """A candidate as JSON, to be kept until it is done."""
    return str(_CANDIDATE.dump_json(candidate).decode())


def remembered(record: str) -> Candidate:
    """A candidate from its JSON."""
    return _CANDIDATE.validate_json(record)


_CANDIDATE = TypeAdapter(Candidate)


def _newest_first(candidate: Candidate) -> tuple[float, str]:
    published = candidate.paper.published
    return (-published.timestamp() if published else 0.0, candidate.paper.arxiv_id)


def _exclusion(topic: Topic, candidate: Candidate, earlier: Outcome | None, post_date: date) -> Exclusion | None:
    if earlier is not None and earlier.post_date is not None and earlier.post_date != post_date:
        reason = f"already published on {earlier.post_date.isoformat()}"
        return Exclusion(candidate.paper, reason, published_before=True)
    if candidate.chosen:
        return None
    verdict = relevance(topic, candidate.paper)
    return None if verdict.relevant else Exclusion(candidate.paper, f"off topic: {verdict.reason}")
