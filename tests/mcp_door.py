"""The MCP server as tests reach it: with the SDK's own client, over stdio in a process or over HTTP in this one."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import CallToolResult, TextContent

from recollect.bootstrap.service import Service
from recollect.doors.mcp.http import PATH, make_app
from recollect.doors.mcp.profiles import Profile
from recollect.memory.memory import AsyncFacade
from recollect.settings import load_settings

Mode = Literal["auto", "legacy"]
RUN = "from recollect.doors.cli.main import run; run()"
WAIT_S = 60.0


def command(home: str, *, tenant: str, user: str = "ana", profile: str = "default") -> StdioServerParameters:
    """How a client starts the server."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-c", RUN, "mcp", "--home", home, "--user", user, "--profile", profile],
        env={**os.environ, "RECOLLECT_TENANT_ID": tenant},
    )


@asynccontextmanager
async def over_stdio(
    home: str, *, tenant: str, user: str = "ana", profile: str = "default", mode: Mode = "auto"
) -> AsyncGenerator[Client]:
    """A client with a server process of its own."""
    started = command(home, tenant=tenant, user=user, profile=profile)
    async with Client(started, mode=mode, read_timeout_seconds=WAIT_S) as client:
        yield client


@dataclass(frozen=True)
class Served:
    """A server over HTTP.

    Attributes:
        service: what it stands on. tenant: the one of its settings. port: where it listens, on loopback.
    """

    service: Service
    tenant: str
    port: int

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def memory(self) -> AsyncFacade:
        """The tenant's memory, past the door."""
        return self.service.of_tenant(self.tenant)

    async def key(self, tenant: str | None = None, **given: Any) -> str:
        """A new key's token; ``given`` are arguments of ``memory.keys.create``."""
        return (await self.service.of_tenant(tenant or self.tenant).keys.create("test", **given)).token

    @asynccontextmanager
    async def client(
        self, token: str | None = None, *, user: str | None = None, mode: Mode = "auto"
    ) -> AsyncGenerator[Client]:
        """The SDK's client, with a key, and with the header that names a user."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if user is not None:
            headers["X-Recollect-User"] = user
        async with create_mcp_http_client(headers) as http:
            transport = streamable_http_client(self.url, http_client=http)
            async with Client(transport, mode=mode, read_timeout_seconds=WAIT_S) as client:
                yield client


@asynccontextmanager
async def over_http(home: str, profile: Profile = Profile.DEFAULT, **settings: Any) -> AsyncGenerator[Served]:
    """A real server on a port of its own, with a tenant of its own."""
    tenant = f"tenant-{uuid4()}"
    service = await Service.open(load_settings(home=home, tenant_id=tenant, **settings), open_access=True)
    try:
        app = make_app(service, profile, loopback=True, alone="default")
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=5))
        running = asyncio.create_task(server.serve())
        while not server.started:
            assert not running.done(), "the server does not start"
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield Served(service, tenant, port)
        finally:
            server.should_exit = True
            await running
    finally:
        await service.aclose()


def text_of(result: CallToolResult) -> str:
    """What a tool answered, as text."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def told(client: Client, tool: str, **arguments: Any) -> Any:
    """The data of an answer that must be no error."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The sentence of an answer that must be an error."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, text_of(result)
    assert result.structured_content is None or tool == "delete_memory"
    assert "Traceback" not in text_of(result)
    return text_of(result)
