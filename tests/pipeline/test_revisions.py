"""The look-up of later versions: when it asks, for what, and what its faults cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chatpaper.domain import ArxivId, Paper, Topic
from chatpaper.domain.errors import UpstreamError
from chatpaper.pipeline.selection import (
    Candidate,
    Exclusion,
    SearchResult,
    TopicSelection,
)
from chatpaper.pipeline.updates.revisions import RevisionMode, RevisionTracker
from chatpaper.storage.papers.outcomes import Outcome
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.store import Store
from tests.storage.sample import entry_of

NIGHT = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
QUIET = TopicSelection(Topic("LLM"), SearchResult(()))


@dataclass
class Arxiv:
    """Knows the newest versions, and notes for what it was asked."""

    versions: dict[str, int] = field(default_factory=dict)
    fault: UpstreamError | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def fetch_records(self, arxiv_ids: Sequence[ArxivId]) -> dict[ArxivId, Paper]:
        self.asked.append(tuple(each.id for each in arxiv_ids))
        if self.fault:
            raise self.fault
        return {
            each: paper(each.id, self.versions[each.id])
            for each in arxiv_ids
            if each.id in self.versions
        }


def paper(arxiv_id: str, version: int, *, withdrawn: bool = False) -> Paper:
    return Paper(
        arxiv_id,
        "T",
        version=version,
        abs_url=f"http://arxiv.org/abs/{arxiv_id}",
        withdrawn=withdrawn,
    )


def posted(
    store: Store, folder: Path, arxiv_id: str, day: date = NIGHT, version: int | None = 1
) -> PostKey:
    """Settle a paper as published, with its post on disk."""
    key = PostKey(str(folder), "LLM", "", day, "daily")
    (folder / day.isoformat()).mkdir(exist_ok=True)
    store.entries.save("LLM", "recipe", entry_of(arxiv_id, version))
    store.outcomes.record(
        [Outcome("LLM", arxiv_id, version, "published", post_date=day)], [key], NOW
    )
    store.posts.mark_written(key)
    return key


def revisions(store: Store, arxiv: Arxiv, mode: RevisionMode = "mark") -> RevisionTracker:
    return RevisionTracker(store.outcomes, store.revisions, mode, 30, arxiv)


def test_the_papers_of_the_last_posts_are_looked_up_once_a_day(
    store: Store, tmp_path: Path
) -> None:
    key = posted(store, tmp_path, "2611.00001")
    posted(store, tmp_path, "2609.00001", NIGHT - timedelta(31))
    posted(store, tmp_path, "my-paper")
    posted(store, tmp_path, "2611.00007", version=None)
    arxiv = Arxiv({"2611.00001": 2})
    for day in (NIGHT, NIGHT, NIGHT + timedelta(1)):
        revisions(store, arxiv).check([QUIET], day, online=True)
    assert arxiv.asked == [("2611.00001",)] * 2
    assert store.posts.pending() == (key,)
    store.posts.mark_written(key)
    # What is known already concerns no post a second time.
    revisions(store, arxiv).check([QUIET], NIGHT + timedelta(2), online=True)
    assert store.posts.pending() == ()


def test_a_fault_of_the_look_up_is_a_warning_and_the_next_run_asks_again(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    posted(store, tmp_path, "2611.00001")
    arxiv = Arxiv({"2611.00001": 2}, fault=UpstreamError("arXiv is down"))
    revisions(store, arxiv).check([QUIET], NIGHT, online=True)
    assert "arXiv is down" in caplog.text
    assert store.posts.pending() == ()
    arxiv.fault = None
    revisions(store, arxiv).check([QUIET], NIGHT, online=True)
    assert len(store.posts.pending()) == 1


@pytest.mark.parametrize(
    ("mode", "online", "fault"),
    [("ignore", True, False), ("mark", False, False), ("mark", True, True)],
)
def test_nothing_is_asked_of_an_arxiv_that_is_not_wanted_or_does_not_answer(
    store: Store, tmp_path: Path, mode: RevisionMode, online: bool, fault: bool
) -> None:
    posted(store, tmp_path, "2611.00001")
    arxiv = Arxiv({"2611.00001": 2})
    intake = replace(QUIET, search=SearchResult((), fault=UpstreamError("down") if fault else None))
    revisions(store, arxiv, mode).check([intake], NIGHT, online=online)
    assert arxiv.asked == []


def test_a_withdrawal_is_noticed_also_without_a_new_version(store: Store, tmp_path: Path) -> None:
    key = posted(store, tmp_path, "2611.00001")
    revisions(store, Arxiv()).record([paper("2611.00001", 1)])
    assert store.posts.pending() == ()
    revisions(store, Arxiv()).record([paper("2611.00001", 1, withdrawn=True)])
    assert store.posts.pending() == (key,)


def test_a_paper_that_was_found_and_excluded_as_posted_is_wanted_again_once(
    store: Store, tmp_path: Path
) -> None:
    posted(store, tmp_path, "2611.00001")
    posted(store, tmp_path, "2611.00002")
    found = [paper("2611.00001", 2), paper("2611.00002", 2, withdrawn=True)]
    intake = TopicSelection(
        Topic("LLM"),
        SearchResult([Candidate(each) for each in found]),
        excluded=tuple(Exclusion(p, "", repeated=True) for p in found),
    )
    repost = revisions(store, Arxiv(), "repost")
    repost.check([intake], NIGHT + timedelta(1), online=False)
    again = repost.add_reposts(intake, NIGHT + timedelta(1))
    assert [candidate.paper.idv for candidate in again.wanted] == ["2611.00001v2"]
    assert [exclusion.paper.idv for exclusion in again.excluded] == ["2611.00002v2"]
    assert again.found == intake.found
    assert repost.add_reposts(intake, NIGHT) == intake
    assert revisions(store, Arxiv()).add_reposts(intake, NIGHT + timedelta(1)) == intake


def test_an_older_version_stays_in_its_post_whatever_becomes_of_the_newer_one(
    store: Store, tmp_path: Path
) -> None:
    key = posted(store, tmp_path, "2611.00001")
    later = NIGHT + timedelta(1)
    store.revisions.archive_entry("LLM", "2611.00001", 1, later)
    assert store.database.rows("SELECT * FROM superseded") == []
    store.revisions.archive_entry("LLM", "2611.00001", 2, later)
    store.outcomes.record([Outcome("LLM", "2611.00001", 2, "failed")], (), NOW)
    assert store.revisions.post_entries(key) == {"2611.00001": entry_of("2611.00001")}
    store.revisions.archive_entry("LLM", "2611.00001", 2, later)
    posted(store, tmp_path, "2611.00001", later, 2)
    assert store.revisions.post_entries(key) == {"2611.00001": entry_of("2611.00001")}
    assert store.revisions.post_entries(replace(key, post_date=later)) == {
        "2611.00001": entry_of("2611.00001", 2)
    }
