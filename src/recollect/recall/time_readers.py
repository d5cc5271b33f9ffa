"""Reads each form of time in a question: one small rule per name in ``time_forms.FORMS``.

Weeks start on Monday; "last March" is the last one that is over, "on Monday" the last Monday before today, or the next
one in a question about what lies ahead. A rule gives days, or what comes every year, or None when it is no time after
all; it raises ``ValueError`` (or ``OverflowError``) for what no calendar holds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from recollect.domain.reading.spans import add_months
from recollect.domain.reading.time_words import COUPLE, MONTHS, NUMBERS, SEASONS, VAGUE, WEEKDAYS
from recollect.recall.time_forms import TENS
from recollect.recall.time_holidays import HOLIDAYS
from recollect.recall.time_span import Cycle, Stretch, day_cycle, days, month_cycle, months, years

Read = Stretch | Cycle | None

_WORD: Final = re.compile(r"[a-z]+")
_NUMBER: Final = re.compile(r"\d+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_UNIT: Final = re.compile(r"\b(minute|hour|day|night|week|fortnight|month|quarter|year|decade)s?\b")
_STEPS: Final = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "this": 0}
_QUARTERS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_HOLIDAY: Final = {name.replace("'", ""): cycle for name, cycle in HOLIDAYS.items()}
_DAYS_OF: Final = {"day": 1, "night": 1, "week": 7, "fortnight": 14}
_MONTHS_OF: Final = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


@dataclass(frozen=True, slots=True)
class At:
    """From where a question counts: the moment in the asker's zone, and what stands around the form.

    Attributes:
        ahead: the question is about what lies ahead. past: it is about what is over.
        said: the form as it is written. before: what stands before it, without the blank between.
    """

    now: datetime
    ahead: bool
    past: bool
    said: str = ""
    before: str = ""

    @property
    def today(self) -> date:
        """The day of asking."""
        return self.now.date()


def _count(text: str) -> tuple[int, int]:
    """The least and the greatest number that is meant."""
    digits = _NUMBER.search(text)
    if digits:
        return int(digits.group()), int(digits.group())
    found = _WORD.findall(text)
    if any(word in COUPLE for word in found):
        return 2, 2
    for word in found:
        if word in VAGUE:
            return VAGUE[word]
    return next(((NUMBERS[word], NUMBERS[word]) for word in found if word in NUMBERS), (1, 1))


def _unit(text: str) -> str:
    found = _UNIT.search(text)
    return found[1] if found else ""


def _shifted(today: date, unit: str, count: int) -> date:
    if unit in _MONTHS_OF:
        return add_months(today, _MONTHS_OF[unit] * count)
    return today + timedelta(_DAYS_OF[unit] * count)


def _month(text: str) -> int:
    return next(MONTHS[word] for word in _WORD.findall(text) if word in MONTHS)


def _season(text: str) -> Cycle | None:
    found = next((word for word in _WORD.findall(text) if word in SEASONS), None)
    return None if found is None else month_cycle(SEASONS[found], 3)


def _weekday(text: str) -> int | None:
    return next((WEEKDAYS[word] for word in _WORD.findall(text.replace("s ", " ")) if word in WEEKDAYS), None)


def _iso(text: str, _at: At) -> Read:
    if len(text) == 7:
        return months(int(text[:4]), int(text[5:])) if 1900 <= int(text[:4]) < 2100 else None
    return days(date.fromisoformat(text), 1)


def _slash(text: str, _at: At) -> Read:
    first, second, year = (int(part) for part in re.split(r"[/.]", text))
    # 05/07 is read the American way, 5.7. the European way, unless only the other reading is a date.
    month, day = (second, first) if "." in text or first > 12 else (first, second)
    return days(date(year + 2000 if year < 100 else year, month, day), 1)


def _rolling(text: str, at: At) -> Read:
    unit = _unit(text)
    if unit in ("minute", "hour"):
        return _hours_back(_count(text)[1] if unit == "hour" else 1, at, until_now=True)
    return Stretch(_shifted(at.today, unit, -_count(text)[1]), at.today)


def _hours_back(hours: int, at: At, *, until_now: bool) -> Stretch:
    day = (at.now - timedelta(hours=hours)).date()
    return Stretch(day, at.today if until_now else day)


def _rolling_one(text: str, at: At) -> Read:
    return _rolling(text, at)


def _day_word(text: str, at: At) -> Read:
    if "before yesterday" in text:
        shift = -2
    elif "after tomorrow" in text:
        shift = 2
    else:
        shift = next((step for word, step in (("yesterday", -1), ("last", -1), ("tomorrow", 1)) if word in text), 0)
    return days(at.today + timedelta(shift), 1)


def _other_day(text: str, at: At) -> Read:
    length = 21 if "week" in text else 7
    return days(at.today - timedelta(length), length)


def _twice(text: str, at: At) -> Read:
    season = _season(text)
    if season is not None:
        return season.of(season.over(at.today).first.year - 1)
    return _calendar(_unit(text) or "weekend", 2 if "after" in text else -2, at)


def _calendar(unit: str, step: int, at: At) -> Stretch:
    """The week, weekend, month, quarter, year or decade so many further on."""
    today = at.today
    monday = today - timedelta(today.weekday())
    if unit == "week":
        return days(monday + timedelta(7 * step), 7)
    if unit == "weekend":
        return days(monday + timedelta(7 * step + 5), 2)
    if unit == "month":
        return months(today.year, today.month + step)
    if unit == "quarter":
        return months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * step, 3)
    return years(today.year + step) if unit == "year" else years((today.year // 10 + step) * 10, 10)


def _ago(text: str, at: At) -> Read:
    least, most = _count(text)
    weekday, season = _weekday(text), _season(text.replace("s ", " "))
    if weekday is not None:
        back = (at.today.weekday() - weekday - 1) % 7 + 1 + 7 * (most - 1)
        return days(at.today - timedelta(back), 1)
    if season is not None:
        return season.of(season.over(at.today).first.year - most + 1)
    unit = _unit(text)
    if text.startswith("half"):
        return _months_ago(6, at) if unit == "year" else _hours_back(0, at, until_now=False)
    if unit in ("minute", "hour"):
        return _hours_back(most if unit == "hour" else 0, at, until_now=False)
    return _around(unit, least, most, at)


def _around(unit: str, least: int, most: int, at: At) -> Stretch:
    """What "n units ago" can mean: the day, the days around, the month, the year."""
    far, near = _shifted(at.today, unit, -most), _shifted(at.today, unit, -least)
    if unit in ("year", "decade"):
        return Stretch(date(far.year, 1, 1), date(near.year, 12, 31))
    if unit in ("month", "quarter"):
        return Stretch(months(far.year, far.month).first, months(near.year, near.month).last)
    slack = timedelta(3 if unit in ("week", "fortnight") and least == most else 0)
    return Stretch(far - slack, near + slack)


def _months_ago(count: int, at: At) -> Stretch:
    return months(at.today.year, at.today.month - count)


def _ahead(text: str, at: At) -> Read:
    if not at.ahead:
        return None  # how long it took, not when it will be
    least, most = _count(text)
    unit = _unit(text)
    return days(at.today, 1) if unit in ("minute", "hour") else _around(unit, -most, -least, at)


def _week_of(text: str, at: At) -> Read:
    day = _default(_month_day(text.partition("week of")[2], at), at)
    return days(day.first - timedelta(day.first.weekday()), 7)


def _default(read: Read, at: At) -> Stretch:
    """The one of a cycle that is nearest: the last that has begun, or the next."""
    if read is None:
        raise ValueError("no time")
    if isinstance(read, Stretch):
        return read
    return read.coming(at.today) if at.ahead else read.begun(at.today)


def _month_day(text: str, at: At) -> Cycle | None:
    number = _NUMBER.search(text)
    if number is None or (re.search(r"\bm(?:ay|arch|ar) \d+$", at.said) and not re.search(r"(?:on|of)$", at.before)):
        return None  # "what may 3 people do": in lower case it is the verb
    return day_cycle(_month(text), int(number.group()))


def _turn(text: str, at: At) -> Read:
    which, _, what = text.partition(" ")
    step = _STEPS[which]
    weekday = _weekday(what)
    if what.replace("’", "'").replace("'", "") in _HOLIDAY:
        return _step(_holiday(what, at), step, at)
    if weekday is not None:
        return days(_weekday_day(weekday, step, at), 1)
    cycle = _season(what) or (month_cycle(_month(what)) if _WORD.findall(what)[0] in MONTHS else None)
    if cycle is not None:
        return _step(cycle, step, at)
    unit = _WORD.findall(what)[0]
    found = _calendar(unit, step, at)
    if unit == "weekend" and step == 0 and at.past and found.first > at.today:
        return found.moved(-7)  # "what did I do this weekend", asked on a Tuesday
    return found


def _step(cycle: Cycle, step: int, at: At) -> Stretch:
    if step == 0:
        return cycle.present(at.today)
    return cycle.over(at.today) if step < 0 else cycle.coming(at.today)


def _weekday_day(weekday: int, step: int, at: At) -> date:
    today = at.today
    if step == 0:
        return today + timedelta(weekday - today.weekday())
    if step > 0:
        return today + timedelta((weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta((today.weekday() - weekday - 1) % 7 + 1)


def _weekend(_text: str, at: At) -> Read:
    here = _calendar("weekend", 0, at)
    return here if at.ahead or here.first <= at.today else here.moved(-7)


def _quarter(text: str, _at: At) -> Read:
    number = int(text[1]) if text[0] == "q" else _QUARTERS.get(text.split(maxsplit=1)[0]) or int(text[0])
    return month_cycle(number * 3 - 2, 3)


def _holiday(text: str, at: At) -> Cycle:
    del at
    return _HOLIDAY[re.sub(r"['’]", "", text)]


def _month_named(text: str, at: At) -> Read:
    last = at.said.split()[-1]
    if last in ("may", "march") and not re.match(r"(?:in|of|during|since|until|last|next)\s+\w+$", text):
        return None  # "how to march", "in the march", "and may"
    return month_cycle(_month(text))


def _season_named(text: str, _at: At) -> Read:
    return _season(text)


def _decade(text: str, _at: At) -> Read:
    digits = _NUMBER.search(text)
    if digits is None:
        first = next(TENS[word] for word in _WORD.findall(text) if word in TENS)
    else:
        first = int(digits.group())
        first += 0 if first > 100 else 2000 if first < 20 else 1900
    if "early" in text:
        return years(first, 4)
    if "mid" in text:
        return years(first + 3, 4)
    return years(first + 6, 4) if "late" in text else years(first, 10)


def _weekday_named(text: str, at: At) -> Read:
    weekday = _weekday(text)
    if weekday is None or re.search(r"\b(?:every|each|of)$", at.before):
        return None
    return days(_weekday_day(weekday, 1 if at.ahead else -1, at), 1)


def _ordinal(text: str, at: At) -> Read:
    number, first = _count(text)[0], at.today.replace(day=1)
    if not at.ahead and number > at.today.day:
        first = add_months(first, -1)
    elif at.ahead and number < at.today.day:
        first = add_months(first, 1)
    return days(first.replace(day=number), 1)


_NO_YEAR: Final = re.compile(
    r"(?:\b(?:number|room|no\.?|code|pin|read|reading|watch|watched|book|costs?|paid|pay|write|wrote|written|bought|"
    r"only|exactly|almost|nearly|another|apartment|flat|unit|suite|locker|house|gate|platform|bus|tram|train|line|route|"
    r"highway|extension|invoice|order|ticket|case|version|model|page|chapter|channel|office|windows)|"
    r"\bflight(?: [a-z0-9]{2,3})?|#)$",
    re.IGNORECASE,
)


def _year(text: str, at: At) -> Read:
    if _NO_YEAR.search(at.before) and not at.said.startswith("the "):
        return None  # "room 2024", "have I read 1984"
    return years(int(_YEAR.findall(text)[0]))


def _short_year(text: str, at: At) -> Read:
    number = int(text[-2:])
    return years(number + (2000 if number <= at.today.year % 100 + 5 else 1900))


def _this_unit(text: str, at: At) -> Read:
    return _calendar(_unit(text), 0, at)


READERS: Final[dict[str, Callable[[str, At], Read]]] = {
    "iso": _iso,
    "slash": _slash,
    "rolling": _rolling,
    "rolling_one": _rolling_one,
    "past_one": _rolling_one,
    "day_word": _day_word,
    "other_day": _other_day,
    "twice": _twice,
    "ago": _ago,
    "ahead": _ahead,
    "week_of": _week_of,
    "month_day": _month_day,
    "turn": _turn,
    "weekend": _weekend,
    "quarter": _quarter,
    "holiday": _holiday,
    "year_month": _month_named,
    "led_month": _month_named,
    "owned_month": _month_named,
    "season": _season_named,
    "decade": _decade,
    "weekday": _weekday_named,
    "ordinal": _ordinal,
    "year": _year,
    "short_year": _short_year,
    "unit": _this_unit,
}
