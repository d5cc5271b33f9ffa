"""Fact: does the memory state a keyed fact that the question asks for (``user:location`` for "Where do I live?")?"""

import numpy as np

from recollect.domain.words import stem_key
from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal, Slots

WORD_OF_KEY = 0.25
"""What a word of the fact's key in the question is worth, beside 1 for the key itself."""


def score(asked: Asked) -> Floats | None:
    """1 where the question asks for the fact's key, a quarter where a word of the key stands in the question."""
    value = np.zeros(asked.snapshot.slots, np.float32)
    named = [asked.snapshot.facts.of(stem_key(stem))[0] for stem in asked.question.stems]
    meant = [asked.snapshot.facts.of(stem_key(key))[0] for key in asked.question.facts]
    for slots, worth in ((named, WORD_OF_KEY), (meant, 1.0)):
        for found in slots:
            value[found] = worth
    return value if value.any() else None


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The key that was asked for, or the words of the question that the fact's key has."""
    facts, question = asked.snapshot.facts, asked.question
    meant = [(key, set(facts.of(stem_key(key))[0].tolist())) for key in question.facts]
    named = [
        (word, set(facts.of(stem_key(stem))[0].tolist()))
        for stem, word in zip(question.stems, question.shown, strict=True)
    ]

    def reason(slot: int) -> str:
        keys = [key for key, owners in meant if slot in owners]
        return ", ".join(keys or [word for word, owners in named if slot in owners])

    return [reason(slot) for slot in slots.tolist()]


FACT = Signal("fact", scaled=False, score=score, reasons=reasons)
