"""Identity writing: a field set or ended by hand is one more telling of its key, so that what is told later wins.

"I moved to Lyon", said tomorrow, takes the place of a location that was set today, and the other way round. A value
that is known already is told once more; that it was set by hand makes it part of the identity that is always loaded.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import anyio

from recollect.domain.condition_parser import parse_condition
from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.receipt import Cost, Outcome, Receipt, ReceiptItem
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource, Status, Tier, Trust
from recollect.domain.scope import Scope
from recollect.errors import Conflict, ValidationError
from recollect.memory import rights
from recollect.memory.identity_fields import PREFIX, SEVERAL, is_field, marked, sentence, typed, written
from recollect.memory.parts import Parts
from recollect.memory.session_changes import followed
from recollect.ports.store import Cause, Change, Wanted
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit
from recollect.writing.steps.embed import embed
from recollect.writing.steps.extract import extract
from recollect.writing.steps.reconcile import Reconciliation, reconcile
from recollect.writing.steps.score import score
from recollect.writing.timeline import LIVING, is_single, name_of, named

BY_USER = frozenset({ProvenanceSource.USER_EXPLICIT, ProvenanceSource.USER_CONFIRMED})
IMPORTANCE = 0.8
"""Of what was set by hand; facts of identity are loaded in order of it."""
ATTEMPTS = 40
"""How often a value is worked out anew because another was written meanwhile."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""What was told within so much of the time to come was told by a machine whose clock is ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told of a field.

    Attributes:
        key: the field's. confidence: 0..1. source: who vouches for it. cause: who writes it.
        method: under which name policies judge it.
    """

    key: str
    confidence: float
    source: ProvenanceSource
    cause: Cause
    method: str

    @property
    def name(self) -> str:
        """The field's name."""
        return self.key.removeprefix(PREFIX)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a value, and the draft that says it.

    Attributes:
        value: the value that is told. ended: the record whose value is said to have ended instead, or None.
    """

    value: Any
    ended: UUID | None
    draft: Draft


@dataclass(frozen=True, slots=True)
class Ended:
    """In place of a new value: the records whose values hold no longer."""

    ids: frozenset[UUID]


Wish = Callable[[Sequence[Memory]], Any]
"""The new value, or ``Ended``, given the records of the values that hold."""


async def tell(parts: Parts, scope: Scope, telling: Telling, wish: Wish) -> Receipt:
    """Tells a field's new value; what it was before stays in its history.

    Raises:
        Conflict: another value was told at a later time than now, or others go on changing the field.
        NotAllowed: a policy forbids it.
    """
    check = await rights.guard(parts, scope.user_id, telling.method)
    started, trips, wording = time.perf_counter(), parts.count_round_trips(), 0
    for attempt in range(ATTEMPTS):
        await anyio.sleep(random.uniform(0.0, 0.005 * attempt))  # noqa: S311 - who waits how long is no secret
        drafted = _Drafts(scope, telling, wording)
        said = _said(drafted, await records_of(parts, scope, telling.key), wish)
        drafts, problem = await embed(_read(parts, telling, said), parts.embedder)
        wanted = Wanted(keys=[telling.key], hashes=[draft.content_hash for draft in drafts])
        async with parts.store.writing(scope, wanted, telling.cause) as transaction:
            known = [one for one in transaction.existing if one.key == telling.key]
            if _meaning(said) != _meaning(_said(drafted, known, wish)):
                continue  # another was written meanwhile, and other values are to be told or ended now
            if _worded_alike(drafts, transaction.existing):
                wording += 1
                continue
            now = parts.clock.now()
            told_at = _after(known, now)
            said = [
                replace(one, draft=replace(draft, told_at=told_at)) for one, draft in zip(said, drafts, strict=True)
            ]
            outcome = reconcile([one.draft for one in said], transaction.existing, now)
            _check_latest(said, outcome, telling)
            changes = _by_hand(said, outcome, telling)
            await check(changes)
            events = await transaction.commit(changes)
        notes = await followed(parts, scope, transaction)
        return Receipt(
            items=tuple(_discreet(item, telling) for item in outcome.items),
            event_ids=tuple(event.id for event in events),
            cost=Cost(ms=(time.perf_counter() - started) * 1000, round_trips=trips[0]),
            degraded=(*((problem,) if problem else ()), *notes),
        )
    raise Conflict(f"others change {telling.name} of user {scope.user_id!r} at the same time; try again")


async def records_of(parts: Parts, scope: Scope, key: str) -> list[Memory]:
    """Every record of a key that was not deleted: what holds, what was superseded, what was said to have ended."""
    ids = await parts.store.ids_where(scope, parse_condition({"key": {"eq": key}}, "field"))
    found = (await parts.store.fetch(scope, ids)).values() if ids else ()
    return [one for one in found if one.agent_id == scope.agent_id and one.status is not Status.DELETED]


def _living(records: Sequence[Memory]) -> list[Memory]:
    """The records of the values that hold, oldest first."""
    found = [one for one in _believed(records) if one.status in LIVING and one.value is not None]
    return sorted(found, key=lambda one: one.id)


def _believed(records: Sequence[Memory]) -> list[Memory]:
    return [one for one in records if one.trust is not Trust.QUARANTINED]


def _after(records: Sequence[Memory], now: datetime) -> datetime:
    """When it is told: now, or just after what a machine told whose clock is a little ahead."""
    latest = max((one.told_at for one in _believed(records) if one.told_at is not None), default=now)
    return latest + timedelta(microseconds=1) if now <= latest <= now + CLOCKS_DIFFER else now


def _meaning(said: Sequence[Said]) -> list[tuple[object, ...]]:
    """What is told and ended, however it is worded."""
    return [(one.ended, one.draft.value, one.draft.extra, one.draft.single, one.draft.negated) for one in said]


def _said(drafts: "_Drafts", seen: Sequence[Memory], wish: Wish) -> list[Said]:
    """What is to be told so that the value that is wished for is all that holds.

    Raises:
        ValidationError: a field of which a person has several values is given one that is no plain value.
    """
    living, name = _living(seen), drafts.telling_of.name
    value = wish(living)
    single = is_single(_believed(seen))
    if isinstance(value, Ended):
        return [Said(None, one.id, drafts.ending(one, single=single)) for one in living if one.id in value.ids]
    given: list[Any] = cast(list[Any], value) if isinstance(value, list) else [value]
    plain = all(map(_is_scalar, given))
    if name in SEVERAL and not plain:
        raise ValidationError("value", f"must be one plain value or a list of them: {name} may have several")
    many = plain and (name in SEVERAL or (bool(living) and not single))
    values: list[Any] = given if many else [value]
    by_name = {named(written(one)): one for one in values}
    told = [Said(one, None, drafts.telling(one, single=not many)) for one in by_name.values()]
    ended = [one for one in living if name_of(one) not in by_name] if many else []
    return [*(Said(None, one.id, drafts.ending(one, single=False)) for one in ended), *told]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool) or value is None


@dataclass(frozen=True, slots=True)
class _Drafts:
    """Makes the drafts of one call."""

    scope: Scope
    telling_of: Telling
    wording: int

    def telling(self, value: Any, *, single: bool) -> Draft:
        """The draft that tells a value."""
        words = (sentence(self.telling_of.name, value), f"{self.telling_of.name}: {written(value)}")
        return replace(self._draft(words, written(value), marked({}, value)), single=single)

    def ending(self, record: Memory, *, single: bool) -> Draft:
        """The draft that says that a record's value has ended."""
        value = typed(record.value, record.extra)
        words = (sentence(self.telling_of.name, value), f"{self.telling_of.name}: {record.value}")
        said = tuple(text.replace(": ", ": no longer ", 1) for text in words)
        return replace(self._draft(said, record.value or "", marked({}, value)), single=single, negated=True)

    def _draft(self, words: tuple[str, ...], value: str, extra: dict[str, Any]) -> Draft:
        made = new_id()
        text = words[self.wording] if self.wording < len(words) else f"{words[0]} ({made})"
        return Draft(
            id=made,
            scope=self.scope,
            text=text,
            reads_facts=False,
            type=MemoryType.IDENTITY,
            tier=Tier.PERSONAL,
            importance=IMPORTANCE,
            key=self.telling_of.key,
            value=value,
            extra=extra,
            provenance=Provenance(source=self.telling_of.source),
        )


