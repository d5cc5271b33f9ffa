"""Reinforcement: how often it was told again or put to use."""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats:
    """``min(1, ln(1 + n) / 10)`` for n repetitions and confirmed uses; source: Cortex technical design."""
    records = asked.snapshot.records
    times = records["reinforcements"].astype(np.float32) + records["access_count"]
    return np.minimum(1.0, np.log1p(np.maximum(times, 0.0)) / 10.0)


REINFORCEMENT = Signal("reinforcement", scaled=False, score=score)
