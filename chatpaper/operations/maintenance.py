"""What is done at the end of every run, under its lock: backup, then forgetting, then the cache.

Each step is whole or not done, so that a kill between or within them costs nothing; what fails is
told, and the rest is done all the same.
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
from chatpaper.pipeline.documents import document_folder
from chatpaper.pipeline.publish import Publisher
from chatpaper.pipeline.selection import Candidate, candidate_from_json
from chatpaper.storage.store import Store
from chatpaper.write.render import embedded_figures

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done, or that could not be."""

    says: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What there is to keep: the folders of the settings, and the database in them."""

    settings: Settings
    store: Store
    publisher: Publisher
    pdfs: PdfCache
    now: datetime

    def keep(self) -> tuple[Action, ...]:
        """Do all that is due, and say what was done; errors become deeds that were not."""
        steps: tuple[Callable[[], Iterator[Action]], ...] = (
            self._backup,
            self._forget,
            self._cache,
        )
        return tuple(action for step in steps for action in _attempted(step))

    def _backup(self) -> Iterator[Action]:
        kept = self.settings.store
        folder = self.settings.state_dir / backups.FOLDER_NAME
        today = self.now.astimezone(self.settings.zone).date()
        made = backups.back_up(
            self.store.path, folder, keep=kept.backups, days_apart=kept.backup_days, today=today
        )
        if made:
            yield Action(f"backed up the database to {made.path}")

    def _forget(self) -> Iterator[Action]:
        oldest = self.now - timedelta(days=self.settings.store.keep_days)
        forgotten = delete_before(self.store.retention, oldest.date())
        reports = remove_old_reports(self.settings.state_dir, oldest)
        if forgotten.rows or reports:
            yield Action(
                f"forgot {forgotten.rows} rows and {reports} run reports from before {oldest.date()}"
            )

    def _cache(self) -> Iterator[Action]:
        bounds = self.settings.cache
        pruned = prune_cache(
            self.settings.cache_dir.absolute(),
            self.needed_in_cache,
            max_gigabytes=bounds.max_gigabytes,
            max_days=bounds.max_days,
            now=self.now.timestamp(),
        )
        if pruned.removed:
            yield Action(
                f"removed {len(pruned.removed)} items ({pruned.removed_bytes / GIGABYTE:.2f} GB) from the cache"
            )
        if pruned.excess_bytes:
            yield Action(
                f"the cache is {pruned.excess_bytes / GIGABYTE:.2f} GB larger than cache.max_gigabytes "
                f"({bounds.max_gigabytes:g}), and posts or papers still need all of it: raise the bound",
                done=False,
            )

    def needed_in_cache(self) -> frozenset[Path]:
        """What a paper that is still to be published, or a post that is to be written again, takes
        from the cache.
        """
        return frozenset([*self._of_papers(), *self._of_posts()])

    def _of_papers(self) -> Iterator[Path]:
        for outcome in self.store.outcomes.all_unfinished():
            record = self.store.records.find(outcome.arxiv_id)
            pdf = self._pdf(candidate_from_json(record)) if record else None
            if pdf and pdf.is_file():
                yield pdf.absolute()
                yield document_folder(self.settings.cache_dir.absolute(), pdf)

    def _pdf(self, candidate: Candidate) -> Path:
        paper = candidate.paper
        return candidate.pdf or (
            self.pdfs.path_of(paper)
            if paper.source == "arxiv"
            else self.pdfs.path_of_url(paper.pdf_url)
        )

    def _of_posts(self) -> Iterator[Path]:
        """The images of posts whose figures are not all beside them: when written again, they come
        from the cache.
        """
        pending = frozenset(self.store.posts.pending())
        for key in self.store.posts.since(None):
            entries = self.publisher.entries(key)
            folders = self.publisher.place_of(key, entries).figure_folders if entries else {}
            for entry in entries:
                shown = embedded_figures(entry, self.publisher.style.figures)
                folder = folders[entry.paper.arxiv_id]
                if entry.images and (
                    key in pending or not all((folder / each.image).is_file() for each in shown)
                ):
                    yield entry.images.absolute()


def _attempted(step: Callable[[], Iterator[Action]]) -> tuple[Action, ...]:
    try:
        return tuple(step())
    except (ChatPaperError, OSError) as error:
        return (Action(str(error), done=False),)


def run_maintenance(house: Maintenance) -> None:
    """At the end of a run: what was done is logged, what could not be is a warning; the run ends as
    it would have.
    """
    for action in house.keep():
        log.log(logging.INFO if action.done else logging.WARNING, "%s", action.says)
