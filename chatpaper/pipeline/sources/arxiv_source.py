"""The nightly search of arXiv: it misses no paper, and takes no fault for a quiet day.

The window of submission dates overlaps the nights before by `window_days`, because moderation holds
papers back and the API filters by submission, not by announcement. After nights that were missed,
or on which arXiv did not answer, it reaches back to the topic's watermark. Papers that were posted
already are known by their ids.

An answer is believed when it shows that arXiv has moved on: on a night by which an announcement
must be visible, either the topic has a paper that was submitted for that announcement, or arXiv has
any such paper at all (it has hundreds a day). Otherwise its index is stale. An answer without any
paper must also agree with the day's feed, where the topic's papers can be picked out of it. What
the API does not give is taken from what arXiv announced last, see `announced_papers`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import StaleUpstreamError, UpstreamError
from chatpaper.fetch.arxiv.announcements import AnnouncementReader
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.calendar import (
    explain_nothing_due,
    find_latest_announcement,
    list_announcements,
)
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.announced_papers import AnnouncedPapersSource
from chatpaper.pipeline.sources.windows import NightlyWindow, SearchNight
from chatpaper.storage.run_history import RunHistory

_log = logging.getLogger(__name__)


class ArxivSource:
    """Finds the papers of topics for one night."""

    def __init__(
        self,
        api: ArxivApi,
        announcements: AnnouncementReader,
        history: RunHistory,
        night: SearchNight,
    ) -> None:
        """Take arXiv's services, and the history in which the topics' watermarks are."""
        self._api = api
        self._announced = AnnouncedPapersSource(api, announcements, night)
        self._history = history
        self._night = night

    def describe(self, topic: Topic) -> str:
        """Return the query of the topic for the night's own window."""
        return build_search_query(topic, *self._night.window(None).days.bounds)

    def find(self, topic: Topic) -> SearchResult:
        """Find all papers of the topic since its watermark, or as many as can be had.

        What was announced within the last hours is read from the listing pages.
        """
        return self._announced.add_fresh(topic, self._search(topic))

    def _search(self, topic: Topic) -> SearchResult:
        as_of = self._night.as_of
        watermark = self._history.watermark(topic.name, self._night.post_date - timedelta(1))
        window = self._night.window(
            watermark.post_date if watermark else self._find_day_before_first_run(topic)
        )
        after = (watermark and watermark.covered_until) or as_of - timedelta(1)
        is_catching_up = watermark is None or list_announcements(after, as_of - timedelta(1))
        notes = _describe_catching_up(window) if is_catching_up else ()
        try:
            found = self._api.search(topic, window.days.since, window.days.until)
        except UpstreamError as error:
            failed = SearchResult((), fault=error, notes=notes)
            return self._announced.supplement(topic, failed, watermark)
        unreadable = (
            f"arXiv sent {fault}; it is looked for again on the next nights"
            for fault in found.unreadable
        )
        search = SearchResult(
            [Candidate(paper) for paper in found.papers],
            "arXiv API",
            found.query,
            fault=self._find_fault(topic, found.papers, after),
            notes=(*notes, *unreadable),
        )
        if search.fault is not None:
            return self._announced.supplement(topic, search, watermark)
        nothing_announced = explain_nothing_due(after, as_of)
        search = replace(search, nothing_announced=nothing_announced, covered_until=as_of)
        return self._announced.add_held_back(topic, search)

    def _find_day_before_first_run(self, topic: Topic) -> date | None:
        """Return the day before a topic's first run, since which all nights were bad ones."""
        first = self._history.first_post_date(topic.name)
        return first - timedelta(1) if first is not None and first < self._night.post_date else None

    def _find_fault(
        self, topic: Topic, papers: Sequence[Paper], after: datetime
    ) -> UpstreamError | None:
        """Return why the papers are not believed to be all that arXiv has, if there is a reason."""
        if not list_announcements(after, self._night.as_of):
            return None
        due = find_latest_announcement(self._night.as_of)
        if any(
            paper.published is not None and paper.published > due.submissions_opened
            for paper in papers
        ):
            return None
        try:
            if not self._has_moved:
                return StaleUpstreamError(
                    f"arXiv's API shows no paper that was submitted after "
                    f"{due.submissions_opened:%Y-%m-%d %H:%M %Z}, though more were announced on "
                    f"the evening of {due.day}: its list is stale, the next run asks again"
                )
        except UpstreamError as fault:
            return fault
        return None if papers else self._announced.find_contradiction(topic, due)

    @cached_property
    def _has_moved(self) -> bool:
        """Whether the API knows any paper, of whatever topic, of the last announcement."""
        as_of = self._night.as_of
        opened = find_latest_announcement(as_of).submissions_opened
        return self._api.count_all(opened + timedelta(minutes=1), as_of) > 0


def _describe_catching_up(window: NightlyWindow) -> tuple[str, ...]:
    notes = []
    if window.missed:
        notes.append(
            f"{window.missed} nights that were missed are made up for: submissions since "
            f"{window.days.since}"
        )
    if window.given_up:
        notes.append(
            f"{window.given_up} more nights were missed than run.catch_up_days makes up for: look "
            f"at them with --since {window.days.since - timedelta(window.given_up)} "
            f"--until {window.days.since}"
        )
    for note in notes:
        _log.warning("%s", note)
    return tuple(notes)
