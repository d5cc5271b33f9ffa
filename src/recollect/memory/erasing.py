"""Erasing: a user, or one memory, for good; what stays is the log's unreadable lines and a certificate."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from recollect.domain.certificate import Certificate
from recollect.domain.ids import parse_id
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotFound
from recollect.memory import changing, finding, light
from recollect.memory.arguments import scope_of
from recollect.memory.parts import Parts
from recollect.memory.revision import deleted
from recollect.ports.store import Change, Wanted


async def erase_user(parts: Parts, user_id: str, *, actor: str = "user") -> Certificate:
    """Destroys a user's key and every row of the user, memberships and what was shared in projects included.

    The log keeps its lines, which nobody can read any more; the user may start anew.

    Raises:
        NotFound: nothing of the user was ever stored.
    """
    scope = scope_of(parts.tenant_id, user_id, {})
    check_id("actor", actor)
    after = await light.said_after(parts, scope, None)
    certificate = await parts.log.erase_user(scope, actor)
    parts.keys.forget(parts.tenant_id)
    await parts.access.forget(scope)  # also what still waits to be stored
    await parts.hot.forget(scope)
    _drop_caches(parts, certificate)
    await light.in_new_light(parts, after)
    return certificate


async def erase_memory(
    parts: Parts, user_id: str, memory_id: UUID | str, *, project_id: str | None = None, actor: str = "user"
) -> Certificate:
    """Destroys a memory, the facts that rest on it alone, their vectors and keys, and copies that the user shared.

    All in one transaction, with what that does to the intervals of other facts.

    Raises:
        NotFound: there is no such memory. NotAllowed: it is another member's.
    """
    wanted = parse_id("memory_id", memory_id)
    check_id("actor", actor)
    scope = await _stream_if_deleted(parts, wanted, user_id, project_id)
    if scope is None:
        scope = changing.stream_of(await changing.changeable(parts, wanted, user_id, project_id))
    after = await light.said_after(parts, scope, wanted)
    certificate = await parts.log.erase_memory(scope, wanted, actor, _settled)
    for gone in certificate.memory_ids:
        await parts.access.forget(scope, gone)
    await parts.hot.forget(scope)  # whole: what is left is read anew
    _drop_caches(parts, certificate)
    await light.in_new_light(parts, after)
    return certificate


async def unless_erased(parts: Parts, original: Memory, copy: Memory, actor: str) -> None:
    """Erases a copy whose original was erased while it was made: the erasure did not know of the copy yet.

    The user's lock is taken after the copy is there, so an erasure that is under way ends before this looks, and one
    that comes later finds the copy by itself.

    Raises:
        NotFound: the original was erased.
    """
    async with parts.store.writing(changing.stream_of(original), Wanted(ids=[original.id], deleted_too=True)) as held:
        if any(record.id == original.id for record in held.existing):
            return
    with suppress(NotFound):  # the erasure has seen the copy after all
        _drop_caches(parts, await parts.log.erase_memory(changing.stream_of(copy), copy.id, actor, _settled))
    raise finding.not_found(original.id, original.user_id)


def _settled(existing: Sequence[Memory], record: Memory, now: datetime) -> Sequence[Change]:
    """What the end of a memory does to others; its own change is left out, for there will be nothing left of it."""
    return [change for change in deleted(existing, record, now) if change.after.id != record.id]


async def _stream_if_deleted(parts: Parts, wanted: UUID, user_id: str, project_id: str | None) -> Scope | None:
    """The stream of a memory that is deleted already; None if it is not."""
    for scope in await finding.scopes_of(parts, user_id, {"project_id": project_id}, to_write=True):
        record = (await parts.store.fetch(scope, [wanted])).get(wanted)
        if record is not None and record.status is Status.DELETED:
            if record.author_id not in (None, user_id):
                raise NotFound(f"user {user_id!r} has no memory {wanted}")
            return scope
    return None


def _drop_caches(parts: Parts, certificate: Certificate) -> None:
    """What this process remembers of the streams; the resident indexes of others begin anew by themselves."""
    parts.rights.forget(certificate.tenant_id)  # memberships may be gone
    for end in certificate.logs:
        owner = (certificate.tenant_id, end.stream)
        parts.writer.forget(owner)
        parts.recaller.indexes.forget(owner)
