"""Session keeping: what was felt strongly outlives the session, as records of what happened.

Each such record and the note that it exists now are written in one transaction, so a process that dies on the way
leaves nothing doubled: who ends the session again finds what is a record already. What was erased or deleted since
working memory was read does not come back as a record: under the lock it is looked for again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from recollect.domain.emotion import working_ttl_s
from recollect.domain.hot import HotItem, HotKind, WorkingItem
from recollect.domain.ids import new_id
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import Memory, MemoryType, Sensitivity, SourceType, Status, Tier, Trust
from recollect.domain.scope import Scope
from recollect.domain.session import KEPT_ABOVE
from recollect.errors import NotAllowed
from recollect.memory import rights
from recollect.memory.hot_views import said_in
from recollect.memory.parts import Parts
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import Cause, Change, Wanted
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import admit
from recollect.writing.steps.embed import embed
from recollect.writing.steps.extract import extract
from recollect.writing.steps.reconcile import reconcile


@dataclass(frozen=True, slots=True)
class Strong:
    """Something in working memory that was felt strongly: the item, what it says, and the draft of its record."""

    item: HotItem
    said: WorkingItem
    draft: Draft


async def keep_strong(
    parts: Parts, scope: Scope, items: Sequence[HotItem], cause: Cause
) -> tuple[dict[str, ReceiptItem], tuple[str, ...]]:
    """Makes records of what was felt more strongly than 0.6 and lives in working memory alone.

    Args:
        parts: what to write with.
        scope: tenant and user.
        items: working memory.
        cause: who ends the session.

    Returns:
        By the item's name what became of what was felt strongly, oldest first, those that are records already among
        them; and what could not be done just now, and why.
    """
    said = [(item, said_in(item)) for item in items if item.kind is HotKind.WORKING]
    strong = [(item, one) for item, one in said if one.emotion > KEPT_ABOVE]
    receipts = await _known(parts, scope, strong)
    degraded: tuple[str, ...] = ()
    fresh = [Strong(item, one, _draft(scope, item, one)) for item, one in strong if item.memory_id is None]
    for agent_id in dict.fromkeys(one.said.agent_id for one in fresh):
        own = [one for one in fresh if one.said.agent_id == agent_id]
        kept, notes = await _store(parts, replace(scope, agent_id=agent_id), own, cause)
        receipts |= kept
        degraded += notes
    return {item.name: receipts[item.name] for item, _ in strong if item.name in receipts}, degraded


async def _known(parts: Parts, scope: Scope, strong: Sequence[tuple[HotItem, WorkingItem]]) -> dict[str, ReceiptItem]:
    """What is a record already, as far as policies let the user read it."""
    ids = [item.memory_id for item, _ in strong if item.memory_id is not None]
    if not ids:
        return {}
    may_read = await rights.reading(parts, scope.user_id, "sessions.end")
    found = [record for record in (await parts.store.fetch(scope, ids)).values() if record.status is not Status.DELETED]
    records = {record.id: record for record in await rights.readable(may_read, found)}
    return {
        item.name: _listed(records[item.memory_id], said)
        for item, said in strong
        if item.memory_id is not None and item.memory_id in records
    }


def _listed(record: Memory, said: WorkingItem) -> ReceiptItem:
    return ReceiptItem(
        outcome=Outcome.MERGED,
        reason=f"{_felt(said)}, and is a record already",
        memory_id=record.id,
        type=record.type,
        text=record.text,
        key=record.key,
        value=record.value,
        occurred_at=record.occurred_at,
        emotion=said.emotion,
        importance=record.importance,
        working_ttl_s=working_ttl_s(said.emotion),
    )


def _draft(scope: Scope, item: HotItem, said: WorkingItem) -> Draft:
    """The draft of an item's record: what happened, in the words it was told in, without facts of its own."""
    return Draft(
        id=_uuid(item.name),
        scope=Scope(
            tenant_id=scope.tenant_id,
            user_id=scope.user_id,
            agent_id=said.agent_id,
            project_id=said.project_id,
            conversation_id=said.conversation_id,
        ),
        text=said.text,
        speaker=said.speaker,
        role=said.role,
        told_at=item.at,
        reads_facts=False,
        source_type=SourceType.TOOL_OUTPUT if said.role == "tool" else SourceType.CONVERSATION,
        trust=Trust(said.trust),
        channel_id=said.channel_id,
        audience=tuple(said.audience),
        sensitivity=Sensitivity(said.sensitivity),
        type=MemoryType.EPISODIC_EVENT,
        tier=Tier.PERSONAL,
        importance=max(said.emotion, said.salience),
        emotion=said.emotion,
    )


