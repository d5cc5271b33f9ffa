"""One event loop on a background thread, shared by every synchronous ``Memory`` of the process.

It makes the synchronous face usable anywhere: in a script, in several threads, and inside a notebook's running loop,
because the work never runs on the caller's own loop.
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Generic, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

from recollect.errors import UsageError

T = TypeVar("T")


class BackgroundLoop:
    """The shared loop: started by its first user, stopped by its last.

    The thread is a daemon: a program that forgets to close its memory still ends, and the memory is closed on the way
    out, which a thread that the interpreter waits for would prevent.
    """

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._thread: threading.Thread | None = None
        self._portal: BlockingPortal | None = None
        self._closing: asyncio.Task[None] | None = None  # kept, or the loop may forget it
        self._pid = os.getpid()

    def acquire(self) -> None:
        """Counts one more user and starts the loop for the first."""
        if self._pid != os.getpid():  # a fork copies the object, but not its thread
            self._reset()
        with self._lock:
            if self._users == 0:
                started = threading.Event()
                self._thread = threading.Thread(
                    target=anyio.run, args=(self._serve, started), name="recollect", daemon=True
                )
                self._thread.start()
                started.wait()
            self._users += 1

    async def _serve(self, started: threading.Event) -> None:
        async with BlockingPortal() as portal:
            self._portal = portal
            started.set()
            await portal.sleep_until_stopped()

    def release(self) -> None:
        """Counts one user less and stops the loop after the last."""
        if self._pid != os.getpid():
            return
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._portal is not None and self._thread is not None:
                self._portal.call(self._portal.stop)
                self._thread.join()
                self._thread = self._portal = None

    def finish(self, close: Callable[[], Awaitable[object]]) -> None:
        """Runs a user's ``close`` and counts it out; the garbage collector may call it on the loop's own thread.

        There it can neither wait for the loop nor stop it: the close is left to the loop, and so is the counting out.
        """
        if self._thread is not threading.current_thread():
            with contextlib.suppress(UsageError):  # in a forked child there is nothing to close
                self.call(close)
            self.release()
        else:
            self._closing = asyncio.get_running_loop().create_task(self._close_here(close))

    async def _close_here(self, close: Callable[[], Awaitable[object]]) -> None:
        try:
            await close()
        finally:
            threading.Thread(target=self.release, name="recollect-release", daemon=True).start()

    def call(self, function: Callable[[], Awaitable[T]]) -> T:
        """Runs ``function`` on the loop and returns what it returns.

        Raises:
            UsageError: the loop was not started in this process, as after a fork.
        """
        portal = self._running()
        try:
            return portal.call(function)
        except RuntimeError as error:
            if "portal is not running" not in str(error):
                raise
            raise UsageError("this memory is closed; open a new one") from error

    def _running(self) -> BlockingPortal:
        if self._pid != os.getpid():
            raise UsageError(f"this memory was made in process {self._pid}; after a fork, open a new one")
        if self._portal is None:
            raise UsageError("this memory is closed; open a new one")
        return self._portal

    def iterate(self, stream: AsyncGenerator[T], owner: object) -> Generator[T]:
        """A generator of what ``stream`` yields, each step of it on the loop; closing it closes the stream.

        Args:
            stream: has not been started yet.
            owner: kept alive until the generator ends: what the stream reads from.

        Raises:
            UsageError: as ``call`` does.
        """
        steps = _Steps(stream)
        try:
            while (found := self.call(steps.next)) is not None:
                yield found[0]
        finally:
            del owner
            if self._thread is threading.current_thread():  # the garbage collector ended it there
                self._closing = asyncio.get_running_loop().create_task(steps.close())
            elif self._thread is not None:  # otherwise the loop has ended, and with it what ran there
                with contextlib.suppress(UsageError):
                    self.call(steps.close)


class _Steps(Generic[T]):
    """A stream's steps, each a task of its own: whoever is interrupted while waiting can end the one that runs."""

    def __init__(self, stream: AsyncGenerator[T]) -> None:
        self._stream = stream
        self._task: asyncio.Task[tuple[T] | None] | None = None

    async def next(self) -> tuple[T] | None:
        """The next element, or None at the end."""
        self._task = asyncio.get_running_loop().create_task(self._step())
        return await self._task

    async def close(self) -> None:
        """Ends the step that runs, and the stream."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._stream.aclose()

    async def _step(self) -> tuple[T] | None:
        try:
            return (await anext(self._stream),)
        except StopAsyncIteration:
            return None


LOOP = BackgroundLoop()
