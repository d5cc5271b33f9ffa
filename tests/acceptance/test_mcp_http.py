"""MCP over HTTP: keys, tenants, sessions, hosts and limits, with a real server and the SDK's own client."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from mcp import Client

from mcp_door import Mode, Served, over_http, refused, text_of, told
from recollect.bootstrap.listening import is_loopback
from recollect.doors.mcp import main as main_module
from recollect.doors.mcp.main import main
from recollect.doors.mcp.profiles import Profile
from recollect.errors import NotAuthenticated, UsageError, ValidationError
from recollect.ports.access_log import AccessEntry
from recollect.settings import load_settings

pytestmark = pytest.mark.anyio

MODES: list[Mode] = ["auto", "legacy"]
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LIST = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def bearer(token: str) -> dict[str, str]:
    return {**HEADERS, "Authorization": f"Bearer {token}"}


@asynccontextmanager
async def plain(served: Served):
    """A client that knows nothing of the protocol."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", timeout=30) as client:
        yield client


async def texts(client: Client, **given: Any) -> list[str]:
    return [memory["text"] for memory in (await told(client, "list_memories", **given))["memories"]]


@pytest.mark.parametrize("mode", MODES)
async def test_two_tenants_share_nothing(home: str, mode: Mode):
    other = f"tenant-{uuid4()}"
    async with over_http(home, Profile.ALL) as served:
        one, two = await served.key(user_id="ana"), await served.key(other, user_id="ana")
        async with served.client(one, mode=mode) as first, served.client(two, mode=mode) as second:
            secret = (await told(first, "add_memory", content="The password is swordfish"))["items"][0]["memory_id"]
            entity = {"name": "Swordfish Club", "entityType": "place", "observations": ["The door is green"]}
            await told(first, "create_entities", entities=[entity])
            for tool, arguments in (
                ("get_memory", {"memory_id": secret}),
                ("update_memory", {"memory_id": secret, "text": "mine now"}),
                ("delete_memory", {"memory_id": secret}),
                ("add_observations", {"observations": [{"entityName": "Swordfish Club", "contents": ["mine"]}]}),
            ):
                assert "swordfish is" not in await refused(second, tool, **arguments)
            for tool, arguments in (
                ("search_memories", {"query": "What is the password?"}),
                ("get_context", {"query": "What is the password?"}),
                ("list_memories", {}),
                ("read_graph", {}),
                ("search_nodes", {"query": "sword"}),
                ("open_nodes", {"names": ["Swordfish Club"]}),
            ):
                assert "swordfish" not in json.dumps(await told(second, tool, **arguments)).casefold(), tool
            for uri in ("memory://identity", "memory://recent", "memory://knowledge-graph"):
                assert "swordfish" not in str(await second.read_resource(uri)).casefold()
            assert "The password is swordfish" in await texts(first)


@pytest.mark.parametrize("mode", MODES)
async def test_a_key_that_reads_sees_and_has_no_tool_that_writes(home: str, mode: Mode):
    async with over_http(home, Profile.ALL) as served:
        token = await served.key(access="read", user_id="ana")
        receipt = await served.memory.add("I like tea", user_id="ana")
        async with served.client(token, mode=mode) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            assert names == [
                *("search_memories", "get_memory", "list_memories", "get_context", "get_status"),
                *("read_graph", "search_nodes", "open_nodes"),
            ]
            assert await texts(client) == ["I like tea"]
            sentence = "this key has read access; this needs write"
            assert await refused(client, "add_memory", content="more") == sentence
            assert await refused(client, "delete_memory", memory_id=str(receipt.id)) == sentence
            assert await refused(client, "delete_entities", entityNames=["tea"]) == sentence
            assert await texts(client) == ["I like tea"]


@pytest.mark.parametrize("mode", MODES)
async def test_the_key_decides_the_user_or_the_call_does(home: str, mode: Mode):
    async with over_http(home) as served:
        bound, free = await served.key(user_id="ana"), await served.key()
        async with served.client(bound, mode=mode) as client:
            assert "user_id" not in (await client.list_tools()).tools[0].input_schema["properties"]
            await told(client, "add_memory", content="I am Ana and I like tea")
            assert "acts for user 'ana' only" in await refused(client, "list_memories", user_id="ben")
        async with served.client(free, mode=mode) as client:
            assert "user_id" in (await client.list_tools()).tools[0].input_schema["properties"]
            assert "user_id: is missing" in await refused(client, "list_memories")
            assert await texts(client, user_id="ana") != []
            assert await texts(client, user_id="ben") == []
        async with served.client(free, user="ana", mode=mode) as client:
            assert (await told(client, "get_status"))["user_id"] == "ana"
            assert (await told(client, "get_status", user_id="ben"))["user_id"] == "ben"
            assert "tea" in str(await client.read_resource("memory://recent"))
        async with served.client(bound, user="ben", mode=mode) as client:
            assert "acts for user 'ana' only" in await refused(client, "list_memories")


