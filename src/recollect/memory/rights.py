"""Rights: what the tenant's policies say about a call, asked once a call and not at all while there are none."""

from collections.abc import Awaitable, Callable, Sequence

from recollect.domain.decision import Caller
from recollect.domain.record import Memory
from recollect.domain.search import SearchFilter
from recollect.errors import NotAllowed
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.ports.store import Change

Guard = Callable[[Sequence[Change]], Awaitable[None]]
"""Refuses changes that policies forbid, before they are written."""


async def reading(parts: Parts, user_id: str, method: str) -> Reading | None:
    """What may be read by this user, or None while the tenant has no policies.

    Raises:
        NotAllowed: a policy forbids the call as a whole; the message names it.
    """
    policies = await parts.rights.active(parts.tenant_id)
    if not policies:
        return None
    found = await parts.gate.reading(policies, await caller_of(parts, user_id), method, parts.clock.now())
    if not found.decision.allowed:
        raise NotAllowed(found.decision.reason)
    return found


def confined(chosen: SearchFilter, rights: Reading | None) -> SearchFilter:
    """The filter with what policies demand of whatever is read."""
    return chosen if rights is None else chosen.and_also(*rights.decision.conditions)


async def readable(rights: Reading | None, memories: Sequence[Memory]) -> list[Memory]:
    """The memories among these that policies let the user read."""
    if rights is None or not memories:
        return list(memories)
    decisions = await rights.of(memories)
    return [memory for memory, decision in zip(memories, decisions, strict=True) if decision.allowed]


async def guard(parts: Parts, user_id: str, method: str) -> Guard:
    """A check to be made on changes just before they are committed.

    What it needs from the database is read here, before the user's lock is taken: who waits for a second connection
    while holding the lock stands in the way of those who have one.
    """
    policies = await parts.rights.active(parts.tenant_id)
    caller = await caller_of(parts, user_id) if policies else None

    async def check(changes: Sequence[Change]) -> None:
        if caller is None or not changes:
            return
        pairs = [(change.before, change.after) for change in changes]
        for decision in await parts.gate.writing(policies, caller, method, pairs, parts.clock.now()):
            if not decision.allowed:
                raise NotAllowed(decision.reason)

    return check


async def caller_of(parts: Parts, user_id: str) -> Caller:
    """Who asks, with the roles that memberships give."""
    memberships = await parts.rights.memberships(parts.tenant_id, user_id)
    roles = {membership.project_id: membership.role.value for membership in memberships}
    return Caller(user_id=user_id, projects=roles)
