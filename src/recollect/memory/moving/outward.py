"""Outward: everything that is a user's, a line at a time; never more than a page of it is held."""

import importlib.metadata
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from recollect.domain.collection import CollectionMember
from recollect.domain.conversation import Turn
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.record import Memory
from recollect.domain.relationship import Relationship
from recollect.domain.scope import Scope
from recollect.domain.state import key_of
from recollect.domain.thing import Thing
from recollect.memory import rights
from recollect.memory.arguments import check_flag, scope_of
from recollect.memory.core import Core
from recollect.memory.hot_views import hot_of, readable_items
from recollect.memory.moving.form import AFTER, BEFORE, EMBEDDING, FADING, fading_line, header, memory_line, thing_line
from recollect.memory.parts import Parts
from recollect.memory.policy_gate import Reading
from recollect.memory.recorded import access_noted
from recollect.ports.giving_way import Slices

PAGE: Final = 100
Lines = AsyncGenerator[dict[str, Any]]


def export(core: Core, user_id: str, *, embeddings: bool) -> Lines:
    """See ``AsyncFacade.export``; the arguments are checked at once, all else with the first step."""
    scope_of("any", user_id, {})
    return _exported(core, user_id, embeddings=check_flag("embeddings", embeddings))


async def _exported(core: Core, user_id: str, *, embeddings: bool) -> Lines:
    parts = await core.ready()
    scope = scope_of(parts.tenant_id, user_id, {})
    outward = Outward(parts, scope, await _allowed(parts, user_id), embeddings=embeddings)
    async for line in outward.lines():
        yield line


async def _allowed(parts: Parts, user_id: str) -> Reading | None:
    """What the user may read; notes the access, and that it was refused."""
    with access_noted(parts, user_id, "export"):
        return await rights.reading(parts, user_id, "export")


class Outward:
    """One export: whose, and what of it the user may read."""

    def __init__(self, parts: Parts, scope: Scope, may_read: Reading | None, *, embeddings: bool) -> None:
        self._parts = parts
        self._scope = scope
        self._may_read = may_read
        self._embeddings = embeddings
        self._hidden: set[UUID] = set()

    async def lines(self) -> Lines:
        """The header, then everything; what is written meanwhile may be missing."""
        now = self._parts.clock.now()
        version = importlib.metadata.version("recollect")
        yield header(self._scope.user_id, version, now, embeddings=self._embeddings)
        for kind in BEFORE:
            async for line in self._things(kind):
                yield line
        async for line in self._memories():
            yield line
        for kind in AFTER:
            async for line in self._things(kind):
                yield line
        for item in await self._fading(now):
            yield fading_line(item)

    async def _memories(self) -> Lines:
        after: UUID | None = None
        while page := await self._parts.store.all_memories(self._scope, after=after, limit=PAGE):
            shown = await rights.readable(self._may_read, page)
            self._hidden |= {memory.id for memory in page} - {memory.id for memory in shown}
            vectors = await self._vectors(shown)
            slices = Slices()
            for memory in shown:
                await slices.pause()
                line = memory_line(memory)
                if memory.id in vectors:
                    line[EMBEDDING] = {"model": self._parts.embedder.model_id, "vectors": vectors[memory.id]}
                yield line
            if len(page) < PAGE:
                return
            after = page[-1].id

    async def _vectors(self, memories: Sequence[Memory]) -> dict[UUID, list[list[float]]]:
        """The stored vectors as numbers, as exact as they are stored, if they were asked for."""
        if not self._embeddings:
            return {}
        found = await self._parts.store.vectors(self._scope, [memory.id for memory in memories])
        return {one: np.asarray(vectors, dtype=np.float16).astype(float).tolist() for one, vectors in found.items()}

    async def _things(self, kind: type[Thing]) -> Lines:
        after: tuple[Any, ...] | None = None
        where = {"user_id": self._scope.user_id}
        while page := await self._parts.store.things(kind, self._scope.tenant_id, where, limit=PAGE, after=after):
            for thing in page:
                if not self._hides(thing):
                    yield thing_line(thing)
            if len(page) < PAGE:
                return
            after = key_of(page[-1])

    def _hides(self, thing: Thing) -> bool:
        """Whether it is about a memory that the user may not read."""
        if isinstance(thing, Relationship):
            return thing.source_id in self._hidden or thing.target_id in self._hidden
        return isinstance(thing, Turn | CollectionMember) and thing.memory_id in self._hidden

    async def _fading(self, now: datetime) -> list[HotItem]:
        """What has not faded yet, as far as the user may read it."""
        state = await hot_of(self._parts, self._scope, now)
        working = await readable_items(self._parts, self._scope, state.of(HotKind.WORKING), self._may_read)
        others = [item for kind in FADING if kind is not HotKind.WORKING for item in state.of(kind)]
        return [*working, *others]
