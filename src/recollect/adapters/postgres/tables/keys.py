"""API keys: who may come in through a door, without anything that would let somebody else in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base, one_of
from recollect.domain.credential import Access


class ApiKeyRow(Base):
    """A key; of its secret there is only SHA-256."""

    __tablename__ = "api_key"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[str]
    access: Mapped[str]
    user_id: Mapped[str | None]
    project_id: Mapped[str | None]
    requests_per_minute: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("access", Access),
        CheckConstraint("requests_per_minute > 0", name="requests_per_minute"),
        Index("api_key_user_idx", "tenant_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    )
