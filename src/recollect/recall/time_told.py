"""Does a text tell a time? Asked of every memory, so it looks for one of a few words before it matches a pattern."""

import re
from calendar import day_name, month_name
from typing import Final

from recollect.domain.words import words

_MONTHS: Final = tuple(month.lower() for month in month_name[1:])
_WEEKDAYS: Final = tuple(day.lower() for day in day_name)

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


def tells_time(text: str) -> bool:
    """Whether a text says when something was, is or will be."""
    lowered = text.lower()
    return not _HINTS.isdisjoint(words(lowered)) and _TELLS.search(lowered) is not None
