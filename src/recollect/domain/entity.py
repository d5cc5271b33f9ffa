"""Entity: what is known of a name beyond the memories that mention it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity that was described, or merged into another; the others exist by being mentioned.

    Attributes:
        name: canonical; unique within the user. type: person, place, organisation or other.
        aliases: other names it goes by. description: in words, or None. salience: 0..1 when set by hand.
        merged_into: the entity that this one turned out to be, or None; taking it back undoes the merge.
    """

    KIND: ClassVar[str] = "entity"
    KEY: ClassVar[tuple[str, ...]] = ("user_id", "name")

    tenant_id: str
    user_id: str
    name: str
    type: str = "other"
    aliases: tuple[str, ...] = ()
    description: str | None = None
    salience: float | None = None
    merged_into: str | None = None
    created_at: datetime
    updated_at: datetime
