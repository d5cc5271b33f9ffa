"""The synchronous face of ``recollect.memory.desks.hot``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Callable
from functools import partial

from recollect.memory.background import LOOP
from recollect.memory.desks.hot import HotDesk, HotRebuilt, HotStatus
from recollect.ports.hot_tier import Swept


class SyncHotDesk:
    """What every turn loads: how it is, and making its copies good again."""

    def __init__(self, inner: HotDesk) -> None:
        self._inner = inner

    def status(self) -> HotStatus:
        """Asks the hot tier how it is, by one load.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> memory.hot.status().adapter
            'postgres'
        """
        return LOOP.call(partial(self._inner.status))

    def rebuild(self, *, user_id: str | None = None, progress: Callable[[int, int], None] | None = None) -> HotRebuilt:
        """Makes the copy that a projection such as Redis holds equal to what the database says.

        It is safe at any time and while others write: what changes meanwhile is taken in as always.

        Args:
            user_id: only this user's; by default everybody's in the tenant.
            progress: called as it goes with how many users are done, and how many there are.

        Returns:
            For how many users; ``note`` says so when there is no copy, and ``degraded`` when it could not be reached.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> memory.hot.rebuild().users
            0
        """
        return LOOP.call(partial(self._inner.rebuild, user_id=user_id, progress=progress))

    def sweep(self) -> Swept:
        """Removes what has faded for all of the tenant's users; it is not shown any more as it is.

        Returns:
            How many items went, and whose they were.

        Raises:
            StoreError: the database cannot be asked.

        Example:
            >>> memory.hot.sweep().items
            0
        """
        return LOOP.call(partial(self._inner.sweep))
