"""Times that a question counts from an event the user told of: "two weeks before the wedding", "after we moved"."""

import re
from dataclasses import dataclass
from typing import Final

from recollect.domain.words import STOP_WORDS, words
from recollect.recall.time_offset import NOT_OF_TIME, OFFSET, Offset, offset

MOST_WORDS: Final = 5
_AROUND: Final = Offset(-14, 14)
_DURING: Final = Offset(-7, 7)
_THE_DAY: Final = Offset(0, 0)

_EVENT: Final = (
    r"(?P<event>(?:the|my|our|his|her|their|your|this|that)\s(?=[^\W\d_])[^.,;:?!]{2,80}|"
    r"(?-i:[A-Z])\w+['’]s\s(?=\w)[^.,;:?!]{2,80}|"
    r"(?:I|we|he|she|they|(?-i:[A-Z])\w+)\s(?=[^\W\d_])(?!am\b|is\b|are\b)[^.,;:?!]{3,80})"
)
_SIDE: Final = re.compile(rf"\b(?!by\b|up\b){NOT_OF_TIME}{OFFSET}\s{_EVENT}", re.IGNORECASE)
_AT: Final = re.compile(
    r"\b(?:(?P<day>on\s+the\s+(?:day|night|evening|morning|afternoon)\s+of)|(?P<around>(?:at|around)\s+the\s+time\s+of|around)"
    rf"|during)\s{_EVENT}",
    re.IGNORECASE,
)
_NO_EVENTS: Final = frozenset({"day", "week", "month", "year", "time", "morning", "evening", "night", "moment"})


@dataclass(frozen=True, slots=True)
class Anchored:
    """Days counted from an event.

    Attributes:
        said: the words that name the time. event: the words that name the event, without stop words.
        offset: how far from it.
    """

    said: str
    event: tuple[str, ...]
    offset: Offset


def anchored(text: str) -> tuple[Anchored, ...]:
    """What a question counts from events; dates are to be blank in it (``times.read_times``)."""
    match = _SIDE.search(text)
    if match is not None:
        far = offset(match)
    else:
        match = _AT.search(text)
        if match is None:
            return ()
        far = _THE_DAY if match["day"] else _AROUND if match["around"] else _DURING
    event = tuple(dict.fromkeys(word for word in words(match["event"]) if word not in STOP_WORDS))
    if not event or len(event) > MOST_WORDS or event[0] in _NO_EVENTS or event[0].isdigit():
        return ()
    return (Anchored(match.group().strip(), event, far),)
