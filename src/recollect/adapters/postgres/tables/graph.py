"""The graph of names: which memory mentions which, and what it says of two of them; see ``recollect.domain.graph``."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base, fraction


class GraphMentionRow(Base):
    """A memory mentions a name; ``folded`` is the name as it is compared."""

    __tablename__ = "graph_mention"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    at: Mapped[datetime]
    said: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("graph_mention_name_idx", "tenant_id", "user_id", "folded", postgresql_include=["memory_id", "said"]),
    )


class GraphEdgeRow(Base):
    """A memory states a triple: ``id`` is ``Edge.id``."""

    __tablename__ = "graph_edge"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    subject_folded: Mapped[str]
    object_folded: Mapped[str]
    subject: Mapped[str]
    predicate: Mapped[str]
    object: Mapped[str]
    confidence: Mapped[float]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    superseded: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        fraction("confidence"),
        Index("graph_edge_subject_idx", "tenant_id", "user_id", "subject_folded"),
        Index("graph_edge_object_idx", "tenant_id", "user_id", "object_folded"),
    )
