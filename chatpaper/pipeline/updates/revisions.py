"""Track later versions of published papers: mark them in posts, and post them again if wanted.

A search goes by the day of a paper's first version, so that later ones do not come up in it: once a
day the papers of the last posts are looked up by their ids. What is found goes into the database
first; the posts that it concerns are pending from then on, and written like all others.
"""

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, Protocol

from chatpaper.domain import ArxivId, Paper, PostEntry, Revision
from chatpaper.domain.errors import FetchError
from chatpaper.pipeline.selection import Candidate, TopicSelection
from chatpaper.storage.papers.outcomes import Outcomes
from chatpaper.storage.papers.posts import PostKey
from chatpaper.storage.papers.revision_log import RevisionLog

_log = logging.getLogger(__name__)

# mark: the post where an older version stands says so; repost: that, and the new version is
# summarized and posted too.
RevisionMode = Literal["mark", "ignore", "repost"]


class RecordService(Protocol):
    """Looks records up: `chatpaper.fetch.arxiv.api.ArxivApi`, or a test's own."""

    def fetch_records(self, arxiv_ids: Sequence[ArxivId]) -> Mapping[ArxivId, Paper]:
        """Return the records of these papers that arXiv has. Raises FetchError."""


@dataclass(frozen=True, slots=True)
class RevisionTracker:
    """Handles later versions as `mode` says; papers are looked up for `days` after their posts."""

    outcomes: Outcomes
    log: RevisionLog
    mode: RevisionMode
    days: int
    service: RecordService

    def check(self, selections: Sequence[TopicSelection], post_date: date, *, online: bool) -> None:
        """Record the later versions among what was found, and among the papers of the last posts.

        The latter are looked up once a day, if `online`; where arXiv does not answer, the next run
        asks again.
        """
        if self.mode == "ignore":
            return
        found = [
            candidate.paper for selection in selections for candidate in selection.search.candidates
        ]
        self.record(found)
        if online and not any(selection.search.fault for selection in selections):
            self._look_up(post_date, {paper.arxiv_id for paper in found})

    def record(self, papers: Iterable[Paper]) -> None:
        """Record which papers are later versions of posted ones; their posts become pending."""
        if self.mode == "ignore":
            return
        for paper in papers:
            if paper.version is not None and paper.source != "file":
                self._record(paper, paper.version)

    def _record(self, paper: Paper, version: int) -> None:
        known = self.log.newest(paper.arxiv_id)
        if known is not None and (known.version or 0, known.withdrawn) >= (
            version,
            paper.withdrawn,
        ):
            return
        shown = self.log.posted_versions(paper.arxiv_id)
        if not any((each.version or 0) < version or paper.withdrawn for each in shown):
            return
        _log.info(
            "%s: a later version of a posted paper%s",
            paper.idv,
            ", withdrawn" if paper.withdrawn else "",
        )
        posts = [
            (folder, each.topic, each.post_date)
            for each in shown
            for folder in self._folders_with(each.topic, each.post_date)
        ]
        self.log.record(paper, posts)

    def _folders_with(self, topic: str | None, post_date: date) -> list[str]:
        """List the output folders that have posts of that day and can be written.

        A folder that was removed is not made again.
        """
        days = {
            folder: Path(folder, post_date.isoformat())
            for folder in self.log.output_folders(topic, post_date)
        }
        return [folder for folder, day in days.items() if day.is_dir() and os.access(day, os.W_OK)]

    def _look_up(self, post_date: date, seen: set[str]) -> None:
        if self.log.was_checked(post_date):
            return
        posted = self.log.posted_between(post_date - timedelta(self.days), post_date)
        ids = [arxiv_id for key in posted if key not in seen for arxiv_id in _arxiv_ids(key)]
        try:
            found = self.service.fetch_records(ids) if ids else {}
        except FetchError as error:
            _log.warning(
                "later versions of posted papers could not be looked up, "
                "the next run asks again: %s",
                error,
            )
            return
        self.record(found.values())
        self.log.mark_checked(post_date)

    def add_reposts(self, selection: TopicSelection, post_date: date) -> TopicSelection:
        """Add the later versions that are to be posted again behind the papers of a topic."""
        if self.mode != "repost":
            return selection
        papers = self.log.later_versions(
            selection.topic.name, post_date - timedelta(self.days), post_date
        )
        again = tuple(Candidate(paper) for paper in papers if not paper.withdrawn)
        ids = {candidate.paper.arxiv_id for candidate in again}
        excluded = tuple(each for each in selection.excluded if each.paper.arxiv_id not in ids)
        return replace(selection, wanted=(*selection.wanted, *again), excluded=excluded)

    def is_acceptable(self, topics: Sequence[str | None], paper: Paper) -> bool:
        """Return whether a version of a paper that is not the latest may stay in its posts.

        It must be posted in all topics. A paper that was asked for alone gets the version that was
        asked for.
        """
        outcomes = [
            None if topic is None else self.outcomes.find(topic, paper.arxiv_id) for topic in topics
        ]
        posted = [outcome is not None and outcome.post_date is not None for outcome in outcomes]
        versions = {outcome.version for outcome in outcomes if outcome is not None}
        return self.mode != "repost" and all(posted) and versions == {paper.version}


def add_versions(entry: PostEntry, key: PostKey, versions: RevisionLog) -> PostEntry:
    """Add to an entry the other versions of its paper: a later one, and one posted earlier."""
    earlier = versions.earlier_post(key.topic, entry.paper, key.post_date)
    return replace(
        entry,
        revision=_find_revision(entry, versions.newest(entry.paper.arxiv_id)),
        earlier=earlier,
    )


def _find_revision(entry: PostEntry, newest: Paper | None) -> Revision | None:
    if newest is None or newest.version is None or entry.paper.version is None:
        return None
    newly_withdrawn = newest.withdrawn and not entry.paper.withdrawn
    if newest.version <= entry.paper.version and not newly_withdrawn:
        return None
    return Revision(newest.version, newest.abs_url, newest.updated, newly_withdrawn)


def _arxiv_ids(key: str) -> tuple[ArxivId, ...]:
    """Return a paper's key as an arXiv id, if it is one: papers from files have others."""
    try:
        return (ArxivId.parse(key),)
    except ValueError:
        return ()
