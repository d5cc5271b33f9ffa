"""``recollect bench speed``: how long adding and searching take, beside what the bare work costs in the same run.

Each embedder gets a tenant of its own: first the neighbours are loaded, then one user a size. Everything is loaded and
measured with stored vectors, which cost nothing, and then a few calls more with the embedder itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import anyio
import anyio.to_thread

from recollect.bench import floor
from recollect.bench.cold import first_searches
from recollect.bench.machine import file_system, machine
from recollect.bench.place import Place
from recollect.bench.policy_cost import policy_cost
from recollect.bench.progress import Progress
from recollect.bench.stored_vectors import StoredVectors
from recollect.bench.texts import SESSION, Talk, batches, message
from recollect.bench.threads import searches_of_threads
from recollect.bench.timing import Stopwatch, per_call, per_second, percentiles, ratio
from recollect.bootstrap import assemble
from recollect.errors import ModelMissing
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.settings import Settings, load_settings

AT_ONCE = 8
"""Callers at once when throughput is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is measured.

    Attributes:
        sizes: memories of each measured user. neighbours: users beside them. neighbour_size: memories of each.
        calls: how often each call is made. embedders: their names; one that is missing is reported as missing.
    """

    sizes: Sequence[int] = (1_000, 10_000, 100_000)
    neighbours: int = 100
    neighbour_size: int = 1_000
    calls: int = 200
    embedders: Sequence[str] = ("static", "minilm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One embedder's memory, twice over the same parts.

    Attributes:
        settings: how the memory was opened. talk: makes texts.
        bare: with stored vectors. real: with the embedder itself. vectors: the stored ones.
    """

    load: Load
    settings: Settings
    place: Place
    progress: Progress
    bare: AsyncFacade
    real: AsyncFacade
    vectors: StoredVectors
    talk: Talk


