"""What every turn loads beside memories: the version of a user's hot state, and what fades."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base, one_of
from recollect.domain.hot import HotKind


class HotHeadRow(Base):
    """A user's hot state: its version, by which a projection knows whether it is current, and its last use."""

    __tablename__ = "hot_head"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None]


class FadingRow:
    """The columns of what fades, in either table."""

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID | None]
    value: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]


class HotItemRow(FadingRow, Base):
    """What fades but survives a crash: working memory and values that a caller put there for a while."""

    __tablename__ = "hot_item"
    __table_args__ = (one_of("kind", HotKind), Index("hot_item_expires_idx", "tenant_id", "expires_at"))


class HotScratchRow(FadingRow, Base):
    """What a crash may take: thoughts and raw input. Unlogged, so it costs no write-ahead log and no backup."""

    __tablename__ = "hot_scratch"
    __table_args__ = (
        one_of("kind", HotKind),
        Index("hot_scratch_expires_idx", "tenant_id", "expires_at"),
        {"prefixes": ["UNLOGGED"]},
    )
