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


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why a memory may be relevant.

    Attributes:
        name: by which profiles and explanations call it.
        scaled: its values have no fixed range and are brought to 0..1 over the memories that may be found; otherwise
            they already lie there and are taken as they are.
        score: returns float32, shape (slots,), higher is better; None when the question gives it nothing to go by.
        reasons: for each of these slots, what matched, in a few words; may be "".
    """

    name: str
    scaled: bool
    score: Callable[[Asked], Floats | None]
    reasons: Callable[[Asked, Slots], list[str]] = no_reasons
