"""Maintain the installation after every run: back up, delete old rows, prune the cache.

Each step is done completely or not at all, so that a kill costs nothing. A step that fails is
reported, and the others are done all the same. The lock of the run is held meanwhile.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from chatpaper.app.settings import Settings
from chatpaper.domain.errors import ChatPaperError
from chatpaper.fetch.pdf_cache import PdfCache
from chatpaper.operations import backups
from chatpaper.operations.cache import GIGABYTE, prune_cache
from chatpaper.operations.retention import delete_before, remove_old_reports
from chatpaper.pipeline.documents import locate_document
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.selection import Candidate, candidate_from_json
from chatpaper.storage.store import Store
from chatpaper.write.render import select_embedded_figures

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done, or could not be."""

    message: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The maintenance of the folders of the settings and of the database in them."""

    settings: Settings
    store: Store
    publisher: Publisher
    pdfs: PdfCache
    now: datetime

    def run(self) -> tuple[Action, ...]:
        """Do what is due, and return what was done; errors become actions that could not be."""
        steps = (self._back_up, self._delete_old, self._prune_cache)
        return tuple(action for step in steps for action in _attempt(step))

    def _back_up(self) -> Iterator[Action]:
        kept = self.settings.store
        folder = self.settings.state_dir / backups.FOLDER_NAME
        today = self.now.astimezone(self.settings.zone).date()
        made = backups.back_up(
            self.store.path, folder, keep=kept.backups, days_apart=kept.backup_days, today=today
        )
        if made:
            yield Action(f"backed up the database to {made.path}")

    def _delete_old(self) -> Iterator[Action]:
        oldest = self.now - timedelta(days=self.settings.store.keep_days)
        deleted = delete_before(self.store.retention, oldest.date())
        reports = remove_old_reports(self.settings.state_dir, oldest)
        if deleted.rows or reports:
            yield Action(
                f"deleted {deleted.rows} rows and {reports} run reports from before {oldest.date()}"
            )

    def _prune_cache(self) -> Iterator[Action]:
        bounds = self.settings.cache
        pruned = prune_cache(
            self.settings.cache_dir.absolute(),
            self.needed_in_cache,
            max_gigabytes=bounds.max_gigabytes,
            max_days=bounds.max_days,
            now=self.now.timestamp(),
        )
        if pruned.removed:
            size = f"{pruned.removed_bytes / GIGABYTE:.2f} GB"
            yield Action(f"removed {len(pruned.removed)} items ({size}) from the cache")
        if pruned.excess_bytes:
            yield Action(
                f"the cache is {pruned.excess_bytes / GIGABYTE:.2f} GB larger than "
                f"cache.max_gigabytes ({bounds.max_gigabytes:g}), and posts or papers still need "
                "all of it: raise the bound",
                done=False,
            )

    def needed_in_cache(self) -> frozenset[Path]:
        """Return what unpublished papers and posts to be written again need of the cache."""
        return frozenset([*self._needed_by_papers(), *self._needed_by_posts()])

    def _needed_by_papers(self) -> Iterator[Path]:
        for outcome in self.store.outcomes.all_unfinished():
            record = self.store.records.find(outcome.arxiv_id)
            pdf = self._pdf(candidate_from_json(record)) if record else None
            if pdf and pdf.is_file():
                yield pdf.absolute()
                yield locate_document(self.settings.cache_dir.absolute(), pdf)

    def _pdf(self, candidate: Candidate) -> Path:
        paper = candidate.paper
        return candidate.pdf or (
            self.pdfs.path_of(paper)
            if paper.source == "arxiv"
            else self.pdfs.path_of_url(paper.pdf_url)
        )

    def _needed_by_posts(self) -> Iterator[Path]:
        """Yield the images of posts whose figures are not all beside them."""
        pending = frozenset(self.store.posts.pending())
        for key in self.store.posts.since(None):
            entries = self.publisher.contents.entries(key)
            folders = self.publisher.place_of(key, entries).figure_folders if entries else {}
            for entry in entries:
                shown = select_embedded_figures(entry, self.publisher.style.figures)
                folder = folders[entry.paper.arxiv_id]
                if entry.images and (
                    key in pending or not all((folder / each.image).is_file() for each in shown)
                ):
                    yield entry.images.absolute()


def _attempt(step: Callable[[], Iterator[Action]]) -> tuple[Action, ...]:
    try:
        return tuple(step())
    except (ChatPaperError, OSError) as error:
        return (Action(str(error), done=False),)


def run_maintenance(maintenance: Maintenance) -> None:
    """Do the maintenance after a run: log what was done, and warn of what could not be."""
    for action in maintenance.run():
        log.log(logging.INFO if action.done else logging.WARNING, "%s", action.message)
