"""Opening: the service is opened beside the first messages, so that a client never waits for Postgres to greet it.

Starting the embedded Postgres takes seconds the first time, and clients give up on a server that does not answer. When
it cannot be opened, each call says why and the next one tries again.
"""

import asyncio
from collections.abc import Awaitable, Callable

from recollect.bootstrap.service import Service


class Opening:
    """The service, as soon as it is open.

    Args:
        open_service: opens it.
    """

    def __init__(self, open_service: Callable[[], Awaitable[Service]]) -> None:
        self._open = open_service
        self._task: asyncio.Task[Service] | None = None
        self._ended = False

    def begin(self) -> None:
        """Begins to open it, if nothing has."""
        if self._task is None and not self._ended:
            self._task = asyncio.create_task(self._opened())
            self._task.add_done_callback(_noticed)

    async def service(self) -> Service:
        """The open service; a call that is cancelled meanwhile does not take it from the others.

        Raises:
            StoreError, ModelError: a part cannot be had. CancelledError: the server ends.
        """
        self.begin()
        task = self._task
        if task is None:
            raise asyncio.CancelledError
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._task is task:
                self._task = None
            raise

    async def aclose(self) -> None:
        """Gives it back, once it is open."""
        task, self._task, self._ended = self._task, None, True
        if task is None:
            return
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None:
            await task.result().aclose()

    async def _opened(self) -> Service:
        return await self._open()


def _noticed(task: asyncio.Task[Service]) -> None:
    """Takes note of an error that nobody waits for; whoever calls next hears of it."""
    if not task.cancelled():
        task.exception()
