"""What Recollect needs in order to say who asked for what, and when a memory was last recalled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypedDict, Unpack
from uuid import UUID

from recollect.domain.ids import new_id
from recollect.domain.scope import Scope

OK = "ok"
"""The outcome of a call that did what it was asked; any other outcome is the name of the error that it raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One call of the facade.

    Attributes:
        tenant_id, user_id: whose memory was asked for. actor: by whom; "" if that was not said.
        method: the facade's, such as ``search`` or ``projects.share``. outcome: ``OK`` or the error's name.
        at: when the call ended. ms: how long it took.
        id: UUIDv7. key_id: the API key that the caller came in with; None for one who needed none.
    """

    tenant_id: str
    user_id: str
    actor: str = ""
    method: str
    outcome: str = OK
    at: datetime
    ms: float = 0.0
    id: UUID = field(default_factory=new_id)
    key_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCounts:
    """What became of the entries and marks of one process.

    Attributes:
        written: they are in the store. waiting: they will be. dropped: they never will.
        failures: attempts to write that failed.
    """

    written: int
    waiting: int
    dropped: int
    failures: int


class AccessFilter(TypedDict, total=False):
    """Which entries; what is not given or None is not asked.

    Attributes:
        user_id, method, outcome, key_id: only entries with this.
        since, until: only entries from ``since`` on and before ``until``.
    """

    user_id: str | None
    method: str | None
    outcome: str | None
    since: datetime | None
    until: datetime | None
    key_id: UUID | None


class AccessLog(Protocol):
    """Takes entries and marks at once, stores them within a second or so, and lets them expire.

    A process that is killed loses what it had not stored yet; no call waits for its entry.
    """

    @property
    def counts(self) -> AccessCounts:
        """What became of what was recorded so far."""
        ...

    def record(self, entry: AccessEntry) -> None:
        """Takes an entry; never waits and never fails."""
        ...

    def mark_recalled(self, scope: Scope, memory_ids: Iterable[UUID], at: datetime) -> None:
        """Notes that these memories of the scope's user were recalled; never waits and never fails."""
        ...

    async def recalled_at(self, scope: Scope, memory_id: UUID) -> datetime | None:
        """When the user's memory was last recalled, also a moment ago; None if not within the last day."""
        ...

    async def entries(
        self, tenant_id: str, *, limit: int = 100, after: UUID | None = None, **chosen: Unpack[AccessFilter]
    ) -> list[AccessEntry]:
        """The tenant's entries, newest first, at most ``limit``, those before the entry ``after``.

        Args:
            tenant_id: whose log.
            limit: how many at most.
            after: the last entry's id of the page before.
            **chosen: see ``AccessFilter``.
        """
        ...

    async def last_used(self, tenant_id: str, key_ids: Sequence[UUID]) -> Mapping[UUID, datetime]:
        """When each of these API keys was last used; those of which no entry is kept are left out."""
        ...

    async def expire(self, tenant_id: str, before: datetime) -> int:
        """Deletes the tenant's entries from before a time, and marks older than a day; says how many entries."""
        ...

    async def forget(self, scope: Scope, memory_id: UUID | None = None) -> None:
        """Deletes a memory's mark, or all of the user's entries and marks; also those that still wait."""
        ...

    async def flush(self) -> None:
        """Stores what waits now, for callers who want to see it.

        Raises:
            StoreError: it could not be stored; it is tried again later.
        """
        ...

    async def aclose(self) -> None:
        """Stores what waits and stops."""
        ...