async def measure_speed(load: Load, place: Place, progress: Progress) -> dict[str, Any]:
    """Measures and returns the report, ready for JSON.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    about = machine()
    if place.data is not None:
        about["file system"] = file_system(place.data)
    report: dict[str, Any] = {
        "load": {
            "sizes": list(load.sizes),
            "neighbours": load.neighbours,
            "neighbour size": load.neighbour_size,
            "calls": load.calls,
        },
        "durability": await _durability(place),
        "embedders": {},
        "what the ranking floor does": floor.RANKING,
        "what the fetch floor does": floor.FETCHING,
        "what the commit floor does": floor.COMMITTING,
        "machine": about,
    }
    for name in load.embedders:
        try:
            report["embedders"][name] = await _measure_embedder(name, load, place, progress)
        except ModelMissing as error:
            report["embedders"][name] = {"missing": str(error)}
    return report


async def _measure_embedder(name: str, load: Load, place: Place, progress: Progress) -> dict[str, Any]:
    settings = load_settings(**{**place.arguments(name), "index_bytes": 8_000_000_000, "resident_rows": 10_000_000})
    parts = await assemble(settings)
    try:
        vectors = StoredVectors(parts.embedder)
        bench = Bench(
            load=load,
            settings=settings,
            place=place,
            progress=progress,
            bare=facade_of(vectors.in_place_of_embedder(parts)),
            real=facade_of(parts),
            vectors=vectors,
            talk=Talk(seed=11),
        )
        bulk = await _load_neighbours(bench)
        sizes = {str(size): await _measure_size(bench, size) for size in load.sizes}
        return {
            "model": parts.embedder.model_id,
            "dimension": parts.embedder.dimension,
            "neighbours loaded, texts/s": bulk,
            "sizes": sizes,
        }
    finally:
        await parts.close()


async def _measure_size(bench: Bench, size: int) -> dict[str, Any]:
    user, calls = f"user {size}", bench.load.calls
    texts = bench.talk.sentences(size)
    bulk = await _fill(bench, user, texts, f"{size:,} memories")
    asked = [bench.talk.question(texts[(7919 * number) % size]) for number in range(calls)]
    fresh = iter(bench.talk.sentences(4 * calls))
    cold = await first_searches(bench.bare, user, asked[0], size)
    with bench.progress.bar(f"{size:,} memories: calls", 5) as tick:
        # Questions of other words first: a process looks up once what is close to a word, and then knows it.
        first = await _searches(bench.bare, user, [bench.talk.question(bench.talk.sentence()) for _ in range(calls)])
        search = await _searches(bench.bare, user, asked)
        policy = await policy_cost(bench.bare, user, asked[: max(calls // 2, 1)], _searches)
        tick()
        ranking = await anyio.to_thread.run_sync(_ranking_floor, bench, texts, asked)
        fetching = await _fetch_floor(bench, user, asked)
        tick()
        add = await _adds(bench.bare, user, islice(fresh, calls), size)
        commit = await _commit_floor(bench.place, calls)
        after_add = await _searches_after_adds(bench, user, asked[:50], list(islice(fresh, min(calls, 50))))
        tick()
        at_once = await _at_once(bench, user, asked)
        threads = await anyio.to_thread.run_sync(
            searches_of_threads, bench.settings, bench.vectors, user, [*asked, *asked], AT_ONCE
        )
        tick()
        embedded = {
            "search": await _searches(bench.real, user, asked[: max(calls // 2, 1)]),
            "add": await _adds(bench.real, user, islice(fresh, max(calls // 2, 1)), size + 2 * calls),
        }
        tick()
    return {
        "bulk load, texts/s": bulk,
        "first search": cold,
        "search": {**search, "after an add": after_add, "words not met before": first},
        "one policy": policy,
        "ranking floor": ranking,
        "fetch floor": fetching,
        "search / both floors": ratio(search["p50 ms"], ranking["p50 ms"] + fetching["p50 ms"]),
        "search / ranking floor": ratio(search["p50 ms"], ranking["p50 ms"]),
        "rank stage / ranking floor": ratio(search["stages, p50 ms"].get("rank", 0.0), ranking["p50 ms"]),
        "add": add,
        "commit floor": commit,
        "add / commit floor": ratio(add["p50 ms"], commit.get("p50 ms", 0.0)),
        "at once": at_once,
        "threads at once": threads,
        "with the embedder": embedded,
    }


async def _load_neighbours(bench: Bench) -> float:
    load = bench.load
    watch = Stopwatch()
    with bench.progress.bar("neighbours", load.neighbours) as tick:
        for number in range(load.neighbours):
            for session, messages in batches(bench.talk.sentences(load.neighbour_size)):
                await bench.bare.add(messages, user_id=f"neighbour {number}", conversation_id=session)
            tick()
    return per_second(load.neighbours * load.neighbour_size, watch.ms)


async def _fill(bench: Bench, user: str, texts: list[str], title: str) -> float:
    watch = Stopwatch()
    with bench.progress.bar(title, -(-len(texts) // SESSION)) as tick:
        for session, messages in batches(texts):
            await bench.bare.add(messages, user_id=user, conversation_id=session)
            tick()
    return per_second(len(texts), watch.ms)


async def _searches(memory: AsyncFacade, user: str, asked: Sequence[str]) -> dict[str, Any]:
    timed: list[float] = []
    whole = Stopwatch()
    stages: dict[str, list[float]] = {}
    trips: Counter[int] = Counter()
    for question in asked:
        watch = Stopwatch()
        found = await memory.search(question, user_id=user)
        timed.append(watch.ms)
        trips[found.round_trips] += 1
        for stage, ms in found.ms.items():
            stages.setdefault(stage, []).append(ms)
    return {
        **percentiles(timed),
        "own cpu ms": per_call(whole.cpu_ms, len(timed)),
        "per second": per_second(len(timed), sum(timed)),
        "round trips": trips.most_common(1)[0][0],
        "round trips at most": max(trips),
        "stages, p50 ms": {stage: percentiles(ms)["p50 ms"] for stage, ms in stages.items()},
    }


async def _adds(memory: AsyncFacade, user: str, texts: Iterable[str], number: int) -> dict[str, Any]:
    timed: list[float] = []
    whole = Stopwatch()
    trips: Counter[int] = Counter()
    for place, text in enumerate(texts, start=number):
        said = message(text, place)
        watch = Stopwatch()
        receipt = await memory.add(said, user_id=user, conversation_id="live")
        timed.append(watch.ms)
        trips[receipt.cost.round_trips] += 1
    return {
        **percentiles(timed),
        "own cpu ms": per_call(whole.cpu_ms, len(timed)),
        "per second": per_second(len(timed), sum(timed)),
        "round trips": trips.most_common(1)[0][0],
        "round trips at most": max(trips),
    }


async def _searches_after_adds(bench: Bench, user: str, asked: Sequence[str], texts: Sequence[str]) -> dict[str, float]:
    timed: list[float] = []
    for place, (question, text) in enumerate(zip(asked, texts, strict=False)):
        await bench.bare.add(message(text, place), user_id=user, conversation_id="live")
        watch = Stopwatch()
        await bench.bare.search(question, user_id=user)
        timed.append(watch.ms)
    return percentiles(timed)


async def _at_once(bench: Bench, user: str, asked: Sequence[str]) -> dict[str, float]:
    """Throughput of eight callers: searches of one user, adds of eight users."""
    rounds = max(len(asked) // AT_ONCE, 1)
    texts = bench.talk.sentences(rounds * AT_ONCE)

    async def search(caller: int) -> None:
        for number in range(rounds):
            await bench.bare.search(asked[(caller * rounds + number) % len(asked)], user_id=user)

    async def add(caller: int) -> None:
        for number, text in enumerate(texts[caller * rounds : (caller + 1) * rounds]):
            await bench.bare.add(message(text, number), user_id=f"caller {caller} of {user}", conversation_id="live")

    rates: dict[str, float] = {"callers": AT_ONCE}
    for name, call in (("searches/s", search), ("adds/s", add)):
        watch = Stopwatch()
        async with anyio.create_task_group() as group:
            for caller in range(AT_ONCE):
                group.start_soon(call, caller)
        rates[name] = per_second(rounds * AT_ONCE, watch.ms)
    return rates


def _ranking_floor(bench: Bench, texts: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    arrays = floor.Arrays(texts, bench.vectors.of(texts))
    questions = bench.vectors.of(asked)
    floor.ranking_ms(arrays, asked[:5], questions[:5])  # warm, as the searches are
    whole = Stopwatch()
    timed = floor.ranking_ms(arrays, asked, questions)
    return {**percentiles(timed), "own cpu ms": per_call(whole.cpu_ms, len(timed))}


async def _fetch_floor(bench: Bench, user: str, asked: Sequence[str]) -> dict[str, Any]:
    found = [await bench.bare.search(question, user_id=user) for question in asked]
    wanted = [[hit.memory.id for hit in result] for result in found]
    parts = await bench.bare.core.ready()
    timed = await anyio.to_thread.run_sync(floor.fetch_ms, bench.place.conninfo, parts.tenant_id, wanted)
    return percentiles(timed)


async def _commit_floor(place: Place, calls: int) -> dict[str, Any]:
    if place.owner is None:
        return {"calls": 0}  # the floor makes a table of its own, which takes the owner's rights
    timed = await anyio.to_thread.run_sync(floor.commit_ms, place.owner, calls)
    return percentiles(timed)


async def _durability(place: Place) -> str:
    return "" if place.owner is None else await anyio.to_thread.run_sync(floor.durability, place.owner)


def facade_of(parts: Parts) -> AsyncFacade:
    """A facade on parts that are open."""

    async def opened() -> Parts:
        return parts

    return AsyncFacade(opened)
