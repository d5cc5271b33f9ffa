"""Meaning: how close the question's vector is to the memory's, by the best of the memory's passages."""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """The cosine with the nearest passage, in -1..1; memories without a vector get the lowest cosine there is."""
    snapshot, vector = asked.snapshot, asked.question.vector
    if vector is None or not len(snapshot.vectors):
        return None
    cosines = snapshot.vectors @ vector
    if snapshot.one_vector_each:
        return cosines
    known = snapshot.vector_slot >= 0
    best = np.full(snapshot.slots, cosines.min(), np.float32)
    np.maximum.at(best, snapshot.vector_slot[known], cosines[known])
    return best


MEANING = Signal("meaning", scaled=True, score=score)
