"""Later versions of published papers: noticed, told in the posts where they stand, posted anew where that is wanted.

A search goes by the day of a paper's first version, so that later ones do not come up in it: once a day the papers of
the last posts are looked up by their ids. What is noticed goes into the store first; the posts that it concerns are
pending from then on, and written like all others.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from chatpaper.domain import ArxivId, EarlierPost, Entry, Paper, Revision
from chatpaper.domain.errors import FetchError
from chatpaper.pipeline.selection import Candidate, TopicIntake
from chatpaper.storage.rows import read_record
from chatpaper.storage.store import PostKey, Store

log = logging.getLogger(__name__)

# mark: the post where an older version stands says so; repost: that, and the new version is summarized and posted too.
RevisionMode = Literal["mark", "ignore", "repost"]
LookUp = Callable[[Sequence[ArxivId]], Mapping[ArxivId, Paper]]

_PAPER = TypeAdapter(Paper)

# Where a paper is posted: as it stands now, and in earlier posts that keep an older version of it.
_POSTED = (
    "SELECT topic, arxiv_id, post_date, version FROM outcomes WHERE post_date IS NOT NULL "
    "UNION SELECT topic, arxiv_id, post_date, version FROM superseded"
)


@dataclass(frozen=True, slots=True)
class Revisions:
    """Deals with later versions as `mode` says; `days` is for how long after its post a paper is looked up."""

    store: Store
    mode: RevisionMode
    days: int
    look_up: LookUp

    def look_for(self, intakes: Sequence[TopicIntake], post_date: date, *, online: bool) -> None:
        """Notice the later versions among what was found and, once a day, among the papers of the last posts.

        `online` says whether arXiv is to be asked at all; where it does not answer, the next run asks again.
        """
        if self.mode == "ignore":
            return
        found = [candidate.paper for intake in intakes for candidate in intake.offer.candidates]
        self.notice(found)
        if online and not any(intake.offer.fault for intake in intakes):
            self._ask(post_date, {paper.arxiv_id for paper in found})

    def notice(self, papers: Iterable[Paper]) -> None:
        """Remember which of these papers are later versions of posted ones, and have the posts written again."""
        if self.mode == "ignore":
            return
        for paper in papers:
            if paper.version is not None and paper.source != "file":
                self._notice(paper, paper.version)

    def _notice(self, paper: Paper, version: int) -> None:
        known = _newest(self.store, paper.arxiv_id)
        if known is not None and (known.version or 0, known.withdrawn) >= (version, paper.withdrawn):
            return
        shown = self.store.rows(f"SELECT * FROM ({_POSTED}) WHERE arxiv_id = ?", (paper.arxiv_id,))
        if not any((row["version"] or 0) < version or paper.withdrawn for row in shown):
            return
        log.info("%s: a later version of a posted paper%s", paper.idv, ", withdrawn" if paper.withdrawn else "")
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO revisions VALUES (?, ?, ?)",
                (paper.arxiv_id, version, _PAPER.dump_json(paper).decode()),
            )
            connection.executemany(
                "UPDATE posts SET pending = 1 WHERE output_dir = ? AND post_date = ? AND topic = ? "
                "AND arxiv_id IN ('', ?)",
                [
                    (folder, row["post_date"], row["topic"], paper.arxiv_id)
                    for row in shown
                    for folder in self._folders_with(row["topic"], row["post_date"])
                ],
            )

    def _folders_with(self, topic: str, post_date: str) -> list[str]:
        """The output folders that still have posts of that day and take more: what was removed is not made again."""
        rows = self.store.rows(
            "SELECT DISTINCT output_dir FROM posts WHERE topic = ? AND post_date = ?", (topic, post_date)
        )
        days = {row["output_dir"]: Path(row["output_dir"], post_date) for row in rows}
        return [folder for folder, day in days.items() if day.is_dir() and os.access(day, os.W_OK)]

    def _ask(self, post_date: date, seen: set[str]) -> None:
        today = post_date.isoformat()
        if self.store.rows("SELECT 1 FROM revision_look_ups WHERE day = ?", (today,)):
            return
        rows = self.store.rows(
            f"SELECT DISTINCT arxiv_id FROM ({_POSTED}) WHERE post_date BETWEEN ? AND ? AND version IS NOT NULL "
            "ORDER BY arxiv_id",
            ((post_date - timedelta(self.days)).isoformat(), today),
        )
        ids = [arxiv_id for row in rows if row["arxiv_id"] not in seen for arxiv_id in _arxiv_ids(row["arxiv_id"])]
        try:
            found = self.look_up(ids) if ids else {}
        except FetchError as error:
            log.warning("later versions of posted papers could not be looked up, the next run asks again: %s", error)
            return
        self.notice(found.values())
        with self.store.transaction() as connection:
            connection.execute("DELETE FROM revision_look_ups")
            connection.execute("INSERT INTO revision_look_ups VALUES (?)", (today,))

    def with_reposts(self, intake: TopicIntake, post_date: date) -> TopicIntake:
        """The papers of a topic, with those whose later versions are to be posted anew behind them."""
        if self.mode != "repost":
            return intake
        rows = self.store.rows(
            "SELECT revisions.record FROM revisions JOIN outcomes USING (arxiv_id) WHERE outcomes.topic = ? "
            "AND outcomes.post_date >= ? AND outcomes.post_date < ? AND outcomes.version < revisions.version "
            "ORDER BY arxiv_id",
            (intake.topic.name, (post_date - timedelta(self.days)).isoformat(), post_date.isoformat()),
        )
        papers = [read_record(_PAPER, row["record"], "a later version") for row in rows]
        again = tuple(Candidate(paper) for paper in papers if not paper.withdrawn)
        ids = {candidate.paper.arxiv_id for candidate in again}
        excluded = tuple(each for each in intake.excluded if each.paper.arxiv_id not in ids)
        return replace(intake, wanted=(*intake.wanted, *again), excluded=excluded)

    def may_stand(self, topics: Sequence[str], paper: Paper) -> bool:
        """Whether this version of a paper, which is not the latest, is posted in all topics and may stay so.

        Who asks for a paper alone gets the version that was asked for.
        """
        outcomes = [self.store.outcome(topic, paper.arxiv_id) if topic else None for topic in topics]
        posted = [outcome is not None and outcome.post_date is not None for outcome in outcomes]
        versions = {outcome.version for outcome in outcomes if outcome is not None}
        return self.mode != "repost" and all(posted) and versions == {paper.version}

    def set_aside(self, topic: str, paper: Paper, post_date: date) -> None:
        """Keep the entry of an older version for the post where it stands, before another takes its place.

        Part of the transaction that settles the paper.
        """
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO superseded "
                "SELECT topic, arxiv_id, outcomes.post_date, outcomes.version, entries.record "
                "FROM outcomes JOIN entries USING (topic, arxiv_id) WHERE topic = ? AND arxiv_id = ? "
                "AND outcomes.post_date <> ? AND outcomes.version <> ?",
                (topic, paper.arxiv_id, post_date.isoformat(), paper.version),
            )


def records_of(store: Store, key: PostKey) -> dict[str, str]:
    """The entries of a post as JSON, by their papers' keys: older versions where they were posted."""
    ids = (key.arxiv_id,) if key.arxiv_id else store.published_on(key.topic, key.post_date)
    standing = {arxiv_id: found[1] for arxiv_id in ids if (found := store.entry(key.topic, arxiv_id)) is not None}
    older = store.rows(
        "SELECT arxiv_id, record FROM superseded WHERE topic = ? AND post_date = ? AND ? IN ('', arxiv_id)",
        (key.topic, key.post_date.isoformat(), key.arxiv_id),
    )
    return standing | {row["arxiv_id"]: row["record"] for row in older}


