"""When arXiv announces papers: it explains what came and what did not, and is never a reason not to
ask.

Announcements are made at 20:00 in New York, from Sunday to Thursday, of what was submitted until
14:00 of the same day, on Sundays until 14:00 on Friday (info.arxiv.org/help/availability). On
holidays of its staff they are put off; arXiv lists those days year by year, and every day that it
listed for 2023 and 2026 but one is a holiday by the rules below.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

_ANNOUNCED_AT = time(20)
_CLOSES_AT = time(14)
# The feeds and the index of the query API are made at midnight in New York, four hours after the
# announcement (info.arxiv.org/help/rss; API manual); two more for what is late.
_SHOWN_AFTER = timedelta(hours=6)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
# The evenings of announcements, and how many days before each of them its submissions close.
_DAYS_SINCE_CLOSING = {SUNDAY: 2, MONDAY: 0, TUESDAY: 0, WEDNESDAY: 0, THURSDAY: 0}
# Which evening of announcements comes before which, in days.
_DAYS_SINCE_EVENING_BEFORE = {SUNDAY: 3, MONDAY: 1, TUESDAY: 1, WEDNESDAY: 1, THURSDAY: 1}
# No pause of announcements is longer than that from the eve of Christmas to New Year's Day.
_LONGEST_PAUSE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Evening:
    """An evening on which arXiv announces papers; `day` is its date in New York."""

    day: date

    @property
    def announced(self) -> datetime:
        """When the papers are announced."""
        return _in_new_york(self.day, _ANNOUNCED_AT)

    @property
    def shown(self) -> datetime:
        """From when on the services must show them."""
        return self.announced + _SHOWN_AFTER

    @property
    def opened(self) -> datetime:
        """What is announced was submitted after this time, but for what was held back by
        moderation.
        """
        before = self.day - timedelta(_DAYS_SINCE_EVENING_BEFORE[self.day.weekday()])
        return _in_new_york(before - timedelta(_DAYS_SINCE_CLOSING[before.weekday()]), _CLOSES_AT)

    @property
    def listed(self) -> date:
        """The date of the listing page and of the feed that show them: the next morning's."""
        return self.day + timedelta(1)


def is_holiday(day: date) -> bool:
    """Whether arXiv may put off the announcement of this day.

    The holidays of the United States that arXiv keeps, on the weekday on which they are observed,
    and the days from Christmas Eve to New Year's Day, of which it keeps some.
    """
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        return True
    fixed = [(6, 19), (7, 4)]
    if any(day == _observed(date(day.year, month, number)) for month, number in fixed):
        return True
    # Martin Luther King Day, Labor Day, Thanksgiving.
    weekdays = [(1, MONDAY, 3), (9, MONDAY, 1), (11, THURSDAY, 4)]
    return any(
        day == _nth_weekday(day.year, month, weekday, nth) for month, weekday, nth in weekdays
    )


def why_no_evening(day: date) -> str:
    """Why arXiv announces nothing on this evening for certain; empty where it does.

    The evening before a holiday counts too: its papers would be mailed on the holiday, and arXiv's
    list of days does not say which of the two it means.
    """
    if day.weekday() not in _DAYS_SINCE_CLOSING:
        return f"arXiv announces nothing on {day:%A} evenings"
    holiday = next((each for each in (day, day + timedelta(1)) if is_holiday(each)), None)
    return f"arXiv may announce nothing on the holiday of {holiday.isoformat()}" if holiday else ""


def evenings_shown(after: datetime, until: datetime) -> tuple[Evening, ...]:
    """The announcements that are certain and that began to be shown after one time and until
    another, in order.
    """
    first, last = (moment.astimezone(NEW_YORK).date() for moment in (after, until))
    days = [first + timedelta(number) for number in range(-1, (last - first).days + 1)]
    evenings = [Evening(day) for day in days if not why_no_evening(day)]
    return tuple(evening for evening in evenings if after < evening.shown <= until)


def why_nothing_is_due(after: datetime, until: datetime) -> str:
    """Why nothing may have been announced between two times; empty where something must have been."""
    if evenings_shown(after, until):
        return ""
    evening = (until - _SHOWN_AFTER).astimezone(NEW_YORK)
    day = evening.date() if evening.time() >= _ANNOUNCED_AT else evening.date() - timedelta(1)
    return why_no_evening(day) or "no announcement of arXiv fell into this time"


def last_shown(moment: datetime) -> Evening:
    """The last announcement that is certain and must be shown by now."""
    return evenings_shown(moment - timedelta(_LONGEST_PAUSE_DAYS), moment)[-1]


def _in_new_york(day: date, time_of_day: time) -> datetime:
    return datetime.combine(day, time_of_day, NEW_YORK)


def _observed(holiday: date) -> date:
    """A holiday on a Saturday is kept on Friday, one on a Sunday on Monday."""
    return holiday + timedelta({SATURDAY: -1, SUNDAY: 1}.get(holiday.weekday(), 0))


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
