"""Recency: how lately it happened, or was stored when its time is unknown."""

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.resident.columns import UNKNOWN_TIME, microseconds
from recollect.recall.signals.signal import Signal

Int64s = npt.NDArray[np.int64]


def score(asked: Asked) -> Floats:
    """``1 / (1 + ln(1 + hours))`` since it happened; source: Cortex technical design, retrieval score."""
    records = asked.snapshot.records
    occurred: Int64s = records["occurred"]
    written: Int64s = records["written"]
    moment = np.where(occurred == UNKNOWN_TIME, written, occurred)
    hours: npt.NDArray[np.float64] = np.maximum(0.0, (microseconds(asked.now) - moment) / 3.6e9)
    return (1.0 / (1.0 + np.log1p(hours))).astype(np.float32)


RECENCY = Signal("recency", scaled=False, score=score)