async def test_no_key_a_wrong_one_a_revoked_and_an_expired_one(home: str):
    async with over_http(home) as served, plain(served) as client:
        memory = served.memory
        issued = await memory.keys.create("test", user_id="ana")
        good = await client.post("/mcp", json=LIST, headers=bearer(issued.token))
        assert good.status_code == 200
        session = {**bearer(issued.token), "mcp-session-id": good.headers["mcp-session-id"]}
        for token in ("rk_x", issued.token[:-1] + ("A" if issued.token[-1] != "A" else "B"), "Ü" * 10):
            answer = await client.post("/mcp", json=LIST, headers=httpx.Headers(bearer(token), encoding="utf-8"))
            assert answer.status_code == 401, token
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert issued.token not in answer.text
        assert (await client.post("/mcp", json=LIST, headers=HEADERS)).status_code == 401
        basic = {**HEADERS, "Authorization": f"Basic {issued.token}"}
        assert (await client.post("/mcp", json=LIST, headers=basic)).status_code == 401

        await memory.keys.revoke(issued.key.id)
        call = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        assert (await client.post("/mcp", json=call, headers=session)).status_code == 401
        assert (await client.get("/mcp", headers=session)).status_code == 401


async def test_a_session_belongs_to_the_key_that_opened_it(home: str):
    other = f"tenant-{uuid4()}"
    async with over_http(home) as served, plain(served) as client:
        one, two = await served.key(user_id="ana"), await served.key(other, user_id="ana")
        opened = await client.post("/mcp", json=LIST, headers=bearer(one))
        session = opened.headers["mcp-session-id"]
        call = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        for token in (two, await served.key(user_id="ben")):
            stolen = await client.post("/mcp", json=call, headers={**bearer(token), "mcp-session-id": session})
            assert stolen.status_code == 404
            gone = await client.delete("/mcp", headers={**bearer(token), "mcp-session-id": session})
            assert gone.status_code == 404
        own = await client.post("/mcp", json=call, headers={**bearer(one), "mcp-session-id": session})
        assert own.status_code == 200


async def test_a_page_cannot_reach_it_through_a_name_of_its_own(home: str):
    async with over_http(home) as served, plain(served) as client:
        for headers, status in (
            ({}, 200),
            ({"Origin": "http://localhost:3000"}, 200),
            ({"Host": "evil.example"}, 421),
            ({"Host": "127.0.0.1.evil.example:80"}, 421),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "http://localhost.evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"X-Forwarded-For": "8.8.8.8"}, 401),
        ):
            answer = await client.post("/mcp", json=LIST, headers={**HEADERS, **headers})
            assert answer.status_code == status, headers


async def test_a_key_is_counted_against_its_limit(home: str):
    async with over_http(home) as served, plain(served) as client:
        token = await served.key(user_id="ana", requests_per_minute=3)
        answers = [await client.post("/mcp", json=LIST, headers=bearer(token)) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[0].headers["x-ratelimit-limit"] == "3"
        assert answers[0].headers["x-ratelimit-remaining"] == "2"
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert "often" in answers[-1].json()["error"]["message"] or "3" in answers[-1].json()["error"]["message"]
        unlimited = await served.key(user_id="ana")
        assert (await client.post("/mcp", json=LIST, headers=bearer(unlimited))).status_code == 200


BODIES: list[bytes] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"[1, 2]",
    b'{"jsonrpc": "2.0"}',
    b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 5}}',
    b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_status", "arguments": [1]}}',
    b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}',
    b'{"jsonrpc": "2.0", "id": 1, "method": "no/such"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": ' + b"9" * 5_000 + b"}}",
]


