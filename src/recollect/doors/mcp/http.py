"""HTTP: many clients over streamable HTTP, each request with its key.

The check of the key stands before the protocol: 401 without a valid one, 429 for one that is used too often. A session
belongs to the key that opened it. On loopback the Host and Origin headers must be loopback's too, so that no web page
can reach the server through a name of its own (DNS rebinding); elsewhere a key is needed, which no page has.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import anyio
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recollect.bootstrap.listening import PASSED_ON
from recollect.bootstrap.service import Service
from recollect.domain.credential import Credential
from recollect.doors.mcp.caller import CREDENTIAL, Callers
from recollect.doors.mcp.profiles import Profile
from recollect.doors.mcp.server import make_server
from recollect.errors import NotAuthenticated, RateLimited, RecollectError, StoreError, StoreUnavailable
from recollect.ports.rate_limiter import RateState

PATH = "/mcp"
MAX_BODY = 8_000_000
"""Bytes of a request."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def make_app(service: Service, profile: Profile, *, loopback: bool, alone: str | None) -> Starlette:
    """The application.

    Args:
        service: what the server holds; whoever opened it closes it.
        profile: which tools.
        loopback: whether it listens on this machine only.
        alone: for whom it acts while it has no keys and nobody is named.
    """

    async def opened() -> Service:
        return service

    sessions = StreamableHTTPSessionManager(
        make_server(Callers(opened, alone=alone), profile),
        security_settings=_security(loopback=loopback),
        max_request_body_size=MAX_BODY,
        max_sessions=1_000,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with sessions.run():
            yield

    guard = Guard(StreamableHTTPASGIApp(sessions), service)
    app = Starlette(routes=[Route(PATH, guard), Route("/health", _health)], lifespan=lifespan)
    app.state.guard = guard
    return app


class Guard:
    """Lets through who has a valid key, and notes in the request's scope what the key stands for.

    Args:
        app: what stands behind it.
        service: knows the keys.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._calls = 0
        self._closing = False
        self._idle = anyio.Event()

    async def finish(self, most_s: float) -> None:
        """Takes no more calls, and waits until those that were accepted are answered, so many seconds at most."""
        self._closing = True
        if self._calls:
            with anyio.move_on_after(most_s):
                await self._idle.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks the key, and counts the request."""
        calls = scope["method"] == "POST"
        self._calls += calls
        try:
            await self._handed_on(scope, receive, send, calls=calls)
        finally:
            self._calls -= calls
            if self._closing and not self._calls:
                self._idle.set()

    async def _handed_on(self, scope: Scope, receive: Receive, send: Send, *, calls: bool) -> None:
        headers = Headers(scope=scope)
        try:
            if self._closing:
                raise StoreUnavailable("the server is ending; try again when it is back")
            credential = await self._service.authenticate(token_of(headers))
            if credential.key_id is None and any(name in headers for name in PASSED_ON):
                raise NotAuthenticated("without an API key only programs of this machine may call")
            state = await self._service.admit(credential) if calls else None
        except RecollectError as error:
            await _refusal(error)(scope, receive, send)
            return
        scope[CREDENTIAL] = credential
        scope["user"] = _owner_of(credential)
        await self._app(scope, receive, _counting(send, state))


def token_of(headers: Mapping[str, str]) -> str | None:
    """The key in ``Authorization: Bearer``, or in ``X-API-Key``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key") or None


def _owner_of(credential: Credential) -> AuthenticatedUser:
    """Whose a session is: requests with another key do not find it."""
    name = f"{credential.tenant_id}:{credential.key_id}"
    return AuthenticatedUser(AccessToken(token="", client_id=name, scopes=[]))


def _refusal(error: RecollectError) -> Response:
    """The answer to a request that is not let through."""
    status, headers = 400, dict[str, str]()
    if isinstance(error, NotAuthenticated):
        status, headers = 401, {"WWW-Authenticate": 'Bearer realm="recollect"'}
    elif isinstance(error, RateLimited):
        status, headers = 429, {"Retry-After": str(max(1, round(error.retry_after_s)))}
    elif isinstance(error, StoreError):
        status, headers = 503, {"Retry-After": "1"}
    code = {401: -32001, 429: -32029, 503: -32603}.get(status, -32600)
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": str(error)}}
    return JSONResponse(body, status, headers)


def _counting(send: Send, state: RateState | None) -> Send:
    """Sends with the headers that say how much of its limit a key has left."""
    if state is None:
        return send
    told = {
        "x-ratelimit-limit": state.limit,
        "x-ratelimit-remaining": state.remaining,
        "x-ratelimit-reset": round(state.reset_after_s),
    }
    added = [(name.encode(), str(value).encode()) for name, value in told.items()]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return sending


def _security(*, loopback: bool) -> TransportSecuritySettings:
    if not loopback:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*LOOPBACK, *(f"{host}:*" for host in LOOPBACK)],
        allowed_origins=[
            f"{scheme}://{host}{port}" for scheme in ("http", "https") for host in LOOPBACK for port in ("", ":*")
        ],
    )


async def _health(_: Request) -> Response:
    """That the process answers; whether its database does, ``get_status`` tells."""
    return Response(json.dumps({"status": "ok"}), media_type="application/json")
