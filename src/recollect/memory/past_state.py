"""Past states: what a user's memory held at an earlier line of its log, replayed from the log and kept while in use.

A state that was replayed is the start of the next: going on from the nearest earlier one costs only the events between.
Each look asks the store where the log ends and when rows were last erased, so what was erased is forgotten here too.
"""

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import anyio
import anyio.to_thread
import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import views
from recollect.domain.event import Event
from recollect.domain.record import Memory, Status
from recollect.domain.scope import Scope
from recollect.domain.state import State
from recollect.memory.light import light_of
from recollect.memory.parts import Parts
from recollect.memory.past_rows import index_row_of
from recollect.ports.embedder import embedded
from recollect.ports.index import IndexRow
from recollect.ports.store import EventQuery, Store
from recollect.recall.resident.index import ResidentIndex

PAGE = 2_000
"""Events read at a time: between two pages the event loop is free."""
STATES_HELD = 8
BYTES_HELD = 256 * 2**20
MEMORY_BYTES = 3_000
"""What a replayed memory takes beside its text, about."""
END: int = sys.maxsize


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a log: its last event recorded at or before ``at``, but none after line ``seq``."""

    seq: int = END
    at: datetime | None = None


@dataclass(slots=True, eq=False)
class PastState:
    """A state and, once somebody searched it, its index. Nobody changes the state.

    Attributes:
        recorded_at: when its last event was recorded, None without events.
        known_at: the latest moment of which it is known that the log stood here.
        head: where the log ended when that was asked. vanished: the line at which rows were last erased.
        model_id: whose vectors the index holds.
    """

    state: State
    recorded_at: datetime | None
    known_at: datetime | None
    head: int
    vanished: int
    index: ResidentIndex | None = None
    model_id: str = ""
    nbytes: int = 0
    lock: anyio.Lock = field(default_factory=anyio.Lock)

    @property
    def seq(self) -> int:
        """The line of the log after which it stood so."""
        return self.state.seq

    def is_before(self, place: Place) -> bool:
        """Whether the place is this one or a later one."""
        return self.seq <= place.seq and (place.at is None or self.recorded_at is None or self.recorded_at <= place.at)

    def is_at(self, place: Place, head: int) -> bool:
        """Whether the place, which is not an earlier one, is this one for certain while the log ends at ``head``."""
        if self.seq == min(place.seq, head):
            return True
        known = place.at is not None and self.known_at is not None and place.at <= self.known_at
        return known and self.head == head


class PastStates:
    """Looks into users' pasts; the last few states are kept, the least recently used dropped."""

    def __init__(self, *, held: int = STATES_HELD, max_bytes: int = BYTES_HELD) -> None:
        self._held = held
        self._max_bytes = max_bytes
        self._states: dict[tuple[str, str], list[PastState]] = {}
        self._used: list[tuple[tuple[str, str], PastState]] = []  # the least recently used first

    @property
    def nbytes(self) -> int:
        """Bytes that are held, about."""
        return sum(past.nbytes for _, past in self._used)

    def __len__(self) -> int:
        return len(self._used)

    async def at(self, store: Store, scope: Scope, place: Place) -> PastState:
        """The state at a place of the user's log.

        Raises:
            StoreError: the log cannot be read.
        """
        owner = (scope.tenant_id, scope.user_id)
        now = await store.changes_since(scope, END)
        self._drop_stale(owner, now.seq, now.vanished_seq)
        earlier = [past for past in self._states.get(owner, ()) if past.is_before(place)]
        start = max(earlier, key=lambda past: past.seq, default=PastState(State(), None, None, 0, now.vanished_seq))
        found = start if start.is_at(place, now.seq) else await _later(store, scope, start, place)
        found.head, found.vanished = now.seq, now.vanished_seq
        if place.at is not None and (found.known_at is None or found.known_at < place.at):
            found.known_at = place.at
        self._use(owner, found)
        return found

    async def index(self, parts: Parts, scope: Scope, past: PastState) -> ResidentIndex:
        """The state's memories held ready for ranking; built by the first who asks.

        Raises:
            ModelError: a text that is no longer stored as it was cannot be embedded.
        """
        async with past.lock:
            if past.index is None or past.model_id != parts.embedder.model_id:
                rows = await _rows(parts, scope, past.state)
                index = parts.recaller.indexes.empty(scope)
                await anyio.to_thread.run_sync(index.apply, rows, past.seq)
                past.index, past.model_id = index, parts.embedder.model_id
                self._use((scope.tenant_id, scope.user_id), past)
            return past.index

    def _drop_stale(self, owner: tuple[str, str], head: int, vanished: int) -> None:
        """Forgets what was replayed before rows were erased, or before the database was put back."""
        for past in list(self._states.get(owner, ())):
            if past.vanished != vanished or past.head > head:
                self._drop(owner, past)

    def _use(self, owner: tuple[str, str], past: PastState) -> None:
        past.nbytes = _nbytes(past)
        known = self._states.setdefault(owner, [])
        if past not in known:
            known.append(past)
        self._used = [entry for entry in self._used if entry[1] is not past]
        self._used.append((owner, past))
        while len(self._used) > 1 and (len(self._used) > self._held or self.nbytes > self._max_bytes):
            self._drop(*self._used[0])

    def _drop(self, owner: tuple[str, str], past: PastState) -> None:
        self._used = [entry for entry in self._used if entry[1] is not past]
        rest = [known for known in self._states.pop(owner, ()) if known is not past]
        if rest:
            self._states[owner] = rest


