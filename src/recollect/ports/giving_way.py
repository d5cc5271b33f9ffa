"""Giving way: long work on the event loop lets others have their turn every few milliseconds."""

import asyncio
import time
from typing import Final

SLICE_MS: Final = 3.0
"""Work goes on for so long before others have their turn; a server's other callers wait no longer for it."""


class Slices:
    """Cuts long work into slices: ``pause`` is awaited after each piece and gives way when a slice is over."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE_MS / 1000

    async def pause(self) -> None:
        """Lets others have their turn, if this slice is over."""
        if time.perf_counter() >= self._until:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE_MS / 1000
