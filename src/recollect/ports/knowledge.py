"""What the store can tell about names: which are mentioned, what is stated of them, which are mentioned together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from recollect.domain.record import EntityType
from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """A name, as one type of entity, in a user's memories.

    Attributes:
        memories: how many mention it. first_at, last_at: when the first and the last of them were told or stored.
    """

    name: str
    type: EntityType
    memories: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A triple that a memory states.

    Attributes:
        valid_from, valid_to: the interval in which it is true; None is open.
        superseded: whether another took its place.
    """

    memory_id: UUID
    subject: str
    predicate: str
    object: str
    confidence: float
    valid_from: datetime | None
    valid_to: datetime | None
    superseded: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Two names and how many memories mention both."""

    one: str
    other: str
    memories: int


class Knowledge(Protocol):
    """What a user's memories that are neither deleted nor quarantined say about names."""

    async def mentioned(self, scope: Scope) -> Sequence[Mentioned]:
        """Every person, place, organisation and other entity that is mentioned."""
        ...

    async def stated(self, scope: Scope) -> Sequence[Stated]:
        """Every triple: of keyed facts, and of relations read from texts."""
        ...

    async def together(self, scope: Scope) -> Sequence[Together]:
        """Every pair of names that one text mentions."""
        ...
