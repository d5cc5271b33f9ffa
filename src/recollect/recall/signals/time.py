"""Time: did it happen, or was it told, at the time that the question names?

A memory has up to three times: when it happened, as far as its words say so ("we went yesterday"), when it was told,
and when begins what it announces ("the wedding is on 10 June"). People tell of things after they happened, so what was
told soon after the time named may be about it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recollect.recall.anchors import anchored_spans
from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.columns import UNKNOWN_TIME, microseconds
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.signals.signal import Signal, Slots
from recollect.recall.time_order import Order
from recollect.recall.time_span import Grain, Span

_DAY_US: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_NEVER: Final = -(10**7)
"""A day before all others, for times that are unknown."""
RECENT_DAYS: Final = 30
"""Of what is recent: after so many days it counts half."""
_RECENT: Final = 0.25
"""What "recently" is worth at most: it says less than a date."""
_WITHIN: Final = {
    Grain.DAY: 1.0,
    Grain.WEEK: 0.75,
    Grain.MONTH: 0.75,
    Grain.SEASON: 0.75,
    Grain.YEAR: 0.5,
    Grain.RANGE: 0.5,
}
"""What it is worth to have happened within the time named: the more the more precisely it was named."""
_TOLD: Final = 0.45
"""What it is worth to be told in a month or season, or the month after, but to have happened at another time."""
_AFTER: Final = 0.5
"""What it is worth to lie up to ten days after a day or week, when people still tell of it."""
_NEAR: Final = 0.25
"""What it is worth to lie shortly before a day, or up to a month after it, or further off an open end."""
_OPEN: Final = 30
"""So many days from its one end an open stretch counts fully: who asks for "after the move" means soon after."""
_FAR: Final = 500_000
"""A day beyond all days that are meant: open stretches end there."""

Days = npt.NDArray[np.int64]


class _Days(NamedTuple):
    """Days since 1970: when it happened, when it was told, and when begins what it announces; ``_NEVER`` if unknown."""

    happened: Days
    told: Days
    ahead: Days


def score(asked: Asked) -> Floats | None:
    """What happened or was told at the time named, or shortly after, by how precisely it was named; 0 elsewhere."""
    anchored = anchored_spans(asked)
    recent = asked.question.order is Order.RECENT
    if not asked.question.spans and not anchored and not recent:
        return None
    days = asked.snapshot.kept("days", lambda: _days(asked.snapshot))
    value = np.zeros(asked.snapshot.slots, np.float32)
    for span in asked.question.spans:
        _judge(value, days, span)
    for span, slot in anchored:
        own = np.zeros_like(value)
        _judge(own, days, span)
        if (
            days.happened[slot] + _EPOCH < span.first.toordinal()
            or days.happened[slot] + _EPOCH > span.last.toordinal()
        ):
            own[slot] = 0.0  # it tells of the event, not of what came before or after
        np.maximum(value, own, out=value)
    if recent and not asked.question.spans:
        value = _recent(asked, days)
    return value if value.any() else None


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The times the question names."""
    said = [time.said for time in (*asked.question.spans, *asked.question.anchors)] or ["recently"]
    return [", ".join(said)] * len(slots)


def _days(snapshot: Snapshot) -> _Days:
    return _Days(*(_day(snapshot.records[name]) for name in ("occurred", "told", "ahead")))


def _day(times: npt.NDArray[np.int64]) -> Days:
    return np.where(times == UNKNOWN_TIME, _NEVER, times // _DAY_US)


def _judge(value: Floats, days: _Days, span: Span) -> None:
    """Raises the value of what lies in or around the span."""
    for first, last in _stretches(span, days):
        _raise(value, days, span.grain, first, last)


def _raise(value: Floats, days: _Days, grain: Grain, first: int, last: int) -> None:

    def raised(mask: npt.NDArray[np.bool_], worth: float) -> None:
        value[mask] = np.maximum(value[mask], np.float32(worth))

    happened, told, ahead = days
    if grain in (Grain.DAY, Grain.WEEK):
        raised(_within(happened, first - 3, last + 30) | _within(told, first, last + 30), _NEAR)
        raised(_within(happened, first, last + 10) | _within(told, first, last + 10), _AFTER)
    elif grain in (Grain.MONTH, Grain.SEASON):
        raised(_within(happened, last + 1, last + 31) | _within(told, first, last + 31), _TOLD)
    elif grain is Grain.RANGE and abs(first) + abs(last) > _FAR:
        raised(_within(happened, first, last) | _within(told, first, last), _NEAR)
        near = _near_end(first, last, 3 * _OPEN)
        raised(_within(happened, *near) | _within(told, *near), _TOLD)
        first, last = _near_end(first, last, _OPEN)
    exact = _within(happened, first, last) | _within(ahead, first, last)
    raised(exact if grain in (Grain.MONTH, Grain.SEASON) else exact | _within(told, first, last), _WITHIN[grain])


def _near_end(first: int, last: int, count: int) -> tuple[int, int]:
    """So many days from the one end that an open stretch has."""
    return (first, first + count) if last > _FAR else (last - count, last)


def _within(days: Days, first: int, last: int) -> npt.NDArray[np.bool_]:
    return (days >= first) & (days <= last)


def _recent(asked: Asked, days: _Days) -> Floats:
    """By how long ago it was told, or else happened: ``_RECENT`` today, half of it after ``RECENT_DAYS``."""
    latest = np.maximum(days.happened, days.told)
    ago = np.maximum(0, microseconds(asked.now) // _DAY_US - latest)
    return np.where(latest == _NEVER, 0.0, _RECENT * RECENT_DAYS / (RECENT_DAYS + ago)).astype(np.float32)


def _stretches(span: Span, days: _Days) -> Iterator[tuple[int, int]]:
    """The span's first and last day; of what comes every year, those of all years that memories speak of."""
    if not span.recurring:
        yield span.first.toordinal() - _EPOCH, span.last.toordinal() - _EPOCH
        return
    known = days.happened[days.happened != _NEVER]
    if not len(known):
        return
    further = span.last.year - span.first.year
    for year in range(_year(int(known.min())) - 1, _year(int(known.max())) + 2):
        first, last = _in_year(span.first, year), _in_year(span.last, year + further)
        yield first.toordinal() - _EPOCH, last.toordinal() - _EPOCH


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _year(day: int) -> int:
    return date.fromordinal(day + _EPOCH).year


TIME = Signal("time", scaled=False, score=score, reasons=reasons)
