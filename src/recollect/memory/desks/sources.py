"""Sources: the tenant's allowlist of where texts may come from, and what the quarantined ones have said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from recollect.domain.event import EventType
from recollect.domain.record import Trust
from recollect.domain.scope import check_id, tenant_scope
from recollect.domain.source import Source, SourceKind
from recollect.errors import Conflict
from recollect.memory.arguments import cause_of, check_flag, check_limit, member
from recollect.memory.core import Core
from recollect.memory.listing import the_one
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted
from recollect.writing.steps.admit import check_extra, check_text


class SourcesDesk:
    """The allowlist. Each source has a trust: trusted, known, quarantined or refused; see ``Trust``."""

    AREA: str = "sources."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def add(
        self,
        name: str,
        *,
        trust: Trust | str = Trust.KNOWN,
        kind: SourceKind | str = SourceKind.MANUAL,
        uri: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Source:
        """Puts a source on the allowlist.

        Raises:
            Conflict: there is one of that name.

        Example:
            >>> (await memory.sources.add("crm", trust="trusted", kind="api")).trust.value
            'trusted'
        """
        parts = await self.core.ready()
        now = parts.clock.now()
        check_extra("metadata", metadata or {})
        source = Source(
            tenant_id=parts.tenant_id,
            name=check_id("name", name),
            kind=member("kind", SourceKind, kind),
            uri=check_text("uri", uri) if uri is not None else None,
            trust=member("trust", Trust, trust),
            extra=dict(metadata or {}),
            created_at=now,
            updated_at=now,
        )
        async with parts.store.writing(
            tenant_scope(parts.tenant_id), Wanted(), cause_of({"actor": actor})
        ) as transaction:
            if await transaction.things(Source, {"name": source.name}):
                raise Conflict(f"there is a source {source.name!r} already; update it instead")
            await transaction.commit([ThingChange(type=EventType.SOURCE_ADDED, after=source)])
        return source

    @recorded
    async def get(self, name: str) -> Source:
        """Returns one source.

        Raises:
            NotFound: there is none of that name.
        """
        parts = await self.core.ready()
        found = await parts.store.things(Source, parts.tenant_id, {"name": check_id("name", name)})
        return the_one(found, f"source {name!r}")

    @recorded
    async def list(self, *, limit: int = 50, cursor: str | None = None) -> list[Source]:
        """Lists the allowlist by name; ``cursor`` is the last name of the page before."""
        parts = await self.core.ready()
        check_limit("limit", limit)
        after = [check_id("cursor", cursor)] if cursor is not None else None
        return await parts.store.things(Source, parts.tenant_id, {}, limit=limit, after=after)

    @recorded
    async def update(
        self,
        name: str,
        *,
        trust: Trust | str | None = None,
        active: bool | None = None,
        uri: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Source:
        """Changes a source; what it said before stays as it was believed then.

        Raises:
            NotFound: there is none of that name.
        """
        parts = await self.core.ready()
        changes: dict[str, Any] = {"updated_at": parts.clock.now()}
        if trust is not None:
            changes["trust"] = member("trust", Trust, trust)
        if active is not None:
            changes["active"] = check_flag("active", active)
        if uri is not None:
            changes["uri"] = check_text("uri", uri)
        if metadata is not None:
            check_extra("metadata", metadata)
            changes["extra"] = dict(metadata)
        async with parts.store.writing(
            tenant_scope(parts.tenant_id), Wanted(), cause_of({"actor": actor})
        ) as transaction:
            found = await transaction.things(Source, {"name": check_id("name", name)})
            before = the_one(found, f"source {name!r}")
            after = replace(before, **changes)
            await transaction.commit([ThingChange(type=EventType.SOURCE_UPDATED, before=before, after=after)])
        return after

    @recorded
    async def remove(self, name: str, *, actor: str = "user") -> None:
        """Takes a source off the allowlist; what it says from now on is unknown.

        Raises:
            NotFound: there is none of that name.
        """
        parts = await self.core.ready()
        async with parts.store.writing(
            tenant_scope(parts.tenant_id), Wanted(), cause_of({"actor": actor})
        ) as transaction:
            found = await transaction.things(Source, {"name": check_id("name", name)})
            before = the_one(found, f"source {name!r}")
            await transaction.commit([ThingChange(type=EventType.SOURCE_REMOVED, before=before)])
