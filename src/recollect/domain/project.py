"""Project: a group of users who share memories, each with a role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar


class Role(StrEnum):
    """What a member may do: viewers read, members add, admins manage members and promote, the owner does everything."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"

    @property
    def rank(self) -> int:
        """Higher may do more: viewer 0, member 1, admin 2, owner 3."""
        return [Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER].index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project. ``id`` is the caller's, unique within the tenant; ``settings`` is any JSON object."""

    KIND: ClassVar[str] = "project"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    tenant_id: str
    id: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectMember:
    """A user's place in a project."""

    KIND: ClassVar[str] = "project_member"
    KEY: ClassVar[tuple[str, ...]] = ("project_id", "user_id")

    tenant_id: str
    project_id: str
    user_id: str
    role: Role
    joined_at: datetime
