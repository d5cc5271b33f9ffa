"""Reads when something happens or happened: absolute dates, and relative ones counted from when it was said.

Weeks start on Monday; "last Friday" is the most recent Friday strictly before the day it was said, "two weeks ago" the
calendar week that lies two weeks back. A bare date ("in August") is the last one in a sentence about the past, else the
next.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from recollect.domain.reading import spans
from recollect.domain.reading.sentences import READ_LIMIT
from recollect.domain.reading.spans import Anchor, Span
from recollect.domain.reading.time_patterns import FUTURE, PAST, SCAN, TRIGGER
from recollect.domain.reading.time_rules import RULES, clock_on
from recollect.domain.times import check_time

# A clock without am, pm or minutes is read by the part of the day beside it; 1 to 6 alone are the afternoon.
_HALF = re.compile(r"^at (?:\d{1,2}|[a-z]+)$")
_LATE = re.compile(r"\b(?:tonight|evening|afternoon|night)\b")
_EARLY = re.compile(r"\bmorning\b")
_GAP = re.compile(r"[\s,]{1,3}(?:and\s+)?")
_SPACES = re.compile(r"\s+")
_DAY_LIKE = frozenset(
    {"iso", "slash", "around", "day_word", "turn", "month_day", "day_month", "weekday", "ordinal", "last_holiday"}
)
_CLOCKS = frozenset({"clock", "bare_clock"})
_LEAD = re.compile(
    r"^(?:on|in|at|by|since|until|till|from|of|during|before|after|for|to|is|was|around)\s+(?:the\s+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TimeMention:
    """An expression of time in a text.

    Attributes:
        text: as it is written there.
        start, end: half-open interval, UTC.
        granularity: minute, hour, day, week, month, season, year or range.
        char_start, char_end: its position in the text.
        future: it begins after it was said.
    """

    text: str
    start: datetime
    end: datetime
    granularity: str
    char_start: int
    char_end: int
    future: bool


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """An expression of time that was found but not resolved yet; ``clock`` is the time of day told beside it."""

    rule: str
    text: str
    start: int
    end: int
    clock: str = ""

    @property
    def name(self) -> str:
        """Its canonical form: lower-case, without the preposition."""
        return _LEAD.sub("", _SPACES.sub(" ", self.text)).lower().strip()


def find_times(text: str) -> tuple[TimeExpression, ...]:
    """Finds the expressions of time in ``text``, in order; none overlap."""
    return _scan(text[:READ_LIMIT])


# One text is read for its entities, its times and its event time in turn; it is scanned once.
@lru_cache(maxsize=4)
def _scan(text: str) -> tuple[TimeExpression, ...]:
    if not TRIGGER.search(text):
        return ()
    found: list[TimeExpression] = []
    for match in SCAN.finditer(text):
        hit = TimeExpression(match.lastgroup or "", match.group(), match.start(), match.end())
        if found and (joined := _joined(found[-1], hit, text)):
            found[-1] = joined
        else:
            found.append(hit)
    # "at 8" is a time of day only beside a day: "tomorrow at 8", not "at 8 percent".
    return tuple(hit for hit in found if hit.rule != "bare_clock")


def _joined(last: TimeExpression, hit: TimeExpression, text: str) -> TimeExpression | None:
    """Returns a day and its time of day, or a weekday and its date, as one expression."""
    if not _GAP.fullmatch(text, last.end, hit.start):
        return None
    whole = text[last.start : hit.end]
    if hit.rule in _CLOCKS and last.rule in _DAY_LIKE and not last.clock:
        return TimeExpression(last.rule, whole, last.start, hit.end, hit.text)
    if last.rule in _CLOCKS and hit.rule in _DAY_LIKE:
        return TimeExpression(hit.rule, whole, last.start, hit.end, last.text)
    if last.rule in {"weekday", "turn"} and hit.rule in {"month_day", "day_month"}:
        return TimeExpression(hit.rule, whole, last.start, hit.end)
    return None


def read_when(text: str, said_at: datetime | None) -> tuple[TimeMention, ...]:
    """Reads the expressions of time in ``text``.

    Args:
        text: any text; only the first 20,000 characters are read.
        said_at: when it was said (aware); its zone gives the days their bounds. Without it, absolute dates are read in
            UTC and relative ones left out.

    Raises:
        ValidationError: ``said_at`` is naive.
    """
    if said_at is not None:
        check_time("said_at", said_at)
    found: list[TimeMention] = []
    for hit in find_times(text):
        anchor = Anchor(said_at, _is_past(text, hit))
        try:
            span = _resolve(hit, anchor)
            start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        granularity = span.granularity
        if said_at is not None and start < said_at and _is_since(text, hit):
            end, granularity = said_at.astimezone(UTC), "range"
        future = said_at is not None and start > said_at
        found.append(TimeMention(hit.text, start, end, granularity, hit.start, hit.end, future))
    return tuple(found)


def _resolve(hit: TimeExpression, anchor: Anchor) -> Span:
    # Joined expressions carry more text than their rule reads; the rule looks for its own words only.
    body = _SPACES.sub(" ", hit.text).lower()
    if hit.clock:
        clock = _SPACES.sub(" ", hit.clock).lower()
        day = RULES[hit.rule](body.replace(clock, "").strip(" ,"), anchor)
        told = clock_on(clock, spans.midnight(day.start.date(), anchor.zone))
        late = _LATE.search(body) or (1 <= told.start.hour <= 6 and not _EARLY.search(body))
        if _HALF.search(clock) and late and told.start.hour < 12:
            return spans.clock(told.start.hour + 12, told.start.minute, told.start, exact=told.granularity == "minute")
        return told
    return RULES[hit.rule](body, anchor)


def _is_since(text: str, hit: TimeExpression) -> bool:
    """Tells "since 2019", which lasts until it is said."""
    return "since " in text[max(0, hit.start - 6) : hit.start + 6].lower()


def _is_past(text: str, hit: TimeExpression) -> bool:
    begin = max((text.rfind(mark, max(0, hit.start - 200), hit.start) for mark in ".!?\n"), default=-1) + 1
    after = len(text[: hit.end].rstrip(".!?\n"))  # an expression may hold its sentence's last mark
    ends = [at for mark in ".!?\n" if (at := text.find(mark, after, after + 200)) >= 0]
    sentence = text[max(begin, hit.start - 200) : min(ends, default=after + 200)]
    return not FUTURE.search(sentence) and bool(PAST.search(sentence))


def event_time(text: str, said_at: datetime | None) -> datetime | None:
    """Returns when the event that ``text`` states happened: the start of the first time it tells of, else ``said_at``.

    What lies ahead, what has lasted since then, and questions do not move the event away from when it was said.
    """
    if text.rstrip().endswith("?"):
        return said_at
    for mention in read_when(text, said_at):
        lasting = said_at is not None and mention.granularity == "range" and mention.end == said_at
        if not mention.future and not lasting:
            return mention.start
    return said_at
