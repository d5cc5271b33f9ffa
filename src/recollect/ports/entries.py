"""What the store is asked for by name: the entries that callers keep under names of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.entry import Address
from recollect.domain.record import Memory
from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The living parts with these content hashes, in one user's memories."""

    scope: Scope
    hashes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """The living entries of a space that lie below a path, oldest first.

    Attributes:
        whole: all their parts, not their heads alone. limit, offset: which of them; None is all.
    """

    scope: Scope
    space: str
    path: tuple[str, ...] = ()
    whole: bool = False
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Where a part says that it is kept, and the value that it says it holds, as JSON; nobody has checked that yet."""

    id: UUID
    address: Address
    part: object
    value: str | None


class Entries(Protocol):
    """Entries by name; what has expired at ``now`` is not there."""

    async def entry_parts(
        self, tenant_id: str, asked: Sequence[Named | Under], now: datetime
    ) -> tuple[int, list[list[Memory]]]:
        """The parts of each that is asked for, all of one user or of several; one round trip.

        Returns:
            Where the log of the first one's user stood before they were read, and the parts.
        """
        ...

    async def entry_values(self, tenant_id: str, asked: Sequence[Under], now: datetime) -> list[list[Held]]:
        """The places and values of all parts below each path, oldest first; one round trip."""
        ...

    async def entry_ids(self, scope: Scope, space: str, path: tuple[str, ...], now: datetime) -> list[UUID]:
        """The ids of all parts below a path."""
        ...

    async def entry_paths(self, scope: Scope, space: str, now: datetime) -> list[tuple[str, ...]]:
        """The paths at which the user keeps entries, each once."""
        ...

    async def entry_ids_ever(self, scope: Scope, address: Address) -> list[UUID]:
        """The ids of all memories that are a part of the entry at this address, or were when they were deleted."""
        ...

    async def users_with_expired_entries(self, tenant_id: str, space: str, now: datetime) -> list[tuple[str, str]]:
        """Users and agents who have entries that have expired; looks at all of the tenant's memories."""
        ...

    async def expired_entry_parts(self, scope: Scope, space: str, now: datetime, limit: int) -> list[Memory]:
        """Parts of the user's entries that have expired."""
        ...
