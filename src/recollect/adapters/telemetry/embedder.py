"""An embedder whose calls are told to whoever watches."""

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import View
from recollect.ports.embedder import ContextEmbedder, Embedder
from recollect.ports.telemetry import Embedding, Telemetry

Vectors = npt.NDArray[np.float32]


def observed(embedder: Embedder, telemetry: Telemetry) -> Embedder:
    """The embedder, which tells how long it takes if anybody listens."""
    if not telemetry.listening:
        return embedder
    if isinstance(embedder, ContextEmbedder):
        return ObservedContextEmbedder(embedder, telemetry)
    return ObservedEmbedder(embedder, telemetry)


class ObservedEmbedder:
    """See ``recollect.ports.embedder.Embedder``: another one's answers, and how long they took."""

    def __init__(self, embedder: Embedder, telemetry: Telemetry) -> None:
        self._embedder = embedder
        self._telemetry = telemetry

    @property
    def model_id(self) -> str:
        """The name under which vectors of this model are stored."""
        return self._embedder.model_id

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._embedder.dimension

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embeds documents."""
        with self._told("documents", len(texts)):
            return await self._embedder.embed(texts)

    async def embed_question(self, text: str, token_weights: Mapping[str, float] | None = None) -> Vectors:
        """Embeds a question."""
        with self._told("question", 1):
            return await self._embedder.embed_question(text, token_weights)

    async def close(self) -> None:
        """Gives back what the model holds."""
        await self._embedder.close()

    @contextmanager
    def _told(self, use: str, texts: int) -> Generator[None]:
        started, failed = time.perf_counter(), True
        try:
            yield
            failed = False
        finally:
            ended = time.perf_counter()
            told = Embedding(use=use, texts=texts, failed=failed, started=started, ended=ended)
            self._telemetry.embedded(told)


class ObservedContextEmbedder(ObservedEmbedder):
    """The same of an embedder that reads a text in the light of what was said before it."""

    def __init__(self, embedder: ContextEmbedder, telemetry: Telemetry) -> None:
        super().__init__(embedder, telemetry)
        self._reading = embedder

    async def embed_in_context(self, views: Sequence[View]) -> Vectors:
        """Embeds documents, each as it is understood after what was said before it."""
        with self._told("documents", len(views)):
            return await self._reading.embed_in_context(views)
