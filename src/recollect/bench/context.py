"""``recollect bench context``: how long one turn's context takes, on Postgres and on Redis, by turns in the same run.

Both read the same user of the same database. Everything is measured with stored vectors, which cost nothing, and then
as the specifications ask, with everything included: the embedder, and the first call of a process.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from recollect.bench.context_user import User, channel_of, made_user, project_of, turn
from recollect.bench.machine import machine
from recollect.bench.place import Place
from recollect.bench.profiling import Profiles
from recollect.bench.progress import Progress
from recollect.bench.speed import facade_of
from recollect.bench.stored_vectors import StoredVectors
from recollect.bench.texts import Talk
from recollect.bench.timing import Stopwatch, per_call, percentiles
from recollect.bootstrap import assemble
from recollect.domain.packet import Packet
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.settings import Settings, load_settings

TARGETS: Mapping[str, tuple[float, float | None]] = {"with a query": (10.0, 25.0), "without a query": (2.0, None)}
"""Milliseconds that are allowed, p50 and p95, with 10,000 memories and without the query's embedding."""
ALLOWED_TRIPS = 3
BUDGET_TOKENS = 1_500
WARM_CALLS = 10
"""The first question so often before the others: connections and statements are ready then."""
AFTER_ADDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLoad:
    """What is measured.

    Attributes:
        sizes: memories of each user. calls: how often each call is made on each tier. embedder: its name.
        redis_url: a Redis to measure beside Postgres; None for the one that the settings name, if they do.
    """

    sizes: Sequence[int] = (10_000,)
    calls: int = 200
    embedder: str = "static"
    redis_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One hot tier's memory, twice over the same parts: with stored vectors, and with the embedder itself."""

    name: str
    bare: AsyncFacade
    real: AsyncFacade


@dataclass(slots=True)
class Timed:
    """What was seen of one kind of call."""

    ms: list[float] = field(default_factory=list[float])
    cpu_ms: float = 0.0
    rendering_ms: list[float] = field(default_factory=list[float])
    trips: Counter[int] = field(default_factory=Counter[int])
    stages: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    degraded: int = 0

    def take(self, watch: Stopwatch, packet: Packet) -> None:
        """Takes in one call that is over, and renders its packet."""
        ms, cpu_ms = watch.ms, watch.cpu_ms
        self.ms.append(ms)
        self.cpu_ms += cpu_ms
        self.trips[packet.round_trips] += 1
        self.degraded += bool(packet.degraded)
        for stage, took in (*packet.ms.items(), ("rest", ms - sum(packet.ms.values()))):
            self.stages.setdefault(stage, []).append(took)
        started = time.perf_counter()
        packet.render(budget_tokens=BUDGET_TOKENS)
        self.rendering_ms.append((time.perf_counter() - started) * 1000)

    def report(self) -> dict[str, Any]:
        """The figures."""
        rendering = percentiles(self.rendering_ms)
        return {
            **percentiles(self.ms),
            "own cpu ms": per_call(self.cpu_ms, len(self.ms)),
            "round trips": self.trips.most_common(1)[0][0],
            "round trips at most": max(self.trips),
            "stages, p50 ms": {name: percentiles(ms)["p50 ms"] for name, ms in self.stages.items()},
            "rendering, p50 ms": rendering["p50 ms"],
            "rendering, p95 ms": rendering["p95 ms"],
            "degraded calls": self.degraded,
        }


Ask = Callable[[AsyncFacade, int], Awaitable[Packet]]


async def measure_context(load: ContextLoad, place: Place, progress: Progress, profiles: Profiles) -> dict[str, Any]:
    """Measures and returns the report, ready for JSON.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    async with AsyncExitStack() as stack:
        tiers, vectors = await _tiers(load, place, stack)
        talk = Talk(seed=11)
        sizes: dict[str, Any] = {}
        for size in load.sizes:
            user = await made_user(tiers[0].bare, talk, size, progress)
            sizes[str(size)] = await _measure(Run(load, tiers, user, talk, progress, profiles))
        return {
            "load": {"sizes": list(load.sizes), "calls": load.calls, "embedder": vectors.model_id},
            "sizes": sizes,
            "targets": {name: {"p50 ms": p50, "p95 ms": p95} for name, (p50, p95) in TARGETS.items()},
            "round trips allowed": ALLOWED_TRIPS,
            "machine": machine(),
        }


@dataclass(frozen=True, slots=True)
class Run:
    """One size's run: what is measured, on which tiers, of whom."""

    load: ContextLoad
    tiers: Sequence[Tier]
    user: User
    talk: Talk
    progress: Progress
    profiles: Profiles


