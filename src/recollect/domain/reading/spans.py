"""Calendar arithmetic for expressions of time: spans of days, weeks, months, seasons and years in local time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from recollect.domain.reading.time_words import SEASONS


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval in local time, and the unit it was told in."""

    start: datetime
    end: datetime
    granularity: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """From where relative expressions count.

    Attributes:
        now: when it was said, in the speaker's zone; None when unknown.
        past: the sentence tells of the past, so a bare date means the last one.
    """

    now: datetime | None
    past: bool

    @property
    def zone(self) -> tzinfo:
        """The speaker's zone, UTC when unknown."""
        return (self.now.tzinfo if self.now else None) or UTC

    @property
    def today(self) -> date:
        """The day it was said; only for anchors with a time."""
        return self.said.date()

    @property
    def said(self) -> datetime:
        """When it was said.

        Raises:
            ValueError: when that is unknown.
        """
        if self.now is None:
            raise ValueError("a relative time needs the time it was said")
        return self.now


def midnight(day: date, zone: tzinfo) -> datetime:
    """Returns the start of ``day`` in ``zone``."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def days(first: date, count: int, zone: tzinfo, granularity: str) -> Span:
    """Returns the span of ``count`` days from ``first``."""
    return Span(midnight(first, zone), midnight(first + timedelta(days=count), zone), granularity)


def day(first: date, zone: tzinfo) -> Span:
    """Returns one day."""
    return days(first, 1, zone, "day")


def week(inside: date, zone: tzinfo) -> Span:
    """Returns the week, Monday to Monday, that holds ``inside``."""
    return days(inside - timedelta(days=inside.weekday()), 7, zone, "week")


def add_months(start: date, count: int) -> date:
    """Returns ``start`` moved by ``count`` months; the day is cut to the month's length."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(start.day, last))
        except ValueError:
            if last == 28:
                raise
    raise ValueError("unreachable")


def months(year: int, month: int, count: int, zone: tzinfo, granularity: str) -> Span:
    """Returns ``count`` months from the first of ``month``."""
    first = date(year, month, 1)
    return Span(midnight(first, zone), midnight(add_months(first, count), zone), granularity)


def month(year: int, number: int, zone: tzinfo) -> Span:
    """Returns one calendar month."""
    return months(year, number, 1, zone, "month")


def year(number: int, zone: tzinfo) -> Span:
    """Returns one calendar year."""
    return months(number, 1, 12, zone, "year")


def season(name: str, number: int, zone: tzinfo) -> Span:
    """Returns the season that starts in year ``number``; a winter runs into the next year."""
    return months(number, SEASONS[name], 3, zone, "season")


def weekday(number: int, anchor: Anchor, *, past: bool) -> date:
    """Returns the nearest such weekday strictly before, or strictly after, the day it was said."""
    today = anchor.today
    if past:
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def year_of(month_number: int, day_number: int, anchor: Anchor) -> int:
    """Returns the year that a date told without one lies in: the last one for the past, else the next."""
    today = anchor.today
    later = (month_number, day_number) > (today.month, today.day)
    if anchor.past:
        return today.year - later
    return today.year + ((month_number, day_number) < (today.month, today.day))


def clock(hour: int, minute: int, on: datetime, *, exact: bool) -> Span:
    """Returns the minute (``exact``) or the hour that starts at a time of the day ``on``."""
    start = on.replace(hour=hour, minute=minute, second=0, microsecond=0)
    length = timedelta(minutes=1) if exact else timedelta(hours=1)
    return Span(start, start + length, "minute" if exact else "hour")
