"""Entities: what is known of a name beyond the memories that mention it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base, fraction


class EntityRow(Base):
    """An entity that was described or merged; the others exist by being mentioned."""

    __tablename__ = "entity"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    aliases: Mapped[list[Any]]
    description: Mapped[str | None]
    salience: Mapped[float | None]
    merged_into: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        fraction("salience"),
        CheckConstraint("merged_into <> name", name="no_self_merge"),
    )
