"""Reflection: the outcome of a task, queued to be thought over, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID


class ReflectionStatus(StrEnum):
    """Where a queued reflection stands; ``failed`` ones were tried too often and wait for a person."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """One outcome in the queue.

    Attributes:
        task: what was tried. succeeded: whether it worked, None when that is unknown.
        outcome: what came of it, any JSON.
        conversation_id: where, or None. goal_id: for which goal, or None.
        attempts: how often it was processed without success. error: why, the last time.
        memory_ids: the records that it was turned into.
    """

    KIND: ClassVar[str] = "reflection"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    conversation_id: str | None = None
    goal_id: UUID | None = None
    task: str
    succeeded: bool | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict[str, Any])
    status: ReflectionStatus = ReflectionStatus.QUEUED
    attempts: int = 0
    error: str | None = None
    memory_ids: tuple[UUID, ...] = ()
    queued_at: datetime
    processed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionQueue:
    """How the queue stands: how many are queued, how many failed for good, and since when the oldest queued one waits.

    Attributes:
        oldest_at: None when none is queued.
    """

    queued: int = 0
    failed: int = 0
    oldest_at: datetime | None = None