async def test_no_body_gives_a_500_or_leaves_the_server_unwell(home: str):
    async with over_http(home) as served, plain(served) as client:
        session = (await client.post("/mcp", json=LIST, headers=HEADERS)).headers["mcp-session-id"]
        modern = {**HEADERS, "mcp-protocol-version": "2026-07-28"}
        for headers in (HEADERS, {**HEADERS, "mcp-session-id": session}, modern):
            for body in BODIES:
                answer = await client.post("/mcp", content=body, headers=headers)
                assert answer.status_code < 500, (body[:60], answer.text[:200])
        large = await client.post("/mcp", content=b" " * 9_000_000, headers=HEADERS)
        assert large.status_code == 413
        assert (await client.get("/health")).json() == {"status": "ok"}
        assert (await client.get("/elsewhere")).status_code == 404
        async with served.client() as good:
            assert (await told(good, "get_status"))["user_id"] == "default"


async def test_two_clients_at_once(home: str):
    async with over_http(home, Profile.ALL) as served:
        token = await served.key(user_id="ana")
        async with served.client(token) as one, served.client(token, mode="legacy") as two:

            async def write(client: Client, name: str) -> None:
                for number in range(15):
                    await told(client, "add_memory", content=f"{name} planted tree number {number}")
                    entity = {"name": f"tree {number}", "entityType": "tree", "observations": [f"{name} likes it"]}
                    await told(client, "create_entities", entities=[entity])

            await asyncio.gather(write(one, "Ada"), write(two, "Ben"))
            graph = await told(one, "search_nodes", query="tree ")
            noted = [entity for entity in graph["entities"] if entity["entityType"] == "tree"]
            assert sorted(entity["name"] for entity in noted) == sorted(f"tree {number}" for number in range(15))
            listed = await served.memory.list(user_id="ana", limit=1000)
            for name in ("Ada", "Ben"):
                planted = {memory.text for memory in listed if memory.text.startswith(f"{name} planted")}
                assert len(planted) == 15


@pytest.mark.parametrize("mode", MODES)
async def test_a_call_that_is_given_up_stops(home: str, mode: Mode):
    messages = [{"content": f"I planted tree number {number}"} for number in range(2_000)]
    async with over_http(home) as served, served.client(mode=mode) as client:
        begun = asyncio.Event()

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            del progress, total, message
            begun.set()

        call = asyncio.create_task(client.call_tool("add_memory", {"content": messages}, progress_callback=hear))
        await asyncio.wait_for(begun.wait(), 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await told(client, "get_status"))["user_id"] == "default"
        counts: list[int] = []
        while len(counts) < 2 or counts[-1] != counts[-2]:
            await asyncio.sleep(0.5)
            counts.append(len(await served.memory.list(user_id="default", types=["turn"], limit=1000)))
        assert 50 <= counts[-1] < 1000
        assert counts[-1] % 50 == 0, "a batch is stored whole or not at all"


async def test_keys_are_noted_in_the_access_log(home: str):
    async with over_http(home) as served:
        issued = await served.memory.keys.create("test", user_id="ana")
        async with served.client(issued.token) as client:
            await told(client, "add_memory", content="I like tea")
        used: list[AccessEntry] = []
        while not used:
            await asyncio.sleep(0.1)
            used = [entry for entry in await served.memory.access.list(limit=50) if entry.method == "add"]
        assert [(entry.key_id, entry.user_id) for entry in used] == [(issued.key.id, "ana")]


def test_without_keys_it_listens_on_loopback_only(home: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(main_module, "start_logs", str)  # the test run keeps its own log
    settings = load_settings(home=home, tenant_id=f"tenant-{uuid4()}")
    with pytest.raises(NotAuthenticated, match=r"has no API key, and 0\.0\.0\.0 can be reached"):
        main(settings, transport="http", host="0.0.0.0", port=0)  # noqa: S104 - it is refused
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="cannot listen on 127"):
        main(settings, transport="http", port=taken.getsockname()[1])
    with pytest.raises(ValidationError, match="profile: must be one of default, graph, all"):
        main(settings, profile="everything")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.5", "example.org")),  # noqa: S104
    ],
)
def test_which_addresses_are_this_machines_own(host: str, loopback: bool):
    assert is_loopback(host) is loopback


async def test_a_failed_answer_tells_nothing_of_the_inside(home: str, monkeypatch: pytest.MonkeyPatch):
    async with over_http(home) as served, served.client() as client:

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("secret inside")

        monkeypatch.setattr(served.memory, "search", broken)
        answer = await client.call_tool("search_memories", {"query": "tea"})
        assert answer.is_error
        assert "secret" not in text_of(answer)
        assert "its log says what" in text_of(answer)
