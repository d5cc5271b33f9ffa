"""What Recollect needs to keep several embedding models' vectors beside each other."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.embedding_model import EmbeddingModel
from recollect.ports.embedder import Embedder
from recollect.ports.store import Cause, WriteTransaction

Place = tuple[str, UUID]
"""User and memory: the order in which memories are gone through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """A registered model and what is stored under it.

    Attributes:
        model: the model. memories: the tenant's memories that are not deleted. filled: those with vectors of it.
        vectors: how many vectors, one a chunk. nbytes: bytes they take. indexed: whether it has an HNSW index.
    """

    model: EmbeddingModel
    memories: int
    filled: int
    vectors: int
    nbytes: int
    indexed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A memory's words, as they were when they were read.

    Attributes:
        user_id, id: the memory. version, content_hash: tell whether the words are still these.
        speaker, text: what is embedded.
    """

    user_id: str
    id: UUID
    version: int
    content_hash: str
    speaker: str | None
    text: str

    @property
    def place(self) -> Place:
        """Where it stands in the order."""
        return self.user_id, self.id


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Embedded:
    """Words and their vectors, float32 (chunks, dimension)."""

    words: Words
    vectors: npt.NDArray[np.float32]


class Switching(Protocol):
    """A transaction in which nobody else writes to the tenant."""

    @property
    def transaction(self) -> WriteTransaction:
        """The tenant's own stream."""
        ...

    async def lacking(self, model_id: str, limit: int) -> list[Words]:
        """Memories that have no vectors under the model."""
        ...

    async def fill(self, model_id: str, embedded: Sequence[Embedded]) -> None:
        """Stores vectors; nobody can have changed the words."""
        ...


class ModelRegistry(Protocol):
    """One tenant's embedding models."""

    async def states(self) -> list[ModelState]:
        """The registered models by id; one of them is active."""
        ...

    async def embedder(self, name: str) -> Embedder:
        """The embedder of that name (static, minilm or openai), kept open for the process; do not close it.

        Raises:
            ModelMissing: this process cannot make it.
        """
        ...

    async def page(self, model_id: str, *, after: Place | None, limit: int, every: bool) -> list[Words]:
        """Memories without vectors under the model, or with ``every`` all of them, in order, after a place."""
        ...

    async def fill(self, model_id: str, embedded: Sequence[Embedded]) -> Collection[UUID]:
        """Stores vectors under a model that is not active, in one short transaction.

        A memory whose words have changed, or that somebody is writing to just now, is left out.

        Returns:
            The memories that were filled.

        Raises:
            NotFound: the model was dropped.
            ModelSwitched: it is the active one by now, whose vectors are written through the log.
        """
        ...

    def switching(self, cause: Cause) -> AbstractAsyncContextManager[Switching]:
        """Waits for the writers in flight, and keeps others waiting; leaving it without a commit rolls back."""
        ...
