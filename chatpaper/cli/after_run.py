"""What follows a run, under its lock: housekeeping, and telling people.

Neither changes how the run ends.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chatpaper.app.arxiv_clients import ArxivClients
from chatpaper.app.run_lock import hold_run_lock
from chatpaper.app.settings import Settings
from chatpaper.cli.console import complain
from chatpaper.domain.clock import SYSTEM_CLOCK, Clock
from chatpaper.domain.errors import ChatPaperError
from chatpaper.operations.maintenance import Maintenance, run_maintenance
from chatpaper.operations.notifications import notify_people
from chatpaper.operations.recovery import recover, refuse_damaged
from chatpaper.pipeline.report.run_report import RunReport
from chatpaper.pipeline.run import Pipeline
from chatpaper.storage.database import FILE_NAME

log = logging.getLogger(__name__)


@contextmanager
def state_held(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Iterator[None]:
    """The lock of a run, around a database that is sound; what was learned in the place of a lost
    one is told.

    Raises RunLockedError, and StoreError for a damaged one.
    """
    with hold_run_lock(settings):
        refuse_damaged(settings.state_dir / FILE_NAME)
        recovered = recover(settings, clock.now())
        if recovered:
            log.warning("%s", recovered)
            complain(f"chatpaper: {recovered}")
        yield


def end_night(
    settings: Settings, pipeline: Pipeline, arxiv: ArxivClients, report: RunReport
) -> None:
    """Back up, prune and, after a night of topics, tell; a fault in that is a warning, for the work
    is done.
    """
    if report.dry_run:
        return
    now = pipeline.recorder.clock.now()
    try:
        run_maintenance(Maintenance(settings, pipeline.store, pipeline.publisher, arxiv.pdfs, now))
        if report.topics:
            notify_people(settings, pipeline.store, report, now)
    except (ChatPaperError, OSError) as error:
        log.warning("%s", error)
