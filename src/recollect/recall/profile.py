"""Profile: how much each signal counts; ``relevance`` is the default, callers may name another or give weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from recollect.domain.shown import shown
from recollect.errors import ValidationError
from recollect.recall.relevance import RELEVANCE_MEASURED, Calibration
from recollect.recall.signals import SIGNALS

HEAVIEST: Final = 1_000_000
"""The largest weight: scores are added in single precision."""

SMOOTHING: Final = ("previous", "next", "reply", "conversation")
"""What a memory is given of the scores around it: the turn before, the turn after, the question it replies to, the best
of its conversation."""
DIVERSE: Final = 3
"""How many memories of one conversation stand before others have their turn, in a profile that is after variety."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a score is put together.

    Attributes:
        name: as callers know it.
        weights: by signal name; a signal that is not there does not count.
        previous, next, reply, conversation: see ``SMOOTHING``.
        most_per_conversation: after so many memories of one conversation others have their turn; None is any number.
        succession: whether a value that changed stands before or behind its others, see ``succession.py``.
        calibration: what makes a probability of its scores; None where nobody measured that.
    """

    name: str
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    previous: float = 0.0
    next: float = 0.0
    reply: float = 0.0
    conversation: float = 0.0
    most_per_conversation: int | None = None
    succession: bool = False
    calibration: Calibration | None = None

    @property
    def all_weights(self) -> dict[str, float]:
        """Every weight above 0, as a caller may give them; what is around a memory among them."""
        around = {name: getattr(self, name) for name in SMOOTHING}
        return {name: weight for name, weight in {**self.weights, **around}.items() if weight > 0}


RELEVANCE: Final = Profile(
    name="relevance",
    weights={
        "meaning": 0.85,
        "words": 0.4,
        "pieces": 1.3,
        "speaker": 0.2,
        "time": 0.4,
        "when": 0.3,
        "answer": 0.15,
        "told": 0.1,
        "standing": 0.2,
        "fact": 0.4,
    },
    next=0.08,
    reply=0.15,
    conversation=0.3,
    succession=True,
    calibration=RELEVANCE_MEASURED,
)
CORTEX: Final = Profile(
    name="cortex",
    weights={"meaning": 0.40, "recency": 0.25, "emotion": 0.20, "reinforcement": 0.15},
    most_per_conversation=DIVERSE,
)
"""The weights of the Cortex technical design: similarity, recency, emotion, reinforcement."""
RECENT: Final = replace(
    RELEVANCE,
    name="recent",
    weights={**RELEVANCE.weights, "recency": 2.5},
    most_per_conversation=DIVERSE,
    calibration=None,
)
"""What the question is about, and how lately: an hour ago adds 1.5 points, a day 0.6, a month 0.3."""
MEANING_ONLY: Final = Profile(name="meaning", weights={"meaning": 1.0})
WORDS_ONLY: Final = Profile(name="words", weights={"words": 1.0})

PROFILES: Final[Mapping[str, Profile]] = {p.name: p for p in (RELEVANCE, CORTEX, RECENT, MEANING_ONLY, WORDS_ONLY)}


def profile_of(given: str | Mapping[str, float] | Profile) -> Profile:
    """The profile a caller names, or one made of the weights it gives.

    Args:
        given: a name in ``PROFILES``, or weights by signal name; ``previous``, ``next`` and ``conversation`` weigh
            the scores around a memory; what is not named does not count.

    Raises:
        ValidationError: an unknown name, or a weight that is not a finite number of 0 or more, or nothing that counts.
    """
    if isinstance(given, Profile):
        return given
    if isinstance(given, str):
        if given not in PROFILES:
            raise ValidationError("profile", f"must be one of {', '.join(PROFILES)} or weights, not {given[:60]!r}")
        return PROFILES[given]
    if not isinstance(given, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise ValidationError("profile", f"must be a name or weights by signal name, not {type(given).__name__}")
    known = [signal.name for signal in SIGNALS]
    weights = {name: _checked(name, weight, (*known, *SMOOTHING)) for name, weight in given.items()}
    signals = {name: weight for name, weight in weights.items() if name in known}
    if not any(signals.values()):
        raise ValidationError("profile", f"must weigh at least one of {', '.join(known)} above 0")
    return Profile(
        name="custom",
        weights=signals,
        previous=weights.get("previous", 0.0),
        next=weights.get("next", 0.0),
        reply=weights.get("reply", 0.0),
        conversation=weights.get("conversation", 0.0),
    )


def _checked(name: object, weight: object, known: tuple[str, ...]) -> float:
    if name not in known:
        raise ValidationError("profile", f"weighs {str(name)[:60]!r}, which is not one of {', '.join(known)}")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= HEAVIEST:
        raise ValidationError("profile", f"{name} must be a number from 0 to {HEAVIEST:,}, not {shown(weight)}")
    return float(weight)
