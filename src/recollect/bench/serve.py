"""``recollect bench serve``: searches and contexts over HTTP, beside the same calls in process, in one run.

One server process with a key, as ``recollect serve`` starts it; the callers are another process, each on a connection
of its own. In process as many callers share one event loop. Both are asked the same questions of the same users, in
turns, so that what disturbs the machine disturbs both.
"""

import asyncio
import json
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen

import anyio
import anyio.to_thread
import numpy as np
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from recollect.adapters.postgres.copied_users import copy_user
from recollect.bench.machine import machine
from recollect.bench.place import Place
from recollect.bench.progress import Progress
from recollect.bench.speed import facade_of
from recollect.bench.texts import SESSION, Talk, batches
from recollect.bench.timing import Stopwatch, per_second, percentiles, ratio
from recollect.bootstrap import assemble
from recollect.errors import StoreError, ValidationError
from recollect.memory.memory import AsyncFacade
from recollect.settings import Settings, load_settings

HOST = "127.0.0.1"
READY_WITHIN_S = 60.0
ROUNDS = 4
"""How often HTTP and in process take turns."""
UNLIMITED = 1_000_000
"""Requests a minute: the limit is counted, and never reached."""
KINDS = ("search", "context")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeLoad:
    """What is measured.

    Attributes:
        users: how many. memories: of each. callers: at once. calls: of each kind, by each way.
    """

    users: int = 100
    memories: int = 10_000
    callers: int = 8
    calls: int = 800


@dataclass(slots=True)
class _Way:
    """What was measured of one way: milliseconds of each call, seconds of all, and how many failed."""

    ms: list[float] = field(default_factory=list[float])
    seconds: float = 0.0
    failed: int = 0

    def figures(self) -> dict[str, float]:
        """The figures for the report."""
        high = {"p99 ms": float(f"{np.percentile(self.ms, 99):.3g}")} if self.ms else {}
        rate = per_second(len(self.ms), self.seconds * 1000)
        return {**percentiles(self.ms), **high, "per second": rate, "failed": self.failed}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is asked: of whom, with which words."""

    load: ServeLoad
    talk: Talk
    texts: Sequence[str]
    progress: Progress

    @property
    def users(self) -> list[str]:
        """All users."""
        return [_user(number) for number in range(self.load.users)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """The same tenant, both ways."""

    memory: AsyncFacade
    port: int
    token: str

    async def over_http(self, kind: str, asked: Sequence[tuple[str, str]], callers: int, way: _Way) -> None:
        """Sends the questions from another process."""
        orders = {
            "host": HOST,
            "port": self.port,
            "path": f"/v1/{kind}",
            "headers": {"Authorization": f"Bearer {self.token}"},
            "callers": callers,
            "bodies": [{"query": question, "user_id": user} for user, question in asked],
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "recollect.bench.http_load", stdin=PIPE, stdout=PIPE
        )
        out, _ = await process.communicate(json.dumps(orders).encode())
        answer = cast(dict[str, Any], json.loads(out))
        way.ms += answer["ms"]
        way.seconds += answer["seconds"]
        way.failed += answer["failed"]

    async def in_process(self, kind: str, asked: Sequence[tuple[str, str]], callers: int, way: _Way) -> None:
        """Asks the same questions here."""

        async def ask(first: int) -> None:
            for user, question in asked[first::callers]:
                watch = Stopwatch()
                if kind == "search":
                    await self.memory.search(question, user_id=user)
                else:
                    packet = await self.memory.context(question, user_id=user)
                    packet.rendering()
                    packet.to_dict()  # the route answers with both
                way.ms.append(watch.ms)

        whole = Stopwatch()
        async with anyio.create_task_group() as group:
            for caller in range(callers):
                group.start_soon(ask, caller)
        way.seconds += whole.ms / 1000


async def measure_serve(load: ServeLoad, place: Place, progress: Progress) -> dict[str, Any]:
    """Measures and returns the report, ready for JSON.

    Raises:
        StoreError: the database or the server cannot be started. ValidationError: the users cannot be copied there.
    """
    if place.owner is None and load.users > 1:
        raise ValidationError("--users", "above 1 needs the database's owner; set RECOLLECT_ADMIN_URL")
    settings = load_settings(**{**place.arguments("static"), "upkeep": False})
    parts = await assemble(settings)
    try:
        memory, talk = facade_of(parts), Talk(seed=11)
        plan = _Plan(load=load, talk=talk, texts=talk.sentences(load.memories), progress=progress)
        await _fill(memory, plan, place, settings.tenant_id)
        issued = await memory.keys.create("bench", access="read", requests_per_minute=UNLIMITED)
        async with _served(settings) as port:
            bench = _Bench(memory=memory, port=port, token=issued.token)
            await _warm(bench, plan)
            measured = await _measured(bench, plan)
    finally:
        await parts.close()
    return {
        "load": {"users": load.users, "memories": load.memories, "callers": load.callers, "calls": load.calls},
        "callers": measured,
        "machine": machine(),
    }


async def _fill(memory: AsyncFacade, plan: _Plan, place: Place, tenant_id: str) -> None:
    """The first user by ``add``, the others as copies."""
    first, *others = plan.users
    with plan.progress.bar(f"{len(plan.texts):,} memories", -(-len(plan.texts) // SESSION)) as tick:
        for session, messages in batches(list(plan.texts)):
            await memory.add(messages, user_id=first, conversation_id=session)
            tick()
    if place.owner is None:
        return
    owner = make_conninfo(place.owner, dbname=str(conninfo_to_dict(place.conninfo)["dbname"]))
    with plan.progress.bar(f"{len(plan.users):,} users", len(others)) as tick:
        for number, user in enumerate(others, start=1):
            await anyio.to_thread.run_sync(copy_user, owner, tenant_id, first, {number: user})
            tick()


async def _warm(bench: _Bench, plan: _Plan) -> None:
    """Has both ways hold every user's arrays."""
    question = plan.talk.question(plan.texts[0])
    with plan.progress.bar("first searches", 2 * len(plan.users)) as tick:
        for user in plan.users:
            for way in (bench.over_http, bench.in_process):
                await way("search", [(user, question)], 1, _Way())
                tick()


