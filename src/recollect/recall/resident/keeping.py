"""Keeping: stores the arrays of users who have many memories, when nobody waits for it, and gives them to new indexes.

What is stored saves a process that begins the reading and cutting of every memory. It is stored anew when a user has a
fifth more memories than were stored; what was written since comes from the log's changes, as for any index.
"""

from collections.abc import Sequence
from typing import Final

import anyio.to_thread

from recollect.domain.scope import Scope
from recollect.ports.stored_arrays import ArrayStore, StoredArrays
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.user_tasks import UserTasks

LEAST: Final = 1_000
"""Memories from which arrays are stored; fewer are read faster than it takes to ask."""
GROWTH: Final = 1.2
_THREAD_FROM: Final = 2_000_000
"""Bytes from which arrays are unpacked on a worker thread, so that the event loop stays free."""


class ArrayKeeper(UserTasks):
    """The one who stores."""

    def __init__(self) -> None:
        super().__init__("the arrays of a user were not stored; his memories are read one by one, as before")

    async def restored(self, store: ArrayStore, empty: Sequence[tuple[Scope, ResidentIndex]]) -> list[int]:
        """Fills empty indexes with what is stored; returns how many memories each got, 0 where nothing can be used."""
        if not empty:
            return []
        found = await store.load_each([scope for scope, _ in empty])
        return [await _filled(index, stored) for (_, index), stored in zip(empty, found, strict=True)]

    def consider(self, store: ArrayStore, scope: Scope, index: ResidentIndex, stored: int) -> bool:
        """Begins to store the index if it has grown enough beyond the ``stored`` memories; whether it did."""
        if index.size < max(LEAST, stored * GROWTH):
            return False
        return self.begin((scope.tenant_id, scope.user_id), lambda: _save(store, scope, index))


async def _save(store: ArrayStore, scope: Scope, index: ResidentIndex) -> None:
    await store.save(scope, await anyio.to_thread.run_sync(index.stored))


async def _filled(index: ResidentIndex, stored: StoredArrays | None) -> int:
    if stored is None:
        return 0
    if len(stored.content) < _THREAD_FROM:
        done = index.restore(stored)
    else:
        done = await anyio.to_thread.run_sync(index.restore, stored)
    return stored.memories if done else 0
