"""Reconcile: is it new, the same again, a newer value, or an older one? Decided under the user's lock, without I/O.

What counts is when it was told, not when it happened and not when it arrived: "I moved to Lyon in May", said in June,
replaces "I live in Paris", said the day before. A value told later supersedes the one before it, one told earlier that
arrives late is filed where it belongs, and a negation ("I no longer work at Acme") ends the value it names: see
``writing/timeline.py``. Quarantined records take no part in this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from recollect.domain.emotion import working_ttl_s
from recollect.domain.event import EventType
from recollect.domain.hearing import place_of, reaches
from recollect.domain.mem0_form import EXPIRES, end_of, ends_at
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import CORRECTED, Memory, MemoryType, Status, Telling, Tier, Trust
from recollect.ports.store import Change
from recollect.writing.draft import Draft
from recollect.writing.placing import Ledger, telling, with_telling
from recollect.writing.timeline import LIVING, name_of, same_span, tellings_of


@dataclass(slots=True)
class Reconciliation:
    """What a batch of drafts changes, built up draft by draft over the records that were found under the lock."""

    now: datetime
    ledger: Ledger
    known: frozenset[UUID] = frozenset()
    """The records that were there before this batch."""
    by_content: dict[tuple[str, str], UUID] = field(default_factory=dict[tuple[str, str], UUID])
    """Living records by content hash and agent."""
    changes: list[Change] = field(default_factory=list[Change])
    items: list[ReceiptItem] = field(default_factory=list[ReceiptItem])
    stored_as: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """For each draft, the record that now holds it: its own, or the one it was merged into."""

    @property
    def records(self) -> dict[UUID, Memory]:
        """The records as the changes so far leave them."""
        return self.ledger.records

    def with_hash(self, draft: Draft) -> Memory | None:
        """The living record with this content, if there is one."""
        found = self.by_content.get((draft.content_hash, draft.scope.agent_id))
        return None if found is None else self.records[found]

    def told_before(self, draft: Draft) -> Memory | None:
        """The record of the same words, told at the same time: a repeated import, not a new telling."""
        if draft.told_at is None or draft.key is None:
            return None
        for record in self.ledger.line((draft.key, draft.scope.agent_id)):
            same = record.content_hash == draft.content_hash and record.id in self.known
            if same and any(told.told_at == draft.told_at for told in tellings_of(record)):
                return record
        return None

    def change(self, change: Change) -> None:
        """Notes a change and what follows from it; later drafts of the batch see the records as they will be."""
        for written in self.ledger.write([change]):
            self.changes.append(written)
            self.note(written.after)

    def note(self, record: Memory) -> None:
        """Notes whether the record's content is that of a living record."""
        content = (record.content_hash, record.agent_id)
        if record.status in LIVING:
            self.by_content[content] = record.id
        elif self.by_content.get(content) == record.id:
            del self.by_content[content]


def reconcile(drafts: Sequence[Draft], existing: Iterable[Memory], now: datetime) -> Reconciliation:
    """Decides what each draft does to what is there.

    Args:
        drafts: what was said, in order.
        existing: what was seen under the lock: the living records of the drafts' content, and every record of their
            keys, superseded ones too.
        now: the time.
    """
    ledger = Ledger(now)
    for record in existing:
        ledger.take(record)
    state = Reconciliation(now=now, ledger=ledger, known=frozenset(ledger.records))
    for record in ledger.records.values():
        state.note(record)
    for draft in drafts:
        state.items.append(_place(state, draft))
    return state


def _place(state: Reconciliation, draft: Draft) -> ReceiptItem:
    same = state.with_hash(draft)
    candidate = new_record(state, draft)
    if draft.key is None or candidate.trust is Trust.QUARANTINED or (same is not None and not _alike(same, candidate)):
        return _add(state, draft, candidate) if same is None else _reinforce(state, draft, same)
    repeated = state.told_before(draft)
    if repeated is not None:
        return _reinforce(state, draft, repeated)
    line = state.ledger.line((draft.key, candidate.agent_id))
    found = same_span([record for record in line if place_of(record) == place_of(candidate)], candidate)
    if found is None:
        return _add(state, draft, candidate)
    return _reinforce(state, draft, found, candidate.provenance.tellings[0])


def _alike(one: Memory, other: Memory) -> bool:
    """Whether two records of the same words state the same, as they do unless they were read by other rules."""
    return (one.key, name_of(one), one.value is None) == (other.key, name_of(other), other.value is None)


def _add(state: Reconciliation, draft: Draft, record: Memory) -> ReceiptItem:
    state.stored_as[draft.id] = record.id
    state.change(Change(type=EventType.MEMORY_ADDED, after=record, reason=_why(state, draft), vectors=draft.vectors))
    placed = state.records[record.id]
    if placed.status is Status.SUPERSEDED:
        reason = f"told earlier; {draft.key} {_since_then(state, placed)}"
        return replace(_item(draft, Outcome.ACCEPTED, reason, record.id), superseded_id=placed.supersedes)
    if placed.supersedes is None:
        return _item(draft, Outcome.ACCEPTED, draft.reason or "new", record.id)
    before = state.records[placed.supersedes].value
    reason = f"{draft.key} changed from {before!r} to {draft.value!r}" if before else f"{draft.key} is {draft.value!r}"
    if draft.negated:
        reason = f"{draft.key} = {before or draft.value!r} has ended"
    return replace(_item(draft, Outcome.SUPERSEDED, reason, record.id), superseded_id=placed.supersedes)


