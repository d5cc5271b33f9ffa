"""How far from an event a question looks: "two weeks before", "the day after", "shortly before", "since"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from recollect.domain.reading.time_words import COUPLE, NUMBERS, VAGUE
from recollect.recall.time_forms import COUNT, any_of
from recollect.recall.time_span import Stretch

_UNIT: Final = r"(?:day|night|evening|morning|afternoon|weekend|week|fortnight|month|year)"
OFFSET: Final = (
    rf"(?:(?P<count>{COUNT}|the)\s+(?P<unit>{_UNIT})s?\s+|(?P<soon>shortly|right|just|soon|immediately|directly)\s+)?"
    r"(?P<side>before|prior\s+to|after|following|since|until|till|by|up\s+to)"
)
"""What stands before the event's name."""
NOT_OF_TIME: Final = r"(?<!look )(?<!looks )(?<!looking )(?<!looked )(?<!named )(?<!takes )(?<!take )(?<!ask )"
"""After these words "after" is no time: "look after the children"."""

SOON: Final = 14
_LENGTH: Final = {"week": 7, "weekend": 7, "fortnight": 14, "month": 30, "year": 365}
_SLACK: Final = {"week": 3, "weekend": 3, "fortnight": 3, "month": 15, "year": 90}
_BEFORE: Final = frozenset({"before", "prior", "until", "till", "by", "up"})
_WORD: Final = re.compile(r"[a-z]+|\d+")
_COUPLE: Final = re.compile(any_of(COUPLE))


@dataclass(frozen=True, slots=True)
class Offset:
    """Days from an event, both included; None where there is no end. 0 is its own day."""

    first: int | None
    last: int | None

    def of(self, event: Stretch) -> Stretch:
        """The days that lie so far from the event's days."""
        return Stretch(self._moved(self.first, event, date.min), self._moved(self.last, event, date.max))

    @staticmethod
    def _moved(count: int | None, event: Stretch, otherwise: date) -> date:
        if count is None:
            return otherwise
        start = event.first if count < 0 else event.last
        try:
            return start + timedelta(count)
        except OverflowError:
            return otherwise


def offset(match: re.Match[str]) -> Offset:
    """What a match of ``OFFSET`` says; after an event counts its own day, before it does not."""
    side = match["side"].lower().split()[0]
    sign = -1 if side in _BEFORE else 1
    if match["soon"]:
        return Offset(-SOON, -1) if sign < 0 else Offset(0, SOON)
    if not match["count"]:
        if side in ("until", "till", "by", "up"):
            return Offset(None, 0)
        return Offset(None, -1) if sign < 0 else Offset(0, None)
    return _counted(match["count"].lower(), match["unit"].lower(), sign)


def _counted(count: str, unit: str, sign: int) -> Offset:
    if count == "the" and unit in ("week", "weekend", "month", "year"):
        near, far = 1, _LENGTH[unit]
    else:
        least, most = _number(count)
        length, slack = _LENGTH.get(unit, 1), _SLACK.get(unit, 0) if least == most else 0
        near, far = least * length - slack, most * length + slack
    return Offset(near, far) if sign > 0 else Offset(-far, -near)


def _number(count: str) -> tuple[int, int]:
    if count.isdigit():
        return int(count), int(count)
    if _COUPLE.search(count):
        return 2, 2
    for word in _WORD.findall(count):
        if word in VAGUE:
            return VAGUE[word]
        if word in NUMBERS:
            return NUMBERS[word], NUMBERS[word]
    return 1, 1
