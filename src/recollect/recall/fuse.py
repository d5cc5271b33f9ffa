"""Fuse: brings the signals' scores to 0..1, weighs and adds them.

Scores are added, not ranks: a rank does not say how sure a signal was. What counts as 0 and as 1 is fixed by the signal
and the question (``Signal.span``), so a memory's score is the same whichever memories are ranked beside it: all of the
user's, or the few candidates that a query gave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats
from recollect.recall.deadline import Deadline
from recollect.recall.signals import SIGNALS
from recollect.recall.signals.signal import Signal


@dataclass(frozen=True, slots=True)
class Scored:
    """One signal's scores of all memories as the signal gave them, the weight they have, and what counts as 0 and 1."""

    signal: Signal
    raw: Floats
    weight: float
    lowest: float = 0.0
    highest: float = 1.0

    def normalised(self, slots: npt.NDArray[np.intp]) -> Floats:
        """The scores of these memories, brought to 0..1."""
        raw = self.raw[slots]
        if not self.signal.scaled:
            return raw
        return np.clip((raw - self.lowest) / (self.highest - self.lowest), 0.0, 1.0)

    def add_to(self, total: Floats, room: Floats) -> None:
        """Adds the weighted scores; ``room`` is an array of the same shape that may be written to."""
        if not self.signal.scaled:
            np.multiply(self.raw, np.float32(self.weight), out=room)
        else:
            factor = np.float32(self.weight / (self.highest - self.lowest))
            np.multiply(self.raw, factor, out=room)
            room -= np.float32(self.lowest) * factor
            np.clip(room, np.float32(0.0), np.float32(self.weight), out=room)
        total += room


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
            found.append(Scored(signal, raw, weight, *signal.span(asked)))
    return found


def added(parts: Sequence[Scored], asked: Asked) -> Floats:
    """The weighted sum for each memory that may be found; 0 for the others."""
    total = np.zeros(len(asked.allowed), np.float32)
    room = np.empty_like(total)
    for part in parts:
        part.add_to(total, room)
    if not asked.all_allowed:
        total *= asked.allowed
    return total
