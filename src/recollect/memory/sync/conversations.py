"""The synchronous face of ``recollect.memory.desks.conversations``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from recollect.domain.conversation import Conversation, SpokenTurn
from recollect.memory.background import LOOP
from recollect.memory.desks.conversations import ConversationsDesk
from recollect.memory.listing import Listing


class SyncConversationsDesk:
    """Conversations come to be when something is added under a ``conversation_id``; here they are read and named."""

    def __init__(self, inner: ConversationsDesk) -> None:
        self._inner = inner

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Conversation]:
        """Lists the user's conversations by id; ``cursor`` is ``next_cursor`` of the page before."""
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))

    def get(self, conversation_id: str, *, user_id: str) -> Conversation:
        """Returns a conversation: its title, its length, when it began and when something was last said.

        Raises:
            NotFound: the user has no such conversation.
        """
        return LOOP.call(partial(self._inner.get, conversation_id, user_id=user_id))

    def turns(
        self,
        conversation_id: str,
        *,
        user_id: str,
        limit: int = 50,
        cursor: str | None = None,
        include_quarantined: bool = False,
    ) -> Listing[SpokenTurn]:
        """Lists what was said, in order.

        Args:
            conversation_id: which.
            user_id: whose.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
            include_quarantined: show the words of quarantined memories too.

        Returns:
            Each turn with its words; without them if its memory is gone, is quarantined, or may not be read.

        Raises:
            NotFound: the user has no such conversation.

        Example:
            >>> [turn.text for turn in memory.conversations.turns("monday", user_id="ana")]
            ['Hello, I am Ana']
        """
        return LOOP.call(
            partial(
                self._inner.turns,
                conversation_id,
                user_id=user_id,
                limit=limit,
                cursor=cursor,
                include_quarantined=include_quarantined,
            )
        )

    def update(
        self,
        conversation_id: str,
        *,
        user_id: str,
        title: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Conversation:
        """Gives a conversation a title, or metadata in place of the old.

        Raises:
            NotFound: the user has no such conversation.
        """
        return LOOP.call(partial(self._inner.update, conversation_id, user_id=user_id, title=title, metadata=metadata))
