"""Times in a question: dates, months, seasons, holidays, relative and open stretches ("since June"), by patterns.

What is named is first found form by form (``time_forms``, ``time_readers``), then what stands around it is heeded: a
year after it ("Christmas 2021"), a part of it ("early March", "the end of the year"), a second one ("between May and
July"), a side of it ("before June", "two weeks after Easter"). A month, a season or a day without a year stands for
those of every year: who asks "in May?" rarely says of which year.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from recollect.domain.words import words
from recollect.recall.time_forms import SCAN, SIGNS
from recollect.recall.time_offset import NOT_OF_TIME, OFFSET, offset
from recollect.recall.time_readers import READERS, At
from recollect.recall.time_span import Cycle, Span, Stretch, days, every_year, months

_DIGIT: Final = re.compile(r"\d")
_OVER: Final = re.compile(r"\b(?:did|was|were|had|been)\b", re.IGNORECASE)
_AHEAD: Final = re.compile(
    r"\b(?:will|shall|going to|gonna|(?:do|does|am|are|should|is) (?:i|we|you|he|she|they|it|there|my|our)|"
    r"coming|upcoming|planned|plans?|due|scheduled|when is|what is)\b",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(
    r"(?:in|of|during|since|by|until|till|before|after|around|through|throughout|for|from|to|between|and|or|over|on|early|"
    r"late|mid|was\s+it|the\s+month\s+of|the|my|our|his|her|their|your)[\s-]+(?=\w)",
    re.IGNORECASE,
)
_LED: Final = frozenset({"led_month", "owned_month", "season", "weekday", "short_year"})
_OF_YEAR: Final = re.compile(r"(?:,\s*|\s+)(?:of\s+|in\s+)?")
_ONLY_YEAR: Final = re.compile(r"(?:19|20)\d\d|(?:last|this|next|previous|past)\s+year|.*['’]\d\d", re.IGNORECASE)
_PART: Final = re.compile(
    r"(?:\b(?:at|in|by|towards?|around|near)\s+)?(?:\bthe\s+)?(?:\bvery\s+)?"
    r"\b(?P<part>early|late|mid|middle|start|beginning|end|(?:first|second)\s+half|"
    r"(?:first|second|third|fourth|last)\s+week)(?:\s+of|\s+in)?(?:\s+the)?[\s-]+$",
    re.IGNORECASE,
)
_SO_FAR: Final = re.compile(r"\b(?P<part>earlier|so\s+far|later)\s+(?:in\s+|on\s+)?$", re.IGNORECASE)
_JOINED: Final = re.compile(r"\s*(?:to|and|until|till|through|[-–])\s+(?:the\s+)?", re.IGNORECASE)
_FROM: Final = re.compile(r"\b(?:from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_SIDE: Final = re.compile(rf"\b{NOT_OF_TIME}{OFFSET}\s+(?:the\s+)?$", re.IGNORECASE)
_ALWAYS: Final = re.compile(r"\b(?:every|each|per)\s+$", re.IGNORECASE)
_WEEKS: Final = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_REACH: Final = 48
"""So many letters before a time can belong to it."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A time found: where it stands, what it is, by which form. ``part``: only a part of it is meant."""

    start: int
    end: int
    read: Stretch | Cycle
    form: str
    part: bool = False


def spans(text: str, now: datetime) -> tuple[Span, ...]:
    """The spans of days that a question names, in the order in which they stand there.

    Args:
        text: the question.
        now: what relative expressions refer to, in the asker's time zone.
    """
    return read_times(text, now)[0]


def read_times(text: str, now: datetime) -> tuple[tuple[Span, ...], str]:
    """The spans that a question names, and the question with blanks in their places."""
    if not _DIGIT.search(text) and SIGNS.isdisjoint(words(text)):
        return (), text
    over = bool(_OVER.search(text))
    at = At(now, ahead=not over and bool(_AHEAD.search(text)), past=over)
    found: list[Span] = []
    asked = text
    for hit in _composed(text, at):
        try:
            start, span = _span(text, hit, at)
        except (ValueError, OverflowError):  # beyond the calendar
            continue
        text = text[:start] + " " * (hit.end - start) + text[hit.end :]
        found.append(span if span.said in asked else replace(span, said=asked[start : hit.end]))
    return tuple(found), text


def _composed(text: str, at: At) -> list[_Hit]:
    """The times found, each with its year, its part and its other end."""
    hits = _dated(text, _hits(text, at))
    try:
        hits = [_parted(text, hit, at) for hit in hits]
        return _ranges(text, [hit for hit in hits if hit.form != "unit" or hit.part])
    except (ValueError, OverflowError):  # beyond the calendar
        return [hit for hit in hits if hit.form != "unit"]


def _hits(text: str, at: At) -> list[_Hit]:
    found: list[_Hit] = []
    for match in SCAN.finditer(text):
        form = match.lastgroup or ""
        if _ALWAYS.search(text, max(0, match.start() - _REACH), match.start()):
            continue
        here = replace(at, said=match.group(), before=text[max(0, match.start() - _REACH) : match.start()].rstrip())
        try:
            read = READERS[form](" ".join(match.group().lower().split()), here)
        except (ValueError, OverflowError):
            continue
        if read is not None:
            found.append(_Hit(match.start() + _led(match.group(), form), match.end(), read, form))
    return found


def _led(said: str, form: str) -> int:
    """How many letters of a form are words that only lead to it."""
    if form not in _LED:
        return 0
    at = 0
    while (match := _LEAD.match(said, at)) is not None:
        at = match.end()
    return at


