"""Emotion: how strongly it was felt when it was told."""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats:
    """The memory's emotion, 0..1."""
    return np.clip(asked.snapshot.records["emotion"], 0.0, 1.0)


EMOTION = Signal("emotion", scaled=False, score=score)
