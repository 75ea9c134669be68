"""What a run is going to do: each paper once, with what earlier runs have of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from chatpaper.domain import Document, Paper, PostEntry, Summary, TokenEstimate
from chatpaper.pipeline.entries import EntryStore
from chatpaper.pipeline.selection import Candidate, TopicSelection
from chatpaper.pipeline.updates.revisions import RevisionTracker


class PaperSummarizer(Protocol):
    """Writes summaries and estimates their cost.

    It is `chatpaper.summarize.Summarizer`, or a test's own.
    """

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """Return the checked answers to the fields. Raises a BackendError where there are none."""

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """Estimate what `summarize` would use."""

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fields to which the summary has no answer that is still good."""


@dataclass(frozen=True, slots=True)
class PaperTask:
    """One paper to be published, for all the topics that want it.

    The topic is None where the paper was asked for alone. `kept` is its entry of an earlier run,
    where there is one that can be reused; `fields` are those that a model still has to answer.
    `matched_phrases` are what the paper has of each topic. `awaited_batch` is the name of the batch
    that the paper waits for; one that `is_answered` has its answer from a batch that ended.
    """

    candidate: Candidate
    topics: tuple[str | None, ...]
    fields: tuple[str, ...] = ()
    kept: PostEntry | None = None
    matched_phrases: Mapping[str | None, str] = field(default_factory=dict)
    awaited_batch: str = ""
    is_answered: bool = False

    @property
    def paper(self) -> Paper:
        """The paper to be published."""
        return self.candidate.paper

    @property
    def is_complete(self) -> bool:
        """Whether an earlier run has done all that is wanted, so that no model is asked."""
        return self.kept is not None and not self.fields

    @property
    def is_in_batch(self) -> bool:
        """Whether an earlier run has sent the paper with a batch, answered or not."""
        return self.awaited_batch != "" or self.is_answered


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a run, each of a paper of its own, and the selections that they come from."""

    tasks: tuple[PaperTask, ...]
    selections: tuple[TopicSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans.

    `fields` are those that the formats of the run show.
    """

    entries: EntryStore
    revisions: RevisionTracker
    summarizer: PaperSummarizer
    fields: tuple[str, ...]

    def plan_topics(self, selections: Iterable[TopicSelection]) -> Plan:
        """Plan one task for each paper, however many topics want it. Raises StoreError."""
        selections = tuple(selections)
        candidates: dict[str, Candidate] = {}
        phrases: dict[str, dict[str | None, str]] = {}
        for selection in selections:
            for candidate in selection.wanted:
                candidates.setdefault(candidate.paper.arxiv_id, candidate)
                matched = phrases.setdefault(candidate.paper.arxiv_id, {})
                matched[selection.topic.name] = candidate.matched_phrase
        # Papers that have no score stay in their order.
        best_first = sorted(candidates.items(), key=lambda item: _get_rank(item[1]))
        return Plan(
            tuple(self._task(candidate, phrases[arxiv_id]) for arxiv_id, candidate in best_first),
            selections,
        )

    def plan_papers(self, candidates: Iterable[Candidate]) -> Plan:
        """Plan one task for each of the candidates, which a person named. Raises StoreError."""
        return Plan(tuple(self._task(candidate, {None: ""}) for candidate in candidates))

    def _task(self, candidate: Candidate, phrases: Mapping[str | None, str]) -> PaperTask:
        topics = tuple(phrases)
        kept = self._find_kept(candidate, topics)
        return PaperTask(candidate, topics, self._missing(kept), kept, phrases)

    def _missing(self, entry: PostEntry | None) -> tuple[str, ...]:
        """Return the fields that are still to be answered about a paper that may have an entry."""
        return self.fields if entry is None else self.summarizer.missing(entry.summary, self.fields)

    def _find_kept(self, candidate: Candidate, topics: Sequence[str | None]) -> PostEntry | None:
        """Return the entry of the paper, of whatever topic, that has most of the wanted answers."""
        entries = [
            entry
            for entry in self.entries.load(candidate.paper.arxiv_id)
            if _is_of_same_file(entry, candidate) and self._is_wanted(entry, candidate, topics)
        ]
        return min(entries, key=lambda entry: len(self._missing(entry)), default=None)

    def _is_wanted(
        self, entry: PostEntry, candidate: Candidate, topics: Sequence[str | None]
    ) -> bool:
        """Return whether an entry is wanted.

        It is if it is of the wanted version, or complete and of a version that may stay.
        """
        if entry.paper.version == candidate.paper.version:
            return True
        return self.revisions.is_acceptable(topics, entry.paper) and not self._missing(entry)


def _get_rank(candidate: Candidate) -> float:
    return -candidate.ranking.score if candidate.ranking else 0.0


def _is_of_same_file(entry: PostEntry, candidate: Candidate) -> bool:
    """Return whether an entry was made from what the candidate offers.

    Once there is a PDF, an entry that was made from the abstract alone is not enough.
    """
    return candidate.pdf is None or entry.abstract_only is None
