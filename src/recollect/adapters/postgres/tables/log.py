"""The log, where each user's ends, and the keys that its payloads are sealed with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import Base


class LogHead(Base):
    """Where each stream's log ends: the last sequence number and its hash."""

    __tablename__ = "log_head"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    rows_vanished_seq: Mapped[int] = mapped_column(BigInteger, server_default=sql_text("0"))
    """The last line at which rows were erased: an index that is older must be read anew, for it cannot see that."""


class EventRow(Base):
    """The append-only log; the application role may only INSERT and SELECT here."""

    __tablename__ = "event"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID]
    type: Mapped[str]
    subject_id: Mapped[UUID]
    payload: Mapped[bytes]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    job_id: Mapped[UUID | None]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        Index("event_subject_idx", "tenant_id", "subject_id", "seq"),
        Index("event_job_idx", "tenant_id", "user_id", "job_id", postgresql_where=sql_text("job_id IS NOT NULL")),
        Index("event_recorded_at_idx", "recorded_at", postgresql_using="brin"),
    )


class UserKeyRow(Base):
    """Each stream's key, wrapped by the master key; erasing a user deletes it, and with it every payload."""

    __tablename__ = "user_key"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    master_id: Mapped[str]
    created_at: Mapped[datetime]


class ContentSaltRow(Base):
    """Each memory's salt, without which the key of its payloads cannot be derived; erasing a memory deletes it."""

    __tablename__ = "content_salt"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[bytes]


class IdempotencyKeyRow(Base):
    """What an idempotency key was used for, kept for a day; the answer is sealed with the user's key."""

    __tablename__ = "idempotency_key"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    answer: Mapped[bytes]
    created_at: Mapped[datetime]
