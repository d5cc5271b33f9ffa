"""Past view: a past moment in the place of the store and the indexes of the present, so that the same code answers.

Memories and collections are those of that moment; memberships and policies are those of today. A memory has to pass the
policies as it was and as it is: what was classified since is not shown as it was before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.condition import Condition, matches
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.domain.thing import Thing
from recollect.memory import rights
from recollect.memory.parts import Parts
from recollect.memory.past_rows import facts_of, listed
from recollect.memory.past_state import PastState, PastStates, Place
from recollect.ports.store import Store
from recollect.recall.resident.index import ResidentIndex

T = TypeVar("T", bound=Thing)
THEN = (Collection, CollectionMember)
"""Kinds of things that are looked up as they were; all others are looked up as they are."""


@dataclass(slots=True)
class PastView:
    """What recall and listing ask, answered as of a moment; good for one call.

    Attributes:
        parts: of the present. own: the user who asks. moment: when it was. method: what policies are told is called.
        seqs: by stream, the line of its log after which it was, where that is known better than by the moment.
    """

    parts: Parts
    states: PastStates
    own: Scope
    moment: datetime
    method: str
    seqs: Mapping[str, int] = field(default_factory=dict[str, int])
    _seen: dict[str, PastState] = field(default_factory=dict[str, PastState])

    def then(self) -> Parts:
        """The parts, with this view in the place of the store and the indexes."""
        recaller = replace(self.parts.recaller, store=self, indexes=self)
        return replace(self.parts, store=cast(Store, self), recaller=recaller, is_present=False)

    async def state(self, scope: Scope) -> PastState:
        """What the stream held."""
        known = self._seen.get(scope.user_id)
        if known is None:
            known = self._seen[scope.user_id] = await self.states.at(self.parts.store, scope, self._place(scope))
        return known

    def _place(self, scope: Scope) -> Place:
        seq = self.seqs.get(scope.user_id)
        return Place(at=self.moment) if seq is None else Place(seq=seq)

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> Mapping[UUID, Memory]:
        """The stream's memories with these ids; unknown ids are left out."""
        memories = (await self.state(scope)).state.memories
        found = [memories[wanted] for wanted in ids if wanted in memories]
        return {memory.id: memory for memory in await self._readable_today(scope, found)}

    async def fetch_each(self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> Sequence[Mapping[UUID, Memory]]:
        """What ``fetch`` answers for each of several streams."""
        return [await self.fetch(scope, ids) for scope, ids in wanted]

    async def page(self, scope: Scope, chosen: SearchFilter, *, limit: int, after: UUID | None) -> list[Memory]:
        """One page of the stream's memories, newest first."""
        held = (await self.state(scope)).state.memories.values()
        found = [memory for memory in held if (after is None or memory.id < after) and listed(memory, chosen)]
        found.sort(key=lambda memory: memory.id, reverse=True)
        shown: list[Memory] = []
        for start in range(0, len(found), limit):
            shown += await self._readable_today(scope, found[start : start + limit])
            if len(shown) >= limit:
                break
        return shown[:limit]

    async def facts(self, scope: Scope, at: datetime | None) -> Sequence[Memory]:
        """The stream's keyed facts that held at ``at`` (None: at the past moment), ordered by key."""
        return await self._readable_today(scope, facts_of((await self.state(scope)).state, at, self.moment))

    async def _readable_today(self, scope: Scope, found: Sequence[Memory]) -> list[Memory]:
        """Those that policies let the user read as they are today; as they were is judged by whoever asks."""
        may_read = await rights.reading(self.parts, self.own.user_id, self.method) if found else None
        if may_read is None:
            return list(found)
        today = await self.parts.store.fetch(scope, [memory.id for memory in found])
        seen = {memory.id for memory in await rights.readable(may_read, list(today.values()))}
        return [memory for memory in found if memory.id in seen]

    async def ids_where(self, scope: Scope, condition: Condition) -> list[UUID]:
        """The ids of the stream's memories that a condition held of, deleted ones left out."""
        held = (await self.state(scope)).state.memories.values()
        return [m.id for m in held if m.status is not Status.DELETED and matches(condition, m)]

    async def things(self, kind: type[T], tenant_id: str, where: Mapping[str, Any], **given: Any) -> list[T]:
        """Collections as they were; what else there is, as it is."""
        if kind not in THEN:
            return await self.parts.store.things(kind, tenant_id, where, **given)
        things = (await self.state(self.own)).state.things.values()
        found = [thing for thing in things if isinstance(thing, kind)]
        return [thing for thing in found if all(getattr(thing, name) == value for name, value in where.items())]

    def at_hand(self, scopes: Sequence[Scope]) -> None:
        """Nothing is tried before it is looked up."""
        del scopes

    async def current(self, scope: Scope) -> ResidentIndex:
        """The stream's index as it was."""
        return await self.states.index(self.parts, scope, await self.state(scope))

    async def current_of(self, scopes: Sequence[Scope]) -> list[ResidentIndex]:
        """The streams' indexes as they were."""
        return [await self.current(scope) for scope in scopes]

    def empty(self, scope: Scope) -> ResidentIndex:
        """An index of the stream's own that is kept by whoever asks for it."""
        return self.parts.recaller.indexes.empty(scope)

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return self.states.nbytes

    def __len__(self) -> int:
        return len(self._seen)