def _since_then(state: Reconciliation, placed: Memory) -> str:
    """What holds now instead of a value that was told late."""
    line = state.ledger.line((placed.key or "", placed.agent_id))
    single = placed.provenance.tellings[0].single
    for record in line:
        audible = reaches(place_of(record), place_of(placed))
        if audible and record.status in LIVING and record.value and (single or name_of(record) == name_of(placed)):
            return f"has been {record.value!r} since then"
    return "has ended since then"


def _reinforce(state: Reconciliation, draft: Draft, record: Memory, told: Telling | None = None) -> ReceiptItem:
    state.stored_as[draft.id] = record.id
    cited = record.provenance.evidence
    cited += tuple(reference for reference in _cited(state, draft) if reference not in cited)
    careful = record.sensitivity if draft.derived_from else record.sensitivity.at_least(draft.sensitivity)
    told_again = replace(
        record,
        status=Status.ACTIVE if _is_brought_back(record, draft) else record.status,
        extra=_lasting(
            {n: v for n, v in record.extra.items() if n != CORRECTED or not _is_brought_back(record, draft)}, draft
        ),
        sensitivity=careful,  # what is said once more in confidence is no longer anybody's to read
        reinforcements=record.reinforcements + 1,
        told_at=max(filter(None, (record.told_at, draft.told_at)), default=None),
        updated_at=state.now,
        provenance=replace(record.provenance, evidence=cited),
    )
    if told is not None:
        told_again = with_telling(told_again, told)
    if record.key is None:
        told_again = replace(told_again, valid_to=end_of(told_again.extra))
    reason = f"{draft.key} = {draft.value} is known"
    if record.content_hash == draft.content_hash or draft.negated:
        superseded = record.status is Status.SUPERSEDED
        reason = "the same content is known" + (", and was superseded since" if superseded else "")
    state.change(Change(type=EventType.MEMORY_REINFORCED, before=record, after=told_again, reason=reason))
    times = told_again.reinforcements + 1
    return _item(draft, Outcome.MERGED, f"{reason}; told {times} times now", record.id)


def _lasting(extra: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """Metadata of what is told again: it is found for as long as any of its tellings says."""
    day, other = extra.get(EXPIRES), draft.extra.get(EXPIRES)
    kept = {name: value for name, value in extra.items() if name != EXPIRES}
    return kept if day is None or other is None else kept | {EXPIRES: max(str(day), str(other))}


def _is_brought_back(record: Memory, draft: Draft) -> bool:
    """What was archived or corrected is found as before when it is said again, later than that."""
    taken_out = record.status is Status.ARCHIVED or CORRECTED in record.extra
    return taken_out and draft.told_at is not None and draft.told_at > record.updated_at


def _why(state: Reconciliation, draft: Draft) -> str:
    """The reason as the log keeps it: a fact names the record that stated it, and does not quote it."""
    if draft.derived_from is None:
        return draft.reason
    return f"stated in {state.stored_as.get(draft.derived_from, draft.derived_from)}"


def _cited(state: Reconciliation, draft: Draft) -> tuple[str, ...]:
    """The evidence of a draft, a draft that it was derived from replaced by the record that holds it."""
    if draft.derived_from is None:
        return draft.provenance.evidence
    return (str(state.stored_as.get(draft.derived_from, draft.derived_from)),)


def new_record(state: Reconciliation, draft: Draft) -> Memory:
    """The record that a draft becomes."""
    scope = draft.scope
    evidence = _cited(state, draft)
    told = telling(draft, evidence, state.now)
    since = told.since if draft.key is not None else None
    return Memory(
        id=draft.id,
        tenant_id=scope.tenant_id,
        user_id=scope.user_id,
        agent_id=scope.agent_id,
        project_id=scope.project_id,
        conversation_id=scope.conversation_id,
        type=draft.type or MemoryType.TURN,
        tier=draft.tier or Tier.PERSONAL,
        text=draft.text,
        speaker=draft.speaker,
        key=draft.key,
        value=None if draft.negated else draft.value,
        occurred_at=draft.occurred_at,
        told_at=draft.told_at,
        written_at=state.now,
        updated_at=state.now,
        valid_from=since,
        valid_to=ends_at(draft.extra, since),
        confidence=draft.confidence,
        importance=draft.importance or 0.0,
        emotion=draft.emotion,
        content_hash=draft.content_hash,
        source_type=draft.source_type,
        source_id=draft.source_id,
        trust=draft.trust,
        sensitivity=draft.sensitivity,
        author_id=draft.author_id,
        channel_id=draft.channel_id,
        audience=draft.audience,
        subject=draft.subject,
        provenance=replace(draft.provenance, evidence=evidence, tellings=() if draft.key is None else (told,)),
        entities=draft.entities,
        extra=dict(draft.extra),
    )


def _item(draft: Draft, outcome: Outcome, reason: str, memory_id: UUID) -> ReceiptItem:
    return ReceiptItem(
        outcome=outcome,
        reason=reason,
        memory_id=memory_id,
        type=draft.type or MemoryType.TURN,
        text=draft.text,
        key=draft.key,
        value=None if draft.negated else draft.value,
        derived_from=draft.derived_from,
        occurred_at=draft.occurred_at,
        emotion=draft.emotion,
        importance=draft.importance or 0.0,
        working_ttl_s=working_ttl_s(draft.emotion),
    )
