"""Spans: stretches of days as questions name them, of one year or of every year, and the calendar behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from recollect.domain.reading.spans import add_months

_LEAP: Final = 4
"""A year with a 29 February: spans of every year are written in it."""


class Grain(StrEnum):
    """How precisely a time was named."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"


_LONGEST: Final = ((4, Grain.DAY), (10, Grain.WEEK), (31, Grain.MONTH), (100, Grain.SEASON), (366, Grain.YEAR))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from first to last, both included; without a beginning from ``date.min``, without an end to ``date.max``."""

    first: date
    last: date

    def moved(self, days: int) -> "Stretch":
        """As long, so many days later."""
        return Stretch(self.first + timedelta(days), self.last + timedelta(days))


@dataclass(frozen=True, slots=True)
class Cycle:
    """What comes every year.

    Attributes:
        of: the stretch that begins in a year. movable: its date differs from year to year, as that of Easter.
    """

    of: Callable[[int], Stretch]
    movable: bool = False

    def over(self, today: date) -> Stretch:
        """The last one that is over."""
        return self._nearest(today, -1, lambda one: one.last < today)

    def begun(self, today: date) -> Stretch:
        """The last one that has begun."""
        return self._nearest(today, -1, lambda one: one.first <= today)

    def coming(self, today: date) -> Stretch:
        """The next one that has not begun."""
        return self._nearest(today, 1, lambda one: one.first > today)

    def present(self, today: date) -> Stretch:
        """The one that today lies in, or else this year's."""
        before = self.of(today.year - 1) if today.year > 1 else self.of(today.year)
        return before if before.last >= today else self.of(today.year)

    def _nearest(self, today: date, step: int, fits: Callable[[Stretch], bool]) -> Stretch:
        year = today.year - step
        while not fits(found := self.of(year)):
            year += step
        return found


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days named in a question.

    Attributes:
        said: the words that name it.
        first, last: its first and last day, ``date.min`` and ``date.max`` where it is open; what comes every year is
            written in the years 4 and 5.
        recurring: it is a month (or a day of one, or a season) of any year.
    """

    said: str
    first: date
    last: date
    recurring: bool = False

    @property
    def open_ended(self) -> bool:
        """It has no beginning or no end."""
        return self.first == date.min or self.last == date.max

    @property
    def grain(self) -> Grain:
        """How precise it is, by its length."""
        if self.open_ended:
            return Grain.RANGE
        length = (self.last - self.first).days + 1
        return next((grain for longest, grain in _LONGEST if length <= longest), Grain.RANGE)


def every_year(said: str, cycle: Cycle) -> Span:
    """The cycle as a span of any year."""
    found = cycle.of(_LEAP)
    return Span(said, found.first, found.last, recurring=True)


def days(first: date, count: int) -> Stretch:
    """So many days."""
    return Stretch(first, first + timedelta(count - 1))


def months(year: int, month: int, count: int = 1) -> Stretch:
    """So many whole months; the first may be counted beyond its year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first = date(year, month, 1)
    return Stretch(first, add_months(first, count) - timedelta(1))


def years(year: int, count: int = 1) -> Stretch:
    """So many whole years."""
    return Stretch(date(year, 1, 1), date(year + count - 1, 12, 31))


def month_cycle(month: int, count: int = 1) -> Cycle:
    """So many months of every year."""
    return Cycle(lambda year: months(year, month, count))


def day_cycle(month: int, day: int, count: int = 1) -> Cycle:
    """A day of every year, and those that follow; 29 February is the 28th where there is none."""

    def of(year: int) -> Stretch:
        if (month, day) == (2, 29):
            return days(date(year, 3, 1) - timedelta(1), count)
        return days(date(year, month, day), count)

    date(_LEAP, month, day)  # raises ValueError for 31 April
    return Cycle(of)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def weekday_of_month(year: int, month: int, weekday: int, number: int) -> date:
    """The month's so-manieth such weekday; -1 is its last."""
    if number > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))
    last = months(year, month).last
    return last - timedelta((last.weekday() - weekday) % 7)
