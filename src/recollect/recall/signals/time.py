"""Time: was it said at, or soon after, the time that the question names? People tell of things after they happened."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.columns import UNKNOWN_TIME
from recollect.recall.signals.signal import Signal, Slots
from recollect.recall.times import Grain, Span

_DAY_US: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()

Window = tuple[int, int, float]
"""First day, last day (days since 1970) and the value inside."""


def score(asked: Asked) -> Floats | None:
    """1 within the time named (for a day: up to 10 days after), 0.5 or 0.6 shortly around it, 0 elsewhere."""
    occurred = asked.snapshot.records["occurred"]
    known = occurred != UNKNOWN_TIME
    if not asked.question.spans or not known.any():
        return None
    days = np.where(known, occurred // _DAY_US, np.iinfo(np.int64).min)
    value = np.zeros(len(days), np.float32)
    for first, last, worth in _windows(asked.question.spans, days[known]):
        inside = (days >= first) & (days <= last)
        value[inside] = np.maximum(value[inside], worth)
    return value if value.any() else None


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The times the question names."""
    return [", ".join(span.said for span in asked.question.spans)] * len(slots)


def _windows(spans: tuple[Span, ...], days: npt.NDArray[np.int64]) -> Iterator[Window]:
    years = range(_year(int(days.min())) - 1, _year(int(days.max())) + 1)
    for span in spans:
        for first, last in _stretches(span, years):
            yield from _around(span.grain, first.toordinal() - _EPOCH, last.toordinal() - _EPOCH)


def _around(grain: Grain, first: int, last: int) -> Iterator[Window]:
    if grain is Grain.YEAR:
        yield first, last, 1.0
    elif grain is Grain.MONTH:
        yield first, last, 1.0
        yield last + 1, last + 31, 0.6
    else:
        yield first, last + 10, 1.0
        yield first - 3, last + 30, 0.5


def _stretches(span: Span, years: range) -> Iterator[tuple[date, date]]:
    if not span.recurring:
        yield span.first, span.last
        return
    for year in years:
        try:
            yield span.first.replace(year=year), span.last.replace(year=year)
        except ValueError:  # 29 February
            yield span.first.replace(year=year, day=min(span.first.day, 28)), span.last.replace(year=year, day=28)


def _year(day: int) -> int:
    return date.fromordinal(day + _EPOCH).year


TIME = Signal("time", scaled=False, score=score, reasons=reasons)
