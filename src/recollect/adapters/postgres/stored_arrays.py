"""The arrays of large users in Postgres: parts of a few megabytes, each written under the user's lock.

The lock keeps an erasure and a part that is being written apart: a part is only written when nothing was erased since
the position that it reflects, and an erasure deletes all parts, so that nothing erased stays behind in one.
"""

from collections.abc import Sequence
from typing import Any

from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Sessions, name_tenant_in_cluster, note_round_trip
from recollect.adapters.postgres.writing import lock_number, model_lock_number
from recollect.domain.scope import Scope
from recollect.ports.stored_arrays import StoredArrays

PART_BYTES = 4_000_000
"""A part's size: a writer of the same user waits no longer than one takes to be written."""


class PostgresArrays:
    """See ``recollect.ports.stored_arrays.ArrayStore``.

    Args:
        sessions: open connections of the application role. model_id: whose vectors the arrays hold.
    """

    def __init__(self, sessions: Sessions, model_id: str) -> None:
        self._sessions = sessions
        self._model_id = model_id

    async def load(self, scope: Scope) -> StoredArrays | None:
        """What is stored of the user; None when there is nothing, or not all of it, or rows were erased since."""
        return (await self.load_each([scope]))[0]

    async def load_each(self, scopes: Sequence[Scope]) -> list[StoredArrays | None]:
        """What ``load`` answers for each of several users of one tenant, in one round trip."""
        asked = [("stored_arrays", self._owner(scope)) for scope in scopes]
        return [_joined(rows) for rows in await self._sessions.read(scopes[0].tenant_id, *asked)]

    async def save(self, scope: Scope, arrays: StoredArrays) -> bool:
        """Stores it in the place of what was; False when rows were erased since, and nothing may be stored."""
        parts = max(1, -(-len(arrays.content) // PART_BYTES))
        about = {**self._owner(scope), "parts": parts, "seq": arrays.seq, "memories": arrays.memories}
        for part in range(parts):
            content = arrays.content[part * PART_BYTES : (part + 1) * PART_BYTES]
            if not await self._save_part(scope, {**about, "part": part, "content": content}):
                return False
        return True

    async def _save_part(self, scope: Scope, part: dict[str, Any]) -> bool:
        locks = {
            "tenant_id": scope.tenant_id,
            "lock": lock_number(scope),
            "models": model_lock_number(scope.tenant_id),
        }
        async with self._sessions.connection() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await name_tenant_in_cluster(connection, scope.tenant_id)
            await connection.execute(QUERIES["lock_user"], locks)
            allowed = await connection.execute(QUERIES["may_store_arrays"], part)
            may = await allowed.fetchone() is not None
            if may:
                await connection.execute(QUERIES["store_array"], part)
                await connection.execute(QUERIES["drop_later_arrays"], part)
            await connection.execute("COMMIT")
            note_round_trip()
        return may

    def _owner(self, scope: Scope) -> dict[str, Any]:
        return {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "model_id": self._model_id}


def _joined(rows: Sequence[tuple[Any, ...]]) -> StoredArrays | None:
    """The parts as a whole; None when one is missing or of another position."""
    if not rows:
        return None
    _, parts, seq, memories, _ = rows[0]
    if [row[:4] for row in rows] != [(part, parts, seq, memories) for part in range(parts)]:
        return None
    content = rows[0][4] if parts == 1 else b"".join(row[4] for row in rows)
    return StoredArrays(seq=seq, memories=memories, content=content)
