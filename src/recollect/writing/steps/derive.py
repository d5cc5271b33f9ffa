"""Derive: each fact that a text states, and each rule it sets, becomes a draft of its own, which cites the text."""

from dataclasses import replace

from recollect.domain.ids import new_id
from recollect.domain.reading.entities import read_entities
from recollect.domain.reading.facts import KeyedFact
from recollect.domain.reading.importance import importance
from recollect.domain.reading.kind import classify
from recollect.domain.reading.when import event_time
from recollect.domain.record import MemoryType, Provenance, ProvenanceSource, Tier
from recollect.writing.draft import Draft
from recollect.writing.stressors import without_stressor


def derive(draft: Draft) -> list[Draft]:
    """Returns the draft followed by one draft a fact and a rule, unless the draft is that fact or rule itself."""
    if draft.key is not None:
        return [draft]
    rules = () if draft.type is MemoryType.CONSTRAINT else draft.rules
    return [draft, *(fact_draft(draft, fact) for fact in draft.facts), *(_rule_draft(draft, rule) for rule in rules)]


def _rule_draft(draft: Draft, rule: str) -> Draft:
    """The draft of a standing instruction among other words; it has no key, as rules do not replace each other."""
    text = f"Rule: {rule}"
    entities = tuple(read_entities(text, None))
    matters = importance(rule, MemoryType.CONSTRAINT, 0.0, (), entities)
    return replace(
        draft,
        id=new_id(),
        text=text,
        speaker=None,
        is_turn=False,
        type=MemoryType.CONSTRAINT,
        tier=Tier.PERSONAL,
        confidence=0.85,
        importance=max(draft.importance or 0.0, matters),
        derived_from=draft.id,
        occurred_at=None,
        provenance=Provenance(source=ProvenanceSource.AGENT_INFERRED, evidence=(str(draft.id),)),
        entities=entities,
        facts=(),
        rules=(),
        extra=without_stressor(draft.extra, draft.text, draft.emotion),
        reason=f"a standing instruction in {draft.text[:60]!r}",
    )


def fact_draft(draft: Draft, fact: KeyedFact) -> Draft:
    """The draft of a fact that a draft's text states."""
    kind = classify(fact.text, (fact,), None)
    return replace(
        draft,
        id=new_id(),
        text=fact.text,
        speaker=None,
        is_turn=False,
        type=kind.type,
        tier=Tier.PERSONAL,
        key=f"{fact.subject}:{fact.attribute}",
        value=fact.value,
        negated=fact.negated,
        single=fact.single,
        confidence=fact.confidence,
        derived_from=draft.id,
        occurred_at=event_time(draft.text[fact.start : fact.end], draft.told_at),
        provenance=Provenance(source=ProvenanceSource.AGENT_INFERRED, evidence=(str(draft.id),)),
        entities=tuple(read_entities(fact.text, None)),
        facts=(),
        rules=(),
        extra=without_stressor(draft.extra, draft.text, draft.emotion),
        reason=f"stated in {draft.text[:60]!r}",
    )
