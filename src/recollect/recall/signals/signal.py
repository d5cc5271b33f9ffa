"""What a signal is: a function from a question and a user's memories to a score for each memory, and to a reason."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recollect.recall.asked import Asked, Floats

Slots = npt.NDArray[np.intp]


def no_reasons(_asked: Asked, slots: Slots) -> list[str]:
    """The reasons of a signal whose value says all."""
    return [""] * len(slots)


def unit(_asked: Asked) -> tuple[float, float]:
    """The span of a signal whose values lie in 0..1."""
    return 0.0, 1.0


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why a memory may be relevant.

    Attributes:
        name: by which profiles and explanations call it.
        scaled: its values lie in another range than 0..1, which ``span`` tells.
        score: returns float32, shape (slots,), higher is better; None when the question gives it nothing to go by.
        reasons: for each of these slots, what matched, in a few words; may be "".
        span: for a question, which value counts as 0 and which as 1. It depends on the question and on the words that
            the user's memories have, never on which other memories are ranked beside.
    """

    name: str
    scaled: bool
    score: Callable[[Asked], Floats | None]
    reasons: Callable[[Asked, Slots], list[str]] = no_reasons
    span: Callable[[Asked], tuple[float, float]] = unit
