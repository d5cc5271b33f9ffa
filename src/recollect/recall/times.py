"""Times in a question: months, years, days and relative expressions ("last week"), read with patterns in microseconds.

Only expressions that single out a stretch of at most a year are read, since that is what a date can be compared with.
"""

import re
from calendar import day_name, month_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from recollect.domain.words import words

_MONTHS: Final = tuple(month.lower() for month in month_name[1:])
_MONTH: Final = r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december|" + (
    r"(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\b\.?)"
)
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_WEEKDAYS: Final = tuple(day.lower() for day in day_name)
_NUMBERS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}

_ISO = re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")
_DAY_MONTH = re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?!\d)(?:,?\s+{_YEAR})?\b", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"\b{_MONTH}(?:\s+of)?,?\s+{_YEAR}\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    rf"\b(?P<before>(?:in|of|during|since|by|early|late|mid|last|this|until|before|after)\s+)?{_MONTH}\b", re.I
)
_YEAR_ALONE = re.compile(rf"\b(?<![-/.]){_YEAR}(?![-/.\d])\b")
_RELATIVE = re.compile(
    r"\b(?:(?P<near>today|tonight|yesterday|tomorrow)|(?P<which>last|this|next|past|previous)\s+"
    r"(?P<unit>week|weekend|month|year|night|" + "|".join(_WEEKDAYS) + r")|"
    r"(?P<count>\d{1,3}|" + "|".join(_NUMBERS) + r")\s+(?P<ago>day|week|month|year)s?\s+ago)\b",
    re.IGNORECASE,
)

_TELLS = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|recently|ago|weekend|the other day|"
    r"(?:last|this|next|past|previous) (?:few|week|night|month|year|weekend|summer|winter|spring|fall|autumn|morning|"
    r"afternoon|evening)|"
    + "|".join(_WEEKDAYS)
    + "|"
    + "|".join(month for month in _MONTHS if month not in ("march", "may"))
    + r"|(?:in|on|since|of|last|this|next) (?:march|may)|"
    r"(?:\d+|two|three|four|five|six|few|couple of) (?:day|week|month|year)s?"
    r"|(?:19|20)\d\d)\b",
)

_HINTS: Final = frozenset(
    """
    yesterday today tonight tomorrow recently ago weekend day days week weeks month months year years night summer
    winter spring fall autumn morning afternoon evening few
    """.split()  # noqa: SIM905 - as words they are easier to check against the pattern
) | {*_MONTHS, *_WEEKDAYS, *(str(year) for year in range(1900, 2100))}
"""One of these words is in every text that ``_TELLS`` finds a time in; looking for them first is ten times faster."""


class Grain(StrEnum):
    """How precisely a time was named."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days named in a question.

    Attributes:
        said: the words that name it. grain: how precisely.
        first, last: its first and last day; for a month of no particular year, of the year 1.
        recurring: it is a month (or a day of one) of any year.
    """

    said: str
    grain: Grain
    first: date
    last: date
    recurring: bool = False


def spans(text: str, now: datetime) -> tuple[Span, ...]:
    """The spans of days that a question names, in the order of their precision.

    Args:
        text: the question.
        now: what relative expressions refer to, in the asker's time zone.
    """
    found: list[Span] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            span = read(match)
            if span is not None:
                found.append(span)
        text = pattern.sub(_blank, text) if found else text
    found += _relative(text, now.date())
    return tuple(found)


def tells_time(text: str) -> bool:
    """Whether a text says when something was, is or will be."""
    lowered = text.lower()
    return not _HINTS.isdisjoint(words(lowered)) and _TELLS.search(lowered) is not None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _day(match: re.Match[str]) -> Span | None:
    month, year = _month_number(match["month"]), int(match["year"] or 4)  # year 4: it has a 29 February
    if not 1 <= month <= 12 or not 1 <= int(match["day"]) <= monthrange(year, month)[1]:
        return None
    day = date(year, month, int(match["day"]))
    return Span(match.group(), Grain.DAY, day, day, recurring=match["year"] is None)


def _month_of_year(match: re.Match[str]) -> Span:
    return _month_span(match.group(), int(match["year"]), _month_number(match["month"]))


def _any_month(match: re.Match[str]) -> Span | None:
    name = match["month"]
    if name.lower() in ("may", "march", "mar") and not match["before"] and not name[0].isupper():
        return None  # "you may", "they march"
    if name == "May" and not match["before"] and match.start() == 0:
        return None  # "May I ..."
    span = _month_span(match.group(), 4, _month_number(name))
    return Span(span.said, Grain.MONTH, span.first, span.last, recurring=True)


def _year(match: re.Match[str]) -> Span:
    year = int(match["year"])
    return Span(match.group(), Grain.YEAR, date(year, 1, 1), date(year, 12, 31))


_READERS = (
    (_ISO, _day),
    (_DAY_MONTH, _day),
    (_MONTH_DAY, _day),
    (_MONTH_YEAR, _month_of_year),
    (_MONTH_ALONE, _any_month),
    (_YEAR_ALONE, _year),
)


def _month_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.lower().rstrip(".")[:3]))


def _month_span(said: str, year: int, month: int) -> Span:
    return Span(said, Grain.MONTH, date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _relative(text: str, today: date) -> Iterator[Span]:
    for match in _RELATIVE.finditer(text):
        try:
            yield _relative_span(match, today)
        except OverflowError:  # "900 years ago"
            continue


def _relative_span(match: re.Match[str], today: date) -> Span:
    said = match.group()
    if match["near"]:
        shift = {"yesterday": -1, "tomorrow": 1}.get(match["near"].lower(), 0)
        return _days(said, today + timedelta(shift), 1)
    if match["ago"]:
        count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
        return _ago(said, count, match["ago"].lower(), today)
    step = {"this": 0, "next": 1}.get(match["which"].lower(), -1)
    return _calendar(said, step, match["unit"].lower(), today)


def _ago(said: str, count: int, unit: str, today: date) -> Span:
    if unit == "year":
        return _shifted_month(said, today, -12 * count)
    if unit == "month":
        return _shifted_month(said, today, -count)
    if unit == "week":
        return _days(said, today - timedelta(7 * count + 3), 7)
    return _days(said, today - timedelta(count), 1)


def _calendar(said: str, step: int, unit: str, today: date) -> Span:
    monday = today - timedelta(today.weekday())
    if unit == "week":
        return _days(said, monday + timedelta(7 * step), 7)
    if unit == "weekend":
        return _days(said, monday + timedelta(7 * step + 5), 2)
    if unit == "month":
        return _shifted_month(said, today, step)
    if unit == "year":
        year = today.year + step
        if not 1 <= year <= 9999:
            raise OverflowError
        return Span(said, Grain.YEAR, date(year, 1, 1), date(year, 12, 31))
    if unit == "night":
        return _days(said, today + timedelta(step), 1)
    ahead = (_WEEKDAYS.index(unit) - today.weekday()) % 7
    shift = {-1: ahead - 7, 0: ahead, 1: ahead or 7}[step]
    return _days(said, today + timedelta(shift), 1)


def _days(said: str, first: date, count: int) -> Span:
    return Span(said, Grain.DAY, first, first + timedelta(count - 1))


def _shifted_month(said: str, today: date, months: int) -> Span:
    number = today.year * 12 + today.month - 1 + months
    if not 12 <= number < 120_000:
        raise OverflowError
    return _month_span(said, number // 12, number % 12 + 1)
