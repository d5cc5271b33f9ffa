"""What happened beside the log: who asked for what, and which memories were just recalled. Both expire."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base


class AccessRow(Base):
    """One call of the facade."""

    __tablename__ = "access_log"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[str]
    actor: Mapped[str]
    method: Mapped[str]
    outcome: Mapped[str]
    ms: Mapped[float]
    key_id: Mapped[UUID | None]

    __table_args__ = (
        Index("access_log_user_idx", "tenant_id", "user_id", "id"),
        Index("access_log_at_idx", "at", postgresql_using="brin"),
        Index("access_log_key_idx", "tenant_id", "key_id", "id", postgresql_where=text("key_id IS NOT NULL")),
    )


class RecalledRow(Base):
    """When a memory was last recalled: for an hour after that it is labile and may be revised."""

    __tablename__ = "recalled"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    recalled_at: Mapped[datetime]

    __table_args__ = (Index("recalled_at_idx", "recalled_at", postgresql_using="brin"),)
