"""Giving way: long work on the event loop lets others have their turn every few milliseconds.

What can be cut into pieces pauses between them; what cannot is done aside, on a thread, between whose instructions the
event loop gets its turn.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sized
from typing import Final, ParamSpec, TypeVar

import anyio.to_thread

P = ParamSpec("P")
A = TypeVar("A")
T = TypeVar("T")

SLICE_MS: Final = 3.0
"""Work goes on for so long before others have their turn; a server's other callers wait no longer for it."""


MANY: Final = 20
"""Things of which each takes some tenths of a millisecond."""
LONG: Final = 2_000
"""Characters of a text that takes milliseconds to read."""


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


def is_much(content: object) -> bool:
    """Whether reading a text, or a list of messages, takes milliseconds."""
    return isinstance(content, Sized) and len(content) > (LONG if isinstance(content, str) else MANY)


async def aside(long: bool, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``work`` answers, done on a thread if it takes long; it must touch nothing that others change meanwhile.

    Args:
        long: whether it takes milliseconds.
        work: what is done.
        *args: its arguments.
        **kwargs: its arguments by name.
    """
    if not long:
        return work(*args, **kwargs)
    return await anyio.to_thread.run_sync(lambda: work(*args, **kwargs))


async def in_turns(work: Callable[[A], T], things: Iterable[A]) -> list[T]:
    """What ``work`` makes of each thing; others have their turn in between."""
    made, slices = list[T](), Slices()
    for thing in things:
        made.append(work(thing))
        await slices.pause()
    return made
