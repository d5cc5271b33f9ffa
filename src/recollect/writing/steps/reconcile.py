"""Reconcile: is it new, the same again, a newer value, or an older one? Decided under the user's lock, without I/O.

A key with one value at a time (``user:location``) has one current record. A value told later supersedes it and closes
its validity; one told earlier that arrives late is filed as history. What counts is when it was told, not when it
happened: "I moved to Lyon in May", said in June, replaces "I live in Paris", said the day before. A key with many
values (``user:likes``) collects them. A negation ("I no longer work at Acme") closes the value it names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from recollect.domain.emotion import working_ttl_s
from recollect.domain.event import EventType
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import Memory, MemoryType, Status, Tier
from recollect.ports.store import Change
from recollect.writing.draft import Draft, normalised

LIVING = frozenset({Status.ACTIVE, Status.SILENT, Status.COMPRESSED, Status.ARCHIVED})


@dataclass(slots=True)
class Reconciliation:
    """What a batch of drafts changes, built up draft by draft over the records that were found under the lock."""

    now: datetime
    records: dict[UUID, Memory]
    known: frozenset[UUID] = frozenset()
    """The records that were there before this batch."""
    by_content: dict[tuple[str, str], UUID] = field(default_factory=dict[tuple[str, str], UUID])
    """Living records by content hash and agent."""
    changes: list[Change] = field(default_factory=list[Change])
    items: list[ReceiptItem] = field(default_factory=list[ReceiptItem])
    stored_as: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """For each draft, the record that now holds it: its own, or the one it was merged into."""

    def with_hash(self, content_hash: str, agent_id: str) -> Memory | None:
        """The living record with this content, if there is one."""
        found = self.by_content.get((content_hash, agent_id))
        return None if found is None else self.records[found]

    def told_before(self, draft: Draft) -> Memory | None:
        """The superseded record of the same words, told at the same time: a repeated import, not a new telling."""
        if draft.told_at is None:
            return None
        for record in self.records.values():
            same = record.content_hash == draft.content_hash and record.agent_id == draft.scope.agent_id
            if (
                same
                and record.status is Status.SUPERSEDED
                and record.told_at == draft.told_at
                and record.id in self.known
            ):
                return record
        return None

    def with_key(self, key: str, agent_id: str) -> list[Memory]:
        """The records that hold for this key now."""
        return [
            record
            for record in self.records.values()
            if record.key == key and record.agent_id == agent_id and record.status is Status.ACTIVE
        ]

    def change(self, change: Change) -> None:
        """Notes a change; later drafts of the batch see the record as it will be."""
        self.changes.append(change)
        self.take(change.after)

    def take(self, record: Memory) -> None:
        """Takes in a record as it is now."""
        self.records[record.id] = record
        content = (record.content_hash, record.agent_id)
        if record.status in LIVING:
            self.by_content[content] = record.id
        elif self.by_content.get(content) == record.id:
            del self.by_content[content]


def reconcile(drafts: Sequence[Draft], existing: Iterable[Memory], now: datetime) -> Reconciliation:
    """Decides what each draft does to what is there."""
    found = list(existing)
    state = Reconciliation(now=now, records={}, known=frozenset(record.id for record in found))
    for record in found:
        state.take(record)
    for draft in drafts:
        state.items.append(_place(state, draft))
    return state


def _place(state: Reconciliation, draft: Draft) -> ReceiptItem:
    same = state.with_hash(draft.content_hash, draft.scope.agent_id)
    if same is not None:
        if draft.negated and draft.key is not None and not _is_late(draft, [same]):
            for stated in _stated(state.with_key(draft.key, draft.scope.agent_id), draft):
                _close(state, stated, replace(same, valid_from=_true_since(draft, state.now)))
        return _reinforce(state, draft, same, "the same content is known")
    if draft.key is None:
        return _add(state, draft, new_record(state, draft))
    replaced = state.told_before(draft)
    if replaced is not None:
        return _reinforce(state, draft, replaced, "the same content is known, and was superseded since")
    current = state.with_key(draft.key, draft.scope.agent_id)
    stated = _stated(current, draft)
    if draft.single and _is_late(draft, current):
        return _file_as_history(state, draft, current)
    if draft.negated:
        return _negate(state, draft, stated or (current if draft.value is None else []))
    if stated:
        return _reinforce(state, draft, stated[0], f"{draft.key} = {draft.value} is known")
    if draft.single and current:
        return _succeed(state, draft, current)
    return _add(state, draft, new_record(state, draft))


def _add(state: Reconciliation, draft: Draft, record: Memory, replaced: Memory | None = None) -> ReceiptItem:
    state.stored_as[draft.id] = record.id
    state.change(Change(type=EventType.MEMORY_ADDED, after=record, reason=draft.reason, vectors=draft.vectors))
    if replaced is None:
        return _item(draft, Outcome.ACCEPTED, draft.reason or "new", record.id)
    reason = f"{draft.key} changed from {replaced.value!r} to {draft.value!r}"
    if draft.negated:
        reason = f"{draft.key} = {replaced.value!r} has ended"
    return replace(_item(draft, Outcome.SUPERSEDED, reason, record.id), superseded_id=replaced.id)


def _reinforce(state: Reconciliation, draft: Draft, record: Memory, reason: str) -> ReceiptItem:
    state.stored_as[draft.id] = record.id
    evidence = _cited(state, draft)
    told_again = replace(
        record,
        reinforcements=record.reinforcements + 1,
        told_at=max(filter(None, (record.told_at, draft.told_at)), default=None),
        updated_at=state.now,
        provenance=replace(
            record.provenance,
            evidence=record.provenance.evidence + tuple(e for e in evidence if e not in record.provenance.evidence),
        ),
    )
    state.change(Change(type=EventType.MEMORY_REINFORCED, before=record, after=told_again, reason=reason))
    times = told_again.reinforcements + 1
    return _item(draft, Outcome.MERGED, f"{reason}; told {times} times now", record.id)


def _negate(state: Reconciliation, draft: Draft, ended: Sequence[Memory]) -> ReceiptItem:
    record = replace(new_record(state, draft), value=None)
    for old in ended:
        record = replace(record, supersedes=old.id)
        _close(state, old, record)
    return _add(state, draft, record, ended[0] if ended else None)


def _newest(current: Sequence[Memory]) -> Memory:
    return max(current, key=lambda record: (record.told_at is not None, record.told_at or record.written_at))


def _is_late(draft: Draft, current: Sequence[Memory]) -> bool:
    """Whether something told later than the draft holds for its key."""
    told_at = _newest(current).told_at if current else None
    return told_at is not None and draft.told_at is not None and draft.told_at < told_at


def _file_as_history(state: Reconciliation, draft: Draft, current: Sequence[Memory]) -> ReceiptItem:
    newest, record = _newest(current), new_record(state, draft)
    end = newest.valid_from or newest.told_at or state.now
    late = replace(
        record,
        status=Status.SUPERSEDED,
        value=None if draft.negated else record.value,
        valid_to=max(end, record.valid_from or end),
    )
    now = f"has been {newest.value!r} since then" if newest.value else "has ended since then"
    return _add(state, replace(draft, reason=f"told earlier; {draft.key} {now}"), late)


def _succeed(state: Reconciliation, draft: Draft, current: Sequence[Memory]) -> ReceiptItem:
    newest = _newest(current)
    record = new_record(state, draft)
    record = replace(record, supersedes=newest.id)
    for old in current:
        _close(state, old, record)
    return _add(state, draft, record, newest)


def _close(state: Reconciliation, old: Memory, successor: Memory) -> None:
    end = successor.valid_from or state.now
    if old.valid_from is not None and end < old.valid_from:
        end = old.valid_from
    closed = replace(old, status=Status.SUPERSEDED, valid_to=end, version=old.version + 1, updated_at=state.now)
    reason = f"superseded by {successor.id}: {successor.text[:80]!r}"
    state.change(Change(type=EventType.MEMORY_SUPERSEDED, before=old, after=closed, reason=reason))


def _stated(current: Sequence[Memory], draft: Draft) -> list[Memory]:
    """The records that hold the draft's own value."""
    return [record for record in current if record.value is not None and _same_value(record.value, draft.value)]


