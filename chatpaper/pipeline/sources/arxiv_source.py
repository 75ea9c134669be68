"""The nightly search of arXiv: what no night may miss, and what is believed when there is nothing.

The window of submission times overlaps the nights before by `window_days`, because moderation holds
papers back and the API filters on submission, not announcement; nights that were missed, or on
which arXiv did not answer, widen it back to the topic's watermark. What was posted already is known
by its id.

An answer is believed when it shows that arXiv has moved on: on a night by which an announcement
must be shown, either the topic has a paper that was submitted after the announcement before that
one closed, or arXiv has any such paper at all (it has hundreds a day). Else its index is stale. An
answer without any paper must also agree with the day's feed, where the topic's papers can be picked
out of it. What the API does not give is taken from the day's feed or listing page; these cover a
night only if no more than that one announcement is missing since the watermark. The feed is read on
good nights too: a paper that moderation held back for longer than the window stands in it alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from chatpaper.domain import ArxivId, Paper, Topic
from chatpaper.domain.errors import ConfigError, StaleUpstreamError, UpstreamError
from chatpaper.fetch.arxiv.announcements import (
    AnnouncedPapers,
    AnnouncementReader,
    explain_unsupported_topic,
)
from chatpaper.fetch.arxiv.api import ArxivApi
from chatpaper.fetch.arxiv.calendar import (
    NEW_YORK,
    Announcement,
    explain_nothing_due,
    find_latest_announcement,
    list_announcements,
)
from chatpaper.fetch.arxiv.query import build_search_query
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.windows import DateRange, NightlyWindow, nightly_window
from chatpaper.storage.run_history import RunHistory, TopicRun

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchNight:
    """The night of a search, and how far back it looks.

    `as_of` is the time for which the night's post stands: now, or the end of its day where that is
    another one.
    """

    post_date: date
    as_of: datetime
    window_days: int
    catch_up_days: int


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
        self._announcements = announcements
        self._history = history
        self._night = night
        self._as_of = night.as_of

    def describe(self, topic: Topic) -> str:
        """Return the query of the topic for the night's own window."""
        until = self._night.post_date
        days = DateRange(until - timedelta(self._night.window_days), until)
        return build_search_query(topic, *days.bounds)

    def find(self, topic: Topic) -> SearchResult:
        """All that arXiv has for the topic since its watermark, or what can be had of it."""
        night = self._night
        watermark = self._history.watermark(topic.name, night.post_date - timedelta(1))
        last_covered = watermark.post_date if watermark else self._before_first_night(topic)
        window = nightly_window(
            night.post_date, last_covered, night.window_days, night.catch_up_days
        )
        after = (watermark and watermark.covered_until) or self._as_of - timedelta(1)
        notes = (
            _told(window)
            if watermark is None or list_announcements(after, self._as_of - timedelta(1))
            else ()
        )
        try:
            found = self._api.search(topic, window.days.since, window.days.until)
        except UpstreamError as error:
            return self._with_announced(
                topic, SearchResult((), fault=error, notes=notes), watermark
            )
        offer = SearchResult(
            [Candidate(paper) for paper in found.papers],
            "arXiv API",
            found.query,
            fault=self._why_not_believed(topic, found.papers, after),
            notes=(
                *notes,
                *(
                    f"arXiv sent {fault}; it is looked for again on the next nights"
                    for fault in found.unreadable
                ),
            ),
        )
        if offer.fault is not None:
            return self._with_announced(topic, offer, watermark)
        offer = replace(
            offer,
            nothing_announced=explain_nothing_due(after, self._as_of),
            covered_until=self._as_of,
        )
        return self._with_held_back(topic, offer)

    def _with_held_back(self, topic: Topic, offer: SearchResult) -> SearchResult:
        """What the API found, and what was announced last of what was submitted too early for its
        window.

        A feed that fails is told of and makes no night a bad one: what it alone has are a few
        papers a year.
        """
        if explain_unsupported_topic(topic):
            return offer
        try:
            latest = self._announcements.read_feed(topic.categories)
        except (UpstreamError, ConfigError) as fault:
            return replace(
                offer, notes=(*offer.notes, _unseen(self._night.window_days, str(fault)))
            )
        if self._is_of_later_night(latest):
            return offer
        found = {candidate.paper.arxiv_id for candidate in offer.candidates}
        late = [paper for paper in _of_topic(topic, latest) if paper.arxiv_id not in found]
        if late:
            _log.info(
                "%s: %d papers are known from arXiv's %s alone",
                topic.name,
                len(late),
                latest.source,
            )
        offer = replace(offer, candidates=(*offer.candidates, *self._completed(late)))
        if latest.day < find_latest_announcement(self._as_of).listing_date:
            old = f"arXiv's feed is still that of {latest.day}"
            return replace(offer, notes=(*offer.notes, _unseen(self._night.window_days, old)))
        return offer

    def _before_first_night(self, topic: Topic) -> date | None:
        """Where no night was a good one yet, all since the topic's first were missed."""
        first = self._history.first_post_date(topic.name)
        return first - timedelta(1) if first is not None and first < self._night.post_date else None

    def _why_not_believed(
        self, topic: Topic, papers: Sequence[Paper], after: datetime
    ) -> UpstreamError | None:
        if not list_announcements(after, self._as_of):
            return None
        due = find_latest_announcement(self._as_of)
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
        return None if papers else self._contradiction(topic, due)

    @cached_property
    def _has_moved(self) -> bool:
        """Whether the API knows any paper, of whatever topic, of the last announcement."""
        return (
            self._api.count_all(
                find_latest_announcement(self._as_of).submissions_opened + timedelta(minutes=1),
                self._as_of,
            )
            > 0
        )

    def _contradiction(self, topic: Topic, due: Announcement) -> UpstreamError | None:
        """Papers of the topic in the day's announcements, where the API says that there are none."""
        if explain_unsupported_topic(topic):
            return None
        try:
            latest = self._announcements.read_latest(topic.categories)
        except (UpstreamError, ConfigError):
            return None
        announced = _of_topic(topic, latest)
        if latest.day < due.listing_date or self._is_of_later_night(latest) or not announced:
            return None
        return UpstreamError(
            f"arXiv's API says that there are no papers, but {len(announced)} were announced for {latest.day}, "
            f"such as {announced[0].idv}: its answer is not believed"
        )

    def _with_announced(
        self, topic: Topic, offer: SearchResult, watermark: TopicRun | None
    ) -> SearchResult:
        """What the API gave, and with it what was announced last; the fault is healed if no more
        can be missing.
        """
        unusable = explain_unsupported_topic(topic)
        if unusable:
            return replace(
                offer,
                notes=(*offer.notes, f"arXiv's feeds cannot stand in for its API: {unusable}"),
            )
        try:
            latest = self._announcements.read_latest(topic.categories)
        except (UpstreamError, ConfigError) as error:
            return replace(
                offer, notes=(*offer.notes, f"arXiv's feeds cannot stand in for its API: {error}")
            )
        if self._is_of_later_night(latest):
            later = (
                f"arXiv's feeds cannot stand in for its API: they are of a later day, {latest.day}"
            )
            return replace(offer, notes=(*offer.notes, later))
        announced = _of_topic(topic, latest)
        note = (
            f"{offer.fault}; {len(announced)} papers are from arXiv's {latest.source} of {latest.day}, whose "
            f"{latest.replacement_count} new versions of earlier papers are no new papers"
        )
        _log.warning("%s: %s", topic.name, note)
        together = {
            each.paper.arxiv_id: each for each in (*self._completed(announced), *offer.candidates)
        }
        offer = replace(
            offer,
            candidates=tuple(together.values()),
            source=f"arXiv {latest.source}",
            notes=(*offer.notes, note),
        )
        if not self._is_covered_by(latest, watermark):
            return offer
        quiet = (
            explain_nothing_due(watermark.covered_until, self._as_of)
            if watermark and watermark.covered_until
            else ""
        )
        return replace(offer, fault=None, nothing_announced=quiet, covered_until=self._as_of)

    def _is_of_later_night(self, latest: AnnouncedPapers) -> bool:
        """Whether these papers belong to a later post, since the night is not tonight."""
        return latest.day > self._as_of.astimezone(NEW_YORK).date()

    def _is_covered_by(self, latest: AnnouncedPapers, watermark: TopicRun | None) -> bool:
        if watermark is None or watermark.covered_until is None or not latest.is_complete:
            return False
        missing = list_announcements(watermark.covered_until, self._as_of)
        return not missing or (len(missing) == 1 and latest.day >= missing[0].listing_date)

    def _completed(self, announced: Sequence[Paper]) -> list[Candidate]:
        """The records of the API where it answers for single ids, else those of the feed, to be
        completed later.
        """
        try:
            records = (
                self._api.fetch_records([ArxivId(paper.arxiv_id) for paper in announced])
                if announced
                else {}
            )
        except UpstreamError as error:
            _log.warning("records are taken as they were announced: %s", error)
            records = {}
        by_id = {paper.arxiv_id: paper for paper in records.values()}
        return [
            Candidate(by_id[paper.arxiv_id])
            if paper.arxiv_id in by_id
            else Candidate(paper, provisional=True)
            for paper in announced
        ]


def _of_topic(topic: Topic, latest: AnnouncedPapers) -> list[Paper]:
    return [paper for paper in latest.papers if judge_relevance(topic, paper).relevant]


def _unseen(window_days: int, why: str) -> str:
    return f"papers that moderation held back for more than {window_days} days are not seen tonight: {why}"


def _told(window: NightlyWindow) -> tuple[str, ...]:
    told = []
    if window.missed:
        told.append(
            f"{window.missed} nights that were missed are made up for: submissions since {window.days.since}"
        )
    if window.given_up:
        told.append(
            f"{window.given_up} more nights were missed than run.catch_up_days makes up for: look at them with "
            f"--since {window.days.since - timedelta(window.given_up)} --until {window.days.since}"
        )
    for line in told:
        _log.warning("%s", line)
    return tuple(told)
