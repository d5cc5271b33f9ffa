"""Turns each kind of time expression into a span: one small rule per name in ``time_patterns.PATTERNS``.

A rule raises ``ValueError`` (or ``OverflowError``) for what is no date (31 February) or cannot be known.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from recollect.domain.reading import spans
from recollect.domain.reading.spans import Anchor, Span
from recollect.domain.reading.time_words import (
    COUPLE,
    DAY_PARTS,
    HOLIDAYS,
    MONTHS,
    NUMBERS,
    ORDINALS,
    SEASONS,
    VAGUE,
    WEEKDAYS,
)

_WORD = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def _pick(text: str, among: dict[str, int]) -> tuple[str, int] | None:
    for found in _WORD.findall(text):
        if found in among:
            return found, among[found]
    return None


def _month(text: str) -> int:
    picked = _pick(text, MONTHS)
    if picked is None:
        raise ValueError("no month")
    return picked[1]


def _count(text: str) -> tuple[int, int]:
    """Returns the least and the greatest count that ``text`` begins with or holds."""
    digits = _DIGITS.search(text)
    if digits:
        return int(digits.group()), int(digits.group())
    if any(word in text for word in COUPLE):
        return 2, 2
    for word, bounds in VAGUE.items():
        if re.search(rf"\b{word}\b", text):
            return bounds
    picked = _pick(text, NUMBERS)
    return (picked[1], picked[1]) if picked else (1, 1)


def _unit(text: str) -> str:
    found = re.search(r"\b(min|hour|day|week|month|year)", text)
    if found is None:
        raise ValueError("no unit")
    return "minute" if found.group(1) == "min" else found.group(1)


def _shifted(anchor: Anchor, unit: str, count: int) -> datetime:
    now = anchor.said
    if unit in {"month", "year"}:
        day = spans.add_months(now.date(), count * (12 if unit == "year" else 1))
        return now.replace(year=day.year, month=day.month, day=day.day)
    return now + timedelta(**{unit + "s": count})


def _unit_around(moment: datetime, unit: str, anchor: Anchor) -> Span:
    """Returns the calendar unit that holds ``moment``: what "two weeks ago" can mean."""
    if unit == "minute":
        return spans.clock(moment.hour, moment.minute, moment, exact=True)
    if unit == "hour":
        return spans.clock(moment.hour, 0, moment, exact=False)
    if unit == "day":
        return spans.day(moment.date(), anchor.zone)
    if unit == "week":
        return spans.week(moment.date(), anchor.zone)
    if unit == "month":
        return spans.month(moment.year, moment.month, anchor.zone)
    return spans.year(moment.year, anchor.zone)


def _iso(text: str, anchor: Anchor) -> Span:
    day = date.fromisoformat(text[:10])
    if len(text) == 10:
        return spans.day(day, anchor.zone)
    hour, minute = int(text[11:13]), int(text[14:16])
    return spans.clock(hour, minute, spans.midnight(day, anchor.zone), exact=True)


def _slash(text: str, anchor: Anchor) -> Span:
    first, second, number = (int(part) for part in re.split(r"[/.]", text))
    # 05/07 is read the American way, 5.7. the European way, unless only the other reading is a date.
    month, day = (second, first) if "." in text or first > 12 else (first, second)
    return spans.day(date(number, month, day), anchor.zone)


def _years(text: str, anchor: Anchor) -> Span:
    first, last = (int(found) for found in _YEAR.findall(text))
    if last < first:
        raise ValueError("a range that ends before it begins")
    return Span(spans.year(first, anchor.zone).start, spans.year(last, anchor.zone).end, "range")


def _months(text: str, anchor: Anchor) -> Span:
    first, last = (MONTHS[word] for word in _WORD.findall(text) if word in MONTHS)
    told = _YEAR.search(text)
    number = int(told.group()) if told else spans.year_of(first, 1, anchor)
    length = (last - first) % 12 + 1
    return spans.months(number, first, length, anchor.zone, "range")


def _past_span(text: str, anchor: Anchor) -> Span:
    start = _shifted(anchor, _unit(text), -_count(text)[1])
    if _unit(text) not in {"hour", "minute"}:
        start = spans.midnight(start.date(), anchor.zone)
    return Span(start, anchor.said, "range")


def _around(text: str, anchor: Anchor) -> Span:
    step = -1 if "before" in text else 1
    season = _pick(text, SEASONS)
    if season:
        return spans.season(season[0], _turn_season(season[0], anchor, -1).start.year - 1, anchor.zone)
    if unit := next((unit for unit in ("weekend", "month", "year") if unit in text), ""):
        return _turn_unit(unit, anchor, 2 * step)
    if "week" in text:
        return spans.week(anchor.today + timedelta(days=14 * step), anchor.zone)
    return spans.day(anchor.today + timedelta(days=2 * step), anchor.zone)


def _half_ago(text: str, anchor: Anchor) -> Span:
    if "year" in text:
        return _unit_around(_shifted(anchor, "month", -6), "month", anchor)
    return _unit_around(anchor.said - timedelta(minutes=30), "minute", anchor)


def _ago(text: str, anchor: Anchor) -> Span:
    least, most = _count(text)
    day_name = _pick(text.replace("days ago", "day ").replace("s ago", ""), WEEKDAYS)
    if day_name:
        last = spans.weekday(day_name[1], anchor, past=True)
        return spans.day(last - timedelta(weeks=most - 1), anchor.zone)
    season = _pick(text.replace("s ago", " ago"), SEASONS)
    if season:
        return spans.season(season[0], _turn_season(season[0], anchor, -1).start.year - most + 1, anchor.zone)
    unit = _unit(text)
    if least == most:
        return _unit_around(_shifted(anchor, unit, -most), unit, anchor)
    far, near = _shifted(anchor, unit, -most), _shifted(anchor, unit, -least)
    if unit in {"minute", "hour"}:
        return Span(far, near, "range")
    near_end = spans.midnight(near.date() + timedelta(days=1), anchor.zone)
    return Span(spans.midnight(far.date(), anchor.zone), near_end, "range")


def _ahead(text: str, anchor: Anchor) -> Span:
    if anchor.past:
        raise ValueError("how long it took, not when it will be")
    unit = _unit(text)
    return _unit_around(_shifted(anchor, unit, _count(text)[1]), unit, anchor)


def _part(text: str, day: date, anchor: Anchor) -> Span:
    for word, (first, last) in DAY_PARTS.items():
        if word in text:
            start = spans.midnight(day, anchor.zone)
            return Span(start.replace(hour=first), _hours(start, last), "range")
    return spans.day(day, anchor.zone)


def _hours(start: datetime, hours: int) -> datetime:
    day = start.date() + timedelta(days=hours // 24)
    return spans.midnight(day, start.tzinfo or spans.UTC).replace(hour=hours % 24)


def _day_word(text: str, anchor: Anchor) -> Span:
    if text == "tonight":
        return _part("evening", anchor.today, anchor)
    steps = {"yesterday": -1, "last": -1, "tomorrow": 1}
    step = next((steps[word] for word in steps if word in text), 0)
    return _part(text, anchor.today + timedelta(days=step), anchor)


def _this_part(text: str, anchor: Anchor) -> Span:
    return _part(text, anchor.today, anchor)


def _other_day(_text: str, anchor: Anchor) -> Span:
    return spans.days(anchor.today - timedelta(days=7), 7, anchor.zone, "range")


def _last_holiday(text: str, anchor: Anchor) -> Span:
    name = re.sub(r"^(?:last|next|this|on|at)\s+", "", text.replace("’", "'"))
    number, day = HOLIDAYS[name]
    past = text.startswith("last") or (anchor.past and not text.startswith("next"))
    told = spans.year_of(number, day, Anchor(anchor.said, past))
    return spans.day(date(told, number, day), anchor.zone)


def _date(text: str, anchor: Anchor) -> date:
    number = _month(text)
    told = _YEAR.search(text)
    bare = _YEAR.sub("", text)
    digits = _DIGITS.search(bare)
    if digits is None:
        raise ValueError("no day")
    day = int(digits.group())
    return date(int(told.group()) if told else spans.year_of(number, day, anchor), number, day)


def _month_day(text: str, anchor: Anchor) -> Span:
    return spans.day(_date(text, anchor), anchor.zone)


def _week_of(text: str, anchor: Anchor) -> Span:
    return spans.week(_date(text.partition("week of")[2], anchor), anchor.zone)


def _nth_of_month(text: str, anchor: Anchor) -> Span:
    nth = _pick(text, ORDINALS)
    return _month_day(text.replace(nth[0], str(nth[1]), 1) if nth else text, anchor)


def _quarter(text: str, anchor: Anchor) -> Span:
    return spans.months(int(text[-4:]), int(text[1]) * 3 - 2, 3, anchor.zone, "range")


def _month_year(text: str, anchor: Anchor) -> Span:
    told = _YEAR.search(text)
    if told is None:
        raise ValueError("no year")
    return spans.month(int(told.group()), _month(text), anchor.zone)


def _turn_season(name: str, anchor: Anchor, step: int) -> Span:
    """Returns the last season that is over (step -1), the one of this year (0) or the next that has not begun (1)."""
    said = anchor.said
    here = spans.season(name, said.year, anchor.zone)
    if step < 0:
        while here.end > said:
            here = spans.season(name, here.start.year - 1, anchor.zone)
    elif step > 0 and here.start <= said:
        here = spans.season(name, said.year + 1, anchor.zone)
    return here


def _turn_month(number: int, anchor: Anchor, step: int) -> Span:
    today = anchor.today
    told = today.year
    if step < 0 and number >= today.month:
        told -= 1
    elif step > 0 and number <= today.month:
        told += 1
    return spans.month(told, number, anchor.zone)


def _turn_weekday(number: int, text: str, anchor: Anchor, step: int) -> Span:
    if step:
        day = spans.weekday(number, anchor, past=step < 0)
    else:
        day = anchor.today + timedelta(days=number - anchor.today.weekday())
    return _part(text, day, anchor)


def _turn_unit(unit: str, anchor: Anchor, step: int) -> Span:
    today = anchor.today
    if unit == "weekend":
        saturday = today + timedelta(days=5 - today.weekday() + 7 * step)
        return spans.days(saturday, 2, anchor.zone, "range")
    if unit == "week":
        return spans.week(today + timedelta(days=7 * step), anchor.zone)
    if unit == "month":
        first = spans.add_months(today.replace(day=1), step)
        return spans.month(first.year, first.month, anchor.zone)
    return spans.year(today.year + step, anchor.zone)


def _turn(text: str, anchor: Anchor) -> Span:
    which, _, what = text.partition(" ")
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0)
    word = _WORD.findall(what)[0]
    if word in SEASONS:
        return _turn_season(word, anchor, step)
    if word in MONTHS:
        return _turn_month(MONTHS[word], anchor, step)
    if word in WEEKDAYS:
        return _turn_weekday(WEEKDAYS[word], text, anchor, step)
    return _turn_unit(word, anchor, step)


def _season_year(text: str, anchor: Anchor) -> Span:
    picked, told = _pick(text, SEASONS), _YEAR.search(text)
    if picked is None or told is None:
        raise ValueError("no season or year")
    return spans.season(picked[0], int(told.group()), anchor.zone)


def _lone_month(text: str, anchor: Anchor) -> Span:
    number = _month(text.split(None, 1)[1])
    # The month it is said in counts as over for "in March I moved", as coming for what lies ahead.
    return spans.month(spans.year_of(number, anchor.today.day, anchor), number, anchor.zone)


def _decade(text: str, anchor: Anchor) -> Span:
    digits = _DIGITS.search(text)
    first = int(digits.group()) if digits else 0
    first += 0 if first > 100 else 2000 if first < 30 else 1900
    return spans.months(first, 1, 120, anchor.zone, "range")


def _weekday(text: str, anchor: Anchor) -> Span:
    words = [word for word in _WORD.findall(text) if word in WEEKDAYS]
    return _part(text, spans.weekday(WEEKDAYS[words[0]], anchor, past=anchor.past), anchor)


def _ordinal(text: str, anchor: Anchor) -> Span:
    number = _count(text)[0]
    first = anchor.today.replace(day=1)
    if anchor.past and number > anchor.today.day:
        first = spans.add_months(first, -1)
    elif not anchor.past and number < anchor.today.day:
        first = spans.add_months(first, 1)
    return spans.day(first.replace(day=number), anchor.zone)


def _year(text: str, anchor: Anchor) -> Span:
    return spans.year(int(text[-4:]), anchor.zone)


def clock_on(text: str, day: datetime) -> Span:
    """Returns the time of day that ``text`` tells, on ``day``."""
    if "noon" in text or "midnight" in text:
        return spans.clock(12 if "noon" in text else 0, 0, day, exact=False)
    digits = [int(found) for found in _DIGITS.findall(text)]
    if not digits:
        digits = [_count(text)[0]]
    hour = digits[0]
    if re.search(r"[ap]\.?m", text):
        if hour > 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if re.search(r"p\.?m", text) else 0)
    exact = len(digits) > 1 and digits[1] > 0
    return spans.clock(hour, digits[1] if len(digits) > 1 else 0, day, exact=exact)


def _clock(text: str, anchor: Anchor) -> Span:
    return clock_on(text, spans.midnight(anchor.today, anchor.zone))


RULES: dict[str, Callable[[str, Anchor], Span]] = {
    "iso": _iso,
    "slash": _slash,
    "years": _years,
    "months": _months,
    "past_span": _past_span,
    "around": _around,
    "half_ago": _half_ago,
    "ago": _ago,
    "ahead": _ahead,
    "day_word": _day_word,
    "other_day": _other_day,
    "this_part": _this_part,
    "last_holiday": _last_holiday,
    "week_of": _week_of,
    "month_day": _month_day,
    "day_month": _month_day,
    "month_year": _month_year,
    "turn": _turn,
    "season_year": _season_year,
    "lone_month": _lone_month,
    "decade": _decade,
    "weekday": _weekday,
    "ordinal": _ordinal,
    "year": _year,
    "clock": _clock,
    "quarter": _quarter,
    "nth_of_month": _nth_of_month,
    "named_year": _year,
}
