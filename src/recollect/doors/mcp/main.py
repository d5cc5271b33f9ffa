"""``recollect mcp``: starts the server over stdio or HTTP, and blocks until it ends."""

import asyncio
import logging
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Literal

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from recollect.bootstrap.heads import BoundedHeads
from recollect.bootstrap.listening import address_of, check_keys, is_loopback, listening_on
from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import start_logs
from recollect.doors.mcp import http, stdio
from recollect.doors.mcp.profiles import Profile
from recollect.memory.arguments import member
from recollect.settings import Settings

PORT = 8766
NOBODY = "default"
"""The user, where none is named."""
GRACE_S = 10
"""So long what was accepted may take when the server is to end."""

_log = logging.getLogger(__name__)


def main(
    settings: Settings,
    *,
    transport: Literal["stdio", "http"] = "stdio",
    host: str = "127.0.0.1",
    port: int = PORT,
    profile: str = "default",
    user: str | None = None,
) -> None:
    """Serves until the client goes (stdio), or until it is stopped (HTTP).

    Args:
        settings: what is wanted. Over stdio its tenant is served; over HTTP the key's is.
        transport: stdio or http.
        host: where HTTP listens; without keys on loopback only.
        port: for HTTP; 0 takes one that is free.
        profile: which tools: default, graph or all.
        user: whose memory, over stdio, and over HTTP while there are no keys; "default" if none is named.

    Raises:
        ValidationError: there is no such profile. NotAuthenticated: it is to listen beyond loopback and has no keys.
        UsageError: the address cannot be listened on. StoreError, ModelError: a part cannot be had.
    """
    chosen = member("profile", Profile, profile)
    start_logs(settings)
    if transport == "stdio":
        asyncio.run(stdio.serve(settings, chosen, user or NOBODY))
    else:
        asyncio.run(_serve_http(settings, chosen, host, port, user or NOBODY))


async def _serve_http(settings: Settings, profile: Profile, host: str, port: int, user: str) -> None:
    loopback = is_loopback(host)
    with listening_on(host, port) as listener:
        service = await Service.open(settings, open_access=loopback)
        try:
            await check_keys(service, host)
            app = http.make_app(service, profile, loopback=loopback, alone=user)
            config = uvicorn.Config(
                app,
                http=BoundedHeads,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
            _log.warning("Recollect serves MCP on http://%s%s", address_of(host, listener), http.PATH)
            await Server(config, app.state.guard).serve(sockets=[listener])
        finally:
            await service.aclose()


class Server(uvicorn.Server):
    """Uvicorn's server; a signal ends it when the calls that were accepted are answered, a second one at once.

    Args:
        config: see uvicorn. guard: knows which calls are not answered yet.
    """

    def __init__(self, config: uvicorn.Config, guard: http.Guard) -> None:
        super().__init__(config)
        self._guard = guard
        self._ending: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leaves the signals as they were, and does not raise them once more: what holds it has things to close."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()

        def end(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self._end)

        before = {number: signal.signal(number, end) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self) -> None:
        if self._ending is None:
            self._ending = asyncio.create_task(self._finished())
        else:
            self.should_exit = True

    async def _finished(self) -> None:
        """Streams are only ended after this: answers of the handshake's era travel on them."""
        await self._guard.finish(GRACE_S)
        self.should_exit = True
