"""Relationship: a typed tie between two memories."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

Direction = Literal["both", "outgoing", "incoming"]
"""Which ties of a memory are meant: all, those whose source it is, or those whose target it is."""


class RelationshipType(StrEnum):
    """How one memory stands to another."""

    REFERENCES = "references"
    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    FOLLOWS = "follows"
    RELATED = "related"
    DERIVED_FROM = "derived_from"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One tie from ``source_id`` to ``target_id``; there is at most one of a type.

    Attributes:
        source_id, target_id: two different memories of one user. type: how the source stands to the target.
        confidence: 0..1. created_at: when it was made.
    """

    KIND: ClassVar[str] = "relationship"
    KEY: ClassVar[tuple[str, ...]] = ("source_id", "target_id", "type")

    tenant_id: str
    user_id: str
    source_id: UUID
    target_id: UUID
    type: RelationshipType
    confidence: float = 1.0
    created_at: datetime