async def log_pages(store: Store, scope: Scope, query: EventQuery) -> AsyncIterator[list[Event]]:
    """The events that a query asks for, a page at a time."""
    after = query.after_seq
    while True:
        page = await store.events(scope, replace(query, after_seq=after, limit=PAGE))
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = page[-1].seq


async def _later(store: Store, scope: Scope, start: PastState, place: Place) -> PastState:
    """The state at a place, going on from one that is not past it; that one itself if no event lies between."""
    state = copied(start.state)
    recorded_at = start.recorded_at
    query = EventQuery(after_seq=start.seq, until_seq=place.seq if place.seq < END else None, until=place.at)
    async for page in log_pages(store, scope, query):
        if page[-1].seq - state.seq == len(page):
            await anyio.to_thread.run_sync(_apply, state, page)
        else:  # the machine's clock was set back: what lies between was recorded later, but stands before
            between = EventQuery(after_seq=state.seq, until_seq=page[-1].seq)
            async for whole in log_pages(store, scope, between):
                await anyio.to_thread.run_sync(_apply, state, whole)
        recorded_at = page[-1].recorded_at
    return start if state.seq == start.seq else PastState(state, recorded_at, None, 0, start.vanished)


def copied(state: State) -> State:
    """A state of one's own: what is in it cannot change, what it holds can."""
    return State(state.seq, dict(state.memories), dict(state.things), set(state.erased))


def _apply(state: State, events: Sequence[Event]) -> None:
    for event in events:
        state.apply(event)


async def _rows(parts: Parts, scope: Scope, state: State) -> list[IndexRow]:
    """What ranking must know of each memory; vectors that still stand for the same words are taken from the store."""
    present = {row.id: row for row in (await parts.store.changes_since(scope, 0)).rows}
    living = [memory for memory in state.memories.values() if memory.status is not Status.DELETED]
    vectors: dict[UUID, npt.NDArray[np.float32]] = {}
    for memory in living:
        row = present.get(memory.id)
        if row is not None and row.text == memory.text and row.speaker == memory.speaker:
            vectors[memory.id] = row.vectors
    fresh = await vectors_of(parts, [memory for memory in living if memory.id not in vectors])
    vectors |= {known: found.astype(np.float16).astype(np.float32) for known, found in fresh.items()}  # as if stored
    return [index_row_of(memory, vectors[memory.id]) for memory in living]


async def vectors_of(parts: Parts, memories: Sequence[Memory]) -> dict[UUID, npt.NDArray[np.float32]]:
    """The vectors of memories under the model in use, embedded as when they are added.

    Raises:
        ModelError: the embedder failed.
    """
    if not memories:
        return {}
    ids = [memory.id for memory in memories]
    light = await light_of(parts.store, parts.tenant_id, parts.embedder, ids)
    vectors = await embedded(parts.embedder, [views(m.speaker, m.text, light.get(m.id, ())) for m in memories])
    return dict(zip(ids, vectors, strict=True))


def _nbytes(past: PastState) -> int:
    texts = sum(len(memory.text) for memory in past.state.memories.values())
    held = texts + MEMORY_BYTES * (len(past.state.memories) + len(past.state.things) // 4)
    return held + (past.index.nbytes if past.index is not None else 0)
