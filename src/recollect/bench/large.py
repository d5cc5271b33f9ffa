"""``recollect bench large``: searches of users too large for the resident index, and how far both ways agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recollect.bench.machine import machine
from recollect.bench.place import Place
from recollect.bench.progress import Progress
from recollect.bench.speed import facade_of
from recollect.bench.stored_vectors import StoredVectors
from recollect.bench.texts import SESSION, Talk, batches, message
from recollect.bench.timing import Stopwatch, per_call, percentiles
from recollect.bootstrap import assemble
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.settings import load_settings

FOUND = 10
"""Memories that are asked for."""
COMPARED = 50
"""Questions that are put both ways, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeLoad:
    """What is measured: users of these sizes, so many searches of each, with this embedder's stored vectors."""

    sizes: Sequence[int] = (10_000, 100_000)
    calls: int = 200
    embedder: str = "static"


async def measure_large(load: LargeLoad, place: Place, progress: Progress) -> dict[str, Any]:
    """Measures and returns the report, ready for JSON.

    Raises:
        StoreError, ModelError: a part cannot be had.
    """
    arguments = {**place.arguments(load.embedder), "upkeep": False, "index_bytes": 8_000_000_000}
    sought = await assemble(load_settings(**{**arguments, "resident_rows": 0}))
    try:
        held = await assemble(load_settings(**{**arguments, "resident_rows": 10_000_000}))
        try:
            vectors, talk = StoredVectors(sought.embedder), Talk(seed=11)
            ways = _Ways(_bare(sought, vectors), _bare(held, vectors))
            sizes = {str(size): await _measure_size(ways, talk, size, load.calls, progress) for size in load.sizes}
        finally:
            await held.close()
    finally:
        await sought.close()
    return {"embedder": load.embedder, "calls": load.calls, "sizes": sizes, "machine": machine()}


@dataclass(frozen=True, slots=True)
class _Ways:
    """The same tenant: searched in the database, and held."""

    sought: AsyncFacade
    held: AsyncFacade


def _bare(parts: Parts, vectors: StoredVectors) -> AsyncFacade:
    return facade_of(vectors.in_place_of_embedder(parts))


async def _measure_size(ways: _Ways, talk: Talk, size: int, calls: int, progress: Progress) -> dict[str, Any]:
    user, texts = f"user {size}", talk.sentences(size)
    with progress.bar(f"{size:,} memories", -(-size // SESSION)) as tick:
        for session, messages in batches(texts):
            await ways.sought.add(messages, user_id=user, conversation_id=session)
            tick()
    asked = [talk.question(texts[(7919 * number) % size]) for number in range(calls + 10)]
    with progress.bar(f"{size:,} memories: calls", 4) as tick:
        filling = Stopwatch()
        await ways.sought.search(asked[0], user_id=user)
        filled = {"ms": round(filling.ms), "own cpu ms": round(filling.cpu_ms)}
        tick()
        for question in asked[1:10]:
            await ways.sought.search(question, user_id=user)
        search = await _searches(ways.sought, user, asked[10:])
        tick()
        after = await _after_adds(ways.sought, talk, user, asked[10:60])
        tick()
        agreed = await _agreement(ways, user, asked[10 : 10 + COMPARED])
        tick()
    return {"filling": filled, "search": search, "after an add": after, "agreement": agreed}


async def _searches(memory: AsyncFacade, user: str, asked: Sequence[str]) -> dict[str, Any]:
    timed: list[float] = []
    read: list[int] = []
    whole = Stopwatch()
    for question in asked:
        watch = Stopwatch()
        found = await memory.search(question, user_id=user, limit=FOUND)
        timed.append(watch.ms)
        read.append(found.searched)
    return {
        **percentiles(timed),
        "own cpu ms": per_call(whole.cpu_ms, len(timed)),
        "ranked": sorted(read)[len(read) // 2],
    }


async def _after_adds(memory: AsyncFacade, talk: Talk, user: str, asked: Sequence[str]) -> dict[str, float]:
    timed: list[float] = []
    for place, question in enumerate(asked):
        await memory.add(message(talk.sentence(), place), user_id=user, conversation_id="live")
        watch = Stopwatch()
        await memory.search(question, user_id=user, limit=FOUND)
        timed.append(watch.ms)
    return percentiles(timed)


async def _agreement(ways: _Ways, user: str, asked: Sequence[str]) -> dict[str, float]:
    """How many of the ten that the resident index finds are found, and how often the first is the same."""
    shared = first = 0
    for question in asked:
        held = [hit.memory.id for hit in await ways.held.search(question, user_id=user, limit=FOUND)]
        sought = [hit.memory.id for hit in await ways.sought.search(question, user_id=user, limit=FOUND)]
        shared += len({*held} & {*sought})
        first += held[:1] == sought[:1]
    return {"of ten": round(shared / len(asked), 2), "same first": round(first / len(asked), 3)}
