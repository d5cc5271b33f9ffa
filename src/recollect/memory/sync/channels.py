"""The synchronous face of ``recollect.memory.desks.channels``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Sequence
from functools import partial

from recollect.domain.channel import Channel
from recollect.memory.background import LOOP
from recollect.memory.desks.channels import ChannelsDesk


class SyncChannelsDesk:
    """Channels. What members say in one that is linked to a project is shared in that project.

    ``user_id`` is always the one who acts.
    """

    def __init__(self, inner: ChannelsDesk) -> None:
        self._inner = inner

    def link(self, channel_id: str, project_id: str, *, user_id: str, name: str | None = None) -> Channel:
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
            >>> memory.channels.link("discord-7", "atlas", user_id="ben", name="#atlas").project_id
            'atlas'
        """
        return LOOP.call(partial(self._inner.link, channel_id, project_id, user_id=user_id, name=name))

    def unlink(self, channel_id: str, *, user_id: str) -> None:
        """Ends a channel's link: from now on what is said there is stored for its author alone; needs the role admin.

        Raises:
            NotFound: the channel has no link that the user may know of. NotAllowed: the user is no admin.

        Example:
            >>> memory.channels.unlink("discord-7", user_id="ben")
        """
        return LOOP.call(partial(self._inner.unlink, channel_id, user_id=user_id))

    def get(self, channel_id: str, *, user_id: str) -> Channel:
        """Returns a channel's link to a member of the project.

        Raises:
            NotFound: the channel has no link, or the user is no member of the project.
        """
        return LOOP.call(partial(self._inner.get, channel_id, user_id=user_id))

    def list(self, project_id: str, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Sequence[Channel]:
        """Lists the channels that are linked to a project, by id; ``cursor`` is the last id of the page before.

        Raises:
            NotAllowed: the user is no member of the project.
        """
        return LOOP.call(partial(self._inner.list, project_id, user_id=user_id, limit=limit, cursor=cursor))
