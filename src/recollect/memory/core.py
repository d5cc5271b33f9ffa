"""Core: the open parts of one memory, which its facade and its desks share."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from recollect.domain.project import Project, ProjectMember, Role
from recollect.domain.scope import check_id
from recollect.errors import NotAllowed, UsageError
from recollect.memory.parts import Parts


class Core:
    """Opens the parts on first use, follows a switched embedding model, and gives everything back once."""

    def __init__(self, assemble: Callable[[], Awaitable[Parts]]) -> None:
        self._assemble = assemble
        self._parts: Parts | None = None
        self._opening: asyncio.Lock | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = os.getpid()
        self._closed = False

    async def ready(self) -> Parts:
        """The parts, opened by the first caller.

        Raises:
            UsageError: the memory is closed, or belongs to another process or event loop.
            StoreError, ModelError: a part cannot be had.
        """
        lock = self._usable()
        if self._parts is None:
            async with lock:
                if self._parts is None:
                    parts = await self._assemble()
                    if self._closed:  # while it was being opened
                        await parts.close()
                        raise UsageError("this memory is closed; open a new one")
                    self._parts = parts
        return self._parts

    async def follow(self, stale: Parts) -> None:
        """Wires the parts anew for the model that is the tenant's active one by now, unless that was done already."""
        async with self._usable():
            if self._parts is stale:
                self._parts = await stale.rewired()

    async def close(self) -> None:
        """Gives everything back; closing twice is fine."""
        self._closed = True
        if self._parts is not None and self._pid == os.getpid():
            parts, self._parts = self._parts, None
            await parts.close()

    def _usable(self) -> asyncio.Lock:
        if self._pid != os.getpid():
            raise UsageError(f"this memory was made in process {self._pid}; after a fork, open a new one")
        if self._closed:
            raise UsageError("this memory is closed; open a new one")
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop, self._opening = loop, asyncio.Lock()
        elif self._loop is not loop:
            raise UsageError("this memory belongs to another event loop; open one in each loop")
        assert self._opening is not None  # noqa: S101 - set together with the loop
        return self._opening


async def require_role(parts: Parts, project_id: str, user_id: str, least: Role) -> ProjectMember:
    """The user's membership, if the role is at least ``least``.

    Raises:
        NotAllowed: the user is no member, or may do less. Whether the project exists at all is not told.
    """
    found = await _membership(parts, project_id, user_id)
    if found is None:
        raise NotAllowed(f"user {user_id!r} is not a member of project {project_id!r}")
    return _able(found, least)


async def role_in(parts: Parts, project_id: str, user_id: str, least: Role) -> ProjectMember | None:
    """The user's membership if it is a project that users share, or None if it is the user's own label.

    Raises:
        NotAllowed: it is a project and the user is no member, or may do less than ``least``.
    """
    found = await _membership(parts, project_id, user_id)
    if found is not None:
        return _able(found, least)
    if await parts.store.things(Project, parts.tenant_id, {"id": project_id}):
        raise NotAllowed(f"user {user_id!r} is not a member of project {project_id!r}")
    return None


async def reader_in(parts: Parts, project_id: str, user_id: str) -> ProjectMember | None:
    """The user's membership, to read by: at most a second old where another process ended it; writes ask ``role_in``.

    Raises:
        NotAllowed: it is a project and the user is no member.
    """
    member, exists = await parts.rights.place(parts.tenant_id, user_id, project_id)
    if member is None and exists:  # nobody is refused by what was known a moment ago
        return await role_in(parts, project_id, user_id, Role.VIEWER)
    return member


async def _membership(parts: Parts, project_id: str, user_id: str) -> ProjectMember | None:
    where = {"project_id": check_id("project_id", project_id), "user_id": check_id("user_id", user_id)}
    found = await parts.store.things(ProjectMember, parts.tenant_id, where)
    return found[0] if found else None


def _able(membership: ProjectMember, least: Role) -> ProjectMember:
    if membership.role.rank < least.rank:
        who, project = f"user {membership.user_id!r}", f"project {membership.project_id!r}"
        raise NotAllowed(f"{who} is {membership.role.value} of {project}; this needs {least.value}")
    return membership
