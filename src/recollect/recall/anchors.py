"""Anchors: when the events happened that a question counts from, looked up among the user's own memories.

The memory that best fits the event's words tells its day: all telling words must occur in it, short memories and those
that say themselves when it was go first, and what was told on different days must not contradict it. Where nothing is
sure enough, the question has no such time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.words import stem, stem_key
from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.columns import UNKNOWN_TIME
from recollect.recall.resident.snapshot import Snapshot
from recollect.recall.time_anchor import Anchored
from recollect.recall.time_span import Span, Stretch

ENOUGH: Final = 0.75
"""The share of the event's words, by how telling they are, that a memory must hold."""
SAME_EVENT: Final = 10
"""Days within which memories are taken to speak of the same event."""
CLOSE_CALL: Final = 0.85
"""A second event that fits nearly as well is considered too; with more than two, none is sure."""
_DATED: Final = 1.25
"""What it is worth that a memory says itself when it was."""
_DAY_US: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()

_ALIKE: Final = (
    ("wedding", "married", "marry", "marriage"),
    ("move", "moved", "moving", "relocated"),
    ("surgery", "operation", "operated"),
    ("birth", "born"),
    ("race", "marathon"),
    ("graduation", "graduated", "graduate"),
    ("divorce", "divorced"),
    ("engagement", "engaged", "proposed"),
    ("holiday", "vacation", "trip"),
    ("retirement", "retired"),
    ("funeral", "buried"),
)
_STEMS_ALIKE: Final = {
    stem(word): tuple(dict.fromkeys(stem(other) for other in group)) for group in _ALIKE for word in group
}


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Memories that fit an event's words: their slots, how well, and on which day each one happened."""

    slots: npt.NDArray[np.intp]
    worth: Floats
    days: npt.NDArray[np.int64]


def anchored_spans(asked: Asked) -> tuple[tuple[Span, int], ...]:
    """The days that the question counts from events, for those that are found, each with the slot that tells of it."""
    return tuple(found for anchor in asked.question.anchors for found in _spans(asked, anchor))


def _spans(asked: Asked, anchor: Anchored) -> list[tuple[Span, int]]:
    if (anchor.offset.first or 0) < 0 < (anchor.offset.last or 0):
        return []  # "during the trip": its words find the trip, and what lies around is not of it
    fitting = _fitting(asked, anchor.event)
    if fitting is None:
        return []
    found: list[tuple[Span, int]] = []
    for day, slot in _events(fitting):
        on = date.fromordinal(day + _EPOCH)
        days = anchor.offset.of(Stretch(on, on))
        found.append((Span(anchor.said, days.first, days.last), slot))
    return found


def _fitting(asked: Asked, event: Sequence[str]) -> _Fitting | None:
    snapshot = asked.snapshot
    held, whole = np.zeros(snapshot.slots, np.float32), 0.0
    for word in event:
        share, slots = _mentions(snapshot, stem(word))
        whole += share
        held[slots] += np.float32(share)
    fits = asked.allowed & (held >= ENOUGH * whole) & (snapshot.records["occurred"] != UNKNOWN_TIME)
    slots = np.flatnonzero(fits)
    if not whole or not len(slots):
        return None
    times: list[npt.NDArray[np.int64]] = [snapshot.records[name][slots] for name in ("occurred", "told", "ahead")]
    occurred, told, ahead = times
    lengths = np.bincount(snapshot.passage_slot, snapshot.passage_length, snapshot.slots)[slots]
    announced = ahead != UNKNOWN_TIME
    days = np.where(announced, ahead, occurred) // _DAY_US
    dated = announced | ((told != UNKNOWN_TIME) & (told // _DAY_US != days))
    worth = held[slots] / whole * (0.5 + 0.5 / (1.0 + 0.1 * lengths)) * np.where(dated, _DATED, 1.0)
    return _Fitting(slots, worth.astype(np.float32), days)


def _mentions(snapshot: Snapshot, stemmed: str) -> tuple[float, npt.NDArray[np.int32]]:
    """How telling a word is, and the slots that it, or one that means the same, occurs in."""
    alike = _STEMS_ALIKE.get(stemmed, (stemmed,))
    passages = np.concatenate([snapshot.words.of(stem_key(one))[0] for one in alike])
    return snapshot.rarity_of_stem(stemmed), np.unique(snapshot.passage_slot[passages])


def _events(fitting: _Fitting) -> list[tuple[int, int]]:
    """The days of the one or two events that fit best, and their slots; none when more than two fit alike."""
    order = np.argsort(-fitting.worth, kind="stable")
    best = float(fitting.worth[order[0]])
    events: list[tuple[int, int]] = []
    for place in order.tolist():
        if fitting.worth[place] < CLOSE_CALL * best:
            break
        day = int(fitting.days[place])
        if all(abs(day - other) > SAME_EVENT for other, _ in events):
            events.append((day, int(fitting.slots[place])))
    return events if len(events) <= 2 else []
