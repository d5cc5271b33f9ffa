"""What Recollect needs from the store: state and log written together, under the user's lock, and read back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.condition import Condition
from recollect.domain.conversation import Conversation, Turn
from recollect.domain.event import Event, EventType
from recollect.domain.hot import HotItem
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.domain.thing import Thing
from recollect.ports.chores import Chores
from recollect.ports.entries import Entries
from recollect.ports.hot_tier import HotChange, HotWrite
from recollect.ports.index import IndexRow
from recollect.ports.knowledge import Knowledge
from recollect.ports.owners import Owners
from recollect.ports.said_before import SaidBefore

T = TypeVar("T", bound=Thing)

NO_VECTORS: Final = np.empty((0, 0), dtype=np.float32)
"""The vectors of what is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a memory; the store writes it as an event and applies it in the same transaction.

    Attributes:
        type: what happens. before: the record as it was, None for a new one. after: as it will be.
        reason: why, in one sentence that quotes no other memory: erasing that one would leave its words here.
        vectors: float32 (chunks, dimension) that replace the record's vectors; None leaves them as they are.
        vectors_of: a memory of the same words whose vectors a new record takes over.
        turn: where in a conversation it was said, if this is one more telling.
    """

    type: EventType
    before: Memory | None = None
    after: Memory
    reason: str = ""
    vectors: npt.NDArray[np.float32] | None = None
    vectors_of: UUID | None = None
    turn: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingChange:
    """One change of anything else that the log speaks of.

    Attributes:
        type: what happens. before: the thing as it was, None for a new one. after: as it will be, None for its end.
        reason: why, in one sentence that quotes no memory.
    """

    type: EventType
    before: Thing | None = None
    after: Thing | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of the log that changes nothing by itself, such as the heading of a rollback.

    Attributes:
        type: what happened. payload: JSON; names memories by id only.
    """

    type: EventType
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Who makes changes, and in which run: ``job_id`` binds changes that can be taken back together."""

    actor: str = "user"
    job_id: UUID | None = None


NOBODY_ELSE: Final = Cause()
"""The user, outside any run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an idempotency key was or is used for: the key, SHA-256 of the request, and the answer as bytes."""

    key: str
    body_hash: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a write must see under the lock.

    Attributes:
        hashes, keys, ids: memories by content hash, by fact key (superseded ones too), by id.
        deleted_too: whether ``ids`` may be deleted ones. citing: facts by what they cite.
        conversation_id: the conversation that is gone on with. said_at: times it may have turns for already.
        idempotency_key: what was answered under this key within the last day.
    """

    hashes: Sequence[str] = ()
    keys: Sequence[str] = ()
    ids: Sequence[UUID] = ()
    deleted_too: bool = False
    citing: Sequence[UUID] = ()
    conversation_id: str | None = None
    said_at: Sequence[datetime] = ()
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events are asked for, oldest first.

    Attributes:
        memory_id: of one memory only. after_seq, until_seq: log positions, (after, until].
        types: only these. since, until: recorded within [since, until]. limit: how many at most.
    """

    memory_id: UUID | None = None
    after_seq: int = 0
    until_seq: int | None = None
    types: Collection[EventType] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed in a user's memories after a log position.

    Attributes:
        seq: the log position that the rows bring a reader to.
        vanished_seq: the last position at which rows were erased; a reader from before it must begin anew.
        rows: the memories that changed, as they are now.
    """

    seq: int
    vanished_seq: int = 0
    rows: Sequence[IndexRow] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a user's log stands: its last position, and the last one at which rows were erased."""

    seq: int = 0
    vanished_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """How the store is.

    Attributes:
        server: its version. vector_extension: pgvector's version. revision: the schema's migration.
        embedded: whether this package runs the server. location: where it is, without a password.
        counts: rows by table within the tenant. database_bytes: size on disk.
        query_ms: the time of one vector query, which proves that the extension works.
    """

    server: str
    vector_extension: str
    revision: str
    embedded: bool
    location: str
    counts: dict[str, int]
    database_bytes: int
    query_ms: float


