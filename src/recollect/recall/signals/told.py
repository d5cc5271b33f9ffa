"""Told: does it tell something? What ends with a question asks instead, and seldom holds an answer."""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.said import Said
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """1 for what tells something; less for what ends with a question, down to 0 when that is short.

    A long message that ends with a question told much before it asked.
    """
    snapshot = asked.snapshot

    def work_out() -> Floats:
        asks = snapshot.records["said"] & np.uint8(Said.ASKS)
        return np.where(asks > 0, np.float32(1.0) - snapshot.brevity[:-1], np.float32(1.0)).astype(np.float32)

    return snapshot.kept("told", work_out)


TOLD = Signal("told", scaled=False, score=score)