def _read(parts: Parts, telling: Telling, said: Sequence[Said]) -> list[Draft]:
    """The drafts with entities and feeling; when a value began to hold is when it was told, whatever dates it names."""
    read = [extract(admit(one.draft, parts.content_limit)) for one in said]
    fixed = [
        replace(draft, confidence=telling.confidence, occurred_at=None, reason=f"{telling.name} is set by hand")
        for draft in read
    ]
    return score(fixed, parts.writer.scorer)


def _worded_alike(drafts: Sequence[Draft], existing: Sequence[Memory]) -> bool:
    """Whether some other memory has the words of a draft: it would be taken for that one."""
    by_hash = {record.content_hash: record for record in existing if record.status in LIVING}
    return any(
        (found.key, name_of(found), found.value is None) != (draft.key, named(draft.value), draft.negated)
        for draft in drafts
        if (found := by_hash.get(draft.content_hash)) is not None
    )


def _check_latest(said: Sequence[Said], outcome: Reconciliation, telling: Telling) -> None:
    """Refuses what would change nothing because something else was told at a later time: clocks differ, or imports.

    Raises:
        Conflict: naming the field.
    """
    for one in said:
        told = outcome.records[outcome.stored_as[one.draft.id]].status in LIVING
        stays = one.ended is not None and outcome.records[one.ended].status in LIVING
        if stays or not told:
            raise Conflict(f"{telling.name} was told with a time that is still to come; correct or delete that memory")


