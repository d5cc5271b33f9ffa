"""Lines: requests and answers as NDJSON streams, a JSON object a line, in both directions at once.

What comes is taken line by line and answered before the next is read, so that nothing piles up in the server. Some
clients read nothing before they have sent everything; for these, answers are held back up to ``MOST_WAITING`` bytes,
then the server reads no further until some of them are taken.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

_log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/x-ndjson"
MOST_WAITING = 8_000_000
"""Bytes of answers that wait for a client that does not read."""
STALLED_S = 60.0
"""After so long without reading, a client is given up."""


def check_media_type(request: Request) -> None:
    """Refuses a body that is not sent as lines.

    Raises:
        HTTPException: it says that it is something else (415).
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in (MEDIA_TYPE, "application/ndjson", "application/jsonl"):
        raise HTTPException(415, f"the body must be {MEDIA_TYPE}, not {given[:60] or 'of an unknown type'}")


class Line(NamedTuple):
    """A line of a stream: its number from 1 on, and its bytes; None when it is longer than allowed."""

    number: int
    content: bytes | None


async def read_lines(receive: Receive, most: int) -> AsyncGenerator[Line]:
    """The lines of a body as it comes, without empty ones; of one that is too long nothing is kept.

    It ends with the body, or when the client has gone; a last line without an end is a line only in a whole body.

    Args:
        receive: where the body comes from.
        most: bytes of a line.
    """
    number, held, skipping = 1, bytearray(), False
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        *ended, rest = message.get("body", b"").split(b"\n")
        for piece in ended:
            if skipping or len(held) + len(piece) > most:
                yield Line(number, None)
            elif line := bytes(held + piece).strip():
                yield Line(number, line)
            number, skipping = number + 1, False
            held.clear()
        held += rest
        if skipping or len(held) > most:
            skipping = True
            held.clear()
        if not message.get("more_body", False):
            if skipping or held.strip():
                yield Line(number, None if skipping else bytes(held).strip())
            return


class LineResponse(Response):
    """An answer that is sent line by line while the request is still being read.

    Args:
        answers: given where the body comes from, the lines of the answer, without their ends.
    """

    media_type = MEDIA_TYPE

    def __init__(self, answers: Callable[[Receive], AsyncGenerator[bytes]], headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Sends the answers as they come."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        outgoing = _Outgoing(send)
        try:
            async with aclosing(self._answers(receive)) as answers:
                async for answer in answers:
                    await outgoing.put(answer + b"\n")
            await outgoing.finish()
        except TimeoutError:  # an answer without its end: the server closes the connection
            _log.warning("a client was given up: for %.0f s it took no answers", STALLED_S)
            return
        finally:
            await outgoing.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Outgoing:
    """What waits to be sent, and the task that sends it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting = bytearray()
        self._filled = asyncio.Event()
        self._taken = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())

    async def put(self, piece: bytes) -> None:
        """Queues a piece; waits while too many are waiting.

        Raises:
            TimeoutError: the client takes nothing any more.
        """
        self._waiting += piece
        self._filled.set()
        while len(self._waiting) > MOST_WAITING:
            await self._some_taken()
        await asyncio.sleep(0)

    async def finish(self) -> None:
        """Waits until everything has been sent.

        Raises:
            TimeoutError: the client takes nothing any more.
        """
        while self._waiting:
            await self._some_taken()

    async def aclose(self) -> None:
        """Ends the task."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _some_taken(self) -> None:
        if self._task.done():  # sending failed
            self._task.result()
        self._taken.clear()
        async with asyncio.timeout(STALLED_S):
            await self._taken.wait()

    async def _run(self) -> None:
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                piece = bytes(self._waiting)
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
                del self._waiting[: len(piece)]
                self._taken.set()
        finally:
            self._taken.set()


async def until(lines: AsyncGenerator[Line], closing: asyncio.Event) -> AsyncIterator[Line]:
    """The lines until the event is set; the one that is being waited for then is not read."""
    stop = asyncio.ensure_future(closing.wait())
    pending: asyncio.Future[Line] | None = None
    try:
        while not stop.done():
            pending = asyncio.ensure_future(anext(lines))
            await asyncio.wait({pending, stop}, return_when=asyncio.FIRST_COMPLETED)
            if pending.done():
                try:
                    yield pending.result()
                except StopAsyncIteration:
                    return
    finally:
        stop.cancel()
        if pending is not None:
            pending.cancel()
            await asyncio.gather(pending, return_exceptions=True)
