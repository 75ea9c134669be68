"""What a run finds out about papers that are published already."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from chatpaper.domain import Paper
from chatpaper.pipeline.selection import TopicSelection
from chatpaper.pipeline.updates.licenses import LicenseResolver
from chatpaper.pipeline.updates.publications import PublicationLookup
from chatpaper.pipeline.updates.record_backfill import RecordBackfill
from chatpaper.pipeline.updates.revisions import RevisionTracker


@dataclass(frozen=True, slots=True)
class Updates:
    """Where news of published papers comes from."""

    licenses: LicenseResolver
    backfill: RecordBackfill
    revisions: RevisionTracker
    publications: PublicationLookup = field(default_factory=PublicationLookup)

    def find(
        self, selections: Sequence[TopicSelection], post_date: date, *, online: bool
    ) -> tuple[Paper, ...]:
        """Record what is new about published papers.

        Return those whose records were completed. Services are asked only if `online`.
        """
        found = [candidate for each in selections for candidate in each.search.candidates]
        completed = self.backfill.complete(found, post_date) if online else ()
        self.revisions.check(selections, post_date, online=online)
        return completed

    def add_reposts(
        self, selections: Sequence[TopicSelection], post_date: date
    ) -> list[TopicSelection]:
        """Add to each topic the later versions of its papers that are to be posted again."""
        return [self.revisions.add_reposts(each, post_date) for each in selections]
