"""MCP over stdio, as clients start it: ``recollect mcp`` in a process of its own, driven by the SDK's client."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from mcp import Client

import recollect
from mcp_door import RUN, command, over_stdio, refused, told

pytestmark = pytest.mark.anyio

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


@pytest.fixture
def tenant() -> str:
    return f"tenant-{uuid4()}"


@contextmanager
def process(home: str, tenant: str, *more: str) -> Generator[subprocess.Popen[str]]:
    """A server whose streams are written and read line by line."""
    started = command(home, tenant=tenant)
    running = subprocess.Popen(
        [started.command, *started.args, *more],
        env=started.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


def say(server: subprocess.Popen[str], *messages: Any) -> None:
    assert server.stdin is not None
    for message in messages:
        server.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
    server.stdin.flush()


def hear(server: subprocess.Popen[str]) -> Any:
    assert server.stdout is not None
    return json.loads(server.stdout.readline())


def call(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


async def test_what_one_process_stores_the_next_one_finds(home: str, tenant: str):
    async with over_stdio(home, tenant=tenant, profile="all") as client:
        await told(client, "add_memory", content="My sister Anna works at Siemens")
        entity = {"name": "Siemens", "entityType": "company", "observations": ["Has its seat in Munich"]}
        await told(client, "create_entities", entities=[entity])
        assert (await told(client, "get_status"))["user_id"] == "ana"
        assert "user_id" not in (await client.list_tools()).tools[0].input_schema["properties"]
        assert "acts for user 'ana' only" in await refused(client, "list_memories", user_id="ben")
    async with over_stdio(home, tenant=tenant, profile="all") as client:
        found = await told(client, "search_memories", query="Where does Anna work?")
        assert found["memories"][0]["text"] == "Anna works at Siemens"
        (opened,) = (await told(client, "open_nodes", names=["Siemens"]))["entities"]
        assert opened["entityType"] == "company"
        assert "Has its seat in Munich" in opened["observations"]
    async with over_stdio(home, tenant=tenant, user="ben") as client:
        assert (await told(client, "list_memories"))["memories"] == []


async def test_two_clients_at_once_each_with_a_process_of_its_own(home: str, tenant: str):
    async with over_stdio(home, tenant=tenant) as one, over_stdio(home, tenant=tenant, mode="legacy") as two:

        async def write(client: Any, name: str) -> None:
            for number in range(10):
                await told(client, "add_memory", content=f"{name} planted tree number {number}")

        await asyncio.gather(write(one, "Ada"), write(two, "Ben"))
        for client in (one, two):
            found = await told(client, "list_memories", limit=200)
            planted = {memory["text"] for memory in found["memories"] if "planted tree" in memory["text"]}
            assert len(planted) == 20


async def test_a_call_that_is_given_up_stops_and_the_next_one_is_answered(home: str, tenant: str):
    messages = [{"content": f"I planted tree number {number}"} for number in range(2_000)]
    async with over_stdio(home, tenant=tenant) as client:
        begun = asyncio.Event()

        async def listen(progress: float, total: float | None, message: str | None) -> None:
            del progress, total, message
            begun.set()

        running = asyncio.create_task(client.call_tool("add_memory", {"content": messages}, progress_callback=listen))
        await asyncio.wait_for(begun.wait(), 30)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert (await told(client, "get_status"))["user_id"] == "ana"
        await asyncio.sleep(1)
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        stored = len(memory.list(user_id="ana", types=["turn"], limit=1000))
        assert 50 <= stored < 1000
        assert stored % 50 == 0


def test_standard_output_carries_the_protocol_only(home: str, tenant: str):
    with process(home, tenant) as server:
        say(server, INITIALIZE)
        answer = hear(server)
        assert answer["result"]["serverInfo"]["name"] == "recollect"
        assert "get_context" in answer["result"]["instructions"]
        say(server, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        say(server, "this is no JSON", "[]", '{"jsonrpc": "2.0", "id": 7}', call(2, "add_memory", content="I like tea"))
        say(server, call(3, "get_status"), call(4, "get_memory", memory_id=5), call(5, "nothing"))
        heard: dict[int, Any] = {}
        while not {2, 3, 4, 5} <= set(heard):
            message = hear(server)
            heard[message.get("id")] = message
        assert heard[2]["result"]["structuredContent"]["outcomes"] == {"accepted": 1}
        assert heard[4]["result"]["isError"] is True
        assert "no tool 'nothing'" in heard[5]["error"]["message"]
        out, err = server.communicate(timeout=30)  # closes standard input
        assert server.returncode == 0
        assert [json.loads(line)["jsonrpc"] for line in out.splitlines()] == ["2.0"] * len(out.splitlines())
        assert "Traceback" not in err


def test_it_greets_before_the_database_is_there(home: str, tenant: str):
    with process(home, tenant) as server:
        began = time.monotonic()
        say(server, INITIALIZE, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"})
        assert hear(server)["id"] == 1
        assert len(hear(server)["result"]["tools"]) == 8
        assert time.monotonic() - began < 30
    started = command("/proc/nowhere", tenant=tenant)
    run = subprocess.run(
        [started.command, *started.args],
        env=started.env,
        input="\n".join(map(json.dumps, (INITIALIZE, call(2, "get_status")))) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert json.loads(run.stdout.splitlines()[0])["id"] == 1, run.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_the_client_is_still_there(home: str, tenant: str, number: signal.Signals):
    with process(home, tenant) as server:
        say(server, INITIALIZE, call(2, "add_memory", content="I like tea"))
        assert {hear(server)["id"], hear(server)["id"]} == {1, 2}
        server.send_signal(number)
        assert server.wait(timeout=20) == 0


def test_a_client_that_dies_in_the_middle_of_a_call_leaves_whole_batches(home: str, tenant: str):
    messages = [{"content": f"I planted tree number {number}"} for number in range(3_000)]
    with process(home, tenant) as server:
        asked = call(2, "add_memory", content=messages)
        asked["params"]["_meta"] = {"progressToken": "p"}
        say(server, INITIALIZE, asked)
        assert hear(server)["id"] == 1
        assert hear(server)["method"] == "notifications/progress"
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdout.close()  # nobody reads any more, and nobody will write
        with suppress(BrokenPipeError):
            server.stdin.close()
        server.wait(timeout=30)
        server.stdin = server.stdout = None
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        turns = memory.list(user_id="ana", types=["turn"], limit=1000)
        assert 50 <= len(turns) < 1000
        assert len(turns) % 50 == 0
        assert memory.audit.verify(user_id="ana").reports[0].first_break is None
        assert memory.search("Which tree did I plant?", user_id="ana").hits


def test_a_server_that_is_killed_has_lost_nothing_that_it_answered(home: str, tenant: str):
    with process(home, tenant) as server:
        say(server, INITIALIZE)
        assert hear(server)["id"] == 1
        for number in range(2, 12):
            say(server, call(number, "add_memory", content=f"I planted tree number {number}"))
            assert hear(server)["result"]["isError"] is False
        say(server, call(99, "add_memory", content=[{"content": f"Late tree {number}"} for number in range(500)]))
        server.kill()
        server.wait(timeout=30)
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        texts = {one.text for one in memory.list(user_id="ana", limit=1000)}
        assert {f"I planted tree number {number}" for number in range(2, 12)} <= texts
        assert memory.audit.verify(user_id="ana").reports[0].first_break is None


def over_http(home: str, tenant: str) -> subprocess.Popen[str]:
    """A server of its own, on a port that it says on standard error."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "mcp", "--home", home, "--transport", "http", "--port", "0"],
        env={**os.environ, "RECOLLECT_TENANT_ID": tenant},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.xfail(reason="the end may cut off the last answer, or take both times of grace", strict=False)
