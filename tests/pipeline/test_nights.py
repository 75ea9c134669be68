"""No night misses a paper, repeats one, or takes a fault for a quiet day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatpaper.domain import Paper, Topic
from chatpaper.domain.errors import BadCompletionError, ExitCode
from chatpaper.operations.retention import delete_before
from chatpaper.pipeline.selection import candidate_from_json
from chatpaper.pipeline.sources.windows import DateRange, NightlyWindow, compute_nightly_window
from chatpaper.storage.run_history import TopicRun
from chatpaper.storage.store import Store
from tests.fakes import arxiv_faults as faults
from tests.fakes.arxiv import FakeArxiv
from tests.pipeline.nights import Observatory, announced_on, days, end_of, evenings_of

# A Monday in Shanghai, on which Sunday's announcement of New York is not shown yet until the
# afternoon.
MONDAY = date(2026, 11, 9)
API, FEED, LISTING = "/api/query", "/rss/", "/list/"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Observatory]:
    with FakeArxiv() as arxiv:
        yield observatory(tmp_path, arxiv, days(MONDAY, 14))


def observatory(
    home: Path, arxiv: FakeArxiv, nights: list[date], *, held_days: int = 2
) -> Observatory:
    evenings = evenings_of(nights)
    return Observatory(
        home, arxiv, {evening: announced_on(evening, held_days=held_days) for evening in evenings}
    )


def run(place: Observatory, night: date) -> TopicRun:
    place.let_arxiv_announce(end_of(night))
    place.run(night)
    return next(each for each in place.nights() if each.post_date == night)


def test_two_weeks_of_nights_publish_each_paper_on_the_day_it_is_shown(place: Observatory) -> None:
    states = [run(place, night).state for night in days(MONDAY, 14)]
    week = ["done"] * 5 + ["nothing_announced"] * 2
    assert states == week * 2
    assert sorted(key for key, _ in place.published()) == sorted(
        place.of_topic(end_of(MONDAY + timedelta(13)))
    )
    assert len(place.summarized) == len(set(place.summarized)) == len(place.published())


def test_nothing_is_announced_on_a_holiday_and_the_ledger_says_which(tmp_path: Path) -> None:
    with FakeArxiv() as arxiv:
        place = observatory(tmp_path, arxiv, days(date(2026, 11, 24), 5))
        nights = [run(place, night) for night in days(date(2026, 11, 24), 5)]
    assert [night.state for night in nights] == ["done", "done"] + ["nothing_announced"] * 3
    assert "2026-11-26" in nights[2].explanation


def test_missed_nights_are_made_up_for_and_told(place: Observatory) -> None:
    run(place, MONDAY)
    later = MONDAY + timedelta(10)
    place.let_arxiv_announce(end_of(later))
    report = place.run(later)
    assert report.topics[0].notes == (
        "9 nights that were missed are made up for: submissions since 2026-11-03",
    )
    assert {key for key, _ in place.published()} == place.of_topic(end_of(later))


def test_a_longer_absence_is_made_up_for_as_far_as_the_settings_say(place: Observatory) -> None:
    place.catch_up_days = 1
    run(place, MONDAY)
    place.let_arxiv_announce(end_of(MONDAY + timedelta(10)))
    notes = place.run(MONDAY + timedelta(10)).topics[0].notes
    assert "--since 2026-11-03 --until 2026-11-11" in notes[1]


def test_an_api_that_is_down_is_stood_in_for_by_the_feed_and_no_replacement_becomes_a_paper(
    place: Observatory,
) -> None:
    run(place, MONDAY)
    tuesday = MONDAY + timedelta(1)
    place.let_arxiv_announce(end_of(tuesday))
    assert place.arxiv.announced
    old, *_ = announced_on(next(iter(place.evenings)), held_days=300)
    place.arxiv.announced.append(replace(old, arxiv_id="2501.00001", announce_type="replace"))
    place.arxiv.always(faults.status(503), path=API)
    report = place.run(tuesday)
    (topic,) = report.topics
    assert (topic.state, topic.source, report.exit_code) == (
        "done",
        "arXiv RSS feed",
        ExitCode.DONE,
    )
    assert {key for key, night in place.published() if night == tuesday} == {
        paper.arxiv_id for paper in place.arxiv.announced if "sea ice" in paper.title
    } - {"2501.00001"}
    assert "HTTP 503" in topic.notes[0]
    assert "1 new versions" in topic.notes[0]
    # The night was covered: the next one makes up for nothing.
    place.arxiv.heal()
    assert run(place, MONDAY + timedelta(2)).state == "done"
    assert len(place.summarized) == len(set(place.summarized))


def test_the_listing_page_stands_in_for_the_feed(place: Observatory) -> None:
    run(place, MONDAY)
    place.arxiv.always(faults.status(503), path=API)
    place.arxiv.always(faults.html_page(), path=FEED)
    night = run(place, MONDAY + timedelta(1))
    assert (night.state, night.source, night.published) == ("done", "arXiv listing page", 2)


def test_feeds_do_not_cover_more_than_one_announcement(place: Observatory) -> None:
    run(place, MONDAY)
    place.arxiv.always(faults.status(503), path=API)
    night = run(place, MONDAY + timedelta(2))
    assert (night.state, night.published, night.covered_until) == ("upstream_fault", 2, None)
    place.arxiv.heal()
    thursday = MONDAY + timedelta(3)
    assert run(place, thursday).state == "done"
    assert {key for key, _ in place.published()} == place.of_topic(end_of(thursday))


def test_a_service_that_is_all_silent_is_a_fault_and_nothing_is_lost(place: Observatory) -> None:
    place.arxiv.always(faults.status(503), path="/")
    place.let_arxiv_announce(end_of(MONDAY))
    report = place.run(MONDAY)
    assert (report.topics[0].state, report.exit_code) == ("upstream_fault", ExitCode.UPSTREAM)
    place.arxiv.heal()
    assert run(place, MONDAY + timedelta(1)).published == 4


def test_a_topic_without_categories_is_told_that_no_feed_can_stand_in(place: Observatory) -> None:
    place.topic = Topic("Ice", phrases=("sea ice",))
    place.arxiv.always(faults.status(503), path=API)
    place.let_arxiv_announce(end_of(MONDAY))
    report = place.run(MONDAY)
    assert report.topics[0].state == "upstream_fault"
    assert "has no categories" in report.topics[0].notes[0]
    assert place.arxiv.count(FEED) == 0


def test_an_index_that_does_not_move_is_stale_even_if_it_answers_properly(
    place: Observatory,
) -> None:
    run(place, MONDAY)
    place.arxiv.always(faults.status(503), path=FEED)
    place.arxiv.always(faults.status(503), path=LISTING)
    report = place.run(MONDAY + timedelta(1))
    assert (report.topics[0].state, report.exit_code) == ("stale_upstream", ExitCode.UPSTREAM)
    assert "2026-11-09" in str(report.topics[0].error)
    place.arxiv.heal()
    assert run(place, MONDAY + timedelta(2)).published == 4


def test_a_narrow_topic_without_papers_is_quiet_where_arxiv_has_moved(place: Observatory) -> None:
    place.topic = Topic("Fog", phrases=("freezing fog",), categories=("physics.*",))
    place.let_arxiv_announce(end_of(MONDAY))
    report = place.run(MONDAY)
    assert (report.topics[0].state, report.topics[0].found, report.exit_code) == (
        "done",
        0,
        ExitCode.DONE,
    )


def test_an_empty_answer_that_the_feed_contradicts_is_not_believed(place: Observatory) -> None:
    run(place, MONDAY)
    # Three times empty for the topic, while the index as a whole has moved.
    place.arxiv.script(*[faults.empty_feed()] * 3)
    night = run(place, MONDAY + timedelta(1))
    assert (night.state, night.source, night.published) == ("done", "arXiv RSS feed", 2)


def test_a_paper_that_always_fails_is_given_up_and_not_asked_for_again(place: Observatory) -> None:
    poor = announced_on(next(iter(place.evenings)))[0].arxiv_id
    tried: list[date] = []

    def failing(paper: Paper) -> Exception | None:
        if paper.arxiv_id != poor:
            return None
        tried.append(today)
        return BadCompletionError("not Chinese")

    place.failing = failing
    codes = []
    for today in days(MONDAY, 12):
        place.let_arxiv_announce(end_of(today))
        codes.append(place.run(today).exit_code)
        place.nights()
    assert [(day - MONDAY).days for day in tried] == [0, 1, 3, 7]
    assert [number for number, code in enumerate(codes) if code != ExitCode.DONE] == [0, 1, 3, 7]
    with Store(place.home / "state") as store:
        outcome = store.outcomes.find("Ice", poor)
    assert outcome is not None
    assert (outcome.status, outcome.reason) == ("excluded", "gave up after 4 attempts: not Chinese")


def test_papers_over_the_budget_wait_and_the_night_says_so(place: Observatory) -> None:
    place.max_papers = 1
    first = run(place, MONDAY)
    assert (first.state, first.published, first.failed) == ("budget", 1, first.found - 1)
    place.max_papers = None
    assert run(place, MONDAY + timedelta(1)).state == "done"
    assert {key for key, _ in place.published()} == place.of_topic(end_of(MONDAY + timedelta(1)))


def test_the_window_of_a_night_begins_before_the_first_night_that_was_missed() -> None:
    tonight = date(2026, 11, 20)
    usual = NightlyWindow(DateRange(date(2026, 11, 13), tonight))
    assert compute_nightly_window(tonight, None, 7, 30) == usual
    assert compute_nightly_window(tonight, date(2026, 11, 19), 7, 30) == usual
    assert compute_nightly_window(tonight, date(2026, 11, 16), 7, 30) == NightlyWindow(
        DateRange(date(2026, 11, 10), tonight), 3
    )
    assert compute_nightly_window(tonight, date(2026, 11, 16), 7, 2) == NightlyWindow(
        DateRange(date(2026, 11, 11), tonight), 2, 1
    )


FAULTS = {
    "none": (),
    "missed": (),
    "api": (API,),
    "api and feed": (API, FEED),
    "all": ("/",),
    "empty": (),
}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(FAULTS)), min_size=4, max_size=11))
def test_every_paper_is_published_once_over_any_sequence_of_missed_and_failed_nights(
    nights: list[str],
) -> None:
    with TemporaryDirectory() as home, FakeArxiv() as arxiv:
        place = observatory(Path(home), arxiv, days(MONDAY, 14))
        for night, fault in zip(days(MONDAY, len(nights)), nights, strict=True):
            arxiv.heal()
            for path in FAULTS[fault]:
                arxiv.always(faults.status(503), path=path)
            if fault == "empty":
                arxiv.always(faults.empty_feed(), path=API)
            if fault != "missed":
                ended = run(place, night)
                assert fault != "all" or ended.state == "upstream_fault"
        arxiv.heal()
        last = MONDAY + timedelta(len(nights))
        run(place, last)
        keys = [key for key, _ in place.published()]
        assert sorted(keys) == sorted(place.of_topic(end_of(last)))
        assert sorted(place.summarized) == sorted(keys)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(["none", "api", "empty"]), min_size=3, max_size=8),
    st.integers(min_value=0, max_value=20),
)
def test_a_paper_that_moderation_held_back_is_published_once_when_it_is_announced(
    nights: list[str], held_days: int
) -> None:
    with TemporaryDirectory() as home, FakeArxiv() as arxiv:
        place = observatory(Path(home), arxiv, days(MONDAY, 14), held_days=held_days)
        for night, fault in zip(days(MONDAY, len(nights)), nights, strict=True):
            arxiv.heal()
            if fault == "api":
                arxiv.always(faults.status(503), path=API)
            if fault == "empty":
                arxiv.always(faults.empty_feed(), path=API)
            run(place, night)
            assert {key for key, _ in place.published()} >= place.of_topic(
                end_of(night)
            ) - place.of_topic(end_of(MONDAY))
        keys = [key for key, _ in place.published()]
        assert sorted(keys) == sorted(set(keys)) == sorted(place.summarized)


def test_a_good_night_reads_one_feed_and_takes_from_it_what_was_held_back_with_its_whole_record(
    tmp_path: Path,
) -> None:
    with FakeArxiv() as arxiv:
        place = observatory(tmp_path, arxiv, days(MONDAY, 2), held_days=20)
        ended = run(place, MONDAY)
        assert (ended.state, ended.source, ended.published, ended.explanation) == (
            "done",
            "arXiv API",
            2,
            "",
        )
        assert (arxiv.count(FEED), arxiv.count(LISTING)) == (1, 0)
        with Store(place.home / "state") as store:
            papers = [
                candidate_from_json(store.records.find(key) or "") for key, _ in place.published()
            ]
    assert all(each.paper.published and not each.provisional for each in papers)


def test_a_feed_that_fails_on_a_good_night_is_told_and_makes_no_bad_one(place: Observatory) -> None:
    place.arxiv.always(faults.status(503), path=FEED)
    place.let_arxiv_announce(end_of(MONDAY))
    report = place.run(MONDAY)
    assert (report.topics[0].state, report.exit_code) == ("done", ExitCode.DONE)
    assert "held back for more than 7 days are not seen tonight" in report.topics[0].notes[0]
    assert "HTTP 503" in report.topics[0].notes[0]
    assert place.arxiv.count(LISTING) == 0


def test_a_feed_of_days_ago_is_told(place: Observatory) -> None:
    place.let_arxiv_announce(end_of(MONDAY))
    place.arxiv.announcement_day -= timedelta(1)
    assert "arXiv's feed is still that of 2026-11-08" in place.run(MONDAY).topics[0].notes[0]


@pytest.mark.parametrize("path", [None, API])
def test_what_was_announced_later_belongs_to_no_earlier_night(
    place: Observatory, path: str | None
) -> None:
    place.let_arxiv_announce(end_of(MONDAY + timedelta(3)))
    later, day = place.arxiv.announced, place.arxiv.announcement_day
    place.let_arxiv_announce(end_of(MONDAY))
    place.arxiv.announced, place.arxiv.announcement_day = later, day
    if path:
        place.arxiv.always(faults.status(503), path=path)
    report = place.run(MONDAY)
    assert {key for key, _ in place.published()} == (
        set() if path else place.of_topic(end_of(MONDAY))
    )
    assert report.topics[0].state == ("upstream_fault" if path else "done")


def test_what_a_feed_told_of_a_paper_is_completed_when_the_api_answers_and_costs_no_call(
    place: Observatory,
) -> None:
    run(place, MONDAY)
    tuesday = MONDAY + timedelta(1)
    place.arxiv.always(faults.status(503), path=API)
    place.arxiv.always(faults.status(503), path=FEED)
    run(place, tuesday)
    published = [key for key, day in place.published() if day == tuesday]
    assert published
    with Store(place.home / "state") as store:
        assert all(entry_of(store, key).published is None for key in published)
    place.arxiv.heal()
    calls = len(place.summarized)
    place.let_arxiv_announce(end_of(tuesday))
    place.run(tuesday)
    with Store(place.home / "state") as store:
        for key in published:
            paper = entry_of(store, key)
            assert (paper.version, paper.published is not None) == (1, True)
            outcome = store.outcomes.find("Ice", key)
            assert outcome is not None
            assert (outcome.version, outcome.post_date) == (1, tuesday)
            assert not candidate_from_json(store.records.find(key) or "").provisional
    assert len(place.summarized) == calls


def entry_of(store: Store, key: str) -> Paper:
    found = store.entries.find("Ice", key)
    assert found is not None
    return found.paper


def test_a_topic_that_rested_for_longer_than_the_database_remembers_is_caught_up(
    place: Observatory,
) -> None:
    run(place, MONDAY)
    later = MONDAY + timedelta(13)
    with Store(place.home / "state") as store:
        delete_before(store.retention, later - timedelta(1))
    assert [night.post_date for night in place.nights()] == [MONDAY]
    place.let_arxiv_announce(end_of(later))
    assert "12 nights that were missed are made up for" in place.run(later).topics[0].notes[0]
    with Store(place.home / "state") as store:
        assert all(store.outcomes.find("Ice", key) for key in place.of_topic(end_of(later)))
    assert len(place.summarized) == len(set(place.summarized)) == len(place.of_topic(end_of(later)))
