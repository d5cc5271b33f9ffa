"""What happens to one question, from first to last.

plan       small talk out; times and names in the question
embed      the question, weighted by how telling each of its words is among this user's memories
rank       filter, score by every signal, fuse, smooth: on the user's resident arrays, see ``recall/rank.py``
fetch      the records of the best, and whether the log still stands where the arrays do
index      if it does not: the arrays are brought up to date, and all but the plan is done again
succeed    of the values that something had over time, the one that the question is after goes first
pack       (``context`` only) with all that is hot as a packet, see ``recall/pack.py``
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from typing import Any, Protocol
from uuid import UUID

from recollect.domain.entity import Entity
from recollect.domain.entity_names import EntityNames
from recollect.domain.hearing import Occasion
from recollect.domain.reading.small_talk import small_talk
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.search import Hit, SearchFilter, SearchResult
from recollect.errors import ModelError
from recollect.ports.clock import Clock
from recollect.ports.embedder import Embedder
from recollect.ports.giving_way import aside
from recollect.ports.policy_engine import ReadRights
from recollect.ports.stop_watch import StopWatch
from recollect.ports.telemetry import SILENT, Telemetry
from recollect.recall.conduct import UNHURRIED, Conduct
from recollect.recall.large.index import LargeIndex
from recollect.recall.plan import Question, plan
from recollect.recall.profile import Profile
from recollect.recall.rank import Ranked, Ranking
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.indexes import Attempt
from recollect.recall.signals.entity import ENTITY
from recollect.recall.succession import LOOKED_AT, NAME, in_succession
from recollect.recall.tense import Tense
from recollect.recall.turns import in_turn
from recollect.recall.why_not import obstacles

PIPELINE = "recall"
RANKED_AT_ONCE = 500
"""Memories that are ranked on the event loop; ranking more is done aside, so that nobody waits for it."""
SMALL_TALK = "small talk: nothing to look up"
NOTHING_STORED = "nothing is stored for this user"
NOTHING_PASSED = "no memory passed the filter"
NOT_RELEVANT = "no memory is as probably relevant as min_score demands"
NOTHING_TOLD = "nothing that is known may be told in this channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question as a caller puts it.

    Attributes:
        scope: whose memories. query: the question.
        chosen: which memories may be found. limit: how many at most. profile: the weights of the signals.
        now: the moment relative times ("last week") and validity refer to.
        rights: what policies let the caller read, when there are policies.
        occasion: who hears the answer; ``chosen`` lets pass what may be told then. None for the user alone.
        conduct: how long each stage may take, and who watches it.
    """

    scope: Scope
    query: str
    chosen: SearchFilter
    limit: int
    profile: Profile
    now: datetime
    rights: ReadRights | None = None
    occasion: Occasion | None = None
    conduct: Conduct = UNHURRIED


