"""Scores emotional intensity with the VADER lexicon and a list of life events: local, no model, microseconds a text.

VADER tells polarity; intensity here is how much of the text is charged (positive and negative mass) and how far the
compound leans either way, stretched to the bands of the Cortex design, section 3.1. A death told in plain words
("My mother died.") is hardly charged for a lexicon, so life events set a floor; exclamation marks and capitals lift
what is there.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # pyright: ignore[reportMissingTypeStubs]

from recollect.adapters.models.life_events import LIFE_EVENTS

# A feeling is told early or often; longer texts are scored by their opening.
_READ = 4_000
_SHOUT = re.compile(r"\b[A-Z]{3,}\b")
# VADER spells out every emoji, in time that grows with the square of their number.
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF]")
_EMOJI_READ = 12
_EXCLAIMED = re.compile(r"!")


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


class VaderScorer:
    """The local scorer; satisfies ``EmotionScorer``. The lexicon is loaded once per process, at the first scorer."""

    def __init__(self) -> None:
        self._lexicon = _analyzer()

    def score(self, texts: Sequence[str]) -> list[float]:
        """Returns the intensity of each text, 0..1."""
        return [self._intensity(text[:_READ]) for text in texts]

    def _intensity(self, text: str) -> float:
        if not text.strip():
            return 0.0
        told: dict[str, float] = self._lexicon.polarity_scores(_few_emoji(text))  # pyright: ignore[reportUnknownMemberType]
        mass, lean = told["pos"] + told["neg"], abs(told["compound"])
        felt = 0.05 + 0.40 * lean + 0.18 * min(1.0, mass)
        felt = max(felt, self._floor(text))
        if felt > 0.15:
            felt += 0.03 * min(3, len(_EXCLAIMED.findall(text))) + 0.04 * min(2, len(_SHOUT.findall(text)))
        return round(min(1.0, max(0.0, felt)), 4)

    def _floor(self, text: str) -> float:
        return next((floor for pattern, floor in LIFE_EVENTS if pattern.search(text)), 0.0)


def _few_emoji(text: str) -> str:
    """Returns ``text`` with only its first emoji."""
    if text.isascii():
        return text
    found = list(islice(_EMOJI.finditer(text), _EMOJI_READ, _EMOJI_READ + 1))
    if not found:
        return text
    at = found[0].start()
    return text[:at] + _EMOJI.sub("", text[at:])
