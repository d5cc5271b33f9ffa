"""What a signal is: a function from a question and a user's memories to a score for each memory, and to a reason."""

from collections.abc import Callable
from dataclasses import dataclass

from recollect.recall.asked import Asked, Floats


def no_reason(_asked: Asked, _slot: int) -> str:
    """The reason of a signal whose value says all."""
    return ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why a memory may be relevant.

    Attributes:
        name: by which profiles and explanations call it.
        scaled: its values have no fixed range and are brought to 0..1 over the memories that may be found; otherwise
            they already lie there and are taken as they are.
        score: returns float32, shape (slots,), higher is better; None when the question gives it nothing to go by.
        reason: what matched in one memory, in a few words; may be "".
    """

    name: str
    scaled: bool
    score: Callable[[Asked], Floats | None]
    reason: Callable[[Asked, int], str] = no_reason