async def _measure(run: Run) -> dict[str, Any]:
    user, calls = run.user.user_id, run.load.calls
    texts = run.user.texts
    asked = [run.talk.question(texts[(7919 * number) % len(texts)]) for number in range(calls)]
    # Questions of other words first: a process looks up once what is close to a word, and then knows it.
    new = [run.talk.question(run.talk.sentence()) for _ in range(calls)]
    shared, channel = project_of(user), channel_of(user)
    kinds: dict[str, tuple[Ask, int]] = {
        "without a query": (lambda memory, _: memory.context(user_id=user), calls),
        "small talk": (lambda memory, _: memory.context("thanks a lot!", user_id=user), calls),
        "with words not met before": (lambda memory, number: memory.context(new[number], user_id=user), calls),
        "with a query": (lambda memory, number: memory.context(asked[number], user_id=user), calls),
        "in a project": (
            lambda memory, number: memory.context(asked[number], user_id=user, project_id=shared),
            max(calls // 2, 1),
        ),
        "in a channel": (
            lambda memory, number: memory.context(asked[number], user_id=user, channel_id=channel, mentioned=True),
            max(calls // 2, 1),
        ),
    }
    first = await _first_calls(run, asked[0])
    with run.progress.bar("contexts", len(kinds) + 2) as tick:
        measured: dict[str, Any] = {}
        for name, (ask, times) in kinds.items():
            measured[name] = await _interleaved(run, name, ask, times)
            tick()
        measured["right after an add"] = await _after_adds(run, asked)
        tick()
        measured["with everything included"] = await _everything(run, asked)
        tick()
    return {
        "packet": await _packet(run, asked[0]),
        "calls": measured,
        "first call, ms": first,
    }


async def _interleaved(run: Run, name: str, ask: Ask, times: int) -> dict[str, Any]:
    """The same calls on each tier by turns, so that what else the machine does touches all of them alike."""
    timed = {tier.name: Timed() for tier in run.tiers}
    for tier in run.tiers:
        for _ in range(WARM_CALLS):
            await ask(tier.bare, 0)
    for number in range(times):
        for tier in run.tiers if number % 2 else reversed(run.tiers):
            with run.profiles.of(f"{name}, {tier.name}"):
                watch = Stopwatch()
                packet = await ask(tier.bare, number)
                timed[tier.name].take(watch, packet)
    return {name: seen.report() for name, seen in timed.items()}


async def _after_adds(run: Run, asked: Sequence[str]) -> dict[str, Any]:
    """A question after each message, as in a conversation: both the hot state and the index have changed."""
    timed = {tier.name: Timed() for tier in run.tiers}
    user = run.user.user_id
    for number in range(min(AFTER_ADDS, len(asked))):
        for tier in run.tiers:
            await tier.bare.add(turn(run.talk.sentence()), user_id=user, conversation_id="live")
            watch = Stopwatch()
            packet = await tier.bare.context(asked[number], user_id=user)
            timed[tier.name].take(watch, packet)
    return {name: seen.report() for name, seen in timed.items()}


async def _everything(run: Run, asked: Sequence[str]) -> dict[str, Any]:
    """With the embedder itself and with rendering."""
    timed: dict[str, list[float]] = {tier.name: [] for tier in run.tiers}
    user = run.user.user_id
    for question in asked[: max(len(asked) // 2, 1)]:
        for tier in run.tiers:
            watch = Stopwatch()
            packet = await tier.real.context(question, user_id=user)
            packet.render(budget_tokens=BUDGET_TOKENS)
            timed[tier.name].append(watch.ms)
    return {name: percentiles(ms) for name, ms in timed.items()}


async def _first_calls(run: Run, question: str) -> dict[str, float]:
    """The first context of a process with the embedder: it reads the user's index from the database."""
    first: dict[str, float] = {}
    for tier in run.tiers:
        parts = await tier.real.core.ready()
        parts.recaller.indexes.forget((parts.tenant_id, run.user.user_id))
        watch = Stopwatch()
        (await tier.real.context(question, user_id=run.user.user_id)).render(budget_tokens=BUDGET_TOKENS)
        first[tier.name] = round(watch.ms, 1)
    return first


async def _packet(run: Run, question: str) -> dict[str, Any]:
    packet = await run.tiers[0].bare.context(question, user_id=run.user.user_id)
    return {"items": len(packet.items), "tokens": packet.tokens}


async def _tiers(load: ContextLoad, place: Place, stack: AsyncExitStack) -> tuple[list[Tier], StoredVectors]:
    given = {**place.arguments(load.embedder), "index_bytes": 8_000_000_000, "upkeep": False}
    settings = load_settings(**given, redis_url=load.redis_url)
    alone = await _opened(settings.model_copy(update={"redis_url": None}), stack)
    vectors = StoredVectors(alone.embedder)
    tiers = [_tier("postgres", alone, vectors)]
    if settings.redis_url is not None:
        tiers.append(_tier("redis", await _opened(settings, stack), vectors))
    return tiers, vectors


async def _opened(settings: Settings, stack: AsyncExitStack) -> Parts:
    parts = await assemble(settings)
    stack.push_async_callback(parts.close)
    return parts


def _tier(name: str, parts: Parts, vectors: StoredVectors) -> Tier:
    return Tier(name=name, bare=facade_of(vectors.in_place_of_embedder(parts)), real=facade_of(parts))
