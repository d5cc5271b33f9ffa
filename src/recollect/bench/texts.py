"""Made-up talk for measuring speed: words as frequent as in real text, the same for the same seed on every machine."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from recollect.adapters.models.static import static_word_pieces
from recollect.domain.words import STOP_WORDS

NAMES = 200
SESSION = 250
"""Messages of one session."""
_WORD = re.compile("[a-z]{3,}")
_FIRST_AT = datetime(2025, 1, 1, 8, tzinfo=UTC)


class Talk:
    """Writes sentences of about 25 words whose frequencies fall off with their rank (Zipf's law, exponent 1).

    The words are the whole words of the shipped vocabulary, about 21,000, in an order drawn from the seed: they split
    into pieces as real words do. The 100 most frequent are stop words: about half of a sentence, as in real text.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        stop_words = self._shuffled(word for word in STOP_WORDS if len(word) > 2)
        known = self._shuffled(word for word in static_word_pieces().tokens if _WORD.fullmatch(word))
        self._words = [*stop_words[:100], *(word for word in known if word not in STOP_WORDS)]
        self._names = [word.capitalize() for word in self._words[-NAMES:]]
        ranks = np.arange(1, len(self._words) + 1)
        self._cumulative = np.cumsum(1 / ranks) / np.sum(1 / ranks)

    def sentence(self) -> str:
        """A sentence of about 25 words (8 to 60) with a name in it."""
        length = int(np.clip(self._random.normal(25, 8), 8, 60))
        words = self._drawn(length)
        words[0] = words[0].capitalize()
        words[1] = self._names[int(self._random.integers(NAMES))]
        return " ".join(words) + "."

    def sentences(self, count: int) -> list[str]:
        """So many sentences."""
        return [self.sentence() for _ in range(count)]

    def question(self, about: str) -> str:
        """A question with some of the words of a sentence."""
        words = about.rstrip(".").split()
        places = self._random.choice(len(words), size=min(6, len(words)), replace=False)
        chosen = [words[place] for place in sorted(int(place) for place in places)]
        return f"What about {' '.join(chosen)}?"

    def _shuffled(self, words: Iterable[str]) -> list[str]:
        ordered = sorted(words)
        return [ordered[int(place)] for place in self._random.permutation(len(ordered))]

    def _drawn(self, count: int) -> list[str]:
        places = np.searchsorted(self._cumulative, self._random.random(count))
        return [self._words[min(int(place), len(self._words) - 1)] for place in places]


def batches(sentences: list[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The sentences as chat messages a minute apart, a session at a time: its id and its messages."""
    for start in range(0, len(sentences), SESSION):
        yield (
            f"session {start // SESSION}",
            [message(text, start + number) for number, text in enumerate(sentences[start : start + SESSION])],
        )


def message(text: str, number: int) -> dict[str, Any]:
    """One chat message, ``number`` minutes after the first."""
    return {"role": "user", "name": "Ana", "content": text, "at": _FIRST_AT + timedelta(minutes=number)}
