"""Searches of several threads at once, through the synchronous face, which shares one event loop among them."""

import threading
from collections.abc import Sequence

from recollect.bench.stored_vectors import StoredVectors
from recollect.bench.timing import Stopwatch, per_call, per_second
from recollect.bootstrap import assemble
from recollect.memory.parts import Parts
from recollect.memory.sync.facade import SyncFacade
from recollect.settings import Settings

WARM = 20
"""Searches before the clock starts."""


def searches_of_threads(
    settings: Settings, vectors: StoredVectors, user: str, asked: Sequence[str], threads: int
) -> dict[str, float]:
    """Searches a second, all threads together, and the processor time of one, on an index that is warm.

    Args:
        settings: how the memory is opened.
        vectors: stand in for the embedder.
        user: whose memories.
        asked: the questions, shared out among the threads.
        threads: how many.
    """

    async def opened() -> Parts:
        return vectors.in_place_of_embedder(await assemble(settings))

    with SyncFacade(opened) as memory:
        for question in asked[:WARM]:
            memory.search(question, user_id=user)

        def search(first: int) -> None:
            for question in asked[first::threads]:
                memory.search(question, user_id=user)

        callers = [threading.Thread(target=search, args=(first,)) for first in range(threads)]
        watch = Stopwatch()
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        ms, cpu_ms = watch.ms, watch.cpu_ms
    return {"threads": threads, "searches/s": per_second(len(asked), ms), "own cpu ms": per_call(cpu_ms, len(asked))}
