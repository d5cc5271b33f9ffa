"""Filling: the vectors that memories lack under an embedding model, batch by batch, while everybody goes on working.

Under a model that does not answer, a batch is one short transaction beside the log: nobody reads those vectors yet.
Under the active one it goes through the log, user by user, so that every process's arrays learn of the vectors.
Whatever stops it, what was stored stays, and the next run goes on from there.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

import anyio
import numpy as np

from recollect.domain.chunking import views
from recollect.domain.embedding_model import EmbeddingModel
from recollect.domain.event import EventType
from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.domain.vectors import check_vectors
from recollect.errors import DimensionMismatch, ModelError, ValidationError
from recollect.memory.light import light_of
from recollect.memory.parts import Parts
from recollect.ports.embedder import Embedder, embedded
from recollect.ports.model_registry import Embedded, Place, Words
from recollect.ports.store import Cause, Change, Wanted

BATCH = 256
"""Memories in one transaction."""

PASSES = 5
"""What was changed while it was embedded is tried again in the next pass; after so many it is left to a later run."""

WAITS_S = (0.02, 0.1, 0.0)
"""How long to wait before a memory is tried again that somebody was writing to."""

REASON = "its vectors were worked out anew"

Progress = Callable[[int, int], None]
"""Told how many memories are done, and how many there are to do."""


class Filler:
    """Fills one model.

    Args:
        parts: the open parts.
        model: the model to fill.
        embedder: the model's own.
        cause: who wants it.
        progress: told after each batch.
    """

    def __init__(
        self, parts: Parts, model: EmbeddingModel, embedder: Embedder, cause: Cause, progress: Progress | None
    ) -> None:
        self._parts = parts
        self._model = model
        self._embedder = embedder
        self._cause = cause
        self._progress = progress
        self.filled = 0

    async def fill(self, *, every: bool = False) -> int:
        """Fills what lacks vectors, or with ``every`` all memories; returns how many memories were filled.

        Raises:
            ModelError: the embedder failed. DimensionMismatch, ValidationError: it gave what cannot be stored.
            ModelSwitched: the model has become the active one, or has ceased to be.
            The message says at which memory; all before it are filled.
        """
        total = await self._to_do(every=every)
        self._tell(total)
        for _ in range(PASSES):
            passed_over = await self._pass(total, every=every)
            every = False
            if not passed_over:
                break
        return self.filled

    async def embedded(self, batch: Sequence[Words]) -> list[Embedded]:
        """Embeds memories, and checks the vectors.

        Raises:
            ModelError, DimensionMismatch, ValidationError: as ``fill`` does; those before the bad one are lost.
        """
        good, problem = await self._checked(batch)
        if problem is not None:
            raise problem
        return good

    async def _to_do(self, *, every: bool) -> int:
        states = await self._parts.models.states()
        return sum(
            state.memories if every else state.memories - state.filled
            for state in states
            if state.model.model_id == self._model.model_id
        )

    async def _pass(self, total: int, *, every: bool) -> int:
        """Goes through all memories once; returns how many were passed over."""
        passed_over, place = 0, None
        while batch := await self._next(place, every=every):
            place = batch[-1].place
            good, problem = await self._checked(batch)
            stored = await self._store(good)
            self.filled += stored
            passed_over += len(good) - stored
            self._tell(total)
            if problem is not None:
                raise problem
            if len(batch) < BATCH:  # what was written meanwhile would have no end
                break
        return passed_over

    async def _next(self, place: Place | None, *, every: bool) -> list[Words]:
        return await self._parts.models.page(self._model.model_id, after=place, limit=BATCH, every=every)

    async def _checked(self, batch: Sequence[Words]) -> tuple[list[Embedded], Exception | None]:
        """The memories up to the first whose vectors cannot be had or stored, and what is wrong with that one."""
        light = await light_of(self._parts.store, self._parts.tenant_id, self._embedder, [words.id for words in batch])
        texts = [views(words.speaker, words.text, light.get(words.id, ())) for words in batch]
        try:
            vectors = await embedded(self._embedder, texts)
        except ModelError as error:
            return [], type(error)(f"{error}; {self._stopped(batch[0])}")
        except ValidationError as error:
            return [], type(error)(error.field, f"{error.problem}; {self._stopped(batch[0])}")
        good: list[Embedded] = []
        model_id, dimension = self._model.model_id, self._model.dimension
        for words, group, vectors_of_it in zip(batch, texts, vectors, strict=True):
            own = np.asarray(vectors_of_it, np.float32)
            try:
                check_vectors(own, [view.told for view in group], model_id=model_id, dimension=dimension)
            except ValidationError as error:
                kind = DimensionMismatch if isinstance(error, DimensionMismatch) else ValidationError
                return good, kind(error.field, f"{error.problem}; {self._stopped(words)}")
            good.append(Embedded(words=words, vectors=own))
        return good, None

    def _stopped(self, words: Words) -> str:
        where = f"stopped at memory {words.id} of user {words.user_id!r}"
        return f"{where}; `recollect model reembed {self._model.model_id}` goes on from there"

    async def _store(self, embedded: Sequence[Embedded]) -> int:
        if not self._model.active:
            return await self._beside_the_log(embedded)
        by_user = groupby(embedded, key=lambda one: one.words.user_id)
        return sum([await self._through_the_log(user_id, list(group)) for user_id, group in by_user])

    async def _beside_the_log(self, embedded: Sequence[Embedded]) -> int:
        left = list(embedded)
        for wait_s in WAITS_S:
            if left:
                stored = await self._parts.models.fill(self._model.model_id, left)
                left = [one for one in left if one.words.id not in stored]
            if left:
                await anyio.sleep(wait_s)
        return len(embedded) - len(left)

    async def _through_the_log(self, user_id: str, embedded: Sequence[Embedded]) -> int:
        scope = Scope(tenant_id=self._parts.tenant_id, user_id=user_id)
        by_id = {one.words.id: one for one in embedded}
        async with self._parts.store.writing(scope, Wanted(ids=list(by_id)), self._cause) as transaction:
            changes = [
                Change(
                    type=EventType.MEMORY_UPDATED,
                    before=memory,
                    after=memory,
                    reason=REASON,
                    vectors=by_id[memory.id].vectors,
                )
                for memory in transaction.existing
                if memory.status is not Status.DELETED
                and (memory.version, memory.content_hash)
                == (by_id[memory.id].words.version, by_id[memory.id].words.content_hash)
            ]
            await transaction.commit(changes)
        return len(changes)

    def _tell(self, total: int) -> None:
        if self._progress is not None:
            self._progress(self.filled, max(total, self.filled))
