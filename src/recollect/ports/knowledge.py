"""What the store can tell about names: which are mentioned, and what is stated of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from recollect.domain.graph import Edge
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


class Knowledge(Protocol):
    """What a user's memories that are neither deleted nor quarantined say about names."""

    async def mentioned(self, scope: Scope) -> Sequence[Mentioned]:
        """Every person, place, organisation and other entity that is mentioned."""
        ...

    async def stated(self, scope: Scope) -> Sequence[Edge]:
        """Every triple: of keyed facts, and of relations read from texts."""
        ...
