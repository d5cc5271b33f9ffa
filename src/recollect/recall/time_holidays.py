"""Holidays that people date their memories by, with their neighbouring days where these belong to them."""

from datetime import timedelta
from typing import Final

from recollect.recall.time_span import Cycle, Stretch, day_cycle, days, easter, weekday_of_month

_MONDAY, _THURSDAY, _SUNDAY = 0, 3, 6


def _easter(year: int) -> Stretch:
    return days(easter(year) - timedelta(2), 4)


def _nth(month: int, weekday: int, number: int, count: int = 1) -> Cycle:
    return Cycle(lambda year: days(weekday_of_month(year, month, weekday, number), count), movable=True)


HOLIDAYS: Final = {
    "christmas eve": day_cycle(12, 24),
    "christmas day": day_cycle(12, 25),
    "boxing day": day_cycle(12, 26),
    "christmas": day_cycle(12, 24, 3),
    "xmas": day_cycle(12, 24, 3),
    "the holidays": day_cycle(12, 24, 9),
    "new year's eve": day_cycle(12, 31),
    "new year's day": day_cycle(1, 1),
    "new year's": day_cycle(12, 31, 2),
    "new year": day_cycle(12, 31, 2),
    "halloween": day_cycle(10, 31),
    "valentine's day": day_cycle(2, 14),
    "st. patrick's day": day_cycle(3, 17),
    "fourth of july": day_cycle(7, 4),
    "independence day": day_cycle(7, 4),
    "good friday": Cycle(lambda year: days(easter(year) - timedelta(2), 1), movable=True),
    "easter sunday": Cycle(lambda year: days(easter(year), 1), movable=True),
    "easter": Cycle(_easter, movable=True),
    "thanksgiving": _nth(11, _THURSDAY, 4, 4),
    "mother's day": _nth(5, _SUNDAY, 2),
    "father's day": _nth(6, _SUNDAY, 3),
    "memorial day": _nth(5, _MONDAY, -1),
    "labor day": _nth(9, _MONDAY, 1),
}
"""By the name they are said with."""
