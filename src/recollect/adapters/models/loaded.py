"""Embedders by name, each made once: a tenant's models may change, and calls in flight keep the one they began with."""

from collections.abc import Callable

import anyio
import anyio.to_thread

from recollect.ports.embedder import Embedder


class LoadedEmbedders:
    """Makes embedders when they are first asked for and closes them all at the end.

    Args:
        make: makes the embedder of a name; runs on a worker thread, as it may read a large file.
    """

    def __init__(self, make: Callable[[str], Embedder]) -> None:
        self._make = make
        self._made: dict[str, Embedder] = {}
        self._lock = anyio.Lock()

    async def named(self, name: str) -> Embedder:
        """The embedder of that name.

        Raises:
            ModelMissing: it cannot be made.
        """
        async with self._lock:
            if name not in self._made:
                self._made[name] = await anyio.to_thread.run_sync(self._make, name)
            return self._made[name]

    async def close(self) -> None:
        """Closes what was made."""
        while self._made:
            _, embedder = self._made.popitem()
            await embedder.close()
