"""The server's entry point: ``recollect serve`` calls ``main``, which returns when the server was told to end."""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Sequence

import uvicorn

from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import start_logs
from recollect.doors.api.app import MAX_BODY, Options, create_app
from recollect.errors import NotAuthenticated
from recollect.settings import Settings

GRACE_S = 30
"""How long the server waits for requests that it has accepted before it ends."""
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
        StoreError, ModelError: the service cannot be opened.
    """
    start_logs(settings, log_level)
    logging.getLogger("recollect.access").disabled = not access_log
    local = is_loopback(host)
    config = uvicorn.Config(
        _unopened,
        host=host,
        port=port,
        access_log=False,  # observing.py logs requests, without what they are about
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    options = Options(allow_origins=allow_origins, max_body=max_body, only_loopback=local, access_log=access_log)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(settings, config, options))


async def _serve(settings: Settings, config: uvicorn.Config, options: Options) -> None:
    service = await Service.open(settings, open_access=options.only_loopback)
    try:
        await _check_keys(service, config.host, local=options.only_loopback)
        config.app = app = create_app(service, options)
        server = Server(config, app.state.closing)
        _log.warning("Recollect serves on http://%s:%d; its documentation is under /docs", config.host, config.port)
        await server.serve()
    finally:
        await service.aclose()


class Server(uvicorn.Server):
    """Uvicorn's server; streams that would never end by themselves are told when it ends.

    Args:
        config: see uvicorn. closing: set before it waits for what it has accepted.
    """

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finishes what was accepted."""
        self._closing.set()
        await super().shutdown(sockets)


async def _check_keys(service: Service, host: str, *, local: bool) -> None:
    tenant_id = service.settings.tenant_id
    if await service.keys.any_key(tenant_id):
        return
    if not local:
        raise NotAuthenticated(
            f"tenant {tenant_id!r} has no API key, and {host} can be reached from other machines; make one with "
            "`recollect key create NAME`, or listen on 127.0.0.1"
        )
    _log.warning("no API key yet: everybody on this machine may do everything; `recollect key create` ends that")


async def _unopened(*_: object) -> None:
    """Stands for the application until the service is open."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
