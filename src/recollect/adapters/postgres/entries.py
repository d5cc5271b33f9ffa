"""Entries by name, picked by the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from psycopg.types.json import Jsonb

from recollect.adapters.postgres.codec import memory_from_row
from recollect.adapters.postgres.knowledge import PostgresKnowledge
from recollect.domain.entry import MARK, Address, below
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.ports.entries import Held, Named, Under


class PostgresEntries(PostgresKnowledge):
    """See ``recollect.ports.entries.Entries``; the store is one."""

    async def entry_parts(
        self, tenant_id: str, asked: Sequence[Named | Under], now: datetime
    ) -> tuple[int, list[list[Memory]]]:
        """The parts of each that is asked for, and where the first user's log stood before; one round trip."""
        if not asked:
            return 0, []
        heads, *found = await self.sessions.read(
            tenant_id, ("heads", {"users": [asked[0].scope.user_id]}), *(_query(one, now) for one in asked)
        )
        return heads[0][1] if heads else 0, [[memory_from_row(row) for row in rows] for rows in found]

    async def entry_values(self, tenant_id: str, asked: Sequence[Under], now: datetime) -> list[list[Held]]:
        """The places and values of all parts below each path; one round trip."""
        queries = [_query(replace(one, whole=True), now)[1] | {"marked": MARK} for one in asked]
        found = await self.sessions.read(tenant_id, *(("entry_values", query) for query in queries)) if asked else []
        return [
            [_held(one.space, row) for row in rows if _is_place(row[1], row[2])]
            for one, rows in zip(asked, found, strict=True)
        ]

    async def entry_ids(self, scope: Scope, space: str, path: tuple[str, ...], now: datetime) -> list[UUID]:
        """The ids of all parts below a path."""
        return [row[0] for row in await self._marked("entry_ids", scope, {"space": space, "under": [below(path)]}, now)]

    async def entry_paths(self, scope: Scope, space: str, now: datetime) -> list[tuple[str, ...]]:
        """The paths at which the user keeps entries, each once."""
        mark = Jsonb({MARK: {"space": space, "part": 0}})
        asked = {**_owner(scope), "mark": mark, "path": [MARK, "path"], "now": now}
        (rows,) = await self.sessions.read(scope.tenant_id, ("entry_paths", asked))
        return [tuple(path) for (path,) in rows if _is_place(path, "")]

    async def entry_ids_ever(self, scope: Scope, address: Address) -> list[UUID]:
        """The ids of all memories that are a part of the entry at this address, or were when they were deleted."""
        mark = Jsonb({MARK: {"space": address.space, "name": address.name}})
        place = {"at": [MARK, "path"], "path": Jsonb(list(address.path))}
        (rows,) = await self.sessions.read(
            scope.tenant_id, ("entry_ids_ever", {**_owner(scope), "mark": mark, **place})
        )
        return [row[0] for row in rows]

    async def users_with_expired_entries(self, tenant_id: str, space: str, now: datetime) -> list[tuple[str, str]]:
        """Users and agents who have entries that have expired."""
        asked = {"mark": Jsonb({MARK: {"space": space}}), "now": now}
        (rows,) = await self.sessions.read(tenant_id, ("users_with_expired_entries", asked))
        return [(user_id, agent_id) for user_id, agent_id in rows]

    async def expired_entry_parts(self, scope: Scope, space: str, now: datetime, limit: int) -> list[Memory]:
        """Parts of the user's entries that have expired."""
        rows = await self._marked("expired_entries", scope, {"space": space}, now, limit)
        return [memory_from_row(row) for row in rows]

    async def _marked(
        self, name: str, scope: Scope, mark: dict[str, Any], now: datetime, limit: int | None = None
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement over memories whose mark holds this."""
        asked = {**_owner(scope), "mark": Jsonb({MARK: mark}), "now": now, "limit": limit}
        (rows,) = await self.sessions.read(scope.tenant_id, (name, asked))
        return rows


def _query(asked: Named | Under, now: datetime) -> tuple[str, dict[str, Any]]:
    owner = {**_owner(asked.scope), "now": now}
    if isinstance(asked, Named):
        return "entries_named", {**owner, "hashes": list(asked.hashes)}
    mark = {"space": asked.space, "under": [below(asked.path)], **({} if asked.whole else {"part": 0})}
    page = {"limit": asked.limit, "offset": asked.offset}
    return "entries_under", {**owner, **page, "mark": Jsonb({MARK: mark})}


def _owner(scope: Scope) -> dict[str, Any]:
    return {"user_id": scope.user_id, "agent_id": scope.agent_id}


def _held(space: str, row: tuple[Any, ...]) -> Held:
    memory_id, path, name, part, value = row
    return Held(id=memory_id, address=Address(space, tuple(path), name), part=part, value=value)


def _is_place(path: object, name: object) -> bool:
    """Whether these could be a path and a name: a caller may have written anything into its metadata."""
    names = cast("list[object]", path) if isinstance(path, list) else [None]
    return all(isinstance(one, str) for one in (*names, name))
