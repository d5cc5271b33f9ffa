"""Channels: where several people talk, and the project whose members share what is said there."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.channel import Channel
from recollect.domain.event import EventType
from recollect.domain.project import ProjectMember, Role
from recollect.domain.scope import check_id, tenant_scope
from recollect.errors import NotAllowed, NotFound
from recollect.memory.arguments import check_limit, scope_of
from recollect.memory.core import Core, require_role
from recollect.memory.desk_arguments import short_text
from recollect.memory.group_chat import channel_of, membership_of
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.store import Cause, ThingChange, Wanted, WriteTransaction

NAME = 255
"""Characters of a channel's name."""


class ChannelsDesk:
    """Channels. What members say in one that is linked to a project is shared in that project.

    ``user_id`` is always the one who acts.
    """

    AREA: str = "channels."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def link(self, channel_id: str, project_id: str, *, user_id: str, name: str | None = None) -> Channel:
        """Links a channel to a project, in place of any other; needs the role admin in both.

        What was shared before stays with the project in which it was shared.

        Args:
            channel_id: the channel, by an id of your own.
            project_id: the project whose members share what is said there.
            user_id: who links it.
            name: what the channel is called; it keeps its name when none is given.

        Raises:
            NotAllowed: the user is no admin of the project, or of the one that the channel is linked to now.

        Example:
            >>> (await memory.channels.link("discord-7", "atlas", user_id="ben", name="#atlas")).project_id
            'atlas'
        """
        parts = await self.core.ready()
        actor, now = scope_of(parts.tenant_id, user_id, {}).user_id, parts.clock.now()
        new = Channel(
            tenant_id=parts.tenant_id,
            id=check_id("channel_id", channel_id),
            project_id=check_id("project_id", project_id),
            name=None if name is None else short_text("name", name, most=NAME),
            linked_by=actor,
            created_at=now,
            updated_at=now,
        )
        cause = Cause(actor=actor)
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            known = next(iter(await transaction.things(Channel, {"id": new.id})), None)
            await _check_admin(transaction, actor, new.project_id, known)
            after = _linked(known, new)
            if after is not known:
                kind = EventType.CHANNEL_LINKED if known is None else EventType.CHANNEL_UPDATED
                await transaction.commit([ThingChange(type=kind, before=known, after=after)])
        parts.rights.forget(parts.tenant_id)
        return after

    @recorded
    async def unlink(self, channel_id: str, *, user_id: str) -> None:
        """Ends a channel's link: from now on what is said there is stored for its author alone; needs the role admin.

        Raises:
            NotFound: the channel has no link that the user may know of. NotAllowed: the user is no admin.

        Example:
            >>> await memory.channels.unlink("discord-7", user_id="ben")
        """
        parts = await self.core.ready()
        known = await _known_to(parts, channel_id, user_id)
        await require_role(parts, known.project_id, user_id, Role.ADMIN)
        cause = Cause(actor=user_id)
        async with parts.store.writing(tenant_scope(parts.tenant_id), Wanted(), cause) as transaction:
            found = await transaction.things(Channel, {"id": known.id, "project_id": known.project_id})
            if not found:  # unlinked or linked elsewhere meanwhile
                raise _no_channel(channel_id)
            await transaction.commit([ThingChange(type=EventType.CHANNEL_UNLINKED, before=found[0])])
        parts.rights.forget(parts.tenant_id)

    @recorded
    async def get(self, channel_id: str, *, user_id: str) -> Channel:
        """Returns a channel's link to a member of the project.

        Raises:
            NotFound: the channel has no link, or the user is no member of the project.
        """
        return await _known_to(await self.core.ready(), channel_id, user_id)

    @recorded
    async def list(
        self, project_id: str, *, user_id: str, limit: int = 50, cursor: str | None = None
    ) -> Sequence[Channel]:
        """Lists the channels that are linked to a project, by id; ``cursor`` is the last id of the page before.

        Raises:
            NotAllowed: the user is no member of the project.
        """
        parts = await self.core.ready()
        check_limit("limit", limit)
        after = [check_id("cursor", cursor)] if cursor is not None else None
        await require_role(parts, check_id("project_id", project_id), user_id, Role.VIEWER)
        where = {"project_id": project_id}
        return await parts.store.things(Channel, parts.tenant_id, where, limit=limit, after=after)


async def _known_to(parts: Parts, channel_id: str, user_id: str) -> Channel:
    """The channel's link, if the user is a member of its project: whether there is another is not told."""
    found = await channel_of(parts, check_id("channel_id", channel_id))
    if found is None or await membership_of(parts, found.project_id, check_id("user_id", user_id)) is None:
        raise _no_channel(channel_id)
    return found


def _no_channel(channel_id: str) -> NotFound:
    return NotFound(f"channel {channel_id[:80]!r} is linked to no project of this user")


async def _check_admin(transaction: WriteTransaction, user_id: str, project_id: str, known: Channel | None) -> None:
    """Whether the user may link to the project, and take the channel from where it is linked now."""
    wanted = [project_id] if known is None else [project_id, known.project_id]
    memberships = await transaction.things(ProjectMember, {"project_id": wanted, "user_id": user_id})
    admin = {one.project_id for one in memberships if one.role.rank >= Role.ADMIN.rank}
    if project_id not in admin:
        raise NotAllowed(f"user {user_id!r} is no admin of project {project_id!r}; linking a channel needs admin")
    if known is not None and known.project_id not in admin:
        raise NotAllowed(f"channel {known.id!r} is linked to another project, and only an admin there may take it away")


def _linked(known: Channel | None, new: Channel) -> Channel:
    """The channel as it will be: its name stays when none is given, and nothing changes when nothing does."""
    if known is None:
        return new
    after = replace(new, name=known.name if new.name is None else new.name, created_at=known.created_at)
    same = (after.project_id, after.name) == (known.project_id, known.name)
    return known if same else after
