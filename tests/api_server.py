"""The REST API as tests call it: in this process, or served by uvicorn on a port of its own.

Both stand on this worker's database; each test has a tenant of its own there, whose admin key it sends.
"""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from recollect.bootstrap.service import Service
from recollect.doors.api.app import Options, create_app
from recollect.doors.api.main import Server, make_config
from recollect.memory.memory import AsyncFacade
from recollect.settings import load_settings

T = TypeVar("T")
Access = Literal["read", "write", "admin"]
WAIT_S = 60.0


def new_tenant() -> str:
    """A tenant that is nobody else's."""
    return f"tenant-{uuid4()}"


async def issue_key(service: Service, tenant_id: str, access: Access = "admin", **given: Any) -> str:
    """A new key's token; ``given`` are arguments of ``memory.keys.create``."""
    return (await service.of_tenant(tenant_id).keys.create("test", access=access, **given)).token


@dataclass
class Api:
    """The application in this process; ``httpx.ASGITransport`` calls it, which gives whole answers, not streams.

    Attributes:
        service: what it stands on. app: the application. tenant_id: the test's tenant.
        other_tenant_id: a second one. key: the tenant's admin key. client: sends that key.
    """

    service: Service
    app: FastAPI
    tenant_id: str
    other_tenant_id: str
    key: str
    client: httpx.AsyncClient
    stack: AsyncExitStack = field(repr=False)

    @property
    def memory(self) -> AsyncFacade:
        """The tenant's memory, past the door."""
        return self.service.of_tenant(self.tenant_id)

    async def issue(self, access: Access = "write", *, tenant_id: str | None = None, **given: Any) -> str:
        """One more key, of the test's tenant if no other is named."""
        return await issue_key(self.service, tenant_id or self.tenant_id, access, **given)

    async def caller(self, token: str | None) -> httpx.AsyncClient:
        """A client that sends this key, or none."""
        return await self.stack.enter_async_context(_client(self.app, token))

    async def new_caller(self, access: Access = "write", **given: Any) -> httpx.AsyncClient:
        """A client with a key of its own; see ``issue``."""
        return await self.caller(await self.issue(access, **given))


def _client(app: FastAPI, token: str | None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)


@pytest.fixture
async def api(home: str) -> AsyncIterator[Api]:
    """The application on a tenant of the test's own, and a client with its admin key."""
    tenant_id = new_tenant()
    service = await Service.open(load_settings(home=home, tenant_id=tenant_id), open_access=True)
    try:
        app, key = create_app(service, Options(only_loopback=True)), await issue_key(service, tenant_id)
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(_client(app, key))
            yield Api(service, app, tenant_id, new_tenant(), key, client, stack)
    finally:
        await service.aclose()


@dataclass
class Running:
    """A served application.

    Attributes:
        url: where it is, such as ``http://127.0.0.1:41234``. service: what it stands on.
        loop: the event loop that it runs in. app: the application.
    """

    url: str
    service: Service
    app: FastAPI
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine in the server's loop, where its memory may be used, and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WAIT_S)


@dataclass
class ApiServer:
    """A served application, and a tenant of the test's own there; use any HTTP client.

    Attributes:
        running: the server. tenant_id: the test's tenant. other_tenant_id: a second one.
        key: the tenant's admin key.
    """

    running: Running
    tenant_id: str
    other_tenant_id: str
    key: str

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return self.running.url

    @property
    def headers(self) -> dict[str, str]:
        """What sends the admin key."""
        return {"Authorization": f"Bearer {self.key}"}

    def issue(self, access: Access = "write", *, tenant_id: str | None = None, **given: Any) -> str:
        """One more key, of the test's tenant if no other is named."""
        return self.running.run(issue_key(self.running.service, tenant_id or self.tenant_id, access, **given))

    def call(self, work: Callable[[AsyncFacade], Coroutine[Any, Any, T]]) -> T:
        """Calls the tenant's memory past the door: ``api_server.call(lambda memory: memory.add(...))``."""
        return self.running.run(work(self.running.service.of_tenant(self.tenant_id)))

    def client(self, token: str | None = None) -> httpx.Client:
        """A client with the admin key, or another one; close it."""
        headers = {"Authorization": f"Bearer {token or self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=WAIT_S)


@pytest.fixture(scope="session")
def running_server(home: str) -> Iterator[Running]:
    """One server a worker, for tests that need a real connection."""
    started, stop = threading.Event(), threading.Event()
    held: list[Running] = []
    failed: list[BaseException] = []

    async def serve() -> None:
        service = await Service.open(load_settings(home=home, tenant_id=new_tenant()), open_access=True)
        try:
            app = create_app(service, Options(only_loopback=True))
            config = make_config(app, host="127.0.0.1", port=0, grace_s=5)
            server = Server(config, app.state.closing)
            with socket.create_server(("127.0.0.1", 0)) as listener:
                url = f"http://127.0.0.1:{listener.getsockname()[1]}"
                held.append(Running(url, service, app, asyncio.get_running_loop()))
                work = asyncio.create_task(server.serve(sockets=[listener]))
                while not server.started and not work.done():  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.01)
                started.set()
                await asyncio.to_thread(stop.wait)
                server.should_exit = True
                await work
        finally:
            await service.aclose()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - the test that waits is told
            failed.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="api-server", daemon=True)
    thread.start()
    assert started.wait(WAIT_S)
    assert held, failed
    assert not failed, failed
    yield held[0]
    stop.set()
    thread.join(WAIT_S)
    assert not failed, failed


@pytest.fixture
def api_server(running_server: Running) -> ApiServer:
    """The served application, and a tenant of the test's own with its admin key."""
    tenant_id = new_tenant()
    key = running_server.run(issue_key(running_server.service, tenant_id))
    return ApiServer(running_server, tenant_id, new_tenant(), key)
