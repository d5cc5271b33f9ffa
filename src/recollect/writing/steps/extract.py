"""Extract: entities, keyed facts, kind, tier and event time, read from the text without a model."""

from dataclasses import replace

from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.facts import KeyedFact, read_facts
from recollect.domain.reading.kind import classify
from recollect.domain.reading.when import event_time
from recollect.domain.record import MemoryType, Tier
from recollect.writing.draft import Draft

READ_LIMIT = 4_000
"""Characters that are read; what follows in a very long text is stored and found, but not searched for facts."""


def extract(draft: Draft) -> Draft:
    """Fills in entities, facts, type, tier and event time; what the caller fixed stays."""
    text = draft.text[:READ_LIMIT]
    speaker = speaker_of_facts(draft)
    facts = read_facts(text, speaker) if draft.reads_facts else ()
    kind = classify(text, facts, speaker)
    stated = draft.type if draft.type is not None else (MemoryType.TURN if draft.is_turn else kind.type)
    draft = replace(
        draft,
        entities=tuple(read_entities(text, draft.speaker)),
        facts=tuple(facts),
        type=stated,
        tier=draft.tier or (Tier.PERSONAL if draft.is_turn else kind.tier),
        occurred_at=draft.occurred_at or event_time(text, draft.told_at),
        confidence=kind.confidence,
        reason="one message of a conversation" if draft.is_turn else kind.reason,
    )
    own = _own_fact(draft)
    return draft if own is None else replace(draft, **own)


def speaker_of_facts(draft: Draft) -> str | None:
    """Who "I" is: None for the user, also when the user speaks under a name that is the user's id."""
    speaker = draft.speaker
    return None if speaker is None or speaker.casefold() == draft.scope.user_id.casefold() else speaker


def _own_fact(draft: Draft) -> dict[str, object] | None:
    """The key and value of a plain statement that says one thing only: then the record itself is the fact."""
    if draft.is_turn or draft.key is not None or len(draft.facts) != 1:
        return None
    (fact,) = draft.facts
    if not _covers(fact, draft.text):
        return None
    return {
        "key": f"{fact.subject}:{fact.attribute}",
        "value": fact.value,
        "negated": fact.negated,
        "single": fact.single,
        "confidence": fact.confidence,
    }


def _covers(fact: KeyedFact, text: str) -> bool:
    inner = text.strip().rstrip(".!")
    return not any(mark in inner for mark in ".!?\n") and fact.end - fact.start >= 0.5 * len(inner)
