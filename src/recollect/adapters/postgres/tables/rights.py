"""What belongs to a tenant as a whole: sources and their trust, projects and their members, policies."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from recollect.adapters.postgres.tables.declarative import SCHEMA, Base, one_of
from recollect.domain.project import Role
from recollect.domain.record import Trust
from recollect.domain.source import SourceKind


class SourceRow(Base):
    """Where texts may come from, and how far they are believed."""

    __tablename__ = "source"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    uri: Mapped[str | None]
    trust: Mapped[str]
    active: Mapped[bool]
    extra: Mapped[dict[str, Any]] = mapped_column("metadata")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (one_of("kind", SourceKind), one_of("trust", Trust))


class ProjectRow(Base):
    """A project whose members share memories."""

    __tablename__ = "project"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ChannelRow(Base):
    """A place where several people talk, linked to a project."""

    __tablename__ = "channel"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str]
    name: Mapped[str | None]
    linked_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "project_id"], [f"{SCHEMA}.project.tenant_id", f"{SCHEMA}.project.id"], ondelete="CASCADE"
        ),
        Index("channel_project_idx", "tenant_id", "project_id"),
    )


class ProjectMemberRow(Base):
    """A user's place in a project."""

    __tablename__ = "project_member"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    joined_at: Mapped[datetime]

    __table_args__ = (
        one_of("role", Role),
        ForeignKeyConstraint(
            ["tenant_id", "project_id"], [f"{SCHEMA}.project.tenant_id", f"{SCHEMA}.project.id"], ondelete="CASCADE"
        ),
        Index("project_member_user_idx", "tenant_id", "user_id"),
    )


class PolicyRow(Base):
    """A Rego module that decides on writes and reads."""

    __tablename__ = "policy"

    tenant_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    module: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("version > 0", name="version"),)
