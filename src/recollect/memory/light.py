"""Light: what was said right before a memory, for embedders that read a text as it is understood after that."""

from collections.abc import Collection, Mapping
from uuid import UUID

import numpy as np

from recollect.domain.chunking import views
from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.errors import ModelError
from recollect.memory.parts import Parts
from recollect.ports.embedder import ContextEmbedder, Embedder, embedded
from recollect.ports.said_before import SaidBefore
from recollect.ports.store import Change, Wanted

REASON = "what was said before it was erased"


async def light_of(
    store: SaidBefore, tenant_id: str, embedder: Embedder, ids: Collection[UUID]
) -> Mapping[UUID, tuple[str, ...]]:
    """What was said before each of these memories; nothing for an embedder that does not look at it.

    Raises:
        StoreError: the database cannot be asked.
    """
    if not ids or not isinstance(embedder, ContextEmbedder):
        return {}
    return await store.said_before(tenant_id, ids)


async def said_after(parts: Parts, scope: Scope, memory_id: UUID) -> Collection[UUID]:
    """The memories whose vectors may carry a shade of this one's words."""
    if not isinstance(parts.embedder, ContextEmbedder):
        return ()
    return await parts.store.said_after(scope, memory_id)


async def in_new_light(parts: Parts, scope: Scope, ids: Collection[UUID]) -> None:
    """Embeds memories anew after something before them was erased; those that cannot be embedded lose their vectors.

    Raises:
        StoreError: the database could not do its part.
    """
    if not ids:
        return
    async with parts.store.writing(scope, Wanted(ids=list(ids))) as transaction:
        living = [memory for memory in transaction.existing if memory.status is not Status.DELETED]
        vectors = await _vectors(parts, living)
        await transaction.commit(
            [
                Change(type=EventType.MEMORY_UPDATED, before=one, after=one, reason=REASON, vectors=found)
                for one, found in zip(living, vectors, strict=True)
            ]
        )


async def _vectors(parts: Parts, memories: list[Memory]) -> list[np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    light = await light_of(parts.store, parts.tenant_id, parts.embedder, [memory.id for memory in memories])
    try:
        found = await embedded(parts.embedder, [views(m.speaker, m.text, light.get(m.id, ())) for m in memories])
    except ModelError:  # `recollect model reembed` makes up for it, and says so until then
        return [np.empty((0, parts.embedder.dimension), np.float32) for _ in memories]
    return list(found)
