"""``recollect mcp``: starts the server over stdio or HTTP, and blocks until it ends."""

import asyncio
import socket
import sys
from typing import Literal

import uvicorn

from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import start_logs
from recollect.doors.mcp import http, stdio
from recollect.doors.mcp.profiles import Profile
from recollect.errors import UsageError
from recollect.memory.arguments import member
from recollect.settings import Settings

PORT = 8766
NOBODY = "default"
"""The user, where none is named."""
GRACE_S = 10
"""So long what was accepted may take when the server is to end."""


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
        ValidationError: there is no such profile. UsageError: it is to listen beyond loopback and has no keys.
        StoreError, ModelError: a part cannot be had.
    """
    chosen = member("profile", Profile, profile)
    start_logs(settings, "warning" if transport == "stdio" else None)  # to standard error: stdout is the client's
    if transport == "stdio":
        asyncio.run(stdio.serve(settings, chosen, user or NOBODY))
    else:
        asyncio.run(_serve_http(settings, chosen, host, port, user or NOBODY))


async def _serve_http(settings: Settings, profile: Profile, host: str, port: int, user: str) -> None:
    loopback = http.is_loopback(host)
    service = await Service.open(settings, open_access=loopback)
    try:
        if not loopback and not await service.keys.any_key(settings.tenant_id):
            raise UsageError(
                f"there is no API key, so it does not listen on {host}: `recollect key create` makes one, "
                "and on 127.0.0.1 none is needed"
            )
        if await service.lets_everybody_in():
            print(f"no API key yet: whoever reaches {host} may do everything", file=sys.stderr)  # noqa: T201
        app = http.make_app(service, profile, loopback=loopback, alone=user)
        await Listening(
            uvicorn.Config(
                app,
                host,
                port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_S,
                server_header=False,
            )
        ).serve()
    finally:
        await service.aclose()


class Listening(uvicorn.Server):
    """A server that says on standard error where it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says where."""
        await super().startup(sockets)
        for one in self.servers:
            for bound in one.sockets:
                host, port = bound.getsockname()[:2]
                print(f"MCP at http://{host}:{port}{http.PATH}", file=sys.stderr, flush=True)  # noqa: T201
