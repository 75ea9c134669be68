"""Wait until arXiv's listing shows the papers of an evening: politely, and not for ever."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from chatpaper.domain import Topic
from chatpaper.domain.clock import Clock
from chatpaper.domain.errors import ConfigError, UpstreamError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader, explain_unsupported_topic
from chatpaper.fetch.arxiv.calendar import Announcement, find_awaited_announcement

_log = logging.getLogger(__name__)

# The page of a category is some megabytes: one in two minutes is far below arXiv's rate.
POLL_SECONDS = 120.0
# Then the feeds and the API have the papers too, or else the night is one of arXiv's late ones.
_LONGEST_WAIT_HOURS = 5


def await_announcement(
    topics: Sequence[Topic], announcements: AnnouncementReader, clock: Clock
) -> str:
    """Wait until the listing shows the papers of an announcement that is due.

    Returns what a person should know, empty where the papers are there. Raises BudgetReachedError
    where the clock says that the run was cancelled.
    """
    category = next(
        (each.categories[0] for each in topics if not explain_unsupported_topic(each)), None
    )
    if category is None:
        return (
            "No topic has categories by which arXiv's listing could be read: it is not waited for."
        )
    awaited = find_awaited_announcement(clock.now())
    if awaited is None:
        return "arXiv announces nothing within the next hours: it is not waited for."
    if (lead := (awaited.announced_at - clock.now()).total_seconds()) > 0:
        _log.info("waiting for the announcement of %s", awaited.announced_at.isoformat())
        clock.sleep(lead)
    while clock.now() < awaited.announced_at + timedelta(hours=_LONGEST_WAIT_HOURS):
        if _is_shown(awaited, category, announcements):
            return ""
        clock.sleep(POLL_SECONDS)
    return (
        f"arXiv's listing of {awaited.listing_date} did not come within "
        f"{_LONGEST_WAIT_HOURS} hours: the run goes on with what there is."
    )


def _is_shown(awaited: Announcement, category: str, announcements: AnnouncementReader) -> bool:
    try:
        return announcements.read_batch((category,), awaited.listing_date).day >= (
            awaited.listing_date
        )
    except (UpstreamError, ConfigError) as fault:
        _log.warning("arXiv's listing could not be read: %s", fault)
        return False
