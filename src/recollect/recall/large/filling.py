"""Filling: brings the search rows of users who become large up to date before they are needed, while nobody waits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from recollect.errors import RecollectError

CLOSE_WITHIN_S: Final = 2.0

Owner = tuple[str, str]
_log = logging.getLogger(__name__)


class Filler:
    """The one who fills, one task a user. Belongs to the event loop on which it is used.

    What is done of a filling stays: each page is kept by itself, and whoever begins again goes on from there.
    """

    def __init__(self) -> None:
        self._tasks: dict[Owner, asyncio.Task[None]] = {}
        self._closed = False

    def begin(self, owner: Owner, fill: Callable[[], Awaitable[object]]) -> bool:
        """Begins to fill this tenant and user's rows unless that is under way; whether it did."""
        if self._closed or owner in self._tasks:
            return False
        task = asyncio.get_running_loop().create_task(self._fill(fill), name="recollect search rows")
        self._tasks[owner] = task
        task.add_done_callback(lambda _: self._tasks.pop(owner, None))
        return True

    async def settled(self) -> None:
        """Waits until nothing is being filled."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def aclose(self) -> None:
        """Begins nothing more; what is under way has two seconds, the rest is done when somebody begins again."""
        self._closed = True
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_WITHIN_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def _fill(fill: Callable[[], Awaitable[object]]) -> None:
        try:
            await fill()
        except RecollectError as error:  # the next search begins again
            _log.warning("the search rows of a user who becomes large were not filled: %s", error)
