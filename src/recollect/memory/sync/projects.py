"""The synchronous face of ``recollect.memory.desks.projects``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from recollect.domain.project import Project, ProjectMember, Role
from recollect.domain.record import Memory
from recollect.memory.background import LOOP
from recollect.memory.desks.projects import ProjectsDesk


class SyncProjectsDesk:
    """Projects. Viewers read what is shared, members add to it, admins look after members, the owner does everything.

    ``user_id`` is always the one who acts.
    """

    def __init__(self, inner: ProjectsDesk) -> None:
        self._inner = inner

    def create(
        self, project_id: str, *, user_id: str, name: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> Project:
        """Creates a project and makes ``user_id`` its owner.

        Raises:
            Conflict: the tenant has a project of that id.

        Example:
            >>> memory.projects.create("atlas", user_id="ben", name="Atlas").name
            'Atlas'
        """
        return LOOP.call(partial(self._inner.create, project_id, user_id=user_id, name=name, settings=settings))

    def get(self, project_id: str, *, user_id: str) -> Project:
        """Returns a project to one of its members.

        Raises:
            NotAllowed: the user is no member.
        """
        return LOOP.call(partial(self._inner.get, project_id, user_id=user_id))

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> list[Project]:
        """Lists the projects of which the user is a member, by id; ``cursor`` is the last id of the page before."""
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))

    def update(
        self,
        project_id: str,
        *,
        user_id: str,
        name: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Project:
        """Changes a project's name or settings; needs the role admin."""
        return LOOP.call(partial(self._inner.update, project_id, user_id=user_id, name=name, settings=settings))

    def members(self, project_id: str, *, user_id: str) -> Sequence[ProjectMember]:
        """Lists a project's members and their roles."""
        return LOOP.call(partial(self._inner.members, project_id, user_id=user_id))

    def set_member(
        self, project_id: str, member_id: str, *, user_id: str, role: Role | str = Role.MEMBER
    ) -> ProjectMember:
        """Adds a member, or changes a member's role; needs the role admin, and owner to make or unmake an owner.

        Raises:
            NotAllowed: the acting user may not.
            Conflict: the project would be left without an owner.
        """
        return LOOP.call(partial(self._inner.set_member, project_id, member_id, user_id=user_id, role=role))

    def remove_member(self, project_id: str, member_id: str, *, user_id: str) -> None:
        """Ends a membership, and with it all access at once; members may leave by themselves.

        Raises:
            NotAllowed: the acting user may not. NotFound: there is no such member.
            Conflict: the project would be left without an owner.
        """
        return LOOP.call(partial(self._inner.remove_member, project_id, member_id, user_id=user_id))

    def promote(self, memory_id: UUID | str, project_id: str, *, user_id: str) -> Memory:
        """Copies one of the user's memories to those that a project shares; needs the role member.

        Returns:
            The shared record; its evidence names the personal one, which stays as it is.

        Raises:
            NotFound: the user has no such memory. NotAllowed: the user may not, or the memory is quarantined or was
                said aside.
            Conflict: the project has this content already.
        """
        return LOOP.call(partial(self._inner.promote, memory_id, project_id, user_id=user_id))
