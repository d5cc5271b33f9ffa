"""Fact: does the memory state a keyed fact of the kind the question asks for (``user:job`` for "What is my job?")?"""

import numpy as np

from recollect.domain.words import stem_key
from recollect.recall.asked import Asked, Floats
from recollect.recall.signals.signal import Signal, Slots


def score(asked: Asked) -> Floats | None:
    """1 where a word of the fact's key stands in the question."""
    slots = [asked.snapshot.facts.of(stem_key(stem))[0] for stem in asked.question.stems]
    if not any(len(found) for found in slots):
        return None
    value = np.zeros(asked.snapshot.slots, np.float32)
    value[np.concatenate(slots)] = 1.0
    return value


def reasons(asked: Asked, slots: Slots) -> list[str]:
    """The words of the question that each fact's key has."""
    facts = asked.snapshot.facts
    keyed = [
        (word, set(facts.of(stem_key(stem))[0].tolist()))
        for stem, word in zip(asked.question.stems, asked.question.shown, strict=True)
    ]
    return [", ".join(word for word, owners in keyed if slot in owners) for slot in slots.tolist()]


FACT = Signal("fact", scaled=False, score=score, reasons=reasons)
