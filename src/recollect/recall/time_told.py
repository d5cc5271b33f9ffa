"""Does a text tell a time, and does it announce one? Asked of every memory, so a few words are looked for first."""

import re
from calendar import day_name, month_name
from datetime import datetime
from typing import Final

from recollect.domain.reading.when import read_when
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
    + r"|(?:in|on|since|of|last|this|next|\d\d?(?:st|nd|rd|th)?) (?:march|may)|(?:march|may) \d\d?(?!\d)|"
    r"(?:\d+|two|three|four|five|six|few|couple of) (?:day|week|month|year)s?"
    r"|(?:19|20)\d\d)\b",
)

READ_LIMIT: Final = 2_000
"""Characters that are looked at for what lies ahead."""
_ANNOUNCES: Final = re.compile(
    r"['’]ll\b|\b(?:will|going to|gonna|tomorrow|tonight|next|coming|upcoming|planned|planning|scheduled|appointment|"
    r"booked|this weekend|(?:is|are|am|starts?|begins?|leaves?|have|has|due|moving|meeting|flying|visiting|getting)\b"
    r".{0,40}?\b(?:on|in|at))\b",
    re.IGNORECASE,
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


def ahead(text: str, told_at: datetime | None) -> datetime | None:
    """When the first thing begins that a text announces ("the wedding is on 10 June"); None when it announces none."""
    if told_at is None or _ANNOUNCES.search(text) is None:
        return None
    return next((mention.start for mention in read_when(text[:READ_LIMIT], told_at) if mention.future), None)
