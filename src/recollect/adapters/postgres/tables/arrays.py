"""Stored arrays: what ranking holds of a large user, as it lay in a process's memory."""

from typing import Any

from sqlalchemy import DDL, BigInteger, ForeignKeyConstraint, Integer, LargeBinary, SmallInteger, event
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import SCHEMA, Base


class StoredArraysRow(Base):
    """One part of a user's arrays under one embedding model; together with all others of the same position it is whole.

    The content is stored as it is (STORAGE EXTERNAL, see the migration): it hardly compresses, and is read at once.
    """

    __tablename__ = "stored_arrays"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    parts: Mapped[int] = mapped_column(SmallInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
    memories: Mapped[int] = mapped_column(Integer)
    content: Mapped[Any] = mapped_column(LargeBinary)

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "model_id"],
            [f"{SCHEMA}.embedding_model.tenant_id", f"{SCHEMA}.embedding_model.model_id"],
            ondelete="CASCADE",
        ),
    )


event.listen(
    StoredArraysRow.__table__,
    "after_create",
    DDL(f"ALTER TABLE {SCHEMA}.stored_arrays ALTER COLUMN content SET STORAGE EXTERNAL"),
)
