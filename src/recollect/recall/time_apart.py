"""What is left of a question to be matched with memories, once words that only say when are taken out.

"Next week" is not about weeks: a memory that says "last week" is no better for it, "the last time" is not about time,
and hardly anybody says the date when he tells something. Other times of the past stay: who asks for "last week" often
repeats how it was told.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from recollect.recall.time_anchor import Anchored
from recollect.recall.time_forms import MONTH, YEAR
from recollect.recall.time_span import Span

_TURN: Final = re.compile(r"\b(?:the\s+)?(?:very\s+)?(?:first|last|next)\s+time\b", re.IGNORECASE)
_DATE: Final = re.compile(
    rf"\b{YEAR}\b|\d\s*(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}|{MONTH}\s+(?:the\s+)?\d", re.IGNORECASE
)
_BARE: Final = frozenset({"before", "after", "since", "following", "prior", "until"})
_WORD: Final = re.compile(r"[^\W_]+")


def topic_of(text: str, times: Sequence[Span], anchors: Sequence[Anchored], today: date) -> str:
    """The question without dates, times that lie ahead, distances from events, and "the last time"."""
    for span in times:
        coming = not span.recurring and span.first > today and not span.open_ended
        if coming or _DATE.search(span.said):
            text = text.replace(span.said, " ", 1)
    for anchor in anchors:
        if anchor.said.split()[0].lower() not in _BARE:
            text = text.replace(anchor.said, _event_of(anchor), 1)
    return _TURN.sub(" ", text) if "time" in text else text


def _event_of(anchor: Anchored) -> str:
    """The words that name the event, as they are written."""
    return " ".join(word for word in _WORD.findall(anchor.said) if word.lower() in anchor.event)
