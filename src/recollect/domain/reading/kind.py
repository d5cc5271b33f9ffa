"""Decides what kind of memory a text is, how long it is kept (tier), how sure that is and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from recollect.domain.reading import kind_patterns as patterns
from recollect.domain.reading.facts import KeyedFact
from recollect.domain.reading.sentences import sentences
from recollect.domain.reading.time_patterns import PAST
from recollect.domain.reading.word_lists import words
from recollect.domain.record import MemoryType, Tier

_IDENTITY = frozenset(
    {"name", "age", "birthday", "birth_year", "origin", "pronouns", "phone", "email", "nationality", "blood_type"}
)
_PREFERENCE = frozenset({"likes", "dislikes", "prefers", "hobby"})
_CONSTRAINT = frozenset({"allergy", "eats", "drinks", "diet"})
_TIER = {MemoryType.TASK_STATE: Tier.TASK, MemoryType.PROCEDURE: Tier.PROJECT}
# Attributes that are as often told as an event ("I got divorced last year", "I bought a car") as they are as a fact.
_EVENTFUL = words("relationship_status owns spouse pet degree school field_of_study occupation employer location")


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of memory a text is.

    Attributes:
        type: the kind. tier: how long it is kept. confidence: 0..1. reason: what told, in a few words.
    """

    type: MemoryType
    tier: Tier
    confidence: float
    reason: str


# In this order: what is only supposed is never a fact; a rule of conduct outweighs the fact or taste it is told with.
_BY_PATTERN = (
    (patterns.HYPOTHESIS, MemoryType.HYPOTHESIS, 0.8, "said as a guess"),
    (patterns.PROCEDURE, MemoryType.PROCEDURE, 0.75, "tells how to do something"),
    (patterns.CONSTRAINT, MemoryType.CONSTRAINT, 0.8, "tells what must or must not be"),
    (patterns.GOAL, MemoryType.GOAL, 0.8, "tells what someone wants to reach"),
    (patterns.TASK_STATE, MemoryType.TASK_STATE, 0.7, "tells where a task stands"),
    (patterns.IDENTITY, MemoryType.IDENTITY, 0.85, "tells who someone is"),
    (patterns.PREFERENCE, MemoryType.PREFERENCE, 0.8, "tells a taste"),
)


def classify(text: str, facts: Sequence[KeyedFact], speaker: str | None) -> Kind:
    """Returns the kind of ``text``.

    Args:
        text: any text; its first sentence that tells decides.
        facts: what ``read_facts`` read from it.
        speaker: who says it; facts about them can be identity, facts about others are semantic.
    """
    parts = [sentence.text for sentence in sentences(text[:4000])[:4]] or [text[:400]]
    whole = " ".join(parts)
    for pattern, kind, confidence, reason in _BY_PATTERN:
        match = next((m for part in parts if (m := pattern.search(part))), None)
        if match and not (kind is MemoryType.PREFERENCE and _past_only(whole, facts)):
            return _kind(kind, confidence, f"{reason}: {_shown(match.group())}")
    return _by_facts(facts, speaker, whole) or _by_tense(whole)


def _kind(kind: MemoryType, confidence: float, reason: str) -> Kind:
    return Kind(kind, _TIER.get(kind, Tier.PERSONAL), confidence, reason)


def _shown(found: str) -> str:
    words = " ".join(found.split())
    return repr(words if len(words) <= 40 else words[:37] + "...")


def _past_only(text: str, facts: Sequence[KeyedFact]) -> bool:
    return not any(fact.attribute in _PREFERENCE for fact in facts) and bool(PAST.search(text)) and "favo" not in text


def _by_facts(facts: Sequence[KeyedFact], speaker: str | None, text: str) -> Kind | None:
    if not facts:
        return None
    first = facts[0]
    own = first.subject == "user" or (speaker is not None and first.subject == speaker.strip().lower())
    reason = f"states {first.key}"
    if own and first.attribute in _CONSTRAINT:
        return _kind(MemoryType.CONSTRAINT, 0.75, reason)
    if own and first.attribute in _IDENTITY:
        return _kind(MemoryType.IDENTITY, 0.85, reason)
    if first.attribute in _PREFERENCE or first.attribute.startswith("favourite_"):
        return _kind(MemoryType.PREFERENCE, 0.8, reason)
    if first.attribute == "goal":
        return _kind(MemoryType.GOAL, 0.8, reason)
    if PAST.search(text) and first.attribute in _EVENTFUL and not patterns.STATIVE.search(text):
        return _kind(MemoryType.EPISODIC_EVENT, 0.7, f"tells what happened ({first.key})")
    return _kind(MemoryType.SEMANTIC_FACT, 0.8, reason)


def _by_tense(text: str) -> Kind:
    past = PAST.search(text)
    if past:
        return _kind(MemoryType.EPISODIC_EVENT, 0.7, f"tells what happened: {_shown(past.group())}")
    stative = patterns.STATIVE.search(text)
    if stative:
        return _kind(MemoryType.SEMANTIC_FACT, 0.6, f"tells how things are: {_shown(stative.group())}")
    return _kind(MemoryType.EPISODIC_EVENT, 0.3, "nothing tells of another kind")
