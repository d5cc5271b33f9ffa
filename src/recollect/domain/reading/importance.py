"""How much a memory matters, 0..1: by its kind, what it states, whom it names and how strongly it was felt."""

import re
from collections.abc import Sequence

from recollect.domain.reading.facts import KeyedFact
from recollect.domain.record import EntityMention, EntityType, MemoryType

_BY_KIND = {
    MemoryType.IDENTITY: 0.7,
    MemoryType.CONSTRAINT: 0.7,
    MemoryType.GOAL: 0.6,
    MemoryType.SEMANTIC_FACT: 0.5,
    MemoryType.PREFERENCE: 0.5,
    MemoryType.PROCEDURE: 0.5,
    MemoryType.REFLECTION: 0.5,
    MemoryType.SUMMARY: 0.5,
    MemoryType.EPISODIC_EVENT: 0.35,
    MemoryType.TASK_STATE: 0.35,
    MemoryType.HYPOTHESIS: 0.25,
    MemoryType.TURN: 0.2,
}
# Whoever writes these asks to be remembered, or speaks of danger.
_URGENT = re.compile(
    r"\b(?:important|remember|don['’]?t\s+forget|never\s+forget|urgent|critical|emergency|asap|must|always|never|deadline|allerg\w+|"
    r"medication|insulin|password|life-threatening|anaphyla\w+|epilep\w+|diabet\w+|asthma)\b",
    re.IGNORECASE,
)
_NAMED = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION})


def importance(
    text: str, kind: MemoryType, emotion: float, facts: Sequence[KeyedFact], entities: Sequence[EntityMention]
) -> float:
    """Returns how much ``text`` matters.

    Args:
        text: what is remembered.
        kind: its kind.
        emotion: how strongly it was felt, 0..1.
        facts: the facts read from it.
        entities: the entities read from it.
    """
    score = _BY_KIND.get(kind, 0.35)
    score += 0.05 * min(3, len(facts)) + 0.05 * any(fact.single for fact in facts)
    score += 0.03 * min(3, sum(entity.type in _NAMED for entity in entities))
    score += 0.15 * bool(_URGENT.search(text[:4000]))
    # Feeling fills up what is missing to 1, so a death matters whatever its kind.
    score += (1.0 - score) * 0.6 * min(1.0, max(0.0, emotion)) ** 1.5
    return round(min(1.0, max(0.0, score)), 4)
