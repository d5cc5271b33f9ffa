"""Light: what was said right before a memory, for embedders that read a text as it is understood after that."""

from collections.abc import Collection, Mapping
from uuid import UUID

import numpy as np
import numpy.typing as npt

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


async def said_after(parts: Parts, scope: Scope, memory_id: UUID | None) -> Mapping[str, Collection[UUID]]:
    """By stream, the memories whose vectors may carry a shade of a memory's words, or of its copies in projects.

    Args:
        parts: what to ask.
        scope: whose memory; copies are this user's.
        memory_id: which; None for everything that the user shared.
    """
    if not isinstance(parts.embedder, ContextEmbedder):
        return {}
    found: dict[str, list[UUID]] = {}
    if memory_id is not None:
        found[scope.user_id] = list(await parts.store.said_after(scope, memory_id))
    for stream, later in await parts.store.said_after_shared(scope, memory_id):
        found.setdefault(stream, []).append(later)
    return found


async def in_new_light(parts: Parts, later: Mapping[str, Collection[UUID]]) -> None:
    """Embeds memories anew after something before them was erased; those that cannot be embedded lose their vectors.

    Raises:
        StoreError: the database could not do its part.
    """
    for stream, ids in later.items():
        if ids:
            await _in_new_light(parts, Scope(tenant_id=parts.tenant_id, user_id=stream), ids)


async def _in_new_light(parts: Parts, scope: Scope, ids: Collection[UUID]) -> None:
    async with parts.store.writing(scope, Wanted(ids=list(ids))) as transaction:
        living = [memory for memory in transaction.existing if memory.status is not Status.DELETED]
        vectors = await _vectors(parts, living)
        await transaction.commit(
            [
                Change(type=EventType.MEMORY_UPDATED, before=one, after=one, reason=REASON, vectors=found)
                for one, found in zip(living, vectors, strict=True)
            ]
        )


async def _vectors(parts: Parts, memories: list[Memory]) -> list[npt.NDArray[np.float32]]:
    light = await light_of(parts.store, parts.tenant_id, parts.embedder, [memory.id for memory in memories])
    try:
        return await embedded(parts.embedder, [views(m.speaker, m.text, light.get(m.id, ())) for m in memories])
    except ModelError:  # `recollect model reembed` makes up for it, and says so until then
        return [np.empty((0, parts.embedder.dimension), np.float32) for _ in memories]
