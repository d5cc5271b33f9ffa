"""What was said in which order, which tools were called, and what is known of the person who speaks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import SCHEMA, Base


class ConversationRow(Base):
    """A conversation, with its length and last turn kept up to date by the turns."""

    __tablename__ = "conversation"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(server_default="")
    project_id: Mapped[str | None]
    title: Mapped[str | None]
    started_at: Mapped[datetime | None]
    last_turn_at: Mapped[datetime | None]
    turn_count: Mapped[int] = mapped_column(Integer)
    extra: Mapped[dict[str, Any]] = mapped_column("metadata")

    __table_args__ = (
        CheckConstraint("turn_count >= 0", name="turn_count"),
        Index("conversation_last_turn_at_idx", "last_turn_at", postgresql_using="brin"),
    )


class TurnRow(Base):
    """One telling: where in which conversation a memory's words were said."""

    __tablename__ = "turn"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(Integer, primary_key=True)
    memory_id: Mapped[UUID]
    role: Mapped[str]
    speaker: Mapped[str | None]
    said_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    tokens: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("index >= 0", name="index"),
        ForeignKeyConstraint(
            ["tenant_id", "user_id", "conversation_id"],
            [f"{SCHEMA}.conversation.tenant_id", f"{SCHEMA}.conversation.user_id", f"{SCHEMA}.conversation.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "memory_id"], [f"{SCHEMA}.memory.tenant_id", f"{SCHEMA}.memory.id"], ondelete="CASCADE"
        ),
        Index("turn_memory_idx", "tenant_id", "memory_id"),
        Index("turn_written_at_idx", "written_at", postgresql_using="brin"),
    )


class ToolInvocationRow(Base):
    """One call of a tool."""

    __tablename__ = "tool_invocation"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    conversation_id: Mapped[str | None]
    turn_index: Mapped[int | None] = mapped_column(Integer)
    tool: Mapped[str]
    task: Mapped[str | None]
    arguments: Mapped[dict[str, Any]]
    output: Mapped[Any] = mapped_column(Base.type_annotation_map[dict[str, Any]], nullable=True)
    succeeded: Mapped[bool | None]
    latency_ms: Mapped[float | None]
    error: Mapped[str | None]
    invoked_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("latency_ms >= 0", name="latency_ms"),
        Index("tool_invocation_tool_idx", "tenant_id", "user_id", "tool", "id"),
        Index("tool_invocation_invoked_at_idx", "invoked_at", postgresql_using="brin"),
    )


class ProfileRow(Base):
    """What is known of a user as a whole."""

    __tablename__ = "profile"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    preferences: Mapped[dict[str, Any]]
    expertise: Mapped[dict[str, Any]]
    communication_style: Mapped[dict[str, Any]]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata")
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
