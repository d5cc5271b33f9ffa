"""Connections of who has no key or means no good: endless heads, requests behind each other, proxies."""

import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from api_server import Api, ApiServer, new_tenant
from recollect.bootstrap import heads
from recollect.bootstrap.service import Service
from recollect.doors.api.app import Options, create_app
from recollect.settings import load_settings


def connect(server: ApiServer) -> socket.socket:
    place = urlsplit(server.url)
    return socket.create_connection((place.hostname, place.port), timeout=20)


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionError:
        pass
    return received


@pytest.mark.parametrize("begin", [b"GET /health/live HTTP/1.1\r\nX: ", b"GET /"])
def test_a_head_without_an_end_is_refused(api_server: ApiServer, begin: bytes):
    sent = 0
    with connect(api_server) as connection:
        connection.sendall(begin)
        with suppress(ConnectionError):
            while sent < 20_000_000:
                sent += connection.send(b"a" * 100_000)
                time.sleep(0.001)
    assert sent < 8_000_000


def test_who_sends_no_whole_head_is_not_waited_for(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heads, "MOST_S", 0.3)
    for begin in (b"", b"GET /health/live HTTP/1.1\r\nHost: x\r\n"):
        started = time.monotonic()
        with connect(api_server) as connection:
            connection.sendall(begin)
            assert everything(connection) == b""
        assert 0.2 < time.monotonic() - started < 10
    with connect(api_server) as connection:  # a slow body is no head
        connection.sendall(
            b"POST /v1/search HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n"
            b"Authorization: Bearer " + api_server.key.encode() + b"\r\n\r\n"
        )
        time.sleep(0.6)
        connection.sendall(b"{}")
        assert everything(connection).startswith(b"HTTP/1.1 422")


def test_requests_behind_each_other_are_noted_under_their_own_keys(api_server: ApiServer):
    """Uvicorn starts such a request within the one before it."""
    head = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    bearer = b"Authorization: Bearer " + api_server.key.encode() + b"\r\n"
    tenant = api_server.running.service.settings.tenant_id
    before = time.time()
    with connect(api_server) as connection:
        connection.sendall(head % (b"/v1/status", bearer) + head % (b"/health/ready", b"Connection: close\r\n"))
        assert everything(connection).count(b"HTTP/1.1 200") == 2
    key_id = api_server.key.split(".")[1]
    memory = api_server.running.service.of_tenant(tenant)

    async def noted() -> list[str | None]:
        entries = await memory.access.list(method="status")
        return [entry.key_id and entry.key_id.hex for entry in entries if entry.at.timestamp() > before]

    deadline = time.monotonic() + 20
    while not (found := api_server.running.run(noted())) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert found
    assert key_id not in found


@pytest.mark.anyio
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://[::1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"X-Forwarded-For": "8.8.8.8"},
        {"Forwarded": "for=8.8.8.8"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_without_keys_only_this_machines_programs_are_let_in(api: Api, home: str, headers: dict[str, str]):
    service = await Service.open(load_settings(home=home, tenant_id=new_tenant()), open_access=True)
    try:
        app = create_app(service, Options(only_loopback=True))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            assert (await client.get("/v1/status")).status_code == 200
            answer = await client.get("/v1/status", headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (401, "urn:recollect:problem:not-authenticated")
    finally:
        await service.aclose()
    assert (await api.client.get("/v1/status", headers={"X-Forwarded-For": "8.8.8.8"})).status_code == 200


def test_no_event_is_sent_after_its_key_was_revoked(api_server: ApiServer):
    issued = api_server.call(lambda memory: memory.keys.create("watcher", access="read", user_id="ana"))
    headers = {"Authorization": f"Bearer {issued.token}"}
    with httpx.stream("GET", f"{api_server.url}/v1/watch", headers=headers, timeout=30) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        api_server.call(lambda memory: memory.keys.revoke(issued.key.id))
        api_server.call(lambda memory: memory.add("The code of the safe is 4711", user_id="ana"))
        told = [line for line in lines if line]
    assert told[0] == "event: problem"
    assert "4711" not in "".join(told)