async def test_over_http_it_says_where_it_listens_and_ends_when_what_it_accepted_is_done(home: str, tenant: str):
    server = over_http(home, tenant)
    assert server.stderr is not None
    try:
        lines: list[str] = []
        while not lines or "serves MCP on" not in lines[-1]:
            lines.append(server.stderr.readline())
            assert lines[-1], "".join(lines)
        assert any("no API key yet" in line for line in lines)
        where = re.search(r"http://127\.0\.0\.1:\d+", lines[-1])
        assert where is not None
        begun = asyncio.Event()

        async def listen(progress: float, total: float | None, message: str | None) -> None:
            del progress, total, message
            begun.set()

        messages = [{"content": f"I planted tree number {number}"} for number in range(300)]
        outcomes: list[Any] = []
        try:
            async with Client(f"{where[0]}/mcp", mode="auto") as client:
                await client.list_tools()  # or the client would ask for them when it has the answer
                asked = client.call_tool("add_memory", {"content": messages}, progress_callback=listen)
                call = asyncio.create_task(asked)
                await asyncio.wait_for(begun.wait(), 30)
                server.send_signal(signal.SIGTERM)
                outcomes.append((await call).structured_content["outcomes"])
        except* httpx2.ConnectError:
            pass  # a client of the handshake's era has more to say than the call, and nobody is there any more
        assert outcomes in ([], [{"accepted": 300}])  # the client may be gone before its answer is
        assert await asyncio.to_thread(server.wait, 30) == 0
        assert "Traceback" not in server.stderr.read()
        async with recollect.AsyncMemory(home=home, tenant_id=tenant) as memory:
            stored = await memory.users.get(user_id="default")
        assert stored.by_type["turn"] == 300 or (not outcomes and stored.by_type["turn"] % 50 == 0)
    finally:
        server.kill()
        server.communicate()
