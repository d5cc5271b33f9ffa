"""User tasks: work done for a user while nobody waits for it, at most one piece at a time, owned and ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from recollect.errors import RecollectError
from recollect.ports.redaction import Redacted

CLOSE_WITHIN_S: Final = 2.0

Owner = tuple[str, str]
"""A tenant and a user."""
_log = logging.getLogger(__name__)


class UserTasks:
    """The one who does such work. Belongs to the event loop on which it is used.

    Args:
        what: what is done, as a warning calls it when it fails: "the arrays of a user were not stored".
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._tasks: dict[Owner, asyncio.Task[None]] = {}
        self._closed = False

    def begin(self, owner: Owner, work: Callable[[], Awaitable[object]]) -> bool:
        """Begins unless something is under way for this user; whether it did."""
        if self._closed or owner in self._tasks:
            return False
        task = asyncio.get_running_loop().create_task(self._do(work), name=f"recollect {owner}")
        self._tasks[owner] = task
        task.add_done_callback(lambda done: self._ended(owner, done))
        return True

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def aclose(self) -> None:
        """Begins nothing more; what is under way has two seconds."""
        self._closed = True
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_WITHIN_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _do(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except RecollectError as error:  # whoever needs it does it himself, or begins again
            _log.warning("%s: %s", self._what, Redacted(error))

    def _ended(self, owner: Owner, task: asyncio.Task[None]) -> None:
        self._tasks.pop(owner, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s: %s", self._what, Redacted(error, frames=True))