def _same_value(one: str, other: str | None) -> bool:
    return other is not None and normalised(one) == normalised(other)


def _cited(state: Reconciliation, draft: Draft) -> tuple[str, ...]:
    """The evidence of a draft, a draft that it was derived from replaced by the record that holds it."""
    if draft.derived_from is None:
        return draft.provenance.evidence
    return (str(state.stored_as.get(draft.derived_from, draft.derived_from)),)


def new_record(state: Reconciliation, draft: Draft) -> Memory:
    """The record that a draft becomes."""
    scope = draft.scope
    is_fact = draft.key is not None
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
        value=draft.value,
        occurred_at=draft.occurred_at,
        told_at=draft.told_at,
        written_at=state.now,
        updated_at=state.now,
        valid_from=_true_since(draft, state.now) if is_fact else None,
        confidence=draft.confidence,
        importance=draft.importance or 0.0,
        emotion=draft.emotion,
        content_hash=draft.content_hash,
        source_type=draft.source_type,
        provenance=replace(draft.provenance, evidence=_cited(state, draft)),
        entities=draft.entities,
        extra=dict(draft.extra),
    )


def _true_since(draft: Draft, now: datetime) -> datetime | None:
    """When the fact began to hold: no later than now, or a clock that is ahead would leave nothing true until then."""
    since = draft.occurred_at or draft.told_at
    return None if since is None else min(since, now)


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
