"""Importance: how much it matters, as judged when it was stored."""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats:
    """The memory's importance, 0..1."""
    return np.clip(asked.snapshot.records["importance"], 0.0, 1.0)


IMPORTANCE = Signal("importance", scaled=False, score=score)
