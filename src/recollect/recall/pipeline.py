"""What happens to one question, from first to last.

plan       small talk out; times and names in the question
index      the user's resident arrays, brought up to date with the log
embed      the question, weighted by how telling each of its words is among this user's memories
rank       filter, score by every signal, fuse, smooth: on the arrays, see ``recall/rank.py``
fetch      the records of the best
pack       (``context`` only) with all that is hot as a packet, see ``recall/pack.py``
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.hearing import Occasion
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.search import Hit, SearchFilter, SearchResult
from recollect.errors import ModelError
from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.policy_engine import ReadRights
from recollect.recall.plan import Question, plan
from recollect.recall.profile import Profile
from recollect.recall.rank import Ranked
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


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        result: the answer to the question. procedures: those that come nearest to it.
        chosen: the filter that was applied, with what policies let pass; None when nothing was looked up.
    """

    result: SearchResult
    procedures: tuple[Hit, ...] = ()
    chosen: SearchFilter | None = None


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
        return (await self.find(ask)).result

    async def find(self, ask: Ask, *, procedures: int = 0) -> Found:
        """What ``search`` answers, and beside it as many procedures as are wanted, in the same round trips.

        Raises:
            StoreError: the database cannot be asked.
        """
        if small_talk(ask.query):
            return Found(SearchResult(hits=(), query=ask.query, note=SMALL_TALK))
        watch = _StopWatch()
        index = await self.indexes.current(ask.scope)
        watch.lap("index")
        question, degraded = await self._question(ask, index)
        watch.lap("embed")
        chosen = await readable(ask, index)
        ranking = index.rank(question, chosen, limit=ask.limit, profile=ask.profile, now=ask.now, procedures=procedures)
        watch.lap("rank")
        wanted = dict.fromkeys(ranked.memory_id for ranked in (*ranking.ranked, *ranking.procedures))
        records = await self.store.fetch(ask.scope, list(wanted))
        watch.lap("fetch")
        hits = _hits(ranking.ranked, records)
        result = SearchResult(
            hits=hits,
            query=ask.query,
            searched=ranking.searched,
            ms=watch.ms,
            note="" if hits else (NOTHING_PASSED if index.size else NOTHING_STORED),
            degraded=(*degraded, *_unembedded(index.unembedded)),
        )
        return Found(result, _hits(ranking.procedures, records), chosen)

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


def _hits(ranked: Sequence[Ranked], records: Mapping[UUID, Memory]) -> tuple[Hit, ...]:
    there = (one for one in ranked if one.memory_id in records)
    return tuple(
        Hit(memory=records[one.memory_id], rank=place, score=one.score, signals=one.signals)
        for place, one in enumerate(there, start=1)
    )


async def readable(ask: Ask, index: ResidentIndex) -> SearchFilter:
    """The filter with what policies that look at memories let pass: decided by looks, of which there are few."""
    if ask.rights is None:
        return ask.chosen
    return replace(ask.chosen, readable=await ask.rights.readable(index.looks(ask.rights.fields)))


class _StopWatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.ms[stage] = (now - self._last) * 1000
        self._last = now