class Records(Protocol):
    """Where the records are: the store, or what it held at a past moment."""

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> Mapping[UUID, Memory]:
        """The user's memories with these ids; unknown ids are left out."""
        ...

    async def fetch_each(self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> Sequence[Mapping[UUID, Memory]]:
        """What ``fetch`` answers for each of several users of one tenant."""
        ...

    async def facts(self, scope: Scope, at: datetime | None) -> Sequence[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        ...

    async def things(self, kind: type[Entity], tenant_id: str, where: Mapping[str, Any]) -> Sequence[Entity]:
        """The things of a kind whose fields equal ``where``."""
        ...


class Indexes(Protocol):
    """Where the arrays for ranking are."""

    @property
    def nbytes(self) -> int:
        """Bytes that all of them hold, about."""
        ...

    def __len__(self) -> int: ...

    def at_hand(self, scopes: Sequence[Scope]) -> Attempt | None:
        """The indexes to try a search on before it is known whether they are up to date; None when it would be vain."""
        ...

    async def current(self, scope: Scope) -> ResidentIndex:
        """The user's index, up to date."""
        ...

    async def current_of(self, scopes: Sequence[Scope]) -> list[ResidentIndex]:
        """The indexes of several users of one tenant, each up to date."""
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
    telemetry: Telemetry = SILENT

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
        return (await self.find_each([ask], procedures=procedures))[0]

    async def find_each(self, asks: Sequence[Ask], *, procedures: int = 0) -> list[Found]:
        """What ``find`` answers to one question in several places, in as many round trips as in one.

        Args:
            asks: the question, for each place.
            procedures: how many are wanted of the first place.

        Raises:
            StoreError: the database cannot be asked.
        """
        if small_talk(asks[0].query):
            return [Found(SearchResult(hits=(), query=ask.query, note=SMALL_TALK)) for ask in asks]
        watch, scopes = StopWatch(PIPELINE, self.telemetry), [ask.scope for ask in asks]
        attempt = self.indexes.at_hand(scopes)
        if attempt is not None:
            looked = await self._looked(asks, attempt.indexes, procedures, watch)
            records = await attempt.fetch([_wanted(ranking) for _, ranking in looked])
            watch.lap("fetch")
            if records is not None:
                return _found(looked, records, watch)
            for ask in asks:
                ask.conduct.begin_again()
        indexes = await self.indexes.current_of(scopes)
        watch.lap("index")
        looked = await self._looked(asks, indexes, procedures, watch)
        wanted = [(look.ask.scope, _wanted(ranking)) for look, ranking in looked]
        records = await self.store.fetch_each(wanted)
        watch.lap("fetch")
        still = [look.still(there) for (look, _), there in zip(looked, records, strict=True)]
        return _found(looked, still, watch)

    async def _looked(
        self, asks: Sequence[Ask], indexes: Sequence[ResidentIndex], procedures: int, watch: StopWatch
    ) -> list[tuple["_Look", Ranking]]:
        """The best by the indexes, in each place."""
        questions = await self._questions(asks, indexes, watch)
        watch.lap("embed")
        looks = [
            _Look(ask, index, *question, await readable(ask, index, question[0]))
            for ask, index, question in zip(asks, indexes, questions, strict=True)
        ]
        for place, look in enumerate(looks):
            await look.narrow(0 if place else procedures)
        rankings = [
            await aside(look.takes_long, look.ranking, 0 if place else procedures) for place, look in enumerate(looks)
        ]
        watch.lap("rank")
        return list(zip(looks, rankings, strict=True))

    async def _questions(
        self, asks: Sequence[Ask], indexes: Sequence[ResidentIndex], watch: StopWatch
    ) -> Sequence[tuple[Question, tuple[str, ...]]]:
        """The question as each place weighs its words."""
        if len(asks) == 1:
            return [await self._question(asks[0], indexes[0], watch)]
        return await asyncio.gather(*map(self._question, asks, indexes, repeat(watch)))

    async def _question(self, ask: Ask, index: ResidentIndex, watch: StopWatch) -> tuple[Question, tuple[str, ...]]:
        if isinstance(index, LargeIndex):
            await index.prepare(ask.query)
        question = plan(ask.query, ask.now, index.speakers)
        watch.lap("plan")
        if not index.size:
            return question, ()
        if ask.profile.weights.get(ENTITY.name):
            entities = await self.store.things(Entity, ask.scope.tenant_id, {"user_id": ask.scope.user_id})
            question = replace(question, names=EntityNames(entities))
        try:
            async with ask.conduct.embedding():
                vector = await self.embedder.embed_question(question.about, index.token_weights(question.about))
        except ModelError as error:
            return question, (f"ranked by words alone: {error}",)
        except TimeoutError:
            return question, ask.conduct.late_embedding()
        return replace(question, vector=vector), ()


@dataclass(frozen=True, slots=True)
class _Look:
    """One place that is looked at."""

    ask: Ask
    index: ResidentIndex
    question: Question
    degraded: tuple[str, ...]
    chosen: SearchFilter

    @property
    def takes_long(self) -> bool:
        """Whether ranking takes so long that others would wait for it; an index is never changed, but replaced."""
        return not isinstance(self.index, LargeIndex) and self.index.size > RANKED_AT_ONCE

    async def narrow(self, procedures: int) -> None:
        """Reads what is to be ranked, where not everything is held."""
        if isinstance(self.index, LargeIndex) and self.index.size:
            limit, now = max(self.ask.limit, LOOKED_AT), self.ask.now
            await self.index.narrow(
                self.question,
                self.chosen,
                now=now,
                limit=limit,
                procedures=procedures,
                profile=self.ask.profile,
                watched=self.ask.conduct.watched,
            )

    def still(self, records: Mapping[UUID, Memory]) -> Mapping[UUID, Memory]:
        """Those that pass the filter as they are now: others may have changed them since they were ranked."""
        chosen, now = self.chosen, self.ask.now
        return {
            memory_id: memory
            for memory_id, memory in records.items()
            if chosen.admits(memory) and not obstacles(memory, chosen, now)
        }

    def ranking(self, procedures: int) -> Ranking:
        """The best there, and as many procedures as are wanted."""
        ask = self.ask
        return self.index.rank(
            self.question,
            self.chosen,
            limit=max(ask.limit, LOOKED_AT) if self._in_succession else ask.limit,
            profile=ask.profile,
            now=ask.now,
            procedures=procedures,
            conduct=ask.conduct,
        )

    @property
    def _in_succession(self) -> bool:
        """Whether the values that something had over time are put in the order the question is after."""
        return self.ask.profile.succession and self.question.tense is not Tense.ANY and self.ask.limit > 0

    def _placed(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The hits in succession; who asks why is told."""
        if not self._in_succession:
            return hits
        placed = in_turn(in_succession(self.question, hits), self.ask.profile.most_per_conversation)
        if self.ask.conduct.explaining is not None:
            self.ask.conduct.explaining.move({hit.memory.id: hit for hit in placed}, NAME)
        return placed

    def _why_nothing(self) -> str:
        """Why nothing was found; in a channel it is not the caller's filter alone that decides what passes."""
        if not self.index.size:
            return NOTHING_STORED
        alone = self.ask.occasion is None or self.ask.occasion.private
        return NOTHING_PASSED if alone else NOTHING_TOLD

    def found(self, ranking: Ranking, records: Mapping[UUID, Memory], ms: Mapping[str, float]) -> Found:
        """The answer, with the records of the best."""
        hits = _best(self._placed(_hits(ranking.ranked, records)), self.ask)
        result = SearchResult(
            hits=hits,
            query=self.ask.query,
            searched=ranking.searched,
            ms=ms,
            note="" if hits else NOT_RELEVANT if ranking.ranked else self._why_nothing(),
            seqs={self.ask.scope.user_id: ranking.seq or self.index.seq},
            degraded=(*self.degraded, *self.ask.conduct.skipped, *_unembedded(self.index.unembedded)),
        )
        procedures = _hits(ranking.procedures, records)
        return Found(result, procedures, self.chosen)


def _found(
    looked: Sequence[tuple[_Look, Ranking]], records: Sequence[Mapping[UUID, Memory]], watch: StopWatch
) -> list[Found]:
    found = [look.found(ranking, there, watch.ms) for (look, ranking), there in zip(looked, records, strict=True)]
    watch.lap("succeed")
    return found


def _wanted(ranking: Ranking) -> list[UUID]:
    return list(dict.fromkeys(ranked.memory_id for ranked in (*ranking.ranked, *ranking.procedures)))


def _unembedded(count: int) -> tuple[str, ...]:
    """What to say of memories that were stored while the embedder was down."""
    if not count:
        return ()
    have = "memory has" if count == 1 else "memories have"
    return (f"{count:,} {have} no vectors yet; run `recollect model reembed`",)


def _hits(ranked: Sequence[Ranked], records: Mapping[UUID, Memory]) -> tuple[Hit, ...]:
    """The hits."""
    there = (one for one in ranked if one.memory_id in records)
    return tuple(
        Hit(memory=records[one.memory_id], rank=place, score=one.score, signals=one.signals)
        for place, one in enumerate(there, start=1)
    )


def _best(hits: Sequence[Hit], ask: Ask) -> tuple[Hit, ...]:
    """So many as are asked for, as far as they are relevant enough, each with how probably it is relevant."""
    best, measured = max((hit.score for hit in hits), default=0.0), ask.profile.calibration
    judged = [(hit, measured.relevance(hit.score, best) if measured is not None else None) for hit in hits]
    enough = [(hit, sure) for hit, sure in judged if sure is None or sure >= ask.conduct.least]
    return tuple(
        replace(hit, rank=place, relevance=sure)
        for place, (hit, sure) in enumerate(enough[: max(ask.limit, 0)], start=1)
    )


async def readable(ask: Ask, index: ResidentIndex, question: Question | None = None) -> SearchFilter:
    """The filter with what the question asks for and what policies let pass.

    A question for what was so before finds what newer values took the place of. Policies that look at memories are
    asked by looks, of which there are few.
    """
    chosen = ask.chosen
    if question is not None and question.tense in (Tense.BEFORE, Tense.FIRST):
        chosen = replace(chosen, with_former=True)
    if ask.rights is None:
        return chosen
    fields = ask.rights.fields
    looks = await index.seen(fields) if isinstance(index, LargeIndex) else index.looks(fields)
    return replace(chosen, readable=await ask.rights.readable(looks))
