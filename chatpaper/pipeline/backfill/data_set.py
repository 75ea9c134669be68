"""Write what a backfill took in as a data set, shard by shard."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatpaper.domain import Document, Paper
from chatpaper.domain.errors import FetchError
from chatpaper.fetch.file_store import FileStore
from chatpaper.pipeline.documents import load_kept_document
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.storage.papers.backfill_ledger import SettledPaper, Shard
from chatpaper.storage.store import Store
from chatpaper.write.dataset.parquet import encode_parts, name_last_part
from chatpaper.write.dataset.tables import DataSetPaper

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DataSetWriter:
    """Writes the shards of a topic whose papers are all settled.

    `read_again` reads a paper whose document the cache no longer holds.
    """

    place: FileStore
    store: Store
    topic: str
    read_again: Callable[[Paper], Document]

    def write(self, shard: Shard, *, anew: bool) -> None:
        """Write a shard if none of its papers waits and it is not there, or is wanted `anew`.

        A shard of which a paper could not be had is left to the next time. Raises as `FileStore`
        does.
        """
        if not anew and self.place.exists(name_last_part(shard.month, shard.number)):
            return
        if self.store.backfills.count_waiting(self.topic, shard.number):
            return
        try:
            parts = tuple(encode_parts(shard.month, shard.number, self._list_papers(shard)))
        except FetchError as error:
            log.warning("shard %d is not in the data set yet: %s", shard.number, error)
            return
        for name, content in parts:
            self.place.write(name, content)

    def _list_papers(self, shard: Shard) -> Iterator[DataSetPaper]:
        for settled in self.store.backfills.settled(self.topic, shard.number):
            entry = self.store.entries.find(self.topic, settled.arxiv_id)
            if entry is None:
                yield self._without_entry(settled)
                continue
            document = load_kept_document(entry.images)
            if document is None and entry.abstract_only is None:
                document = self.read_again(entry.paper)
            yield DataSetPaper(
                entry.paper,
                self.topic,
                settled.day,
                settled.state,
                settled.reason,
                entry,
                document or entry.document,
            )

    def _without_entry(self, settled: SettledPaper) -> DataSetPaper:
        paper = (
            candidate_from_json(settled.offer).paper
            if settled.offer
            else Paper(settled.arxiv_id, title="")
        )
        return DataSetPaper(paper, self.topic, settled.day, settled.state, settled.reason)
