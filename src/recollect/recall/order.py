"""Order: of the memories that a question is about, the earliest or the latest goes first, when it asks for that.

It breaks ties among what is relevant anyway: a memory must score nearly as high as the best, and hold about as many of
the question's telling words. Nothing is left out.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.words import stem, stem_key
from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.columns import UNKNOWN_TIME
from recollect.recall.time_order import Order

NEAR: Final = 0.6
"""The share of the best score, and of the most telling words held, that a memory must reach."""
SHARE: Final = 1.25
"""Of the weight of the time signal: what the order is worth."""
ORDER_WORDS: Final = frozenset(
    map(stem, ("time", "first", "last", "latest", "recent", "recently", "newest", "earliest", "original"))
)
"""They say which one is asked for, not what it is about."""
MOST: Final = 30
"""So many memories are put in order."""


def in_order(asked: Asked, total: Floats) -> Floats | None:
    """Float32, shape (slots,): 1 for the first in the order asked for, falling to 0; None when none is asked for."""
    order = asked.question.order
    if order not in (Order.EARLIEST, Order.LATEST):
        return None
    slots = _relevant(asked, total)
    times = asked.snapshot.records["occurred"][slots]
    known = times != UNKNOWN_TIME
    slots, times = slots[known], times[known]
    if len(slots) < 2:
        return None
    different, place = np.unique(-times if order is Order.LATEST else times, return_inverse=True)
    value = np.zeros(len(total), np.float32)
    value[slots] = 1.0 - place / max(1, len(different) - 1)
    return value


def _relevant(asked: Asked, total: Floats) -> npt.NDArray[np.intp]:
    """The slots of the memories that the question is about."""
    held = _held(asked)
    best = float(total[asked.allowed].max(initial=0.0))
    slots = np.flatnonzero(asked.allowed & (total >= NEAR * best))
    if len(slots) > MOST:
        slots = slots[np.argpartition(-total[slots], MOST - 1)[:MOST]]
    return slots[held[slots] >= NEAR * held[slots].max(initial=0.0)]


def _held(asked: Asked) -> Floats:
    """How many of the question's words each memory holds, by how telling they are."""
    snapshot = asked.snapshot
    held = np.zeros(snapshot.slots, np.float32)
    for stemmed in asked.question.stems:
        if stemmed in ORDER_WORDS:
            continue
        slots = np.unique(snapshot.passage_slot[snapshot.words.of(stem_key(stemmed))[0]])
        held[slots] += np.float32(snapshot.rarity_of_stem(stemmed))
    return held
