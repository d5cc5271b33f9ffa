"""The server's entry point: ``recollect serve`` calls ``main``, which returns when the server was told to end."""

import asyncio
import gc
import logging
import signal
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.server import HANDLED_SIGNALS

from recollect.bootstrap.heads import BoundedHeads
from recollect.bootstrap.listening import address_of, check_keys, is_loopback, listening_on
from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import start_logs
from recollect.doors.api.app import MAX_BODY, Options, create_app
from recollect.settings import Settings

GRACE_S = 30
"""How long the server waits for requests that it has accepted before it ends."""
KEPT_S = 75
"""How long a connection is kept for a next request: longer than common proxies do, or they fail now and then."""
_log = logging.getLogger(__name__)


def main(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    allow_origins: Sequence[str] = (),
    max_body: int = MAX_BODY,
    access_log: bool = True,
    log_level: str | None = None,
) -> None:
    """Serves until SIGINT or SIGTERM; what was accepted by then is finished.

    Args:
        settings: the database, the models and the tenant of those who need no key.
        host: where to listen: a name or an address.
        port: the port there.
        allow_origins: origins whose pages may call it (CORS).
        max_body: bytes of a request's body.
        access_log: whether each request is logged.
        log_level: of our own lines, in place of the settings'.

    Raises:
        NotAuthenticated: there is no key yet, and the address can be reached from other machines.
        UsageError: the address cannot be listened on. StoreError, ModelError: the service cannot be opened.
    """
    start_logs(settings, log_level)
    logging.getLogger("recollect.access").disabled = not access_log
    local = is_loopback(host)
    config = make_config(_unopened, host=host, port=port, grace_s=GRACE_S)
    options = Options(allow_origins=allow_origins, max_body=max_body, only_loopback=local, access_log=access_log)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(settings, config, options))


def make_config(app: ASGIApp, *, host: str, port: int, grace_s: int) -> uvicorn.Config:
    """How uvicorn serves an application."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedHeads,
        access_log=False,  # observing.py logs requests, without what they are about
        log_config=None,
        lifespan="off",
        server_header=False,
        reset_contextvars=True,  # or a request that comes right behind another is noted under that one's key
        timeout_keep_alive=KEPT_S,
        timeout_graceful_shutdown=grace_s,
    )


async def _serve(settings: Settings, config: uvicorn.Config, options: Options) -> None:
    with listening_on(config.host, config.port) as listener:
        service = await Service.open(settings, open_access=options.only_loopback)
        try:
            await check_keys(service, config.host)
            config.app = app = create_app(service, options)
            await _prepare(app)
            gc.collect()
            gc.freeze()  # a round over all that was imported takes 100 ms, and would hold up whoever calls meanwhile
            place = address_of(config.host, listener)
            _log.warning("Recollect serves on http://%s; its documentation is under /docs", place)
            await Server(config, app.state.closing).serve(sockets=[listener])
        finally:
            await service.aclose()


async def _prepare(app: FastAPI) -> None:
    """Has FastAPI prepare its routes, which it does with the first request, and which holds everybody up for long."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        await client.get("/health/live")


class Server(uvicorn.Server):
    """Uvicorn's server; streams that would never end by themselves are told when it ends.

    Args:
        config: see uvicorn. closing: set before it waits for what it has accepted.
    """

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """SIGINT and SIGTERM end the server, and nothing else: what holds it has things to close after that."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finishes what was accepted."""
        self._closing.set()
        await super().shutdown(sockets)


async def _unopened(*_: object) -> None:
    """Stands for the application until the service is open."""
