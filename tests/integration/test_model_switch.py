"""An embedding model under fire: switched while others search and write, its filling killed, its endpoint slow."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.tiny_model import (
    DIMENSION,
    STATIC,
    TINY,
    assert_vectors_are_the_active_models,
    state_of,
    tenant_of,
    texts,
    tiny_model,
)

import recollect
from embeddings_server import EmbeddingsServer, Reply, answering, entries
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.hnsw import build_index, drop_index, index_name
from recollect.adapters.postgres.inspection import HOT, inspect
from recollect.adapters.postgres.queries import QUERIES
from recollect.errors import ModelUnavailable
from recollect.memory import filling

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    with tiny_model(monkeypatch) as server:
        yield server


# Calls in flight, and other processes.

WORKER = """
import asyncio, json, sys, time
import recollect

async def main():
    home, tenant, until = sys.argv[1], sys.argv[2], float(sys.argv[3])
    memory = recollect.AsyncMemory(home=home, tenant_id=tenant)
    done = {"searches": 0, "added": 0, "models": []}
    print("ready", flush=True)
    while time.time() < until:
        found = await memory.search("Which ship lies in Marseille?", user_id="ana")
        assert (len(found), found.degraded) == (10, ()), found.degraded
        done["searches"] += 1
        receipt = await memory.add(f"Boat {done['added']} of the other process", user_id="ana")
        assert not receipt.degraded, receipt
        done["added"] += 1
        model = (await memory.status()).embedder
        if model not in done["models"][-1:]:
            done["models"].append(model)
    await memory.close()
    print(json.dumps(done))

