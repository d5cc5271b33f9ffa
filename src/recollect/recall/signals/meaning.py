"""Meaning: how close the question's vector is to the memory's, by the best of the memory's passages."""

from typing import Final

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.small_vectors import dots
from recollect.recall.signals.signal import Signal

SPAN: Final = (-0.2, 1.0)
"""The cosines that count as 0 and as 1."""
CHANCE: Final = 0.06
"""What the best of m passages' cosines is lowered by, times ln m: the best of many is high by chance alone."""


def score(asked: Asked) -> Floats | None:
    """The cosine with the nearest passage, less for each chance; the lowest there is for a memory without a vector."""
    snapshot, vector = asked.snapshot, asked.question.vector
    if vector is None or not len(snapshot.vectors):
        return None
    cosines = dots(snapshot.vectors, snapshot.vector_scale, vector)
    if snapshot.one_vector_each:
        return cosines
    present = np.flatnonzero(snapshot.vector_slot >= 0)
    if not len(present):
        return None
    cosines = cosines[present]
    best = np.full(snapshot.slots, cosines.min(), np.float32)
    np.maximum.at(best, snapshot.vector_slot[present], cosines)
    chances = np.maximum(1, snapshot.records["vector_count"])
    return (best - CHANCE * np.log(chances)).astype(np.float32)


def span(_asked: Asked) -> tuple[float, float]:
    """The same for every question."""
    return SPAN


MEANING = Signal("meaning", scaled=True, score=score, span=span)
