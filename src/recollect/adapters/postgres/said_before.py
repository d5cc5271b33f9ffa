"""What was said right before something, read from the turns of its conversation."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, Sessions
from recollect.domain.chunking import TURNS_BEFORE, lead_of
from recollect.domain.scope import PROJECT_STREAM, Scope

REACH: Final = 4 * TURNS_BEFORE
"""How many turns after one may have been read in its light, when some between them are passed over."""


class PostgresSaidBefore:
    """See ``recollect.ports.said_before.SaidBefore``; the store is one."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def last_said(self, scope: Scope, channel_id: str | None, audience: tuple[str, ...]) -> tuple[str, ...]:
        """What was said last in the scope's conversation."""
        asked = {
            "user_id": scope.user_id,
            "conversation_id": scope.conversation_id,
            "channel_id": channel_id,
            "audience": json.dumps(list(audience)),
            "turns": TURNS_BEFORE,
        }
        (rows,) = await self.sessions.read(scope.tenant_id, ("last_said", asked))
        return tuple(lead_of(speaker) + text for speaker, text in reversed(rows))

    async def said_before(self, tenant_id: str, ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
        """What was said before each memory when it was first told."""
        (rows,) = await self.sessions.read(tenant_id, ("said_before", {"ids": list(ids), "turns": TURNS_BEFORE}))
        return _by_memory(rows)

    async def said_after(self, scope: Scope, memory_id: UUID) -> list[UUID]:
        """The memories of turns that may have been read in the light of this one."""
        asked = {"user_id": scope.user_id, "memory_id": memory_id, "reach": REACH}
        (rows,) = await self.sessions.read(scope.tenant_id, ("said_after", asked))
        return [row[0] for row in rows]

    async def said_after_shared(self, scope: Scope, copy_of: UUID | None) -> list[tuple[str, UUID]]:
        """By stream, the same of what the user shared in projects: all of it, or the copies of one memory."""
        asked = {
            "author_id": scope.user_id,
            "prefix": PROJECT_STREAM,
            "copy_of": None if copy_of is None else str(copy_of),
            "reach": REACH,
        }
        (rows,) = await self.sessions.read(scope.tenant_id, ("said_after_shared", asked))
        return [(stream, memory_id) for stream, memory_id in rows]


async def said_before_on(
    connection: Connection, tenant_id: str, ids: Collection[UUID]
) -> Mapping[UUID, tuple[str, ...]]:
    """What ``said_before`` answers, on a connection of one's own."""
    asked = {"tenant_id": tenant_id, "ids": list(ids), "turns": TURNS_BEFORE}
    return _by_memory(await (await connection.execute(QUERIES["said_before"], asked)).fetchall())


def _by_memory(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for memory_id, speaker, text in rows:  # latest first
        found[memory_id] = (lead_of(speaker) + text, *found.get(memory_id, ()))
    return found
