"""What users too large for the resident index are searched by: derived from their memories, following their log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import REAL, BigInteger, Index, Integer, PrimaryKeyConstraint, SmallInteger
from sqlalchemy import text as sql_text
from sqlalchemy.dialects.postgresql import ARRAY, BIT
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base


class SearchHeadRow(Base):
    """How far a user's search rows have followed the log, and what all of them together count."""

    __tablename__ = "search_head"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    vanished_seq: Mapped[int] = mapped_column(BigInteger)
    model_id: Mapped[str]
    reader: Mapped[str]
    """What read the memories; rows that another version of it read are not used."""
    memories: Mapped[int] = mapped_column(Integer)
    passages: Mapped[int] = mapped_column(BigInteger)
    stems: Mapped[int] = mapped_column(BigInteger)
    unembedded: Mapped[int] = mapped_column(Integer)
    speakers: Mapped[dict[str, Any]]
    centres: Mapped[bytes]
    """float16, shape (cells, dimension): the middles of the cells that vectors are sorted into."""


class SearchRow(Base):
    """One vector of a memory as it is looked for: its signs, and what filters look at, as ``memory`` has it."""

    __tablename__ = "search_row"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    chunk: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    user_id: Mapped[str]
    agent_id: Mapped[str]
    project_id: Mapped[str | None]
    conversation_id: Mapped[str | None]
    type: Mapped[str]
    tier: Mapped[str]
    status: Mapped[str]
    occurred_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    confidence: Mapped[float]
    importance: Mapped[float]
    emotion: Mapped[float]
    source_id: Mapped[str | None]
    trust: Mapped[str]
    sensitivity: Mapped[str]
    author_id: Mapped[str | None]
    channel_id: Mapped[str | None]
    audience: Mapped[list[Any]]
    speaker: Mapped[str | None]
    told: Mapped[bool]
    """It was said, not concluded; with its conversation it has a place among the turns."""
    repeated: Mapped[int] = mapped_column(Integer)
    """How often it was told again or put to use."""
    passages: Mapped[int] = mapped_column(SmallInteger)
    stems: Mapped[int] = mapped_column(Integer)
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """What the memory adds to ``search_count``: each term once a passage."""
    cell: Mapped[int] = mapped_column(SmallInteger)
    """The cell of the vector, -1 without one."""
    code: Mapped[str | None] = mapped_column(BIT(varying=True))
    """The signs of the vector's components."""
    packed: Mapped[bytes]
    """What ranking reads of the memory; with its first vector alone."""

    __table_args__ = (
        # All that the usual filter and the order by nearness look at, so that the heap is not read.
        Index(
            "search_row_near_idx",
            "tenant_id",
            "user_id",
            "cell",
            postgresql_include=["id", "status", "trust", "valid_from", "valid_to", "code"],
        ),
        Index(
            "search_row_turn_idx",
            "tenant_id",
            "user_id",
            "conversation_id",
            "id",
            postgresql_where=sql_text("told AND chunk = 0"),
        ),
        Index("search_row_occurred_idx", "tenant_id", "user_id", "occurred_at"),
        Index(
            "search_row_procedure_idx",
            "tenant_id",
            "user_id",
            postgresql_where=sql_text("type = 'procedure'::text"),
        ),
    )


class SearchTermRow(Base):
    """That a stem, or a fact's key, stands in a memory, and what that is worth there: BM25 without the rarity."""

    __tablename__ = "search_term"

    tenant_id: Mapped[str]
    user_id: Mapped[str]
    key: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[UUID]
    worth: Mapped[float] = mapped_column(REAL)

    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "user_id", "key", "id", "worth"),  # the worth, so that the index is enough
    )


class SearchCountRow(Base):
    """In how many of a user's passages a stem or word piece stands."""

    __tablename__ = "search_count"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    passages: Mapped[int] = mapped_column(Integer)
