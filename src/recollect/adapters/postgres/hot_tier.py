"""The hot tier in Postgres: everything a turn loads, in one round trip; the truth that other adapters project."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from recollect.adapters.postgres.codec import memory_from_row
from recollect.adapters.postgres.hot_rows import put, removals, trims
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, Sessions, name_tenant, note_round_trip
from recollect.adapters.postgres.things import SHAPES
from recollect.domain.goal import Goal
from recollect.domain.hot import MOST_ALWAYS, MOST_GOALS, HotItem, HotKind, HotLimits, HotState
from recollect.domain.kinds.identity import IDENTITY_KEYS
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.domain.user_profile import UserProfile
from recollect.ports.hot_tier import HotChange, HotWrite, Swept, Written

LOADED = ("plan_hot_once", "hot_state", "hot_always")
"""What one load asks, the version first, after how it is to be planned."""


class PostgresHotTier:
    """See ``recollect.ports.hot_tier.HotTier``.

    Args:
        sessions: open connections of the application role. limits: how much there may be of each kind.
    """

    def __init__(self, sessions: Sessions, limits: HotLimits) -> None:
        self._sessions = sessions
        self._limits = limits

    async def load(
        self, scope: Scope, now: datetime, *, unless: int | None = None, whole: bool = False
    ) -> HotState | None:
        """The user's hot state at ``now``, or None if it is still at version ``unless``."""
        asked = {
            "user_id": scope.user_id,
            "now": now,
            "unless": unless,
            "keys": list(IDENTITY_KEYS),
            "most_always": MOST_ALWAYS,
            "most_goals": MOST_GOALS,
            "most_recent": self._limits.recent,
        }
        _, (found,), always = await self._sessions.read(scope.tenant_id, *((name, asked) for name in LOADED))
        version, used_at, session, goals, recent, items, profile = found
        if unless is not None and version == unless:
            return None
        state = HotState(
            version=version or 0,
            always=tuple(memory_from_row(row) for row in always),
            profile=None if profile is None else cast(UserProfile, SHAPES[UserProfile.KIND].from_json(profile)),
            session=None if session is None else cast(Session, SHAPES[Session.KIND].from_json(session)),
            used_at=used_at,
            goals=tuple(cast(Goal, SHAPES[Goal.KIND].from_json(goal)) for goal in goals or ()),
            recent=tuple(recent or ()),
            items=tuple(map(_item, items or ())),
        )
        return state if whole else state.at(now)

    async def write(self, scope: Scope, writes: Sequence[HotWrite], now: datetime) -> Written:
        """Changes what fades in one round trip."""
        if not writes:
            return Written()
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        async with self._sessions.connection() as connection:
            async with connection.pipeline(), connection.cursor() as cursor:
                await self._begin(connection, scope.tenant_id)
                bumped = await connection.execute(QUERIES["bump_hot"], owner)
                for statement, rows in put(scope, writes):
                    await cursor.executemany(statement, rows)
                trimmed = [await connection.execute(*trim) for trim in trims(scope, writes, now, self._limits)]
                await connection.execute("COMMIT")
            note_round_trip()
            (version,) = cast(tuple[int], await bumped.fetchone())
            gone = [(row[0], row[1]) for several in trimmed for row in await several.fetchall()]
        return Written(change=HotChange(version=version, writes=(*writes, *removals(gone))))

    async def clear(self, scope: Scope, kinds: Collection[HotKind]) -> int:
        """Removes every item of these kinds; returns how many were there."""
        asked = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "kinds": [kind.value for kind in kinds]}
        cleared, scratched, _ = await self._run(scope.tenant_id, asked, *CLEARING)
        return cleared[1] + scratched[1]

    async def touch(self, scope: Scope, now: datetime) -> Written:
        """Notes that the user's session was used, once a minute at most."""
        asked = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "now": now}
        ((rows, _),) = await self._run(scope.tenant_id, asked, "touch_hot")
        return Written(change=HotChange(version=rows[0][0], used_at=rows[0][1].astimezone(UTC)) if rows else None)

    async def follow(self, scope: Scope, change: HotChange) -> tuple[str, ...]:  # noqa: ARG002 - part of the port
        """Nothing is left to do: the transaction wrote it here."""
        return ()

    async def forget(self, scope: Scope) -> None:
        """Nothing is left to do: the rows went with the erasure."""

    async def sweep(self, tenant_id: str, now: datetime) -> Swept:
        """Removes what has faded for all of the tenant's users."""
        asked = {"tenant_id": tenant_id, "now": now}
        users = [row[0] for rows, _ in await self._run(tenant_id, asked, *SWEEPING) for row in rows]
        return Swept(items=len(users), users=tuple(sorted(set(users))))

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        """Nothing is left to do: this is what the others are rebuilt from."""

    async def users(self, tenant_id: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The tenant's users who have a hot state, in order of their ids."""
        (rows,) = await self._sessions.read(tenant_id, ("hot_users", {"after": after, "limit": limit}))
        return [row[0] for row in rows]

    async def close(self) -> None:
        """The connections are the store's."""

    async def _begin(self, connection: Connection, tenant_id: str) -> None:
        await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        await name_tenant(connection, tenant_id)

    async def _run(self, tenant_id: str, asked: dict[str, Any], *names: str) -> list[tuple[list[Any], int]]:
        """Runs named statements in one transaction and round trip; gives each one's rows and how many it touched."""
        async with self._sessions.connection() as connection:
            async with connection.pipeline():
                await self._begin(connection, tenant_id)
                done = [await connection.execute(QUERIES[name], asked) for name in names]
                await connection.execute("COMMIT")
            note_round_trip()
            return [(await cursor.fetchall() if cursor.description else [], cursor.rowcount) for cursor in done]


CLEARING = ("clear_hot_item", "clear_hot_scratch", "bump_hot")
SWEEPING = ("sweep_hot_item", "sweep_hot_scratch")


def _item(row: Sequence[Any]) -> HotItem:
    kind, name, value, memory_id, at, expires_at = row
    return HotItem(
        kind=HotKind(kind),
        name=name,
        value=value,
        memory_id=None if memory_id is None else UUID(memory_id),
        at=datetime.fromisoformat(at),
        expires_at=datetime.fromisoformat(expires_at),
    )
