"""Collection: a named group of a user's memories."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A group. ``name`` is unique within the user; ``collection_type`` is any word of the caller's."""

    KIND: ClassVar[str] = "collection"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    collection_type: str = "general"
    name: str
    description: str | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionMember:
    """A memory's place in a collection."""

    KIND: ClassVar[str] = "collection_member"
    KEY: ClassVar[tuple[str, ...]] = ("collection_id", "memory_id")

    tenant_id: str
    user_id: str
    collection_id: UUID
    memory_id: UUID
    added_at: datetime