def with_versions(entry: Entry, key: PostKey, store: Store) -> Entry:
    """The entry with what is known of other versions of its paper: later ones, and one that was posted before."""
    return replace(entry, revision=_revision(entry, store), earlier=_earlier(entry, key, store))


def _revision(entry: Entry, store: Store) -> Revision | None:
    newest = _newest(store, entry.paper.arxiv_id)
    if newest is None or newest.version is None or entry.paper.version is None:
        return None
    newly_withdrawn = newest.withdrawn and not entry.paper.withdrawn
    if newest.version <= entry.paper.version and not newly_withdrawn:
        return None
    return Revision(newest.version, newest.abs_url, newest.updated, newly_withdrawn)


def _earlier(entry: Entry, key: PostKey, store: Store) -> EarlierPost | None:
    rows = store.rows(
        "SELECT post_date, version FROM superseded WHERE topic = ? AND arxiv_id = ? AND post_date < ? AND version < ? "
        "ORDER BY post_date DESC LIMIT 1",
        (key.topic, entry.paper.arxiv_id, key.post_date.isoformat(), entry.paper.version),
    )
    return EarlierPost(rows[0]["version"], date.fromisoformat(rows[0]["post_date"])) if rows else None


def _newest(store: Store, arxiv_id: str) -> Paper | None:
    rows = store.rows("SELECT record FROM revisions WHERE arxiv_id = ?", (arxiv_id,))
    return read_record(_PAPER, rows[0]["record"], arxiv_id) if rows else None


def _arxiv_ids(key: str) -> tuple[ArxivId, ...]:
    """The key as an arXiv id, if it is one: papers from files have others."""
    try:
        return (ArxivId.parse(key),)
    except ValueError:
        return ()
