"""Event streams: what a watch yields as Server-Sent Events, with heartbeats, until somebody ends it.

A stream holds one event at most: the next is fetched when the one before has been taken, so that a slow reader slows
nobody but himself. It ends when the client goes, when the server closes, and when the key is not valid any more.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final

import anyio
from fastapi import Request
from fastapi.responses import StreamingResponse

from recollect import errors
from recollect.domain.event import Event
from recollect.doors.api import problem
from recollect.doors.api.caller import Caller
from recollect.doors.api.wire import wire_model

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_S = 15.0
"""So often something is sent even when nothing happens, or proxies take the connection for dead."""
CHECK_S = 2.0
"""So often the key is looked at again."""
REFUSAL_S = 0.1
"""For so long the answer waits for a refusal, which then has a status of its own instead of an event."""
RETRY_MS = 1_000
"""When browsers come back after the stream has ended."""

_EVENT: Final[dict[str, Any]] = {
    "description": "One event of the stream.",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["message", "problem"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["data"],
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-Sent Events; `id` is the event's position in the log",
        "content": {MEDIA_TYPE: {"schema": _EVENT}},
    }
}
_EventOut = wire_model(Event)


async def respond(request: Request, caller: Caller, events: AsyncGenerator[Event]) -> StreamingResponse:
    """The response that sends the events.

    Args:
        request: what is answered.
        caller: whose key is checked again.
        events: what a watch yields.

    Raises:
        RecollectError: the watch is refused.
    """
    first = asyncio.ensure_future(anext(events))
    await asyncio.wait({first}, timeout=REFUSAL_S)
    if first.done() and isinstance(refusal := first.exception(), errors.RecollectError):
        raise refusal
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_Stream(request, caller, events, first).lines(), media_type=MEDIA_TYPE, headers=headers)


class _Stream:
    """One stream, as it is sent."""

    def __init__(
        self, request: Request, caller: Caller, events: AsyncGenerator[Event], first: asyncio.Future[Event]
    ) -> None:
        self._request = request
        self._caller = caller
        self._events = events
        self._next = first
        self._closing: asyncio.Event = request.app.state.closing

    async def lines(self) -> AsyncIterator[bytes]:
        """The bytes of the stream."""
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            async for piece in self._pieces(closing):
                yield piece
        except errors.RecollectError as error:
            yield _problem(self._request, error)
        finally:
            closing.cancel()
            self._next.cancel()
            with anyio.CancelScope(shield=True):  # cancelled twice, a query that runs would cost its connection
                await asyncio.gather(self._next, return_exceptions=True)
                await self._events.aclose()

    async def _pieces(self, closing: asyncio.Future[Any]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        sent_at = checked_at = loop.time()
        while not closing.done():
            await asyncio.wait({self._next, closing}, timeout=CHECK_S, return_when=asyncio.FIRST_COMPLETED)
            if self._next.done() or loop.time() - checked_at >= CHECK_S:  # no event after a key was revoked
                await self._caller.check()
                checked_at = loop.time()
            if self._next.done():
                try:
                    event = self._next.result()
                except StopAsyncIteration:  # the memory is closed
                    return
                yield _event(event)
                sent_at = loop.time()
                self._next = asyncio.ensure_future(anext(self._events))
            elif loop.time() - sent_at >= HEARTBEAT_S:
                yield b":\n\n"
                sent_at = loop.time()


def _event(event: Event) -> bytes:
    return f"id: {event.seq}\ndata: {_EventOut.model_validate(event).model_dump_json()}\n\n".encode()


def _problem(request: Request, error: errors.RecollectError) -> bytes:
    response = problem.problem_response(request, problem.kind_of(error), str(error))
    return b"event: problem\ndata: " + bytes(response.body) + b"\n\n"
