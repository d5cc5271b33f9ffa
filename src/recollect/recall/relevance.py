"""Relevance: how probable it is that a hit helps to answer the question, estimated from its score.

Within one answer a higher score is a higher probability, so the order never changes. Beside the score itself it tells
much how far a hit lies behind the best of its answer. Both together were fitted, by a logistic curve, to the first 50
hits of each question of ten conversations whose evidence is known; more features, such as the single signals, made it
hardly better. ``tools/fit_relevance.py`` does it again, and must after the weights of a profile have changed.
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


RELEVANCE_MEASURED: Final = Calibration(base=-4.215, by_score=1.284, by_gap=-2.988)
"""Of the profile ``relevance``, on conversations 1 to 5 of LoCoMo and of ten long chats with an assistant."""
