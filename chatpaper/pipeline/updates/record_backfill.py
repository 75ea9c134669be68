"""Complete records that were taken from a feed once arXiv's API answers; no model is asked.

A feed has no time of submission and no comment, and the authors in one line; a listing page has not
even the version.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chatpaper.domain import ArxivId, Paper
from chatpaper.domain.errors import FetchError
from chatpaper.pipeline.selection import Candidate, candidate_from_json, candidate_to_json
from chatpaper.pipeline.updates.revisions import RecordService
from chatpaper.storage.store import Store

log = logging.getLogger(__name__)

# Records that the API has not had for this long are not asked for any more.
_MAX_AGE_DAYS = 30


@dataclass(frozen=True, slots=True)
class RecordBackfill:
    """Completes the records of papers that were published with provisional ones."""

    store: Store
    service: RecordService

    def complete(self, found: Sequence[Candidate], post_date: date) -> tuple[Paper, ...]:
        """Replace provisional records by arXiv's own; the posts that show them become pending.

        The records are taken from what was found, or looked up in one more request; where arXiv
        does not answer, the next run asks again. Returns the papers whose records are complete now.
        """
        since = post_date - timedelta(_MAX_AGE_DAYS)
        provisional = [
            candidate_from_json(record).paper for record in self.store.records.provisional(since)
        ]
        if not provisional:
            return ()
        confirmed = {each.paper.arxiv_id: each.paper for each in found if not each.provisional}
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
                {asked.id: paper for asked, paper in self.service.fetch_records(missing).items()}
                if missing
                else {}
            )
        except FetchError as error:
            log.warning(
                "records that were taken from a feed stay as they are, the next run asks again: %s",
                error,
            )
        for record in records.values():
            self._replace(record)
        return tuple(records.values())

    def _replace(self, record: Paper) -> None:
        """Record a complete record, in the entries of all topics too."""
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
