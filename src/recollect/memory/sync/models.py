"""The synchronous face of ``recollect.memory.desks.models``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Callable
from functools import partial

from recollect.domain.embedding_model import EmbeddingModel
from recollect.memory.background import LOOP
from recollect.memory.desks.models import ModelsDesk
from recollect.ports.model_registry import ModelState


class SyncModelsDesk:
    """A tenant may store several models' vectors of each memory; one model is active, and its vectors answer."""

    def __init__(self, inner: ModelsDesk) -> None:
        self._inner = inner

    def list(self) -> list[ModelState]:
        """Lists the registered models by id, and how far each is filled.

        Example:
            >>> [state.model.active for state in memory.models.list()]
            [True]
        """
        return LOOP.call(partial(self._inner.list))

    def add(
        self,
        name: str,
        *,
        fill: bool = True,
        progress: Callable[[int, int], None] | None = None,
        actor: str = "user",
    ) -> ModelState:
        """Registers a model and fills it: embeds every memory under it, while the active one goes on answering.

        Args:
            name: the embedder: static, minilm, or openai as the settings describe it.
            fill: False registers it only.
            progress: told the memories done and to do; called from the memory's own thread.
            actor: who does it.

        Returns:
            The model, which is not active. Adding one that is registered already goes on filling it.

        Raises:
            ValidationError: there is no such embedder. DimensionMismatch: it is registered with another dimension.
            ModelMissing: this process cannot make it. ModelUnavailable: it failed while filling; `reembed` goes on.
        """
        return LOOP.call(partial(self._inner.add, name, fill=fill, progress=progress, actor=actor))

    def reembed(
        self,
        name: str | None = None,
        *,
        every: bool = False,
        progress: Callable[[int, int], None] | None = None,
        actor: str = "user",
    ) -> int:
        """Embeds the memories that lack vectors under a model, such as those stored while it was down.

        Args:
            name: a registered model's id, or its embedder; the active model if it is left out.
            every: embed all memories anew, for a model that has changed under its name.
            progress: told the memories done and to do; called from the memory's own thread.
            actor: who does it.

        Returns:
            How many memories were embedded.

        Raises:
            NotFound: no such model is registered.
            ModelError, ValidationError: the embedder failed; the message says at which memory, those before are done.
        """
        return LOOP.call(partial(self._inner.reembed, name, every=every, progress=progress, actor=actor))

    def switch(
        self, name: str, *, progress: Callable[[int, int], None] | None = None, actor: str = "user"
    ) -> EmbeddingModel:
        """Makes a registered model the active one, in one transaction, once it has vectors of every memory.

        Every search answers from the old model or from the new one, never from both. Processes that use the old one
        follow by themselves with their next call.

        Args:
            name: its id or its embedder.
            progress: as for ``reembed``.
            actor: who does it.

        Raises:
            NotFound: no such model is registered.
            ModelError, ValidationError: it cannot embed what it lacks; the old model stays the active one.
        """
        return LOOP.call(partial(self._inner.switch, name, progress=progress, actor=actor))

    def drop(self, name: str, *, actor: str = "user") -> int:
        """Forgets a model that is not active, and deletes its vectors.

        Returns:
            How many vectors were deleted.

        Raises:
            NotFound: no such model is registered. Conflict: it is the active one.
        """
        return LOOP.call(partial(self._inner.drop, name, actor=actor))
