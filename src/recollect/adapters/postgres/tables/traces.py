"""Traces: questions with their answers, kept so that they can be asked again as of their time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base


class TraceRow(Base):
    """A question that was asked, with the ids and scores of its answer; it quotes no memory."""

    __tablename__ = "trace"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    query: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    weights: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    seqs: Mapped[dict[str, Any]]
    model_id: Mapped[str]
    hits: Mapped[list[Any]]
    searched: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("searched >= 0", name="searched"),
        Index("trace_listed_idx", "tenant_id", "user_id", "id"),
    )
