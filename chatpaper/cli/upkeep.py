"""What follows a run, under its lock: housekeeping, and telling people. Neither changes how the run ends."""

import logging

from chatpaper import wiring
from chatpaper.config import Settings
from chatpaper.errors import ChatPaperError
from chatpaper.operations.housekeeping import House, keep_house
from chatpaper.operations.telling import tell_people
from chatpaper.pipeline.report import RunReport
from chatpaper.pipeline.run import Pipeline

log = logging.getLogger(__name__)


def end_night(settings: Settings, pipeline: Pipeline, arxiv: wiring.Arxiv, report: RunReport) -> None:
    """Back up, prune and, after a night of topics, tell; a fault in that is a warning, for the work is done."""
    if report.dry_run:
        return
    now = pipeline.now()
    try:
        keep_house(House(settings, pipeline.store, pipeline.publisher, arxiv.pdfs, now))
        if report.topics:
            tell_people(settings, pipeline.store, report, now)
    except (ChatPaperError, OSError) as error:
        log.warning("%s", error)
