"""What Recollect needs from the store: state and log written together, under the user's lock, and read back."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.event import Event, EventType
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow

NO_VECTORS: Final = np.empty((0, 0), dtype=np.float32)
"""The vectors of what is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of state; the store writes it as an event and applies it in the same transaction.

    Attributes:
        type: what happens. before: the record as it was, None for a new one. after: as it will be.
        reason: why, in one sentence.
        vectors: float32 (chunks, dimension) that replace the record's vectors; None leaves them as they are.
    """

    type: EventType
    before: Memory | None = None
    after: Memory
    reason: str = ""
    vectors: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records a write must see under the lock: by content hash, fact key or id, or facts by what they cite."""

    hashes: Sequence[str] = ()
    keys: Sequence[str] = ()
    ids: Sequence[UUID] = ()
    citing: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed in a user's memories after a log position.

    Attributes:
        seq: the log position that the rows bring a reader to.
        rows: the memories that changed, as they are now.
    """

    seq: int
    rows: Sequence[IndexRow] = field(default_factory=tuple)


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
    def existing(self) -> Sequence[Memory]:
        """The living records that were wanted, as they are under the lock."""
        ...

    async def commit(self, changes: Sequence[Change]) -> Sequence[Event]:
        """Writes the changes, their events and vectors, and commits. Without changes nothing is written."""
        ...


class Store(Protocol):
    """The one place where memories and their log live."""

    def writing(self, scope: Scope, wanted: Wanted) -> AbstractAsyncContextManager[WriteTransaction]:
        """Opens a transaction that holds the user's lock; leaving it without ``commit`` rolls back."""
        ...

    async def register_model(self, tenant_id: str, model_id: str, dimension: int) -> None:
        """Makes sure the model is registered with this dimension.

        Raises:
            DimensionMismatch: it is registered with another one.
        """
        ...

    async def fetch(self, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Memory]:
        """The user's memories with these ids, deleted ones included; unknown ids are left out."""
        ...

    async def page(self, scope: Scope, chosen: SearchFilter, *, limit: int, after: UUID | None) -> list[Memory]:
        """The user's memories that pass the filter, newest first, at most ``limit``, older than ``after``."""
        ...

    async def facts(self, scope: Scope, at: datetime | None) -> list[Memory]:
        """The user's keyed facts that hold at ``at`` (None: now), ordered by key."""
        ...

    async def events(self, scope: Scope, *, memory_id: UUID | None, after_seq: int, limit: int) -> list[Event]:
        """The user's events, oldest first, of one memory or of all."""
        ...

    async def changes_since(self, scope: Scope, seq: int) -> Delta:
        """What changed in the user's memories after log position ``seq``; one round trip."""
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
