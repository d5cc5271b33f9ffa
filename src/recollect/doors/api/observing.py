"""Observing: every request gets an id, and whoever watches hears how it went: log, metrics, traces.

The id is the caller's own ``X-Request-ID`` if it can be one, otherwise a new one. It stands on the answer, in problems,
in every line of the log and on the span. What is told of a request is its route's template, never its path, which
names users and memories, nor its query, which may quote them.
"""

import re
import time
from asyncio import CancelledError
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recollect.ports.telemetry import REQUEST_ID, Request, Telemetry

HEADER: Final = b"x-request-id"
MAY_BE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
GONE: Final = 499
"""The status of a request whose caller has gone before it was answered, as proxies count it."""


class Observing:
    """ASGI around everything else, so that also what fails unexpectedly is told.

    Args:
        app: what answers. telemetry: who watches.
    """

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, and tells how."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        request_id = request_id_of(headers.get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        marked, answer = REQUEST_ID.set(request_id), _Answer(send, request_id)
        started, begun = time.perf_counter(), self._telemetry.request_began(scope["method"], headers)
        try:
            await self._app(scope, receive, answer)
        except CancelledError:
            answer.status = answer.status or GONE
            raise
        finally:
            self._telemetry.request_ended(begun, _request(scope, answer.status, started))
            REQUEST_ID.reset(marked)


class _Answer:
    """Sends on, with the request's id on the answer, and remembers its status; 0 as long as there is none."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id.encode()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            without_id: list[tuple[bytes, bytes]] = [
                (name, value) for name, value in message.get("headers", ()) if name.lower() != HEADER
            ]
            message = {**message, "headers": [*without_id, (HEADER, self._request_id)]}
        await self._send(message)


def request_id_of(given: str | None) -> str:
    """The id that the caller gave, or a new one where that is none: it is quoted in logs and headers."""
    return given if given is not None and MAY_BE_ID.fullmatch(given) else uuid4().hex


def route_of(scope: MutableMapping[str, Any]) -> str:
    """The template of the route that answered, such as ``/v1/memories/{memory_id}``; "" when there was none."""
    route = scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", "")
    return template if isinstance(template, str) else ""


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _request(scope: Scope, status: int, started: float) -> Request:
    """What is told; a failure that nobody answered is the server's own."""
    return Request(
        method=scope["method"],
        route=route_of(scope),
        status=status or 500,
        started=started,
        ended=time.perf_counter(),
    )
