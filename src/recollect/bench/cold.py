"""First searches: what it takes to build a user's index from every memory, and from stored arrays."""

import gc
from typing import Any

from recollect.bench.machine import process_bytes
from recollect.bench.timing import Stopwatch
from recollect.memory.memory import AsyncFacade
from recollect.recall.large.sized import SizedIndexes


async def first_searches(memory: AsyncFacade, user: str, question: str, size: int) -> dict[str, Any]:
    """Milliseconds of a first search without and with stored arrays, and what the index takes of memory.

    Args:
        memory: nothing was asked of this user yet.
        user: whose memories.
        question: what is asked.
        size: how many memories there are.
    """
    gc.collect()
    resident = (await memory.status()).resident_bytes
    held = process_bytes()
    watch = Stopwatch()
    found = await memory.search(question, user_id=user)
    ms = watch.ms
    gc.collect()
    resident = (await memory.status()).resident_bytes - resident
    taken = process_bytes() - held
    return {
        "ms": round(ms, 1),
        "index ms": round(found.ms.get("index", 0.0), 1),
        "from stored arrays, ms": await _from_stored(memory, user, question),
        "searched": found.searched,
        "index kB per 1,000 memories": round(resident / size),
        "process kB per 1,000 memories": round(taken / size),
    }


async def _from_stored(memory: AsyncFacade, user: str, question: str) -> float:
    """Milliseconds of a search for which the index is built anew, once its arrays are stored."""
    parts = await memory.core.ready()
    indexes = parts.recaller.indexes
    if isinstance(indexes, SizedIndexes):
        await indexes.settled()
    indexes.forget((parts.tenant_id, user))
    watch = Stopwatch()
    await memory.search(question, user_id=user)
    return round(watch.ms, 1)
