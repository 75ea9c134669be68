"""Records that were published as a feed had them, completed when arXiv's API answers: no model is
asked for that.

A feed knows no time of submission and no comment, has the authors in one line, and a listing page
not even the version.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import FetchError
from chatpaper.pipeline.selection import Candidate, candidate_from_json, candidate_to_json
from chatpaper.pipeline.updates.revisions import LookUp
from chatpaper.storage.store import Store

log = logging.getLogger(__name__)

# An API that has not answered for a paper by then will not have it.
_DAYS = 30


@dataclass(frozen=True, slots=True)
class RecordBackfill:
    """Completes what was published with provisional records."""

    store: Store
    look_up: LookUp

    def complete(self, offered: Sequence[Candidate], post_date: date) -> tuple[Paper, ...]:
        """Put arXiv's records in the place of provisional ones; the posts that show them become
        pending.

        They are taken from what was offered, or looked up in one request more; where arXiv does not
        answer, the next run asks again. Returns the papers that are complete now.
        """
        since = post_date - timedelta(_DAYS)
        provisional = [
            candidate_from_json(record).paper for record in self.store.records.provisional(since)
        ]
        if not provisional:
            return ()
        confirmed = {each.paper.arxiv_id: each.paper for each in offered if not each.provisional}
        records = {
            paper.arxiv_id: record
            for paper in provisional
            if (record := confirmed.get(paper.arxiv_id)) is not None
            and paper.version in (None, record.version)
        }
        missing = [
            ArxivId(each.arxiv_id, each.version)
            for each in provisional
            if each.arxiv_id not in records
        ]
        try:
            records |= (
                {asked.id: paper for asked, paper in self.look_up(missing).items()}
                if missing
                else {}
            )
        except FetchError as error:
            log.warning(
                "records that were taken from a feed stay as they are, the next run asks again: %s",
                error,
            )
        for record in records.values():
            self._put(record)
        return tuple(records.values())

    def _put(self, record: Paper) -> None:
        log.info("%s: its record is complete now", record.idv)
        with self.store.unit_of_work():
            for stored in self.store.entries.of_paper(record.arxiv_id):
                entry = stored.entry
                if entry.paper.version not in (None, record.version):
                    continue
                was = entry.paper
                paper = replace(
                    record,
                    license=was.license or record.license,
                    upvotes=was.upvotes,
                    source=was.source,
                )
                self.store.entries.save(stored.topic, stored.recipe, replace(entry, paper=paper))
            self.store.outcomes.set_version(record.arxiv_id, record.version)
            self.store.records.save(
                record.arxiv_id, record.version, candidate_to_json(Candidate(record))
            )
            self.store.posts.mark_stale(record.arxiv_id)
