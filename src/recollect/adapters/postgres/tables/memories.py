"""Memories, and what ties them to each other."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Integer, Uuid
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import SCHEMA, Base, fraction, one_of
from recollect.domain.record import MemoryType, Sensitivity, SourceType, Status, Tier, Trust
from recollect.domain.relationship import RelationshipType


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
    source_id: Mapped[str | None]
    trust: Mapped[str] = mapped_column(server_default="trusted")
    sensitivity: Mapped[str] = mapped_column(server_default="normal")
    author_id: Mapped[str | None]
    channel_id: Mapped[str | None]
    audience: Mapped[list[Any]] = mapped_column(server_default=sql_text("'[]'::jsonb"))
    subject: Mapped[str | None]
    stale_since: Mapped[datetime | None]
    stale_because: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=sql_text("'{}'::uuid[]"))

    __table_args__ = (
        one_of("type", MemoryType),
        one_of("tier", Tier),
        one_of("status", Status),
        one_of("source_type", SourceType),
        one_of("trust", Trust),
        one_of("sensitivity", Sensitivity),
        fraction("confidence"),
        fraction("importance"),
        fraction("emotion"),
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
        Index(
            "memory_always_idx",
            "tenant_id",
            "user_id",
            postgresql_where=sql_text("type = ANY (ARRAY['identity'::text, 'constraint'::text])"),
        ),
        Index("memory_stale_idx", "tenant_id", "user_id", postgresql_where=sql_text("stale_since IS NOT NULL")),
        Index(
            "memory_agent_idx",
            "tenant_id",
            "agent_id",
            "id",
            postgresql_where=sql_text(
                "agent_id <> ''::text AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])"
            ),
        ),
        Index("memory_written_at_idx", "written_at", postgresql_using="brin"),
        Index("memory_metadata_idx", "metadata", postgresql_using="gin", postgresql_ops={"metadata": "jsonb_path_ops"}),
    )


class DerivationRow(Base):
    """A memory cites another as its evidence: what the cascade of ``domain/staleness.py`` follows."""

    __tablename__ = "derivation"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    premise_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]

    __table_args__ = (Index("derivation_premise_idx", "tenant_id", "user_id", "premise_id"),)


class RelationshipRow(Base):
    """A typed tie between two memories; it goes with either end."""

    __tablename__ = "relationship"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    target_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    confidence: Mapped[float]
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("type", RelationshipType),
        fraction("confidence"),
        CheckConstraint("source_id <> target_id", name="no_self_reference"),
        ForeignKeyConstraint(
            ["tenant_id", "source_id"], [f"{SCHEMA}.memory.tenant_id", f"{SCHEMA}.memory.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "target_id"], [f"{SCHEMA}.memory.tenant_id", f"{SCHEMA}.memory.id"], ondelete="CASCADE"
        ),
        Index("relationship_target_idx", "tenant_id", "target_id"),
        Index("relationship_user_idx", "tenant_id", "user_id"),
    )


class CollectionRow(Base):
    """A named group of a user's memories."""

    __tablename__ = "collection"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    collection_type: Mapped[str]
    name: Mapped[str]
    description: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (Index("collection_name_key", "tenant_id", "user_id", "name", unique=True),)


class CollectionMemberRow(Base):
    """A memory's place in a collection."""

    __tablename__ = "collection_member"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    added_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "collection_id"],
            [f"{SCHEMA}.collection.tenant_id", f"{SCHEMA}.collection.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "memory_id"], [f"{SCHEMA}.memory.tenant_id", f"{SCHEMA}.memory.id"], ondelete="CASCADE"
        ),
        Index("collection_member_memory_idx", "tenant_id", "memory_id"),
        Index("collection_member_user_idx", "tenant_id", "user_id"),
    )
