"""Credential: who calls through a door, and what they may do there."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from recollect.errors import NotAllowed, ValidationError


class Access(StrEnum):
    """How much a key allows; each allows what those before it do."""

    READ = "read"  # search, context, get, list
    WRITE = "write"  # add, update, delete
    ADMIN = "admin"  # keys, policies, sources, models, the access log, whole users

    @property
    def rank(self) -> int:
        """0 for the least."""
        return list(Access).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a key stands for.

    Attributes:
        tenant_id: whose data; callers never name it themselves.
        access: how much it allows.
        user_id: the only user it may act for; None for any user of the tenant.
        project_id: the only project it may act in; None for any.
        key_id: the key; None where none was needed.
        requests_per_minute: how often it may be used; None for the door's own limit.
    """

    tenant_id: str
    access: Access
    user_id: str | None = None
    project_id: str | None = None
    key_id: UUID | None = None
    requests_per_minute: int | None = None

    def require(self, least: Access) -> None:
        """Lets pass what this access allows.

        Raises:
            NotAllowed: it allows less.
        """
        if self.access.rank < least.rank:
            raise NotAllowed(f"this key has {self.access.value} access; this needs {least.value}")

    def acting_for(self, user_id: str | None) -> str:
        """The user whom a call is for.

        Raises:
            NotAllowed: the key is another user's. ValidationError: nobody was named and the key is nobody's.
        """
        if self.user_id is None:
            if user_id is None:
                raise ValidationError("user_id", "is missing; name the user, or use a key that belongs to one")
            return user_id
        if user_id not in (None, self.user_id):
            raise NotAllowed(f"this key acts for user {self.user_id!r} only, not for {user_id!r}")
        return self.user_id

    def acting_in(self, project_id: str | None) -> str | None:
        """The project that a call is about, if any.

        Raises:
            NotAllowed: the key belongs to another project.
        """
        if self.project_id is None or project_id == self.project_id:
            return project_id
        if project_id is None:
            return self.project_id
        raise NotAllowed(f"this key acts in project {self.project_id!r} only, not in {project_id!r}")
