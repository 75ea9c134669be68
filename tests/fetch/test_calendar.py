"""arXiv's calendar: evenings of announcements in New York, holidays, summer time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.fetch.arxiv.calendar import (
    NEW_YORK,
    Evening,
    evenings_shown,
    is_holiday,
    last_shown,
    why_no_evening,
    why_nothing_is_due,
)


@pytest.mark.parametrize(
    "day", ["01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25", "12-29", "12-31"]
)
def test_the_days_that_arxiv_listed_for_2026_are_holidays(day: str) -> None:
    assert is_holiday(date.fromisoformat(f"2026-{day}"))


@pytest.mark.parametrize("day", ["01-16", "06-19", "07-04", "09-04", "11-23", "12-25", "12-27"])
def test_so_are_those_of_2023(day: str) -> None:
    assert is_holiday(date.fromisoformat(f"2023-{day}"))


def test_most_days_are_none() -> None:
    year = [date(2026, 1, 1) + timedelta(number) for number in range(365)]
    assert sum(map(is_holiday, year)) == 6 + 8


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        ("2026-11-17", "2026-11-16T14:00-05:00"),
        ("2026-11-18", "2026-11-17T14:00-05:00"),
        ("2026-11-19", "2026-11-18T14:00-05:00"),
        ("2026-11-22", "2026-11-19T14:00-05:00"),
        ("2026-11-23", "2026-11-20T14:00-05:00"),
    ],
)
def test_an_announcement_is_of_the_submissions_since_the_closing_before(
    day: str, opened: str
) -> None:
    evening = Evening(date.fromisoformat(day))
    assert evening.opened == datetime.fromisoformat(opened)
    assert evening.listed == evening.day + timedelta(1)


def test_the_hours_are_those_of_new_york_in_summer_and_in_winter() -> None:
    assert Evening(date(2026, 7, 14)).announced.astimezone(UTC) == datetime(
        2026, 7, 15, 0, tzinfo=UTC
    )
    assert Evening(date(2026, 11, 17)).announced.astimezone(UTC) == datetime(
        2026, 11, 18, 1, tzinfo=UTC
    )


def test_nothing_is_due_on_weekends_and_holidays_and_the_reason_is_told() -> None:
    def told(day: int) -> str:
        noon = datetime(2026, 11, day, 12, tzinfo=NEW_YORK)
        return why_nothing_is_due(noon - timedelta(1), noon)

    assert told(20) == ""  # Friday shows what was announced on Thursday evening.
    assert told(21) == "arXiv announces nothing on Friday evenings"
    assert told(22) == "arXiv announces nothing on Saturday evenings"
    assert told(23) == told(24) == told(25) == ""
    assert "2026-11-26" in told(26) and "2026-11-26" in told(27)
    assert last_shown(datetime(2026, 11, 27, 12, tzinfo=NEW_YORK)).day == date(2026, 11, 24)


@given(
    st.integers(0, 60_000).map(
        lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    ),
    st.integers(0, 400),
)
def test_every_certain_evening_is_shown_in_exactly_one_of_two_adjacent_times(
    moment: datetime, hours: int
) -> None:
    middle, end = moment + timedelta(hours=hours), moment + timedelta(hours=2 * hours)
    assert evenings_shown(moment, middle) + evenings_shown(middle, end) == evenings_shown(
        moment, end
    )
    assert all(not why_no_evening(evening.day) for evening in evenings_shown(moment, end))
    assert last_shown(end).shown <= end
