"""Rank the papers of a night for its reader, and leave out those that there is no room for.

It is done by the papers' records alone, before anything is downloaded or paid for.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import Paper, Ranking
from chatpaper.domain.ranking import ReaderProfile
from chatpaper.pipeline.ranking.followed import find_words
from chatpaper.pipeline.ranking.ranker import rank_papers
from chatpaper.pipeline.request import RunRequest
from chatpaper.pipeline.selection import (
    Candidate,
    Exclusion,
    TopicSelection,
    candidate_from_json,
)
from chatpaper.storage.papers.outcomes import CUT, Outcome
from chatpaper.storage.store import Store

# Papers of earlier nights that the reader's are held against: with more, nothing gets better.
MAX_BACKGROUND = 1000


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """The profile of a run; `notes` say what of it could not be had."""

    profile: ReaderProfile
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NightRanking:
    """Ranks what was found for all topics of a run, for the reader whose profile is loaded."""

    store: Store
    load_profile: Callable[[], LoadedProfile]

    def apply(
        self, selections: Sequence[TopicSelection], request: RunRequest
    ) -> list[TopicSelection]:
        """Return the selections with scores, without what the reader does not want to see.

        Where anything tells papers apart, no more stay than the run may have, the best of all
        topics; the others are excluded, and are not found again on later nights. What a run for
        the same night has published stays. Papers that a person chose are neither ranked nor left
        out. Raises StoreError.
        """
        loaded = self.load_profile()
        profile = loaded.profile
        sorted_out = [
            _exclude(_with_notes(selection, loaded.notes), self._refuse(profile, request))
            for selection in selections
        ]
        if not profile.can_rank:
            return sorted_out
        papers = _list_papers(sorted_out)
        rankings = rank_papers(profile, self._background(sorted_out, request, papers), papers)
        ranked = [_with_rankings(selection, rankings) for selection in sorted_out]
        return self._cut(ranked, papers, rankings, request)

    def _refuse(
        self, profile: ReaderProfile, request: RunRequest
    ) -> Callable[[TopicSelection, Candidate], Exclusion | None]:
        def refuse(selection: TopicSelection, candidate: Candidate) -> Exclusion | None:
            paper = candidate.paper
            earlier = self.store.outcomes.find(selection.topic.name, paper.arxiv_id)
            if earlier is not None and earlier.post_date == request.post_date:
                return None
            if reason := explain_unwanted(profile, paper):
                return Exclusion(paper, reason)
            if earlier is None or paper.arxiv_id in profile.liked or not profile.can_rank:
                return None
            return _repeat_cut(paper, earlier, request)

        return refuse

    def _background(
        self, selections: Iterable[TopicSelection], request: RunRequest, papers: Iterable[Paper]
    ) -> list[Paper]:
        """List recent papers of the topics from the nights before."""
        tonight = {paper.arxiv_id for paper in papers}
        found: dict[str, Paper] = {}
        for selection in selections:
            for record in self.store.records.recent(
                selection.topic.name, request.post_date, MAX_BACKGROUND
            ):
                paper = candidate_from_json(record).paper
                if paper.arxiv_id not in tonight:
                    found.setdefault(paper.arxiv_id, paper)
        return list(found.values())[:MAX_BACKGROUND]

    def _cut(
        self,
        selections: Sequence[TopicSelection],
        papers: Sequence[Paper],
        rankings: Mapping[str, Ranking],
        request: RunRequest,
    ) -> list[TopicSelection]:
        limit = request.limits.papers
        if limit is None:
            return list(selections)
        best_first = sorted(
            papers, key=lambda paper: (-rankings[paper.arxiv_id].score, paper.sort_key)
        )
        done = self._list_published(selections, request)
        kept = choose_best([paper.arxiv_id for paper in best_first], done, limit)
        ranks = {paper.arxiv_id: number for number, paper in enumerate(best_first, start=1)}

        def cut(_: TopicSelection, candidate: Candidate) -> Exclusion | None:
            key = candidate.paper.arxiv_id
            if key in kept or candidate.ranking is None:
                return None
            reason = (
                f"not among the {limit} best papers for the reader: number {ranks[key]} of "
                f"{len(ranks)}, with a score of {candidate.ranking.score:.4f}"
            )
            return Exclusion(candidate.paper, reason, ranking=candidate.ranking, cut=candidate)

        return [_exclude(selection, cut) for selection in selections]

    def _list_published(
        self, selections: Iterable[TopicSelection], request: RunRequest
    ) -> frozenset[str]:
        """List the papers that a run for the same night has published."""
        return frozenset(
            arxiv_id
            for selection in selections
            for arxiv_id in self.store.outcomes.published_on(
                selection.topic.name, request.post_date
            )
        )


def choose_best(best_first: Sequence[str], done: Collection[str], limit: int) -> frozenset[str]:
    """Return those that stay: all that are done, and the best of the others up to the limit."""
    others = [key for key in best_first if key not in done]
    return frozenset(done) | frozenset(others[: max(0, limit - len(done))])


def explain_unwanted(profile: ReaderProfile, paper: Paper) -> str:
    """Say why the reader does not want to be offered a paper; empty where nothing is against it."""
    if paper.arxiv_id in profile.hidden:
        return "hidden by its reader"
    if paper.arxiv_id in profile.read:
        return "its reader has read it"
    words = find_words(profile.unwanted, f"{paper.title}\n{paper.abstract}")
    return f"has a word that its reader does not want: {words[0]}" if words else ""


def _repeat_cut(paper: Paper, earlier: Outcome, request: RunRequest) -> Exclusion | None:
    if earlier.stage != CUT or earlier.night == request.post_date:
        return None
    return Exclusion(
        paper, f"there was no room for it on {earlier.night}: {earlier.reason}", repeated=True
    )


def _exclude(
    selection: TopicSelection, decide: Callable[[TopicSelection, Candidate], Exclusion | None]
) -> TopicSelection:
    """Exclude the wanted papers for which there is a reason; those that were chosen stay."""
    wanted: list[Candidate] = []
    excluded: list[Exclusion] = []
    for candidate in selection.wanted:
        exclusion = None if candidate.chosen else decide(selection, candidate)
        if exclusion is None:
            wanted.append(candidate)
        else:
            excluded.append(exclusion)
    return replace(selection, wanted=tuple(wanted), excluded=(*selection.excluded, *excluded))


def _list_papers(selections: Iterable[TopicSelection]) -> list[Paper]:
    """List the papers that are to be ranked, each once."""
    papers = {
        candidate.paper.arxiv_id: candidate.paper
        for selection in selections
        for candidate in selection.wanted
        if not candidate.chosen
    }
    return list(papers.values())


def _with_rankings(selection: TopicSelection, rankings: Mapping[str, Ranking]) -> TopicSelection:
    """Return the selection with scores, its best papers first."""
    wanted = [
        replace(candidate, ranking=rankings.get(candidate.paper.arxiv_id))
        for candidate in selection.wanted
    ]
    wanted.sort(key=lambda each: -each.ranking.score if each.ranking else 0.0)
    return replace(selection, wanted=tuple(wanted))


def _with_notes(selection: TopicSelection, notes: tuple[str, ...]) -> TopicSelection:
    search = selection.search
    return replace(selection, search=replace(search, notes=(*search.notes, *notes)))
