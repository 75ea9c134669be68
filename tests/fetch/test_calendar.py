"""arXiv's calendar: evenings of announcements in New York, holidays, summer time."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.fetch.arxiv.calendar import (
    NEW_YORK,
    SATURDAY,
    Announcement,
    explain_no_announcement,
    explain_nothing_due,
    find_latest_announcement,
    is_holiday,
    list_announcements,
)

# The days that arXiv listed on info.arxiv.org/help/availability, year by year.
LISTED = {
    2023: "01-16 06-14 06-19 07-04 08-17 09-04 11-23 12-25 12-27",
    2024: "01-15 05-22 06-19 07-04 09-02 10-08 11-28 12-25 12-26 12-31",
    2025: "01-01 01-20 06-19 07-06 09-01 11-27 12-25 12-30",
    2026: "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31",
}
# By the same rules: Juneteenth of 2027 is a Saturday, the Fourth of July a Sunday.
EXPECTED = {2027: "01-01 01-18 06-18 07-05 09-06 11-25 12-24 12-31"}


def days_of(listed: dict[int, str]) -> list[date]:
    return [
        date.fromisoformat(f"{year}-{day}") for year, days in listed.items() for day in days.split()
    ]


@pytest.mark.parametrize("day", days_of(LISTED | EXPECTED), ids=str)
def test_a_day_that_arxiv_lists_is_a_holiday(day: date) -> None:
    assert is_holiday(day)


@pytest.mark.parametrize(
    "day",
    days_of(
        {
            2024: "01-02 02-19 05-27 10-14 11-11 11-27 11-29",
            2025: "02-17 05-26 10-13 11-11 11-28 12-23",
            2026: "02-16 05-25 10-12 11-11 11-27 12-23",
            2027: "02-15 05-31 10-11 11-11 11-26 12-23",
        }
    ),
    ids=str,
)
def test_a_federal_holiday_that_arxiv_does_not_keep_is_none(day: date) -> None:
    assert not is_holiday(day)


@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_before_christmas_only_the_days_that_arxiv_listed_are_holidays(year: int) -> None:
    new_year, christmas_eve = date(year, 1, 3), date(year, 12, 24)
    days = [new_year + timedelta(number) for number in range((christmas_eve - new_year).days)]
    # The Fourth of July of 2026 is a Saturday, on which nothing is announced anyway.
    found = [day for day in days if is_holiday(day) and day.weekday() != SATURDAY]
    assert found == [day for day in days_of({year: LISTED[year]}) if day in days]


def test_new_year_is_kept_on_the_day_on_which_it_is_observed() -> None:
    assert is_holiday(date(2023, 1, 2))
    assert not is_holiday(date(2024, 1, 2))


def test_the_calendar_is_imported_without_the_library_of_holidays() -> None:
    program = "import sys, chatpaper.fetch.arxiv.calendar; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


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
    evening = Announcement(date.fromisoformat(day))
    assert evening.submissions_opened == datetime.fromisoformat(opened)
    assert evening.listing_date == evening.day + timedelta(1)


def test_the_hours_are_those_of_new_york_in_summer_and_in_winter() -> None:
    assert Announcement(date(2026, 7, 14)).announced_at.astimezone(UTC) == datetime(
        2026, 7, 15, 0, tzinfo=UTC
    )
    assert Announcement(date(2026, 11, 17)).announced_at.astimezone(UTC) == datetime(
        2026, 11, 18, 1, tzinfo=UTC
    )


def test_nothing_is_due_on_weekends_and_holidays_and_the_reason_is_told() -> None:
    def told(day: int) -> str:
        noon = datetime(2026, 11, day, 12, tzinfo=NEW_YORK)
        return explain_nothing_due(noon - timedelta(1), noon)

    assert told(20) == ""  # Friday shows what was announced on Thursday evening.
    assert told(21) == "arXiv announces nothing on Friday evenings"
    assert told(22) == "arXiv announces nothing on Saturday evenings"
    assert told(23) == told(24) == told(25) == ""
    assert "2026-11-26" in told(26)
    assert "2026-11-26" in told(27)
    assert find_latest_announcement(datetime(2026, 11, 27, 12, tzinfo=NEW_YORK)).day == date(
        2026, 11, 24
    )


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
    assert list_announcements(moment, middle) + list_announcements(
        middle, end
    ) == list_announcements(moment, end)
    assert all(
        not explain_no_announcement(evening.day) for evening in list_announcements(moment, end)
    )
    assert find_latest_announcement(end).visible_from <= end
