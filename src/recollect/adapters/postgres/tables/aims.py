"""What a user is at: sessions, goals, and outcomes that wait to be thought over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base, one_of
from recollect.domain.goal import GoalStatus
from recollect.domain.reflection import ReflectionStatus


class SessionRow(Base):
    """A session; at most one of a user is open."""

    __tablename__ = "session"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    agent_id: Mapped[str] = mapped_column(server_default="")
    conversation_id: Mapped[str | None]
    state: Mapped[dict[str, Any]]
    active_goal_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]

    __table_args__ = (
        Index("session_listed_idx", "tenant_id", "user_id", "id"),
        Index("session_open_idx", "tenant_id", "user_id", postgresql_where=sql_text("ended_at IS NULL")),
    )


class GoalRow(Base):
    """A goal. Parents and blockers are checked under the user's lock; a cycle cannot be told by a constraint."""

    __tablename__ = "goal"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    status: Mapped[str]
    priority: Mapped[int] = mapped_column(Integer)
    deadline: Mapped[datetime | None]
    parent_id: Mapped[UUID | None]
    blocked_by: Mapped[list[Any]]
    project_id: Mapped[str | None]
    outcome: Mapped[str | None]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", GoalStatus),
        CheckConstraint("priority >= 1 AND priority <= 5", name="priority"),
        CheckConstraint("parent_id <> id", name="no_self_parent"),
        Index("goal_status_idx", "tenant_id", "user_id", "status", "id"),
    )


class ReflectionRow(Base):
    """An outcome in the queue, or what became of it."""

    __tablename__ = "reflection"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    conversation_id: Mapped[str | None]
    goal_id: Mapped[UUID | None]
    task: Mapped[str]
    succeeded: Mapped[bool | None]
    outcome: Mapped[dict[str, Any]]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(Integer)
    error: Mapped[str | None]
    memory_ids: Mapped[list[Any]]
    queued_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", ReflectionStatus),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("reflection_queue_idx", "tenant_id", "id", postgresql_where=sql_text("status = 'queued'")),
        Index("reflection_listed_idx", "tenant_id", "user_id", "id"),
    )
