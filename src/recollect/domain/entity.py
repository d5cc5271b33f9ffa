"""Entity: what is known of a name: what was said about it by hand, and what the memories that mention it add up to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from recollect.domain.record import EntityType

UNTYPED = EntityType.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity that was described, or merged into another; the others exist by being mentioned.

    Attributes:
        name: canonical; unique within the user. type: person, place, organisation or other.
        aliases: other names it goes by. description: in words, or None. salience: 0..1 when set by hand.
        merged_into: the entity that this one turned out to be, or None; taking it back undoes the merge.
        created_at: when it was first described or merged. updated_at: when it was last described.
    """

    KIND: ClassVar[str] = "entity"
    KEY: ClassVar[tuple[str, ...]] = ("user_id", "name")

    tenant_id: str
    user_id: str
    name: str
    type: str = UNTYPED.value
    aliases: tuple[str, ...] = ()
    description: str | None = None
    salience: float | None = None
    merged_into: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is known of it but that it was merged."""
        return not self.aliases and self.description is None and self.salience is None and self.type == UNTYPED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntity:
    """An entity as all that is known shows it.

    Attributes:
        name: canonical. type: as it was described, or as it is mentioned most often.
        aliases: other names it goes by. merged: names of entities that were merged into it.
        description: in words, or None.
        salience: 0..1; set by hand, or from the mentions: one is 0.15, ten are 0.52, a hundred or more are 1.
        mentions: how many memories mention it, under any of its names.
        first_at, last_at: when the first and the last of them were told; None if none does.
    """

    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    description: str | None = None
    salience: float
    mentions: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRelation:
    """What a memory says of two names.

    Attributes:
        subject, predicate, object: such as Anna, employer, Siemens. confidence: 0..1.
        valid_from, valid_to: the interval in which it is true; None is open. holds: whether it does now.
        memory_id: the memory that says so.
    """

    subject: str
    predicate: str
    object: str
    confidence: float
    valid_from: datetime | None
    valid_to: datetime | None
    holds: bool
    memory_id: UUID


@dataclass(frozen=True, slots=True)
class Hop:
    """One step from a name to another: a relation, or ``mentioned_with``."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A name that can be reached from another.

    Attributes:
        name: the entity's, or a value's that no entity has. score: 0..1, the product of its path's strengths.
        path: the strongest way there, from the first hop to the last.
    """

    name: str
    score: float
    path: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A name and its share of the walks that begin at others, 0..1; see ``recollect.domain.pagerank``."""

    name: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two entities that may be one; ``entities.merge(name, into)`` makes them one, ``unmerge`` takes it back.

    Attributes:
        name: the one that would end: the less salient. into: the one that it may be.
        confidence: 0..1, from the names alone. why: what they have in common.
    """

    name: str
    into: str
    confidence: float
    why: str
