"""When: does a memory tell a time, for a question that asks for one?"""

import numpy as np

from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal


def score(asked: Asked) -> Floats | None:
    """1 for memories that tell a time ("last week", "in May"), when the question asks when or how long; else None."""
    if not asked.question.asks_when:
        return None
    return asked.snapshot.records["tells_time"].astype(np.float32)


WHEN = Signal("when", scaled=False, score=score)
