"""What happens to one question, from first to last.

plan       small talk out; times and names in the question
index      the user's resident arrays, brought up to date with the log
embed      the question, weighted by how telling each of its words is among this user's memories
rank       filter, score by every signal, fuse, smooth: on the arrays, see ``recall/rank.py``
fetch      the records of the best
pack       (``context`` only) identity facts and the best records as a packet
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.hearing import Occasion, standing
from recollect.domain.kinds.identity import is_identity
from recollect.domain.packet import Packet, packet_item
from recollect.domain.packet_conflicts import conflicts
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import Memory, Trust
from recollect.domain.scope import Scope
from recollect.domain.search import Hit, SearchFilter, SearchResult
from recollect.errors import ModelError
from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.policy_engine import ReadRights
from recollect.recall.pack import RELEVANT
from recollect.recall.plan import Question, plan
from recollect.recall.profile import Profile
from recollect.recall.resident.index import ResidentIndex

SMALL_TALK = "small talk: nothing to look up"
NOTHING_STORED = "nothing is stored for this user"
NOTHING_PASSED = "no memory passed the filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question as a caller puts it.

    Attributes:
        scope: whose memories. query: the question.
        chosen: which memories may be found. limit: how many at most. profile: the weights of the signals.
        now: the moment relative times ("last week") and validity refer to.
        rights: what policies let the caller read, when there are policies.
        occasion: who hears the answer; ``chosen`` lets pass what may be told then. None for the user alone.
    """

    scope: Scope
    query: str
    chosen: SearchFilter
    limit: int
    profile: Profile
    now: datetime
    rights: ReadRights | None = None
    occasion: Occasion | None = None


class Records(Protocol):
    """Where the records are: the store, or what it held at a past moment."""

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> Mapping[UUID, Memory]:
        """The user's memories with these ids; unknown ids are left out."""
        ...

    async def facts(self, scope: Scope, at: datetime | None) -> Sequence[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        ...


class Indexes(Protocol):
    """Where the arrays for ranking are."""

    @property
    def nbytes(self) -> int:
        """Bytes that all of them hold, about."""
        ...

    def __len__(self) -> int: ...

    async def current(self, scope: Scope) -> ResidentIndex:
        """The user's index, up to date."""
        ...

    def empty(self, scope: Scope) -> ResidentIndex:
        """An index of the user's own that is kept by whoever asks for it."""
        ...

    def forget(self, owner: tuple[str, str]) -> None:
        """Drops the index of this tenant and user."""
        ...


@dataclass(slots=True)
class Recaller:
    """Answers questions."""

    store: Records
    embedder: Embedder
    indexes: Indexes
    clock: Clock

    async def search(self, ask: Ask) -> SearchResult:
        """The memories worth reading for this question, best first.

        Raises:
            StoreError: the database cannot be asked.
        """
        if small_talk(ask.query):
            return SearchResult(hits=(), query=ask.query, note=SMALL_TALK)
        watch = _StopWatch()
        index = await self.indexes.current(ask.scope)
        watch.lap("index")
        question, degraded = await self._question(ask, index)
        watch.lap("embed")
        chosen = await _readable(ask, index)
        ranking = index.rank(question, chosen, limit=ask.limit, profile=ask.profile, now=ask.now)
        watch.lap("rank")
        records = await self.store.fetch(ask.scope, [ranked.memory_id for ranked in ranking.ranked])
        watch.lap("fetch")
        hits = [
            Hit(memory=records[ranked.memory_id], rank=place, score=ranked.score, signals=ranked.signals)
            for place, ranked in enumerate((r for r in ranking.ranked if r.memory_id in records), start=1)
        ]
        return SearchResult(
            hits=tuple(hits),
            query=ask.query,
            searched=ranking.searched,
            ms=watch.ms,
            note="" if hits else (NOTHING_PASSED if index.size else NOTHING_STORED),
            degraded=(*degraded, *_unembedded(index.unembedded)),
        )

    async def context(self, ask: Ask) -> Packet:
        """What a turn needs: the user's identity facts, and what the question brings up.

        Raises:
            StoreError: the database cannot be asked.
        """
        watch = _StopWatch()
        facts = await self.store.facts(ask.scope, ask.chosen.as_of)
        watch.lap("identity")
        found = await self.search(ask) if ask.query else SearchResult(hits=(), query="")
        watch.lap("search")
        chosen = await _readable(ask, await self.indexes.current(ask.scope)) if ask.rights is not None else ask.chosen
        known = standing(fact for fact in facts if is_identity(fact.key) and passes(fact, chosen))
        always = [packet_item(fact, score=None) for fact in known]
        loaded = {item.memory.id for item in always if item.memory is not None}
        worth_it = RELEVANT * found[0].score if found else 0.0
        retrieved = [
            packet_item(hit.memory, score=hit.score)
            for hit in found
            if hit.score >= worth_it and hit.memory.id not in loaded
        ]
        always.sort(key=lambda item: (-item.value, item.origin.ids))
        return Packet(
            query=ask.query,
            items=(*always, *retrieved),
            warnings=conflicts([*always, *retrieved]),
            retrieved_at=self.clock.now(),
            ms={**watch.ms, **found.ms},
            note=found.note,
            degraded=found.degraded,
        )

    async def _question(self, ask: Ask, index: ResidentIndex) -> tuple[Question, tuple[str, ...]]:
        question = plan(ask.query, ask.now, index.speakers)
        if not index.size:
            return question, ()
        try:
            vector = await self.embedder.embed_question(ask.query, index.token_weights(ask.query))
        except ModelError as error:
            return question, (f"ranked by words alone: {error}",)
        return replace(question, vector=vector), ()


def _unembedded(count: int) -> tuple[str, ...]:
    """What to say of memories that were stored while the embedder was down."""
    if not count:
        return ()
    have = "memory has" if count == 1 else "memories have"
    return (f"{count:,} {have} no vectors yet; run `recollect model reembed`",)


async def _readable(ask: Ask, index: ResidentIndex) -> SearchFilter:
    """The filter with what policies that look at memories let pass: decided by looks, of which there are few."""
    if ask.rights is None:
        return ask.chosen
    return replace(ask.chosen, readable=await ask.rights.readable(index.looks(ask.rights.fields)))


def passes(fact: Memory, chosen: SearchFilter) -> bool:
    """Whether an identity fact may be loaded; it need not come from the conversation at hand."""
    return (
        (chosen.agent_id is None or fact.agent_id == chosen.agent_id)
        and (chosen.project_id is None or fact.project_id == chosen.project_id)
        and (not chosen.types or fact.type in chosen.types)
        and (not chosen.tiers or fact.tier in chosen.tiers)
        and fact.confidence >= chosen.min_confidence
        and chosen.admits(fact)
        and fact.trust is Trust.TRUSTED  # what others say is found, but never told unasked
    )


class _StopWatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.ms[stage] = (now - self._last) * 1000
        self._last = now
