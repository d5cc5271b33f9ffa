"""Keeping: stores the arrays of users who have many memories, when nobody waits for it, and gives them to new indexes.

What is stored saves a process that begins the reading and cutting of every memory. It is stored anew when a user has a
fifth more memories than were stored; what was written since comes from the log's changes, as for any index.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

import anyio.to_thread

from recollect.domain.scope import Scope
from recollect.errors import RecollectError
from recollect.ports.stored_arrays import ArrayStore, StoredArrays
from recollect.recall.resident.index import ResidentIndex

LEAST: Final = 1_000
"""Memories from which arrays are stored; fewer are read faster than it takes to ask."""
GROWTH: Final = 1.2
CLOSE_WITHIN_S: Final = 2.0
_THREAD_FROM: Final = 2_000_000
"""Bytes from which arrays are unpacked on a worker thread, so that the event loop stays free."""

_log = logging.getLogger(__name__)


class ArrayKeeper:
    """The one who stores. Belongs to the event loop on which it is used."""

    def __init__(self) -> None:
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._closed = False

    async def restored(self, store: ArrayStore, empty: Sequence[tuple[Scope, ResidentIndex]]) -> list[int]:
        """Fills empty indexes with what is stored; returns how many memories each got, 0 where nothing can be used."""
        if not empty:
            return []
        found = await store.load_each([scope for scope, _ in empty])
        return [await _filled(index, stored) for (_, index), stored in zip(empty, found, strict=True)]

    def consider(self, store: ArrayStore, scope: Scope, index: ResidentIndex, stored: int) -> bool:
        """Begins to store the index if it has grown enough beyond the ``stored`` memories; whether it did."""
        owner = (scope.tenant_id, scope.user_id)
        if self._closed or owner in self._tasks or index.size < max(LEAST, stored * GROWTH):
            return False
        task = asyncio.get_running_loop().create_task(self._save(store, scope, index), name="recollect arrays")
        self._tasks[owner] = task
        task.add_done_callback(lambda _: self._tasks.pop(owner, None))
        return True

    async def settled(self) -> None:
        """Waits until nothing is being stored."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def aclose(self) -> None:
        """Stores no more; what is under way has two seconds."""
        self._closed = True
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_WITHIN_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _save(self, store: ArrayStore, scope: Scope, index: ResidentIndex) -> None:
        try:
            arrays = await anyio.to_thread.run_sync(index.stored)
            await store.save(scope, arrays)
        except RecollectError as error:  # the memories are read one by one then, as before
            _log.warning("the arrays of a user with %d memories were not stored: %s", index.size, error)


async def _filled(index: ResidentIndex, stored: StoredArrays | None) -> int:
    if stored is None:
        return 0
    if len(stored.content) < _THREAD_FROM:
        done = index.restore(stored)
    else:
        done = await anyio.to_thread.run_sync(index.restore, stored)
    return stored.memories if done else 0