async def _measured(bench: _Bench, plan: _Plan) -> dict[str, Any]:
    report: dict[str, Any] = {}
    users, texts, load = plan.users, plan.texts, plan.load
    with plan.progress.bar("calls", 2 * len(KINDS) * ROUNDS) as tick:
        for callers in (1, load.callers):
            report[str(callers)] = by_kind = dict[str, Any]()
            for kind in KINDS:
                http, here = _Way(), _Way()
                for turn in range(ROUNDS):
                    count = max(load.calls // ROUNDS, callers)
                    places = range(turn * count, (turn + 1) * count)
                    asked = [
                        (users[n % len(users)], plan.talk.question(texts[(7919 * n) % len(texts)])) for n in places
                    ]
                    await bench.over_http(kind, asked, callers, http)
                    await bench.in_process(kind, asked, callers, here)
                    tick()
                by_kind[kind] = _compared(http.figures(), here.figures())
    return report


def _compared(http: dict[str, float], here: dict[str, float]) -> dict[str, Any]:
    return {
        "http": http,
        "in process": here,
        "http adds, p50 ms": round(http.get("p50 ms", 0.0) - here.get("p50 ms", 0.0), 2),
        "throughput, http / in process": ratio(http["per second"], here["per second"]),
    }


def _user(number: int) -> str:
    return f"user {number}"


@asynccontextmanager
async def _served(settings: Settings) -> AsyncGenerator[int]:
    """A server process on a free port of this machine; it ends with the block."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = int(found.getsockname()[1])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "recollect.bench.served", str(port), stdin=PIPE, stdout=DEVNULL
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    process.stdin.write(json.dumps(_plain(settings)).encode())
    process.stdin.close()
    try:
        await _ready(process, port)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _plain(settings: Settings) -> dict[str, Any]:
    """The settings that were given, as JSON; they hold passwords, and are no arguments of a process therefore."""
    given = settings.model_dump(exclude_unset=True, exclude_none=True)
    secrets = {name: value.get_secret_value() for name, value in given.items() if isinstance(value, SecretStr)}
    return {name: str(value) if isinstance(value, Path) else value for name, value in {**given, **secrets}.items()}


async def _ready(process: Process, port: int) -> None:
    def answers() -> bool:
        try:
            with urlopen(f"http://{HOST}:{port}/health/ready", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    with anyio.move_on_after(READY_WITHIN_S):
        while process.returncode is None:
            if await anyio.to_thread.run_sync(answers):
                return
            await anyio.sleep(0.2)
    raise StoreError("the server did not start; try `recollect serve` by hand to see why")