def _uuid(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        return new_id()


async def _store(
    parts: Parts, scope: Scope, strong: Sequence[Strong], cause: Cause
) -> tuple[dict[str, ReceiptItem], tuple[str, ...]]:
    """Writes the records of one agent's items, and in the same transaction that these items have a record now."""
    read = [extract(admit(one.draft, parts.content_limit)) for one in strong]
    drafts, problem = await embed(
        [replace(draft, reason=_felt(one.said)) for draft, one in zip(read, strong, strict=True)], parts.embedder
    )
    check = await rights.guard(parts, scope.user_id, "sessions.end")
    wanted = Wanted(hashes=[draft.content_hash for draft in drafts])
    async with parts.store.writing(scope, wanted, cause) as transaction:
        now = parts.clock.now()
        there = {item.name: item for item in await transaction.hot_items() if item.kind is HotKind.WORKING}
        strong, drafts = _still(strong, drafts, there)
        outcome = reconcile(drafts, transaction.existing, now)
        allowed: list[Change] = []
        refused: dict[UUID, str] = {}
        for change in outcome.changes:
            try:
                await check([change])
                allowed.append(change)
            except NotAllowed as error:
                refused[change.after.id] = str(error)
        kept = [one for one in strong if outcome.stored_as[one.draft.id] not in refused]
        hot = [write for one in kept for write in _noted(one, outcome.stored_as[one.draft.id])]
        await transaction.commit(allowed, hot=hot)
    degraded = () if transaction.hot is None else await parts.hot.follow(scope, transaction.hot)
    items = zip(strong, outcome.items, strict=True)
    receipts = {one.item.name: _judged(item, refused.get(outcome.stored_as[one.draft.id])) for one, item in items}
    return receipts, (*((problem,) if problem else ()), *degraded)


def _still(
    strong: Sequence[Strong], drafts: Sequence[Draft], there: Mapping[str, HotItem]
) -> tuple[list[Strong], list[Draft]]:
    """What is still in working memory, says the same, and has got no record meanwhile."""
    both = [
        (one, draft)
        for one, draft in zip(strong, drafts, strict=True)
        if (now := there.get(one.item.name)) is not None
        and (now.memory_id, now.value.get("text")) == (None, one.said.text)
    ]
    return [one for one, _ in both], [draft for _, draft in both]


def _noted(one: Strong, memory_id: UUID) -> list[HotWrite]:
    """The item once it has a record: a reminder of that, under its id."""
    item = one.item
    value = {**item.value, "reason": ""}
    gone = HotWrite(kind=item.kind, name=item.name, value=None, at=item.at)
    note = replace(gone, name=str(memory_id), value=value, memory_id=memory_id, expires_at=item.expires_at)
    return [note] if note.name == item.name else [gone, note]


def _judged(item: ReceiptItem, refusal: str | None) -> ReceiptItem:
    if refusal is None:
        return item
    return replace(item, outcome=Outcome.REJECTED, reason=f"not kept: {refusal}", memory_id=None)


def _felt(said: WorkingItem) -> str:
    return f"felt at {said.emotion:.2f}, over {KEPT_ABOVE:.1f}, when the session ended"
