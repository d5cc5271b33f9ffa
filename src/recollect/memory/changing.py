"""Changing: a memory's next version, its revision with new evidence, its end, and its way out of quarantine."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from recollect.domain.entry import mark_of
from recollect.domain.event import EventType
from recollect.domain.ids import parse_id
from recollect.domain.mem0_form import EXPIRES, parse_day
from recollect.domain.project import Role
from recollect.domain.record import Memory, Sensitivity, Trust
from recollect.domain.scope import Scope, is_shared
from recollect.errors import Conflict, ValidationError, VersionConflict
from recollect.memory import finding
from recollect.memory.arguments import cause_of, check_limit, member
from recollect.memory.core import require_role
from recollect.memory.parts import Parts
from recollect.memory.revision import Revision, deleted, read_anew, revision
from recollect.memory.rights import guard
from recollect.memory.said import Said
from recollect.memory.ties import ties_of
from recollect.ports.store import Cause, Wanted, WriteTransaction
from recollect.writing.draft import Draft
from recollect.writing.reopen import words_behind
from recollect.writing.revise import reconsolidated, revised
from recollect.writing.steps.admit import check_extra, check_text
from recollect.writing.steps.embed import embed
from recollect.writing.steps.reconcile import reconcile
from recollect.writing.timeline import LIVING

UPDATABLE = ("metadata", "sensitivity")


async def update(
    parts: Parts, memory_id: UUID | str, user_id: str, text: str | None, given: Mapping[str, Any]
) -> Memory:
    """What ``update`` does; raises as the facade says."""
    _check_something(text, given)
    expected = given.get("expected_version")
    if expected is not None:
        check_limit("expected_version", expected, most=2**31 - 1)
    old = await changeable(parts, memory_id, user_id, given.get("project_id"))
    _check_no_entry(old)
    fields = _fields(old, given)
    told = {name: value for name, value in fields.items() if name == "sensitivity"}
    change = await revision(parts.writer, replace(old, **told), text, None)
    change = replace(change, fields={**change.fields, **fields})
    content_hash = change.of(old).content_hash
    check = await guard(parts, user_id, "update")
    async with parts.store.writing(stream_of(old), change.wanted(old), cause_of(given)) as transaction:
        before = existing_one(transaction, old.id, user_id)
        wanted = old.version if expected is None else expected
        if before.version != wanted:
            raise VersionConflict(wanted, before.version)
        twins = [r for r in transaction.existing if r.content_hash == content_hash and r.id != old.id]
        if any(twin.status in LIVING for twin in twins) and content_hash != before.content_hash:
            raise Conflict(f"another memory of user {user_id!r} has this text already")
        if change.facts is not None:
            await _want_words(transaction)
        written = change.changes(transaction.existing, before, parts.clock.now())
        await check(written)
        await transaction.commit(written)
    return written[0].after


async def delete(
    parts: Parts,
    memory_id: UUID | str,
    user_id: str,
    project_id: str | None = None,
    *,
    cause: Cause,
    reason: str = "deleted by the caller",
) -> None:
    """What ``delete`` does; raises as the facade says."""
    old = await changeable(parts, memory_id, user_id, project_id)
    _check_no_entry(old)
    wanted = Wanted(ids=[old.id], citing=[old.id], keys=[old.key] if old.key is not None else [])
    check = await guard(parts, user_id, "delete")
    async with parts.store.writing(stream_of(old), wanted, cause) as transaction:
        before = existing_one(transaction, old.id, user_id)
        await _want_words(transaction)
        changes = deleted(transaction.existing, before, parts.clock.now(), reason)
        await check([replace(change, after=change.before or change.after) for change in changes])
        gone = [change.after.id for change in changes if change.type is EventType.MEMORY_DELETED]
        await transaction.commit([*await ties_of(transaction, gone), *changes])


async def revise(
    parts: Parts, memory_id: UUID | str, evidence: str, user_id: str, *, text: str | None, actor: str
) -> Memory:
    """What ``revise`` does; raises as the facade says."""
    check_text("evidence", evidence)
    if text is not None:
        check_text("text", text)
    old = await changeable(parts, memory_id, user_id, None)
    _check_no_entry(old)
    await _check_labile(parts, old)
    new = (await read_anew(parts.writer, old, text))[0] if text is not None and text != old.text else None
    own = Scope(tenant_id=old.tenant_id, user_id=old.user_id, agent_id=old.agent_id)
    given = {"sensitivity": old.sensitivity}  # the memory cites it, and they are read together
    said = Said(own, given, parts.clock, parts.content_limit).drafts(evidence)
    learned, _ = await embed(parts.writer.read(said), parts.embedder)
    drafts = [learned[0], *([new] if new is not None else [])]
    keys = [old.key, *(draft.key for draft in [*learned, *drafts])]
    wanted = Wanted(
        ids=[old.id],
        hashes=[draft.content_hash for draft in learned],
        keys=[key for key in dict.fromkeys(keys) if key is not None],
    )
    check = await guard(parts, user_id, "revise")
    async with parts.store.writing(own, wanted, cause_of({"actor": actor})) as transaction:
        before = existing_one(transaction, old.id, user_id)
        now = parts.clock.now()
        stating = replace(_stating(learned, before), derived_from=None)
        # The words are kept as they were said; what they state goes into the memory.
        words = replace(learned[0], key=None, value=None, facts=())
        if revised(before, stating, now, new).after.content_hash == words.content_hash:
            holder, kept = before.id, reconcile([], transaction.existing, now)  # the memory takes these very words
        else:
            kept = reconcile([words], transaction.existing, now)
            holder = kept.stored_as[words.id]
        known = {record.id: record for record in transaction.existing} | kept.records
        merged = reconsolidated(known.values(), before, replace(stating, id=holder), now, new)
        await check([*kept.changes, *merged])
        await transaction.commit([*kept.changes, *merged])
    return merged[0].after


async def release(
    parts: Parts, memory_id: UUID | str, user_id: str, project_id: str | None, *, trust: Trust, cause: Cause
) -> Memory:
    """Takes a memory out of quarantine: from now on it is believed as far as ``trust`` says.

    Raises:
        Conflict: it is not quarantined, or the same content is known already: then drop it.
    """
    old = await changeable(parts, memory_id, user_id, project_id)
    if old.trust is not Trust.QUARANTINED:
        raise Conflict(f"memory {old.id} is not quarantined")
    words, facts = await read_anew(parts.writer, replace(old, trust=trust), old.text)
    facts = facts if trust is Trust.TRUSTED else ()
    words = words if trust is Trust.TRUSTED else replace(words, key=None, value=None)
    change = Revision({"trust": trust}, replace(words, type=old.type), facts)
    check = await guard(parts, user_id, "release")
    async with parts.store.writing(stream_of(old), change.wanted(old), cause) as transaction:
        before = existing_one(transaction, old.id, user_id)
        twins = [r for r in transaction.existing if r.content_hash == words.content_hash and r.id != old.id]
        if any(twin.status in LIVING for twin in twins):
            raise Conflict(f"the same content is known already, as {twins[0].id}; drop the quarantined one")
        reason = f"released from quarantine as {trust.value}"
        first, *rest = change.changes(transaction.existing, before, parts.clock.now(), reason)
        await check([first, *rest])
        await transaction.commit([replace(first, type=EventType.MEMORY_RELEASED), *rest])
    return first.after


async def changeable(parts: Parts, memory_id: UUID | str, user_id: str, project_id: str | None) -> Memory:
    """The memory, if the user may change it: an own one, or a project's by its author or an admin."""
    found = await finding.one(parts, parse_id("memory_id", memory_id), user_id, project_id, to_write=True)
    if is_shared(found.user_id) and found.project_id is not None:
        least = Role.MEMBER if found.author_id == user_id else Role.ADMIN
        await require_role(parts, found.project_id, user_id, least)
    return found


