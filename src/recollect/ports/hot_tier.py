"""What Recollect needs from the hot tier: everything a turn loads, in one read, and what fades, in bounds.

The database is the truth: the store writes what fades in the same transaction as the log (``WriteTransaction.commit``).
Another adapter is a projection of it: it answers only when it holds the version that the database names, so that it can
be slow, empty or away, but never wrong.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from recollect.domain.hot import HotKind, HotState
from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class HotWrite:
    """Puts one item in place of what has its name, or removes it.

    Attributes:
        kind, name: which item. value: JSON; None removes it. memory_id, at, expires_at: see ``HotItem``.
    """

    kind: HotKind
    name: str
    value: Mapping[str, Any] | None = field(default_factory=dict[str, Any])
    memory_id: UUID | None = None
    at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HotChange:
    """What a committed transaction did to a user's hot state.

    Attributes:
        version: the state's version after it; the one before it was ``version - 1``.
        writes: what fades, as it was done: also the removal of what thereby went beyond the limits.
        used_at: since when the session counts as used, if that changed.
        derived: also what stands in the log changed (identity, rules, session, goals, the memories that working memory
            points at), so that a projection must read it anew.
    """

    version: int
    writes: tuple[HotWrite, ...] = ()
    used_at: datetime | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write did: the change, None when nothing changed, and what could not be brought up to date, and why."""

    change: HotChange | None = None
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed: how many items, and whose."""

    items: int = 0
    users: tuple[str, ...] = ()


class HotTier(Protocol):
    """Where a user's hot state is read."""

    async def load(
        self, scope: Scope, now: datetime, *, unless: int | None = None, whole: bool = False
    ) -> HotState | None:
        """The user's hot state, without what has faded at ``now``; one round trip.

        Args:
            scope: tenant and user; agent, project and conversation do not matter.
            now: the time.
            unless: a version; None is answered when the state is still at it.
            whole: also what does not hold yet, and the session though nobody used it in time: for who keeps the state
                and reads it later, through ``HotState.at``.

        Raises:
            StoreError: the database cannot be asked.
        """
        ...

    async def write(self, scope: Scope, writes: Sequence[HotWrite], now: datetime) -> Written:
        """Changes what fades, outside any transaction of the log; drops what is beyond the limits.

        Raises:
            StoreError: the database could not do its part; nothing was written.
        """
        ...

    async def clear(self, scope: Scope, kinds: Collection[HotKind]) -> int:
        """Removes every item of these kinds, ``recent`` aside; returns how many were there."""
        ...

    async def touch(self, scope: Scope, now: datetime) -> Written:
        """Notes that the user's session was used; the change is None when it was noted a moment before."""
        ...

    async def follow(self, scope: Scope, change: HotChange) -> tuple[str, ...]:
        """Takes in what a transaction of the store has committed; the database itself has nothing left to do.

        Returns:
            What could not be brought up to date just now, and why; empty when all went well. It never raises: what was
            not taken in is read anew later.
        """
        ...

    async def forget(self, scope: Scope) -> None:
        """Drops what is held of a user who was erased; the database's rows went with the erasure."""
        ...

    async def sweep(self, tenant_id: str, now: datetime) -> Swept:
        """Removes what has faded for all of a tenant's users."""
        ...

    async def rebuild(self, scope: Scope, now: datetime) -> None:
        """Makes what is held equal to what the database says; the database itself has nothing to do."""
        ...

    async def users(self, tenant_id: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The tenant's users who have a hot state, in order of their ids."""
        ...

    async def close(self) -> None:
        """Gives connections back and stops what runs in the background."""
        ...