class WriteTransaction(Protocol):
    """A transaction that holds the user's lock."""

    @property
    def seq(self) -> int:
        """Where the user's log ends."""
        ...

    @property
    def existing(self) -> Sequence[Memory]:
        """The records that were wanted, as they are under the lock."""
        ...

    @property
    def conversation(self) -> Conversation | None:
        """The wanted conversation, or None if it is new."""
        ...

    @property
    def told(self) -> Collection[tuple[UUID, datetime]]:
        """Which memories the wanted conversation has a turn for at the wanted times."""
        ...

    @property
    def hot(self) -> HotChange | None:
        """What ``commit`` did to the user's hot state, to be told to the hot tier; None if nothing."""
        ...

    @property
    def answered(self) -> Answer | None:
        """What was answered under the wanted idempotency key."""
        ...

    async def things(self, kind: type[T], where: Mapping[str, Any]) -> list[T]:
        """The things of a kind whose fields equal ``where``, as they are under the lock; a round trip of its own."""
        ...

    async def want(self, wanted: Wanted) -> None:
        """Reads more memories, by hash, key or id, under the lock; a round trip of its own."""
        ...

    async def hot_items(self) -> Sequence[HotItem]:
        """What survives a crash of the user's hot state, faded or not, under the lock; a round trip of its own."""
        ...

    async def events(self, after_seq: int) -> Sequence[Event]:
        """The log's lines after a position, as they are under the lock; a round trip of its own."""
        ...

    async def commit(
        self,
        changes: Sequence[Change | ThingChange | Note],
        *,
        answer: Callable[[Sequence[Event]], Answer] | None = None,
        hot: Sequence[HotWrite] = (),
        settled: bool = False,
    ) -> Sequence[Event]:
        """Writes the changes, their events and vectors, and commits. Without anything to write it does nothing.

        Args:
            changes: in order; each becomes one event.
            answer: gives what the wanted idempotency key was used for, told the events that are written.
            hot: what fades, written with them.
            settled: the changes come from where all that follows from them was written already; nothing is added.
        """
        ...


class Store(Knowledge, Chores, Owners, SaidBefore, Entries, Protocol):
    """The one place where memories and their log live."""

    def writing(
        self, scope: Scope, wanted: Wanted, cause: Cause = NOBODY_ELSE
    ) -> AbstractAsyncContextManager[WriteTransaction]:
        """Opens a transaction that holds the user's lock; leaving it without ``commit`` rolls back.

        Raises:
            ModelSwitched: the tenant's active embedding model is another one by now.
        """
        ...

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Memory]:
        """The user's memories with these ids, deleted ones included; unknown ids are left out."""
        ...

    async def fetch_each(self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> list[dict[UUID, Memory]]:
        """What ``fetch`` answers for each of several users of one tenant; one round trip for all."""
        ...

    async def fetch_with_heads(
        self, wanted: Sequence[tuple[Scope, Sequence[UUID]]]
    ) -> tuple[list[dict[UUID, Memory]], list[Head]]:
        """What ``fetch_each`` answers, and where each log stood when it had been read; one round trip for all.

        Raises:
            ModelSwitched: the tenant's active embedding model is another one by now.
        """
        ...

    async def page(self, scope: Scope, chosen: SearchFilter, *, limit: int, after: UUID | None) -> list[Memory]:
        """The user's memories that pass the filter, newest first, at most ``limit``, older than ``after``."""
        ...

    async def ids_where(self, scope: Scope, condition: Condition) -> list[UUID]:
        """The ids of the user's memories that meet a condition, deleted ones left out."""
        ...

    async def things(
        self,
        kind: type[T],
        tenant_id: str,
        where: Mapping[str, Any],
        *,
        limit: int | None = None,
        after: Sequence[Any] | None = None,
        newest: bool = False,
    ) -> list[T]:
        """The things of a kind whose fields equal ``where``, in order of their key.

        Args:
            kind: the class.
            tenant_id: whose.
            where: values by field; a list means any of its values.
            limit: how many at most.
            after: the key, without the tenant, after which they begin.
            newest: against the order of the key.
        """
        ...

    async def things_each(
        self, tenant_id: str, wanted: Sequence[tuple[type[Thing], Mapping[str, Any]]]
    ) -> list[list[Thing]]:
        """The things of several kinds, each as ``things`` answers it; one round trip."""
        ...

    async def facts(self, scope: Scope, at: datetime | None) -> list[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        ...

    async def events(self, scope: Scope, query: EventQuery) -> list[Event]:
        """The stream's events, oldest first, their payloads opened as far as their keys exist."""
        ...

    async def changes_since(self, scope: Scope, seq: int) -> Delta:
        """What changed in the user's memories after log position ``seq``; one round trip.

        Raises:
            ModelSwitched: the tenant's active embedding model is another one by now.
        """
        ...

    async def changes_each(self, since: Sequence[tuple[Scope, int]]) -> list[Delta]:
        """What ``changes_since`` answers for each of several users of one tenant; one round trip for all.

        Raises:
            ModelSwitched: the tenant's active embedding model is another one by now.
        """
        ...

    async def vectors(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, npt.NDArray[np.float32]]:
        """The stored vectors of memories under the active model, float32 (chunks, dimension)."""
        ...

    async def known_names(self, scope: Scope, limit: int) -> list[str]:
        """Entity names the user's memories mention, the most frequent first."""
        ...

    async def status(self, tenant_id: str) -> StoreStatus:
        """Asks the database how it is."""
        ...

    async def close(self) -> None:
        """Gives every connection back; an embedded server without users stops."""
        ...