def _by_hand(said: Sequence[Said], outcome: Reconciliation, telling: Telling) -> list[Change]:
    """The changes; what was known already is confirmed: it becomes part of the identity, exactly as it was set."""
    told = {outcome.stored_as[one.draft.id]: one for one in said if one.ended is None}
    changes: list[Change] = []
    for change in outcome.changes:
        one = told.get(change.after.id)
        again = one is not None and change.type is EventType.MEMORY_REINFORCED
        changes.append(_confirmed(change, one, telling) if one is not None and again else change)
    return changes


def _confirmed(change: Change, one: Said, telling: Telling) -> Change:
    known = change.after
    by_user = telling.source in BY_USER
    source = ProvenanceSource.USER_CONFIRMED if by_user else known.provenance.source
    source = known.provenance.source if known.provenance.source in BY_USER else source
    after = replace(
        known,
        type=known.type if is_field(known) else MemoryType.IDENTITY,
        tier=Tier.PERSONAL,
        status=Status.ACTIVE,
        value=one.draft.value,
        extra=marked(known.extra, one.value),
        confidence=telling.confidence if by_user else max(known.confidence, telling.confidence),
        importance=max(known.importance, IMPORTANCE),
        provenance=replace(known.provenance, source=source),
    )
    reworded = known.content_hash == one.draft.content_hash and known.text != one.draft.text
    if reworded:
        after = replace(after, text=one.draft.text, entities=one.draft.entities)
    if after == known:
        return change
    return replace(
        change,
        type=EventType.MEMORY_UPDATED,
        after=replace(after, version=known.version + 1),
        vectors=one.draft.vectors if reworded else change.vectors,
        reason="set by hand",
    )


def _discreet(item: ReceiptItem, telling: Telling) -> ReceiptItem:
    """The item without the value before it in its reason, which policies may hide from who sets the new one."""
    if item.outcome is not Outcome.SUPERSEDED:
        return item
    what = "the value before it has ended" if item.value is None else "it takes the place of the value before it"
    return replace(item, reason=f"{telling.name} is set by hand; {what}")
