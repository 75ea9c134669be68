"""What arXiv announced last: the papers that its search does not show, or not yet.

The day's feed, or else the listing page, stands in for a search that fails. They cover a night only
if no more than that one announcement is missing since the watermark. The feed is read on good
nights too: a paper that moderation held back for longer than the window of the search is in the
feed alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatpaper.domain import ArxivId, Paper, Topic
from chatpaper.domain.errors import ConfigError, UpstreamError
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
    find_fresh_announcement,
    find_latest_announcement,
    list_announcements,
)
from chatpaper.fetch.topics.relevance import judge_relevance
from chatpaper.pipeline.selection import Candidate, SearchResult
from chatpaper.pipeline.sources.windows import SearchNight
from chatpaper.storage.run_history import TopicRun

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnnouncedPapersSource:
    """Supplements the searches of a night with the papers that were announced last."""

    api: ArxivApi
    announcements: AnnouncementReader
    night: SearchNight

    def supplement(
        self, topic: Topic, search: SearchResult, watermark: TopicRun | None
    ) -> SearchResult:
        """Add the papers that were announced last to a search that failed.

        Its fault is removed if no more papers than these can be missing.
        """
        unusable = explain_unsupported_topic(topic)
        if unusable:
            return _with_notes(search, f"arXiv's feeds cannot stand in for its API: {unusable}")
        try:
            latest = self.announcements.read_latest(topic.categories)
        except (UpstreamError, ConfigError) as error:
            return _with_notes(search, f"arXiv's feeds cannot stand in for its API: {error}")
        if self._is_of_later_night(latest):
            return _with_notes(
                search,
                f"arXiv's feeds cannot stand in for its API: they are of a later day, {latest.day}",
            )
        announced = _filter_relevant(topic, latest)
        note = (
            f"{search.fault}; {len(announced)} papers are from arXiv's {latest.source} of "
            f"{latest.day}, whose {latest.replacement_count} new versions of earlier papers are no "
            "new papers"
        )
        _log.warning("%s: %s", topic.name, note)
        candidates = (*_complete(announced, self.api), *search.candidates)
        together = {each.paper.arxiv_id: each for each in candidates}
        search = replace(
            _with_notes(search, note),
            candidates=tuple(together.values()),
            source=f"arXiv {latest.source}",
        )
        return self._without_fault(search, watermark) if self._covers(latest, watermark) else search

    def _without_fault(self, search: SearchResult, watermark: TopicRun | None) -> SearchResult:
        as_of = self.night.as_of
        nothing_announced = (
            explain_nothing_due(watermark.covered_until, as_of)
            if watermark and watermark.covered_until
            else ""
        )
        return replace(search, fault=None, nothing_announced=nothing_announced, covered_until=as_of)

    def add_held_back(self, topic: Topic, search: SearchResult) -> SearchResult:
        """Add announced papers that were submitted too early for the window of a search.

        A feed that fails is mentioned in the notes and makes no night a bad one: it alone has no
        more than a few papers a year.
        """
        if explain_unsupported_topic(topic):
            return search
        try:
            latest = self.announcements.read_feed(topic.categories)
        except (UpstreamError, ConfigError) as fault:
            return _with_notes(search, self._explain_unseen(str(fault)))
        if self._is_of_later_night(latest):
            return search
        found = {candidate.paper.arxiv_id for candidate in search.candidates}
        late = [paper for paper in _filter_relevant(topic, latest) if paper.arxiv_id not in found]
        if late:
            _log.info(
                "%s: %d papers are known from arXiv's %s alone",
                topic.name,
                len(late),
                latest.source,
            )
        search = replace(search, candidates=(*search.candidates, *_complete(late, self.api)))
        if latest.day < find_latest_announcement(self.night.as_of).listing_date:
            old = f"arXiv's feed is still that of {latest.day}"
            return _with_notes(search, self._explain_unseen(old))
        return search

    def add_fresh(self, topic: Topic, search: SearchResult) -> SearchResult:
        """Add the papers of an announcement that only the listing pages show yet.

        Their records are provisional. Where the pages fail or still show an older day, the papers
        come with a later run, as the API and the feeds have them.
        """
        fresh = find_fresh_announcement(self.night.as_of)
        if fresh is None or explain_unsupported_topic(topic):
            return search
        try:
            batch = self.announcements.read_batch(topic.categories, fresh.listing_date)
        except (UpstreamError, ConfigError) as fault:
            _log.warning("%s: the listing of %s: %s", topic.name, fresh.listing_date, fault)
            return search
        if batch.day < fresh.listing_date:
            _log.info("%s: arXiv's listing is still that of %s", topic.name, batch.day)
            return search
        known = {candidate.paper.arxiv_id for candidate in search.candidates}
        new = [paper for paper in _filter_relevant(topic, batch) if paper.arxiv_id not in known]
        _log.info("%s: %d papers are from the listing of %s", topic.name, len(new), batch.day)
        if not new:
            return search
        notes = () if batch.is_complete else (f"arXiv's listing of {batch.day} is not complete",)
        return replace(
            _with_notes(search, *notes),
            candidates=(*search.candidates, *(Candidate(each, provisional=True) for each in new)),
            nothing_announced="",
        )

    def find_contradiction(self, topic: Topic, due: Announcement) -> UpstreamError | None:
        """Return an error if papers of the topic were announced, where the API has none."""
        if explain_unsupported_topic(topic):
            return None
        try:
            latest = self.announcements.read_latest(topic.categories)
        except (UpstreamError, ConfigError):
            return None
        announced = _filter_relevant(topic, latest)
        if latest.day < due.listing_date or self._is_of_later_night(latest) or not announced:
            return None
        return UpstreamError(
            f"arXiv's API says that there are no papers, but {len(announced)} were announced for "
            f"{latest.day}, such as {announced[0].idv}: its answer is not believed"
        )

    def _is_of_later_night(self, latest: AnnouncedPapers) -> bool:
        """Return whether papers belong to a later post, because the night is not tonight."""
        return latest.day > self.night.as_of.astimezone(NEW_YORK).date()

    def _covers(self, latest: AnnouncedPapers, watermark: TopicRun | None) -> bool:
        """Return whether the papers are all that was announced since the watermark."""
        if watermark is None or watermark.covered_until is None or not latest.is_complete:
            return False
        missing = list_announcements(watermark.covered_until, self.night.as_of)
        return not missing or (len(missing) == 1 and latest.day >= missing[0].listing_date)

    def _explain_unseen(self, reason: str) -> str:
        return (
            f"papers that moderation held back for more than {self.night.window_days} days are not "
            f"seen tonight: {reason}"
        )


def _with_notes(search: SearchResult, *notes: str) -> SearchResult:
    return replace(search, notes=(*search.notes, *notes))


def _filter_relevant(topic: Topic, latest: AnnouncedPapers) -> list[Paper]:
    return [paper for paper in latest.papers if judge_relevance(topic, paper).relevant]


def _complete(announced: Sequence[Paper], api: ArxivApi) -> list[Candidate]:
    """Fetch the papers' records from the API.

    Without them, those of the feed are provisional.
    """
    try:
        records = (
            api.fetch_records([ArxivId(paper.arxiv_id) for paper in announced]) if announced else {}
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
