"""Embedding models and the vectors that they gave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, SmallInteger
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import SCHEMA, Base


class EmbeddingModelRow(Base):
    """The models whose vectors a tenant stores, each with its one dimension; one of them answers."""

    __tablename__ = "embedding_model"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    embedder: Mapped[str] = mapped_column(server_default="")
    """The setting ``embedder`` that makes it."""
    active: Mapped[bool] = mapped_column(server_default=sql_text("false"))

    __table_args__ = (
        CheckConstraint("dimension > 0", name="dimension"),
        Index("embedding_model_active_key", "tenant_id", unique=True, postgresql_where=sql_text("active")),
    )


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