def _dated(text: str, hits: list[_Hit]) -> list[_Hit]:
    """Joins what comes every year with the year that follows it."""
    found: list[_Hit] = []
    for hit in hits:
        last = found[-1] if found else None
        if last is None or not isinstance(hit.read, Stretch) or not _OF_YEAR.fullmatch(text, last.end, hit.start):
            found.append(hit)
        elif last.form == "unit":
            found[-1] = replace(hit, start=last.start)  # "the year 2022"
        elif isinstance(last.read, Cycle) and _ONLY_YEAR.fullmatch(text, hit.start, hit.end):
            found[-1] = replace(last, end=hit.end, read=last.read.of(hit.read.first.year))
        else:
            found.append(hit)
    return found


def _parted(text: str, hit: _Hit, at: At) -> _Hit:
    """The part of it that is meant: "early March", "the end of the year", "earlier this week"."""
    begin = max(0, hit.start - _REACH)
    far = _SO_FAR.search(text, begin, hit.start)
    if far is not None and isinstance(hit.read, Stretch) and hit.read.first <= at.today <= hit.read.last:
        rest = Stretch(at.today, hit.read.last) if far["part"].lower() == "later" else Stretch(hit.read.first, at.today)
        return _Hit(far.start(), hit.end, rest, hit.form, part=True)
    match = _PART.search(text, begin, hit.start)
    if match is None or hit.form == "decade":
        return hit
    word, whole = match["part"].lower(), hit.read
    part = _part(word, whole) if isinstance(whole, Stretch) else Cycle(lambda year: _part(word, whole.of(year)))
    return _Hit(match.start(), hit.end, part, hit.form, part=True)


def _part(word: str, whole: Stretch) -> Stretch:
    which, _, unit = word.partition(" ")
    if unit == "week":
        first = whole.last - timedelta(6) if which == "last" else whole.first + timedelta(7 * _WEEKS[which])
        return days(first, 7)
    count, place = (2, 0 if which == "first" else 1) if unit == "half" else (3, _third(word))
    length = (whole.last - whole.first).days + 1
    if length > 80:
        size = round(length / 30.4) // count
        first = whole.first
        return months(first.year, first.month + place * size, size)
    size = length // count
    first = whole.first + timedelta(place * size)
    return Stretch(first, whole.last if place == count - 1 else first + timedelta(size - 1))


def _third(word: str) -> int:
    return 0 if word in ("early", "start", "beginning") else 2 if word in ("late", "end") else 1


def _ranges(text: str, hits: list[_Hit]) -> list[_Hit]:
    """Joins two that are the ends of one stretch: "between May and July", "from 2018 to 2020"."""
    found: list[_Hit] = []
    for hit in hits:
        last = found[-1] if found else None
        lead = None if last is None else _FROM.search(text, max(0, last.start - _REACH), last.start)
        if last is None or lead is None or not _JOINED.fullmatch(text, last.end, hit.start):
            found.append(hit)
            continue
        joined = _joined(last, hit)
        if joined is not None:
            found[-1] = _Hit(lead.start(), hit.end, joined, "range")
        else:
            found.append(hit)
    return found


def _joined(one: _Hit, other: _Hit) -> Stretch | Cycle | None:
    begin, end = one.read, other.read
    if isinstance(begin, Cycle):
        if isinstance(end, Cycle):
            return Cycle(lambda year: _until(begin.of(year), end))
        year = end.first.year
        first = begin.of(year).first
        return Stretch(first if first <= end.last else begin.of(year - 1).first, end.last)
    if isinstance(end, Cycle):
        return _until(begin, end)
    if begin.first > end.last and one.form == other.form == "weekday":
        begin = begin.moved(-7)
    return Stretch(begin.first, end.last) if begin.first <= end.last else None


def _until(begin: Stretch, end: Cycle) -> Stretch:
    last = end.of(begin.first.year).last
    return Stretch(begin.first, last if last >= begin.first else end.of(begin.first.year + 1).last)


def _span(text: str, hit: _Hit, at: At) -> tuple[int, Span]:
    """Where the expression begins, with what says on which side of the time it lies, and the span."""
    side = _SIDE.search(text, max(0, hit.start - _REACH), hit.start)
    read = hit.read
    if side is not None:
        said = text[side.start() : hit.end]
        if side["count"] and isinstance(read, Cycle) and not read.movable:
            event = read
            return side.start(), every_year(said, Cycle(lambda year: offset(side).of(event.of(year))))
        return side.start(), _sided(said, side, _one(read, at), at)
    said = text[hit.start : hit.end]
    if isinstance(read, Stretch) or read.movable:
        one = _one(read, at)
        return hit.start, Span(said, one.first, one.last)
    return hit.start, every_year(said, read)


def _one(read: Stretch | Cycle, at: At) -> Stretch:
    if isinstance(read, Stretch):
        return read
    return read.coming(at.today) if at.ahead else read.begun(at.today)


def _sided(said: str, side: re.Match[str], one: Stretch, at: At) -> Span:
    """Before, after, since, until; a day counts as a whole."""
    word = side["side"].lower()
    if side["count"] or side["soon"]:
        found = offset(side).of(one)
    elif word == "since":
        found = Stretch(one.first, date.max)
    elif word in ("after", "following"):
        found = Stretch(one.last + timedelta(1), date.max)
    elif word in ("until", "till", "by") or word.startswith("up"):
        found = Stretch(at.today if at.ahead and at.today <= one.last else date.min, one.last)
    else:
        found = Stretch(date.min, one.first - timedelta(1))
    return Span(said, found.first, found.last)
