"""Goal: what a user wants to reach, how far it is, and what stands in its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID


class GoalStatus(StrEnum):
    """Where a goal stands. A goal is blocked while one of its blockers is open; that is not a status of its own."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


OPEN_GOALS = frozenset({GoalStatus.ACTIVE, GoalStatus.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal.

    Attributes:
        title: what is to be reached. description: more of it, or None.
        priority: 1 (some day) to 5 (now). deadline: until when, or None.
        parent_id: the goal it is a part of, or None. blocked_by: goals that must be reached first.
        project_id: a project, or None. outcome: what came of it, or None. extra: the caller's own metadata.
        closed_at: when it was completed or abandoned.
    """

    KIND: ClassVar[str] = "goal"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    user_id: str
    id: UUID
    title: str
    description: str | None = None
    status: GoalStatus = GoalStatus.ACTIVE
    priority: int = 3
    deadline: datetime | None = None
    parent_id: UUID | None = None
    blocked_by: tuple[UUID, ...] = ()
    project_id: str | None = None
    outcome: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
