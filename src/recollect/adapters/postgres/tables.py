"""The schema's one definition, as SQLAlchemy models; Alembic migrates to it and a test proves that both agree.

Rules that hold for every table (Citus distributes them by tenant): every primary, unique and foreign key starts with
``tenant_id``; no triggers, no sequences; row-level security is forced (see ``migrations``).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from recollect.domain.event import EventType
from recollect.domain.record import MemoryType, SourceType, Status, Tier

SCHEMA = "recollect"


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can name it too."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        },
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute by its name
        str: Text,
        datetime: DateTime(timezone=True),
        float: Double,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        bytes: LargeBinary,
    }


def _one_of(column: str, values: type[MemoryType | Status | Tier | SourceType | EventType]) -> CheckConstraint:
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def _fraction(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} >= 0 AND {column} <= 1", name=column)


class LogHead(Base):
    """Where each user's log ends: the last sequence number and its hash."""

    __tablename__ = "log_head"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]


class EventRow(Base):
    """The append-only log; the application role may only INSERT and SELECT here."""

    __tablename__ = "event"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID]
    type: Mapped[str]
    memory_id: Mapped[UUID]
    payload: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (
        _one_of("type", EventType),
        CheckConstraint("seq > 0", name="seq"),
        Index("event_memory_idx", "tenant_id", "memory_id", "seq"),
        Index("event_recorded_at_idx", "recorded_at", postgresql_using="brin"),
    )


class MemoryRow(Base):
    """One remembered thing; the fields are those of ``recollect.domain.record.Memory``."""

    __tablename__ = "memory"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    agent_id: Mapped[str] = mapped_column(server_default="")
    project_id: Mapped[str | None]
    conversation_id: Mapped[str | None]
    type: Mapped[str]
    tier: Mapped[str]
    status: Mapped[str]
    text: Mapped[str]
    speaker: Mapped[str | None]
    key: Mapped[str | None]
    value: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    confidence: Mapped[float]
    importance: Mapped[float]
    emotion: Mapped[float]
    decay_rate: Mapped[float]
    access_count: Mapped[int] = mapped_column(Integer)
    last_accessed_at: Mapped[datetime | None]
    reinforcements: Mapped[int] = mapped_column(Integer)
    labile: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer)
    supersedes: Mapped[UUID | None]
    content_hash: Mapped[str]
    source_type: Mapped[str]
    provenance: Mapped[dict[str, Any]]
    entities: Mapped[list[Any]]
    relations: Mapped[list[Any]]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata")
    changed_seq: Mapped[int] = mapped_column(BigInteger)
    """The log line that last touched the row: what the resident indexes follow."""

    __table_args__ = (
        _one_of("type", MemoryType),
        _one_of("tier", Tier),
        _one_of("status", Status),
        _one_of("source_type", SourceType),
        _fraction("confidence"),
        _fraction("importance"),
        _fraction("emotion"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"),
        Index(
            "memory_content_key",
            "tenant_id",
            "user_id",
            "agent_id",
            "content_hash",
            unique=True,
            postgresql_where=sql_text("status <> ALL (ARRAY['superseded'::text, 'deleted'::text])"),
        ),
        Index("memory_changed_idx", "tenant_id", "user_id", "changed_seq"),
        Index("memory_listed_idx", "tenant_id", "user_id", "id"),
        Index("memory_key_idx", "tenant_id", "user_id", "key", postgresql_where=sql_text("key IS NOT NULL")),
        Index("memory_written_at_idx", "written_at", postgresql_using="brin"),
        Index("memory_metadata_idx", "metadata", postgresql_using="gin", postgresql_ops={"metadata": "jsonb_path_ops"}),
    )


class EmbeddingModelRow(Base):
    """The models whose vectors a tenant stores, each with its one dimension."""

    __tablename__ = "embedding_model"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("dimension > 0", name="dimension"),)


class EmbeddingRow(Base):
    """A memory's vectors under one model: one per chunk of its text."""

    __tablename__ = "embedding"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    user_id: Mapped[str]
    vector: Mapped[Any] = mapped_column(HALFVEC())

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "memory_id"], [f"{SCHEMA}.memory.tenant_id", f"{SCHEMA}.memory.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "model_id"],
            [f"{SCHEMA}.embedding_model.tenant_id", f"{SCHEMA}.embedding_model.model_id"],
            ondelete="CASCADE",
        ),
        Index("embedding_user_idx", "tenant_id", "user_id", "model_id"),
    )