def stream_of(memory: Memory) -> Scope:
    """The stream that a memory belongs to."""
    return Scope(tenant_id=memory.tenant_id, user_id=memory.user_id, agent_id=memory.agent_id)


def existing_one(transaction: WriteTransaction, wanted: UUID, user_id: str) -> Memory:
    """The memory as it is under the lock.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    for record in transaction.existing:
        if record.id == wanted:
            return record
    raise finding.not_found(wanted, user_id)


async def _want_words(transaction: WriteTransaction) -> None:
    """Reads the words that superseded facts rest on, which come back when the facts hold again."""
    ids = words_behind(transaction.existing)
    if ids:
        await transaction.want(Wanted(ids=ids))


def _check_something(text: str | None, given: Mapping[str, Any]) -> None:
    """Refuses an update that says nothing, and a text or metadata that cannot be stored."""
    if text is None and "expiration_date" not in given and all(given.get(name) is None for name in UPDATABLE):
        raise ValidationError("text", "give a new text, metadata or sensitivity; there is nothing to update")
    if text is not None:
        check_text("text", text)
    if given.get("metadata") is not None:
        check_extra("metadata", given["metadata"])


def _check_no_entry(memory: Memory) -> None:
    """Refuses to change a part of an entry on its own: what is kept under a name must come back as it was kept."""
    mark = mark_of(memory)
    if mark is not None:
        where = "/".join(("", *mark["path"], mark["name"]))
        raise Conflict(f"memory {memory.id} is part of the entry {where!r}; change it where it was written")


def _fields(old: Memory, given: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of fields beside the text."""
    fields: dict[str, Any] = {}
    if given.get("metadata") is not None:
        fields["extra"] = dict(given["metadata"])
    if "expiration_date" in given:
        day = given["expiration_date"]
        until = None if day is None else parse_day("expiration_date", day)
        fields["extra"] = {**fields.get("extra", old.extra), EXPIRES: until}
    if given.get("sensitivity") is not None:
        fields["sensitivity"] = member("sensitivity", Sensitivity, given["sensitivity"])
    return fields


async def _check_labile(parts: Parts, memory: Memory) -> None:
    recalled_at = await parts.access.recalled_at(stream_of(memory), memory.id)
    if recalled_at is None or parts.clock.now() - recalled_at > parts.labile_for:
        minutes = parts.labile_for.total_seconds() / 60
        raise Conflict(
            f"memory {memory.id} was not recalled within the last {minutes:.0f} minutes and is not open to revision; "
            "search for it first, or update it"
        )


def _stating(learned: Sequence[Draft], memory: Memory) -> Draft:
    """Which of the drafts read from the evidence speaks of what the memory states; otherwise the evidence itself."""
    return next((draft for draft in learned if draft.key is not None and draft.key == memory.key), learned[0])
