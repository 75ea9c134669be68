"""Which days of submission a run searches."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatpaper.domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class RequestedDates:
    """The dates that a person asked for: of the post, and of the papers' submission."""

    post_date: date | None = None
    since: date | None = None
    until: date | None = None

    @property
    def has_range(self) -> bool:
        """Whether a range of submission dates was asked for."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days of submission in UTC, both included. Raises ConfigError for days in the wrong order."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ConfigError(f"--since {self.since} is after --until {self.until}.")

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The times that arXiv counts by: in GMT, the last minute included."""
        return (
            datetime.combine(self.since, time.min, UTC),
            datetime.combine(self.until, time(23, 59), UTC),
        )

    def contains(self, moment: datetime) -> bool:
        """Return whether a time is on one of these days."""
        return self.since <= moment.astimezone(UTC).date() <= self.until


def choose_search_range(asked: RequestedDates, post_date: date, window_days: int) -> DateRange:
    """Return the range that was asked for, or else that of the days before the post.

    Raises ConfigError where it ends before it begins.
    """
    until = asked.until or post_date
    return DateRange(asked.since or until - timedelta(window_days), until)


def choose_daily_range(asked: RequestedDates, post_date: date, now: datetime) -> DateRange:
    """Return the days whose lists are read: those that were asked for, else that of the post.

    East of Greenwich the day of a post begins before Hugging Face's day does: a post of today takes
    the list of the day that has begun in UTC. Raises ConfigError for days in the wrong order.
    """
    until = asked.until or asked.post_date or min(post_date, now.astimezone(UTC).date())
    return DateRange(asked.since or until, until)


def compute_effective_time(post_date: date, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the time for which a post stands: now, or the end of its day if that is not today."""
    if post_date == now.astimezone(zone).date():
        return now
    return datetime.combine(post_date, time.max, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class NightlyWindow:
    """The days of submission to search on a night.

    `missed` nights are caught up on, `given_up` ones are too many for that.
    """

    days: DateRange
    missed: int = 0
    given_up: int = 0


def compute_nightly_window(
    night: date, last_covered: date | None, window_days: int, catch_up_days: int
) -> NightlyWindow:
    """Return the window of a night: `window_days` back, and the nights since the last good one.

    No more than `catch_up_days` of them: after a longer absence there would be more papers than any
    budget allows, and which of them are wanted is for a person to choose.
    """
    missed = max(0, (night - last_covered).days - 1) if last_covered else 0
    caught_up = min(missed, catch_up_days)
    days = DateRange(night - timedelta(window_days + caught_up), night)
    return NightlyWindow(days, caught_up, missed - caught_up)


@dataclass(frozen=True, slots=True)
class SearchNight:
    """The night of a search, and how far back it looks.

    `as_of` is the time for which the night's post stands, see `compute_effective_time`.
    """

    post_date: date
    as_of: datetime
    window_days: int
    catch_up_days: int

    def window(self, last_covered: date | None) -> NightlyWindow:
        """Return the days to search, given the last night that was covered."""
        return compute_nightly_window(
            self.post_date, last_covered, self.window_days, self.catch_up_days
        )
