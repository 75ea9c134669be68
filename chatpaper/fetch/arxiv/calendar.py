"""When arXiv announces papers.

The calendar explains what came and what did not; it is never a reason not to ask.

Announcements are made at 20:00 in New York, from Sunday to Thursday, of what was submitted until
14:00 of the same day, on Sundays until 14:00 on Friday (info.arxiv.org/help/availability). On
holidays of its staff they are put off; arXiv lists those days year by year on the same page, and
every day that it listed from 2023 to 2026 is a holiday by the rules below.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

_ANNOUNCED_AT = time(20)
_CLOSES_AT = time(14)
# The feeds and the index of the query API are made at midnight in New York, four hours after the
# announcement (info.arxiv.org/help/rss; API manual); two more hours for delays.
_VISIBLE_AFTER = timedelta(hours=6)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
# The weekdays of announcements, and how many days before each of them its submissions close.
_DAYS_SINCE_CLOSING = {SUNDAY: 2, MONDAY: 0, TUESDAY: 0, WEDNESDAY: 0, THURSDAY: 0}
# How many days before each of them the previous announcement is made.
_DAYS_SINCE_PREVIOUS = {SUNDAY: 3, MONDAY: 1, TUESDAY: 1, WEDNESDAY: 1, THURSDAY: 1}
# The federal holidays of the United States that arXiv keeps, by their names in `holidays`. It
# announces papers on the others: Washington's Birthday, Memorial Day, Columbus Day, Veterans Day.
_HOLIDAYS_KEPT = frozenset(
    {
        "New Year's Day",
        "Martin Luther King Jr. Day",
        "Juneteenth National Independence Day",
        "Independence Day",
        "Labor Day",
        "Thanksgiving Day",
        "Christmas Day",
    }
)
_ON_ANOTHER_DAY = " (observed)"
# Christmas Eve: from here to New Year's Day arXiv keeps some days, and others each year.
_LAST_WEEK = (12, 24)
# Days that arXiv listed besides: meetings of its staff, and in 2025 the Sunday after a Fourth of
# July on which nothing would have been announced anyway.
_DEFERRED = frozenset(
    {
        date(2023, 6, 14),
        date(2023, 8, 17),
        date(2024, 5, 22),
        date(2024, 10, 8),
        date(2025, 7, 6),
    }
)
# How long before an announcement it may be waited for: a cron of one time of day is an hour early
# in one half of the year.
_LONGEST_LEAD = timedelta(hours=3)
# No pause of announcements is longer than that from the eve of Christmas to New Year's Day.
_LONGEST_PAUSE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Announcement:
    """A scheduled announcement of papers; `day` is the date of its evening in New York."""

    day: date

    @property
    def announced_at(self) -> datetime:
        """When the papers are announced."""
        return _in_new_york(self.day, _ANNOUNCED_AT)

    @property
    def visible_from(self) -> datetime:
        """When all services must show the papers."""
        return self.announced_at + _VISIBLE_AFTER

    def is_fresh(self, moment: datetime) -> bool:
        """Return whether the papers are announced at a moment, but may not be visible yet."""
        return self.announced_at <= moment < self.visible_from

    @property
    def submissions_opened(self) -> datetime:
        """When the first of its papers can have been submitted.

        Papers that moderation held back were submitted earlier.
        """
        previous = self.day - timedelta(_DAYS_SINCE_PREVIOUS[self.day.weekday()])
        closing_day = previous - timedelta(_DAYS_SINCE_CLOSING[previous.weekday()])
        return _in_new_york(closing_day, _CLOSES_AT)

    @property
    def listing_date(self) -> date:
        """The date of the listing page and of the feed that show its papers: the next morning's."""
        return self.day + timedelta(1)


def is_holiday(day: date) -> bool:
    """Return whether arXiv may put off the announcement of this day.

    True on the federal holidays that arXiv keeps and on the weekdays on which they are observed,
    from Christmas Eve to New Year's Day, and on the other days that arXiv listed.

    >>> is_holiday(date(2026, 11, 26)), is_holiday(date(2026, 5, 25))
    (True, False)
    """
    return (day.month, day.day) >= _LAST_WEEK or day in _DEFERRED or day in _kept_in(day.year)


def explain_no_announcement(day: date) -> str:
    """Explain why arXiv may announce nothing on the evening of a day; empty if it surely does.

    The evening before a holiday counts too: its papers would be mailed on the holiday, and arXiv's
    list of days does not say which of the two it means.
    """
    if day.weekday() not in _DAYS_SINCE_CLOSING:
        return f"arXiv announces nothing on {day:%A} evenings"
    holiday = next((each for each in (day, day + timedelta(1)) if is_holiday(each)), None)
    return f"arXiv may announce nothing on the holiday of {holiday.isoformat()}" if holiday else ""


def list_announcements(after: datetime, until: datetime) -> tuple[Announcement, ...]:
    """List the certain announcements that became visible later than `after`, up to `until`.

    They are in order of time; those that arXiv may put off for a holiday are left out.
    """
    first, last = (moment.astimezone(NEW_YORK).date() for moment in (after, until))
    days = [first + timedelta(number) for number in range(-1, (last - first).days + 1)]
    certain = [Announcement(day) for day in days if not explain_no_announcement(day)]
    return tuple(each for each in certain if after < each.visible_from <= until)


def explain_nothing_due(after: datetime, until: datetime) -> str:
    """Explain why nothing new must be visible between two times; empty if something must be."""
    if list_announcements(after, until):
        return ""
    last = (until - _VISIBLE_AFTER).astimezone(NEW_YORK)
    day = last.date() if last.time() >= _ANNOUNCED_AT else last.date() - timedelta(1)
    return explain_no_announcement(day) or "no announcement of arXiv fell into this time"


def find_latest_announcement(moment: datetime) -> Announcement:
    """Find the last certain announcement that must be visible at a moment."""
    return list_announcements(moment - timedelta(_LONGEST_PAUSE_DAYS), moment)[-1]


def find_fresh_announcement(moment: datetime) -> Announcement | None:
    """Find the announcement that was made before a moment and that not all services show yet.

    One that arXiv may have put off for a holiday counts too: its listing page tells.
    """
    return next((each for each in _list_around(moment) if each.is_fresh(moment)), None)


def find_awaited_announcement(moment: datetime) -> Announcement | None:
    """Find the certain announcement that is fresh at a moment, or follows within three hours."""
    return next(
        (
            each
            for each in _list_around(moment)
            if not explain_no_announcement(each.day)
            and (each.is_fresh(moment) or moment <= each.announced_at <= moment + _LONGEST_LEAD)
        ),
        None,
    )


def _list_around(moment: datetime) -> list[Announcement]:
    """List the scheduled announcements of the day of a moment in New York and the day before."""
    today = moment.astimezone(NEW_YORK).date()
    days = (today - timedelta(1), today)
    return [Announcement(day) for day in days if day.weekday() in _DAYS_SINCE_CLOSING]


def _in_new_york(day: date, time_of_day: time) -> datetime:
    return datetime.combine(day, time_of_day, NEW_YORK)


@cache
def _kept_in(year: int) -> frozenset[date]:
    """List the days of a year that are federal holidays which arXiv keeps."""
    # Takes half a second to import, and most commands never ask.
    from holidays import country_holidays

    return frozenset(
        day
        for day, name in country_holidays("US", years=year).items()
        if name.removesuffix(_ON_ANOTHER_DAY) in _HOLIDAYS_KEPT
    )
