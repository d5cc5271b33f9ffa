"""Extract: entities, keyed facts, kind, tier and event time, read from the text without a model."""

from dataclasses import replace

from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.facts import KeyedFact, read_facts
from recollect.domain.reading.kind import classify
from recollect.domain.reading.standing_rules import is_one_rule, standing_rules
from recollect.domain.reading.when import event_time
from recollect.domain.record import MemoryType, SourceType, Tier
from recollect.domain.scope import is_reserved
from recollect.writing.draft import Draft

READ_LIMIT = 4_000
"""Characters that are read; what follows in a very long text is stored and found, but not searched for facts."""


def extract(draft: Draft) -> Draft:
    """Fills in entities, facts, rules, type, tier and event time; what the caller fixed stays."""
    text = draft.text[:READ_LIMIT]
    speaker = speaker_of_facts(draft)
    facts = read_facts(text, speaker) if draft.reads_facts else ()
    kind = classify(text, facts, speaker)
    given = draft.type
    stated = given if given is not None else (MemoryType.TURN if draft.is_turn else kind.type)
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
    draft = _with_rules(draft, fixed=given is not None)
    own = _own_fact(draft)
    return draft if own is None else replace(draft, **own)


def _with_rules(draft: Draft, *, fixed: bool) -> Draft:
    """The draft with the standing instructions it gives; one that is nothing else is a rule itself.

    Args:
        draft: what was said, with its kind.
        fixed: the caller said what kind it is to be.
    """
    taken = draft.type is MemoryType.CONSTRAINT or (fixed and draft.type is not MemoryType.TURN)
    if taken or not _told_by_user(draft):
        return draft
    rules = standing_rules(draft.text)
    if fixed or not is_one_rule(draft.text, rules):
        return replace(draft, rules=rules)
    return replace(draft, rules=rules, type=MemoryType.CONSTRAINT, confidence=0.85, reason="a standing instruction")


def _told_by_user(draft: Draft) -> bool:
    """Whether the user says it to the assistant: in a channel or aside, an order may be meant for anybody there."""
    own = (draft.speaker or "user").casefold() in ("user", draft.scope.user_id.casefold())
    alone = draft.channel_id is None and not draft.audience and not is_reserved(draft.scope.user_id)
    return own and alone and draft.reads_facts and draft.source_type is SourceType.CONVERSATION


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
