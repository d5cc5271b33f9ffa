"""Policies: Rego modules that decide on writes and reads; see ``docs/policies.md`` for their rules."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from recollect.domain.decision import Action, Decision
from recollect.domain.event import EventType
from recollect.domain.ids import parse_id
from recollect.domain.policy import Policy
from recollect.domain.policy_module import policy_module
from recollect.domain.scope import check_id, tenant_scope
from recollect.errors import Conflict
from recollect.memory import finding, rights
from recollect.memory.arguments import cause_of, check_flag, check_limit, member
from recollect.memory.core import Core
from recollect.memory.listing import the_one
from recollect.memory.recorded import recorded
from recollect.ports.policy_engine import RuleTest
from recollect.ports.store import ThingChange, Wanted
from recollect.writing.steps.admit import check_text


class PoliciesDesk:
    """The tenant's policies. They hold for every call from the moment they are saved."""

    AREA: str = "policies."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def add(self, name: str, module: str, *, active: bool = True, actor: str = "user") -> Policy:
        """Saves a policy, unless Rego finds a mistake in it.

        Raises:
            ValidationError: the module cannot be used; the message has Rego's own and the line.
            Conflict: there is a policy of that name.

        Example:
            >>> (await memory.policies.add("no_secrets", module)).version
            1
        """
        parts = await self.core.ready()
        await parts.gate.engine.check(policy_module(check_id("name", name), check_text("module", module)))
        now = parts.clock.now()
        policy = Policy(
            tenant_id=parts.tenant_id,
            name=name,
            module=module,
            active=check_flag("active", active),
            created_at=now,
            updated_at=now,
        )
        cause = cause_of({"actor": actor})
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            if await transaction.things(Policy, {"name": name}):
                raise Conflict(f"there is a policy {name!r} already; update it instead")
            await transaction.commit([ThingChange(type=EventType.POLICY_ADDED, after=policy)])
        parts.rights.forget(parts.tenant_id)
        return policy

    @recorded
    async def get(self, name: str) -> Policy:
        """Returns one policy.

        Raises:
            NotFound: there is none of that name.
        """
        parts = await self.core.ready()
        found = await parts.store.things(Policy, parts.tenant_id, {"name": check_id("name", name)})
        return the_one(found, f"policy {name!r}")

    @recorded
    async def list(self, *, limit: int = 50, cursor: str | None = None) -> Sequence[Policy]:
        """Lists the policies by name; ``cursor`` is the last name of the page before."""
        parts = await self.core.ready()
        check_limit("limit", limit)
        after = [check_id("cursor", cursor)] if cursor is not None else None
        return await parts.store.things(Policy, parts.tenant_id, {}, limit=limit, after=after)

    @recorded
    async def update(
        self, name: str, *, module: str | None = None, active: bool | None = None, actor: str = "user"
    ) -> Policy:
        """Changes a policy's module, or switches it on or off; its version grows and its history stays in the log.

        Raises:
            NotFound: there is none of that name. ValidationError: the module cannot be used.
        """
        parts = await self.core.ready()
        if module is not None:
            await parts.gate.engine.check(policy_module(check_id("name", name), check_text("module", module)))
        cause = cause_of({"actor": actor})
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            found = await transaction.things(Policy, {"name": check_id("name", name)})
            before = the_one(found, f"policy {name!r}")
            after = replace(
                before,
                module=before.module if module is None else module,
                active=before.active if active is None else check_flag("active", active),
                version=before.version + 1,
                updated_at=parts.clock.now(),
            )
            await transaction.commit([ThingChange(type=EventType.POLICY_UPDATED, before=before, after=after)])
        parts.rights.forget(parts.tenant_id)
        return after

    @recorded
    async def remove(self, name: str, *, actor: str = "user") -> None:
        """Takes a policy away.

        Raises:
            NotFound: there is none of that name.
        """
        parts = await self.core.ready()
        cause = cause_of({"actor": actor})
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            found = await transaction.things(Policy, {"name": check_id("name", name)})
            before = the_one(found, f"policy {name!r}")
            await transaction.commit([ThingChange(type=EventType.POLICY_REMOVED, before=before)])
        parts.rights.forget(parts.tenant_id)

    @recorded
    async def test(self, name: str, *, module: str | None = None, tests: str = "") -> Sequence[RuleTest]:
        """Runs a module's own tests: its rules whose names begin with ``test_``.

        Args:
            name: the policy.
            module: a module that is not saved yet, in place of the saved one.
            tests: another module with more tests.

        Raises:
            NotFound: there is no such policy. ValidationError: a module cannot be used.
        """
        parts = await self.core.ready()
        source = (await self.get(name)).module if module is None else check_text("module", module)
        return await parts.gate.engine.test(policy_module(check_id("name", name), source), tests)

    @recorded
    async def explain(self, memory_id: UUID | str, *, user_id: str, action: Action | str = Action.READ) -> Decision:
        """Says which rule of which policy decides when ``user_id`` reads or writes one of their memories.

        Raises:
            NotFound: the user has no such memory.

        Example:
            >>> print((await memory.policies.explain(receipt.id, user_id="ben")).explain())
        """
        parts = await self.core.ready()
        wanted, asked = parse_id("memory_id", memory_id), member("action", Action, action)
        record = await finding.one(parts, wanted, user_id, None, judged=False)
        policies = await parts.rights.active(parts.tenant_id)
        caller, now = await rights.caller_of(parts, user_id), parts.clock.now()
        if asked is Action.WRITE:
            return (await parts.gate.writing(policies, caller, "update", [(record, record)], now))[0]
        read = await parts.gate.reading(policies, caller, "get", now)
        return (await read.of([record]))[0]
