"""An embedder that answers at once, with vectors made beforehand: for measuring everything but the embedding."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np
import numpy.typing as npt

from recollect.memory.parts import Parts
from recollect.ports.embedder import Embedder

POOL = 4_096
CLUSTERS = 64
_NOISE = 0.8
"""Length of a vector's own part beside its cluster's centre of length 1."""


class StoredVectors:
    """Stands in for a model: a text gets one of 4,096 stored unit vectors, by its checksum.

    The vectors lie around 64 centres, as those of real texts do. Name and dimension are the model's.
    """

    def __init__(self, model: Embedder, seed: int = 7) -> None:
        self._model = model
        random = np.random.default_rng(seed)
        centres = random.normal(size=(CLUSTERS, model.dimension))
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        noise = random.normal(size=(POOL, model.dimension)) * _NOISE / np.sqrt(model.dimension)
        pool = centres[random.integers(CLUSTERS, size=POOL)] + noise
        self._pool = (pool / np.linalg.norm(pool, axis=1, keepdims=True)).astype(np.float32)

    @property
    def model_id(self) -> str:
        """The model's name."""
        return self._model.model_id

    @property
    def dimension(self) -> int:
        """The model's dimension."""
        return self._model.dimension

    def of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The stored vectors of these texts: float32, shape (len(texts), dimension)."""
        return self._pool[[crc32(text.encode()) % POOL for text in texts]]

    async def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As ``of``."""
        return self.of(texts)

    async def embed_question(
        self, text: str, token_weights: Mapping[str, float] | None = None
    ) -> npt.NDArray[np.float32]:
        """The stored vector of the question; the weights change nothing."""
        del token_weights
        return self.of([text])[0]

    def in_place_of_embedder(self, parts: Parts) -> Parts:
        """The same parts, which take these vectors instead of asking a model."""
        writer, recaller = replace(parts.writer, embedder=self), replace(parts.recaller, embedder=self)
        return replace(parts, embedder=self, writer=writer, recaller=recaller)

    async def close(self) -> None:
        """Holds nothing; the model itself is closed by whoever opened it."""
