"""Words: BM25 over stems, by the best of the memory's passages (Robertson and Zaragoza 2009, in Lucene's form)."""

from typing import Final

import numpy as np

from recollect.domain.words import stem_key
from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal, Slots

SATURATION: Final = 0.9
"""BM25's k1: how soon saying a word again stops counting."""
LENGTH: Final = 0.4
"""BM25's b: how much a passage longer than the average is held back."""


def score(asked: Asked) -> Floats | None:
    """The sum, over the question's stems, of ``idf x tf / (tf + k1 (1 - b + b length / average length))``."""
    snapshot = asked.snapshot
    if not asked.question.stems or not snapshot.size:
        return None
    total = np.zeros(len(snapshot.passage_slot), np.float32)
    penalty = snapshot.length_penalty(SATURATION, LENGTH)
    for stem in asked.question.stems:
        passages, counts = snapshot.words.of(stem_key(stem))
        if len(passages):
            often = counts.astype(np.float32)
            gained = often / (often + penalty[passages])
            gained *= np.float32(snapshot.rarity_of_stem(stem))
            total[passages] += gained
    return total if snapshot.one_passage_each else snapshot.best_passage(total) * snapshot.fewer_chances


def span(asked: Asked) -> tuple[float, float]:
    """From nothing to the most there can be: every stem of the question, said over and over."""
    return 0.0, max(sum(map(asked.snapshot.rarity_of_stem, asked.question.stems)), 1e-6)


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The question's words that occur in each memory."""
    matched: list[list[str]] = [[] for _ in slots]
    for stem, word in zip(asked.question.stems, asked.question.shown, strict=True):
        for words, mentions in zip(matched, asked.snapshot.mention(slots, stem_key(stem)), strict=True):
            if mentions:
                words.append(word)
    return [", ".join(words) for words in matched]


WORDS = Signal("words", scaled=True, score=score, reasons=reasons, span=span)