asyncio.run(main())
"""


async def test_searchers_and_writers_never_see_a_mix(home: str, async_memory: recollect.AsyncMemory):
    memory, seconds = async_memory, 6.0
    tenant = await tenant_of(memory)
    await memory.add(texts(400), user_id="ana")
    worker = subprocess.Popen(  # noqa: ASYNC220 - it starts in no time
        [sys.executable, "-c", WORKER, home, tenant, str(time.time() + seconds + 3)], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert await anyio.to_thread.run_sync(worker.stdout.readline) == "ready\n"
    ends, counts = time.monotonic() + seconds, {"searches": 0, "added": 0, "updated": 0, "switches": 0}

    async def search() -> None:
        while time.monotonic() < ends:
            found = await memory.search("Which ship lies in Marseille?", user_id="ana")
            assert (len(found), found.degraded) == (10, ())
            counts["searches"] += 1

    async def write(name: str) -> None:
        while time.monotonic() < ends:
            receipt = await memory.add(f"Crane {counts['added']} of {name}", user_id="ana")
            assert receipt.degraded == ()
            counts["added"] += 1
            await memory.update(receipt.id or "", user_id="ana", text=f"Winch {counts['added']} of {name} {uuid4()}")
            counts["updated"] += 1

    async def go_over() -> None:
        await memory.models.add("openai")
        while time.monotonic() < ends:
            await memory.models.switch("static" if counts["switches"] % 2 else "openai")
            counts["switches"] += 1
            await anyio.sleep(0.05)
        await memory.models.switch("openai")

    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(search)
        for name in ("the first", "the second"):
            group.start_soon(write, name)
        group.start_soon(go_over)
    out = await anyio.to_thread.run_sync(lambda: worker.communicate(timeout=60)[0])
    assert worker.returncode == 0
    other = json.loads(out)
    assert counts["switches"] >= 2
    assert min(counts["searches"], counts["added"], other["searches"], other["added"]) >= 5
    assert {STATIC, TINY} <= set(other["models"])
    state = await state_of(memory, TINY)
    assert state.filled == state.memories == 400 + counts["added"] + other["added"]
    await assert_vectors_are_the_active_models(memory, "ana")


def answer(batch: list[str]) -> Reply:
    return answering(entries(batch, DIMENSION))


async def test_a_killed_filling_is_gone_on_with(
    home: str, async_memory: recollect.AsyncMemory, endpoint: EmbeddingsServer
):
    await async_memory.add(texts(600), user_id="ana")
    endpoint.script.extend([*[answer] * 2, *[endpoint.hang] * 8])
    environment = {**os.environ, "RECOLLECT_HOME": home, "RECOLLECT_TENANT_ID": await tenant_of(async_memory)}
    recollect_command = str(Path(sys.executable).with_name("recollect"))
    process = subprocess.Popen([recollect_command, "model", "add", "openai"], env=environment)  # noqa: ASYNC220
    with anyio.fail_after(60):
        while len(endpoint.requests) < 3:  # noqa: ASYNC110 - they are another process's
            await anyio.sleep(0.05)
    assert len(await async_memory.search("Which ship?", user_id="ana")) == 10  # the old model answers all the while
    process.kill()
    await anyio.to_thread.run_sync(process.wait)
    assert (await state_of(async_memory, TINY)).filled == filling.BATCH
    endpoint.script.clear()
    done = len(endpoint.requests)
    assert await async_memory.models.reembed("openai") == 600 - filling.BATCH
    again = {text for request in endpoint.requests[done:] for text in request}
    assert not again & {text for request in endpoint.requests[:2] for text in request}


async def test_a_slow_endpoint_does_not_hold_writers_up_when_it_is_switched_to(
    async_memory: recollect.AsyncMemory, endpoint: EmbeddingsServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("recollect.memory.desks.models.SWITCH_S", 0.3)
    monkeypatch.setattr("recollect.memory.filling.PASSES", 0)  # all is left to the switch itself
    await async_memory.add(texts(3), user_id="ana")
    await async_memory.models.add("openai", fill=False)
    endpoint.script.append(endpoint.hang)
    with pytest.raises(ModelUnavailable, match=r"did not embed the last 3 memories in 0.3 s; nothing was switched"):
        await async_memory.models.switch("openai")
    assert (await async_memory.status()).embedder == STATIC
    await async_memory.add("A writer goes on", user_id="ana")


# The index for scopes too large to be ranked one by one.


async def test_the_index_is_built_once_and_serves_no_other_statement(
    async_memory: recollect.AsyncMemory, server: EmbeddedPostgres
):
    memory, owner = async_memory, make_conninfo(server.admin_conninfo, dbname="recollect")
    await memory.add(texts(50), user_id="ana")
    await memory.models.add("openai")
    assert not (await state_of(memory, TINY)).indexed
    try:
        assert build_index(owner, TINY, DIMENSION)
        assert not build_index(owner, TINY, DIMENSION)
        assert (await state_of(memory, TINY)).indexed
        assert not (await state_of(memory, STATIC)).indexed
        with psycopg.connect(owner) as connection:
            nearest = explained(
                connection,
                "SELECT memory_id FROM recollect.embedding WHERE model_id = 'openai:tiny' AND vector_dims(vector) = 16"
                " ORDER BY vector::halfvec(16) <=> (SELECT vector::halfvec(16) FROM recollect.embedding"
                " WHERE model_id = 'openai:tiny' LIMIT 1) LIMIT 5",
            )
            assert index_name(TINY, DIMENSION) in nearest, "what it is for"
            usual = explained(connection, "SELECT * FROM recollect.embedding WHERE model_id = 'openai:tiny'")
            assert index_name(TINY, DIMENSION) not in usual
        assert inspect(owner).scanned.keys() <= set(HOT)
        await memory.models.switch("openai")
        with psycopg.connect(owner, cursor_factory=psycopg.ClientCursor) as connection:
            where: dict[str, Any] = {
                "tenant_id": await tenant_of(memory),
                "user_id": "ana",
                "model_id": TINY,
                "seq": 0,
                "ids": [],
            }
            for name in ("all_vectors", "memories_changed_since", "vectors_of"):
                assert "embedding_hnsw" not in explained(connection, QUERIES[name].as_string(), where)
        await memory.add("Another ship came in", user_id="ana")  # it is kept up to date
        await assert_vectors_are_the_active_models(memory, "ana")
    finally:
        assert drop_index(owner, TINY, DIMENSION)
    assert not drop_index(owner, TINY, DIMENSION)


def explained(connection: psycopg.Connection, query: str, parameters: dict[str, Any] | None = None) -> str:
    connection.execute("SET enable_seqscan = off")
    connection.execute("SET enable_sort = off")
    return str(connection.execute(f"EXPLAIN {query}".encode(), parameters).fetchall())
