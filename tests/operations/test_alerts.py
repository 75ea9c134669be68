"""When a person is told, and when not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.app.settings_groups import AlertSettings
from chatpaper.domain import Usage
from chatpaper.domain.errors import ExitCode
from chatpaper.operations.alerts import Alert, HostState, find_alerts
from chatpaper.storage.run_history import TopicRun, TopicRunStatus
from chatpaper.storage.usage import DayUsage

FIRST = date(2026, 11, 2)
THRESHOLDS = AlertSettings()
NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOST = HostState(NOW, NOW, ExitCode.DONE, (("cache_dir", 5 * 10**9),))


def night(
    day: int, topic: str = "LLM", state: TopicRunStatus = "done", **counts: int | str
) -> TopicRun:
    """Return a night on which three papers were published, unless something else is said."""
    usual: dict[str, int | str] = {"found": 3, "published": 3, "newest_id": f"2611.{day:05d}"}
    unset = dict.fromkeys(("covered_until", "newest_submitted"))
    rest = {"excluded": 0, "failed": 0, "repeated": 0, "source": "arxiv", "explanation": ""} | unset
    fields: dict[str, Any] = rest | usual | counts
    return TopicRun(topic, FIRST + timedelta(days=day), state, **fields)


def kinds(*nights: TopicRun, calls: int = 3, host: HostState = HOST) -> list[str]:
    return [alert.kind for alert in alerts(*nights, calls=calls, host=host)]


def alerts(*nights: TopicRun, calls: int = 3, host: HostState = HOST) -> tuple[Alert, ...]:
    usage = [
        DayUsage(day, 1, Usage(calls, 100, 10, 0.01))
        for day in sorted({night.post_date for night in nights})
    ]
    return find_alerts(nights, usage, host, THRESHOLDS)


def test_good_nights_and_quiet_ones_need_nobody() -> None:
    quiet = [
        night(day, state="nothing_announced", found=0, published=0, newest_id="") for day in (5, 6)
    ]
    assert kinds(*map(night, range(5)), *quiet, *map(night, range(7, 12))) == []


def test_a_fresh_start_needs_nobody() -> None:
    assert kinds(host=HostState(NOW)) == []


def test_papers_that_never_appear_are_told_from_the_third_night_on() -> None:
    failing = [
        night(day, found=failed, published=0, failed=failed)
        for day, failed in ((5, 1), (6, 2), (7, 3))
    ]
    assert "no_publication" not in kinds(night(4), *failing[:2])
    (alert,) = [a for a in alerts(night(4), *failing) if a.kind == "no_publication"]
    assert (alert.topic, alert.since) == ("LLM", FIRST + timedelta(days=5))
    assert str(alert).startswith("LLM: nothing was published on 3 nights")
    assert "(since 2026-11-07)" in str(alert)
    assert "What to do: " in str(alert)


def test_quiet_nights_between_do_not_hide_that_nothing_appears() -> None:
    quiet = night(6, state="done", found=1, published=0, failed=1)
    failing = [
        night(day, found=failed, published=0, failed=failed)
        for day, failed in ((5, 1), (7, 2), (8, 3))
    ]
    assert "no_publication" in kinds(failing[0], quiet, *failing[1:])


def test_one_paper_that_waits_for_its_next_try_needs_nobody() -> None:
    waiting = [night(day, found=1, published=0, failed=1) for day in range(1, 6)]
    assert kinds(night(0), *waiting) == kinds(*waiting, calls=0) == []


def empty(day: int, state: TopicRunStatus = "done") -> TopicRun:
    """Return a night on which arXiv answered that it has no paper of the topic."""
    return night(day, state=state, found=0, published=0, newest_id="")


def test_a_topic_that_finds_nothing_is_told_of_from_the_third_night_on() -> None:
    others = [night(day, "Diffusion Models") for day in range(5)]
    assert kinds(*others, empty(0), empty(1)) == []
    (alert,) = alerts(*others, *(empty(day) for day in range(3)))
    assert (alert.kind, alert.topic, alert.since) == ("no_publication", "LLM", FIRST)
    assert alert.says == "nothing was found on 3 nights"
    assert 'chatpaper topics show "LLM"' in alert.todo


def test_nights_without_an_announcement_do_not_count_as_nights_without_a_find() -> None:
    others = [night(day, "Diffusion Models") for day in range(5)]
    quiet = [empty(day, state="nothing_announced") for day in (2, 3)]
    assert kinds(*others, empty(0), empty(1), *quiet) == []
    assert kinds(*others, empty(0), empty(1), *quiet, empty(4)) == ["no_publication"]


def test_nights_on_which_arxiv_did_not_answer_do_not_count_either() -> None:
    others = [night(day, "Diffusion Models") for day in range(5)]
    assert kinds(*others, empty(0), empty(1), empty(2, state="upstream_fault")) == []


def test_a_narrow_topic_is_told_of_again_only_when_it_finds_nothing_for_longer() -> None:
    others = [night(day, "Diffusion Models") for day in range(11)]
    before = [night(0), *(empty(day) for day in (1, 2, 3)), night(4)]
    assert kinds(*others, *before, *(empty(day) for day in range(5, 10))) == []
    assert kinds(*others, *before, *(empty(day) for day in range(5, 11))) == ["no_publication"]


def test_a_topic_that_is_not_followed_any_more_is_not_told_of() -> None:
    others = [night(day, "Diffusion Models") for day in range(10)]
    assert kinds(*others[:5], *map(empty, range(3))) == ["no_publication"]
    assert kinds(*others, *map(empty, range(3))) == []
    excluding = [night(day, found=9, published=0, excluded=9) for day in range(3)]
    assert kinds(*others[:3], *excluding) == ["all_excluded"]
    assert kinds(*others, *excluding) == []


def test_a_filter_that_excludes_everything_is_told_but_not_one_paper_that_comes_back() -> None:
    assert kinds(*(night(day, found=9, published=0, excluded=9) for day in range(3))) == [
        "all_excluded"
    ]
    assert kinds(*(night(day, found=1, published=0, excluded=1) for day in range(7))) == []


def test_papers_of_earlier_posts_count_for_nothing() -> None:
    assert (
        kinds(
            night(0),
            *(night(day, found=9, published=0, excluded=9, repeated=9) for day in range(1, 5)),
        )
        == []
    )


def test_the_rate_counts_a_paper_that_failed_for_many_nights_once() -> None:
    """Five papers that fail every night of a week are five papers, not thirty-five."""
    nights = [night(day, found=8, published=3, failed=5) for day in range(7)]
    assert kinds(*nights) == []
    rest = [night(1, found=0, published=0), night(2, found=8, published=1, failed=7)]
    assert kinds(night(0), *rest) == ["publish_rate"]
    assert kinds(*rest) == []


def test_papers_that_were_given_up_count_as_not_published() -> None:
    """They end as excluded, so that the ledger adds up; a reader misses them all the same."""
    nights = [night(day, found=4, published=1, excluded=3) for day in range(3)]
    given_up = {("LLM", each.post_date): 3 for each in nights}
    (alert,) = find_alerts(
        nights, [DayUsage(n.post_date, 1, Usage(3)) for n in nights], HOST, THRESHOLDS, given_up
    )
    assert (
        "3 of 12 papers were published in the last 3 nights; 0 failed or wait, 9 were given up"
        in alert.says
    )
    assert kinds(*nights) == []


def test_a_few_papers_make_no_rate() -> None:
    assert kinds(night(0, found=3, published=0, failed=3)) == []


@pytest.mark.parametrize("state", ["upstream_fault", "stale_upstream", "budget"])
def test_two_nights_alike_that_did_not_end_well_are_told(state: TopicRunStatus) -> None:
    bad = [night(day, state=state, found=0, published=0) for day in (4, 5)]
    assert kinds(night(3), *bad) == ["unquiet"]
    assert kinds(night(3), bad[0]) == []
    assert kinds(*bad, night(6)) == []


def test_the_newest_id_has_to_advance_though_topics_find_something() -> None:
    stuck = [
        night(day, found=3, published=0, excluded=3, repeated=3, newest_id="2611.00003")
        for day in range(4, 10)
    ]
    (alert,) = alerts(*map(night, range(4)), *stuck)
    assert (alert.kind, alert.since) == ("newest_id", FIRST + timedelta(days=3))
    assert "2611.00003 was found for 6 days" in alert.says
    assert kinds(*map(night, range(4)), *stuck[:-1]) == []


def test_a_narrow_topic_may_rest_as_long_as_it_often_did() -> None:
    nights = [
        night(day, found=int(day in (0, 9)), published=int(day in (0, 9)), newest_id="")
        for day in range(18)
    ]
    seen = [
        replace(each, newest_id="2611.00001" if i < 9 else "2611.00002")
        for i, each in enumerate(nights)
    ]
    assert kinds(*seen) == []


def test_ids_of_the_new_year_are_newer_and_files_have_none() -> None:
    ids = ["2612.09999", "2701.00001", "9901.00001"]
    nights = [night(day, newest_id=newest) for day, newest in enumerate(ids)]
    assert kinds(*nights) == []
    assert kinds(*(night(day, newest_id="my_paper") for day in range(12))) == []


def test_nights_on_which_no_model_is_asked_are_told() -> None:
    nights = [
        night(day, found=failed, published=0, failed=failed) for day, failed in ((0, 1), (1, 2))
    ]
    assert kinds(*nights, calls=0) == ["no_calls"]
    assert kinds(nights[0], calls=0) == []
    without_model = HostState(NOW, HOST.last_run, asks_models=False)
    assert kinds(*map(night, range(5)), calls=0, host=without_model) == []


def test_cron_that_died_is_told() -> None:
    host = HostState(NOW, NOW - timedelta(days=3, hours=1))
    (alert,) = alerts(host=host)
    assert (alert.kind, alert.since) == ("no_run", date(2026, 11, 16))
    assert kinds(host=HostState(NOW, NOW - timedelta(days=2, hours=23))) == []


@pytest.mark.parametrize(
    ("exit_code", "told"), [(ExitCode.USAGE, "refused"), (ExitCode.DEFECT, "defect")]
)
def test_a_run_that_failed_as_a_whole_is_told(exit_code: ExitCode, told: str) -> None:
    (alert,) = alerts(host=HostState(NOW, NOW, exit_code))
    assert (alert.kind, told in alert.says) == ("failed_run", True)
    assert kinds(host=HostState(NOW, NOW, ExitCode.SOME_FAILED)) == []


def test_a_full_disk_and_a_damaged_database_are_told() -> None:
    host = HostState(
        NOW, NOW, ExitCode.DONE, (("state_dir", 10**8), ("cache_dir", 10**10)), "row 7 missing"
    )
    found = alerts(host=host)
    assert [alert.kind for alert in found] == ["database", "disk"]
    assert "row 7 missing" in found[0].says
    assert "0.10 GB are free on the disk of state_dir" in found[1].says


NIGHTS = st.lists(
    st.builds(
        lambda topic, day, state, published, excluded, failed: night(
            day,
            topic,
            state,
            found=published + excluded + failed,
            published=published,
            excluded=excluded,
            failed=failed,
        ),
        st.sampled_from(["LLM", "NeRF"]),
        st.integers(0, 20),
        st.sampled_from(
            ["done", "nothing_announced", "upstream_fault", "stale_upstream", "budget"]
        ),
        *[st.integers(0, 9)] * 3,
    ),
    unique_by=lambda night: (night.topic, night.post_date),
    max_size=20,
)


@given(NIGHTS, st.randoms())
def test_the_order_of_the_rows_does_not_matter_and_each_alert_comes_once(
    nights: list[TopicRun], random: object
) -> None:
    shuffled = list(nights)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = alerts(*nights)
    assert alerts(*shuffled) == found
    assert len({(alert.kind, alert.topic) for alert in found}) == len(found)


@given(NIGHTS)
def test_one_more_good_night_ends_what_is_told_of_a_topic_but_its_rate(
    nights: list[TopicRun],
) -> None:
    good = [night(21, topic, found=40, published=40) for topic in ("LLM", "NeRF")]
    assert kinds(*nights, *good) == []
