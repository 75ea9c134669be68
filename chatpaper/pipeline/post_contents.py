"""What each post shows: entries as they were stored, with what became known later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from chatpaper.domain import CutPaper, PostEntry, Ranking
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.pipeline.updates.licenses import add_license
from chatpaper.pipeline.updates.revisions import add_versions
from chatpaper.storage.papers.entries import PaperRecords
from chatpaper.storage.papers.license_table import LicenseTable
from chatpaper.storage.papers.outcomes import Outcomes
from chatpaper.storage.papers.posts import PostKey, Posts
from chatpaper.storage.papers.revision_log import RevisionLog
from chatpaper.storage.rows import read_record
from chatpaper.write.formats import PostFormat


@dataclass(frozen=True, slots=True)
class PostContents:
    """The posts of a store, each with the papers that it shows."""

    posts: Posts
    licenses: LicenseTable
    revisions: RevisionLog
    outcomes: Outcomes
    records: PaperRecords

    def cut(self, key: PostKey) -> tuple[CutPaper, ...]:
        """Return the papers that there was no room for in the post of a day, the best first.

        Raises StoreError.
        """
        if key.topic is None or key.arxiv_id:
            return ()
        cut = [
            CutPaper(
                candidate_from_json(record).paper, read_record(Ranking, each.ranking, each.arxiv_id)
            )
            for each in self.outcomes.cut_on(key.topic, key.post_date)
            if each.ranking and (record := self.records.find(each.arxiv_id)) is not None
        ]
        return tuple(sorted(cut, key=lambda each: (-each.ranking.score, each.paper.sort_key)))

    def entries(
        self, key: PostKey, *, licensed: bool = True, versions: bool = True
    ) -> tuple[PostEntry, ...]:
        """Return the papers of a post, in the order in which it shows them.

        They come with the licences and the versions that became known after they were stored, or
        without.
        """
        complete = (
            self._complete(entry, key, licensed=licensed, versions=versions)
            for entry in self.revisions.post_entries(key).values()
        )
        return tuple(sorted(complete, key=lambda entry: entry.sort_key))

    def earlier_entries(self, key: PostKey) -> Iterator[tuple[PostEntry, ...]]:
        """Yield the papers of a post as it may have shown them before all was known of them."""
        for licensed, versions in ((False, False), (True, False), (False, True)):
            yield self.entries(key, licensed=licensed, versions=versions)

    def _complete(
        self, entry: PostEntry, key: PostKey, *, licensed: bool, versions: bool
    ) -> PostEntry:
        if licensed:
            entry = replace(entry, paper=add_license(entry.paper, self.licenses))
        return add_versions(entry, key, self.revisions) if versions else entry

    def keys_since(
        self, since: date | None, formats: Sequence[PostFormat], output_dir: Path
    ) -> tuple[PostKey, ...]:
        """Return the posts from a day on, in `formats` or, without any, in those that they have."""
        keys = [
            replace(key, output_dir=str(output_dir.absolute())) for key in self.posts.since(since)
        ]
        if formats:
            keys = [
                other
                for key in keys
                for chosen in formats
                for other in self._in_format(key, chosen)
            ]
        return tuple(dict.fromkeys(keys))

    def _in_format(self, key: PostKey, post_format: PostFormat) -> list[PostKey]:
        """Return the post, or the posts, that have the same papers in another format."""
        if key.topic is None:
            return [replace(key, format=post_format.name)]
        of_the_day = replace(key, arxiv_id="", format=post_format.name)
        if post_format.scope == "day":
            return [of_the_day]
        return [
            replace(of_the_day, arxiv_id=arxiv_id)
            for arxiv_id in self.revisions.post_entries(of_the_day)
        ]
