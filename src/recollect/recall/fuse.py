"""Fuse: brings the signals' scores to 0..1 over the memories that may be found, weighs and adds them.

Scores are added, not ranks: a rank does not say how sure a signal was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.deadline import Deadline
from recollect.recall.signals import SIGNALS
from recollect.recall.signals.signal import Signal

NO_DIFFERENCE: Final = 1e-6
"""Scores closer than this differ by rounding only, and must not be blown up to 0 and 1."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One signal's scores of all memories: as the signal gave them, brought to 0..1, and the weight they have."""

    signal: Signal
    raw: Floats
    normalised: Floats
    weight: float


def scored(asked: Asked, weights: Mapping[str, float], deadline: Deadline | None = None) -> list[Scored]:
    """Asks every signal that counts; those with nothing to go by are left out, and late ones once there is a score."""
    found: list[Scored] = []
    if deadline is not None:
        deadline.start_signals()
    for signal in SIGNALS:
        weight = weights.get(signal.name, 0.0)
        if weight > 0 and found and deadline is not None and not deadline.allows(signal.name):
            continue
        raw = signal.score(asked) if weight > 0 else None
        if raw is not None:
            found.append(Scored(signal, raw, normalised(raw, asked.allowed) if signal.scaled else raw, weight))
    return found


def normalised(raw: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """``(raw - lowest) / (highest - lowest)`` over the memories in the mask; all 0 when they score the same."""
    lowest, highest = _range(raw, mask)
    if not highest - lowest > NO_DIFFERENCE:
        return np.zeros(len(raw), np.float32)
    return (raw - lowest) / np.float32(highest - lowest)


def _range(raw: Floats, mask: npt.NDArray[np.bool_]) -> tuple[float, float]:
    if mask.all():
        return float(raw.min()), float(raw.max())  # several times faster than with ``where``
    return float(np.min(raw, where=mask, initial=np.inf)), float(np.max(raw, where=mask, initial=-np.inf))


def added(parts: list[Scored], mask: npt.NDArray[np.bool_]) -> Floats:
    """The weighted sum for each memory in the mask; 0 for the others."""
    total = np.zeros(len(mask), np.float32)
    for part in parts:
        total += np.float32(part.weight) * part.normalised
    total *= mask
    return total
