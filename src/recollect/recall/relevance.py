"""Relevance: how probable it is that a hit helps to answer the question, estimated from its score.

Within one answer a higher score is a higher probability, so the order never changes. A score means little by itself: it
is brought to 0..1 over the memories of one user, and the best of them always scores high. What tells more is how far a
hit lies behind the best. Both together were fitted, by a logistic curve, to 2,700 questions of 15 conversations whose
evidence is known; ``tools/fit_relevance.py`` does it again, and must after the weights of a profile have changed.
"""

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve: the log of the odds is ``base + by_score x score + by_gap x (best score - score)``."""

    base: float
    by_score: float
    by_gap: float

    def relevance(self, score: float, best: float) -> float:
        """The estimated probability, 0..1, of a hit with this score in an answer whose best has ``best``."""
        odds = self.base + self.by_score * score + self.by_gap * (best - score)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, odds))))


RELEVANCE_MEASURED: Final = Calibration(base=-5.274, by_score=2.42, by_gap=-3.845)
"""Of the profile ``relevance``, on conversations 1 to 5 of LoCoMo and of ten long chats with an assistant."""
