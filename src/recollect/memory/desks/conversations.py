"""Conversations: what was said in which order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from recollect.domain.conversation import Conversation, SpokenTurn, Turn
from recollect.domain.event import EventType
from recollect.domain.record import Memory, Status, Trust
from recollect.domain.scope import Scope, check_id
from recollect.errors import NotFound, ValidationError
from recollect.memory import rights
from recollect.memory.arguments import check_flag, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import MAX_WHOLE, json_object, needs_one, short_text, whole
from recollect.memory.listing import Listing, listing
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted

TITLE = 500
"""Characters of a title."""


class ConversationsDesk:
    """Conversations come to be when something is added under a ``conversation_id``; here they are read and named."""

    AREA: str = "conversations."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Conversation]:
        """Lists the user's conversations by id; ``cursor`` is ``next_cursor`` of the page before."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        after = None if cursor is None else [user_id, check_id("cursor", cursor)]
        most = check_limit("limit", limit) + 1
        found = await parts.store.things(Conversation, scope.tenant_id, {"user_id": user_id}, limit=most, after=after)
        return listing(found, limit, lambda shown: shown.id)

    @recorded
    async def get(self, conversation_id: str, *, user_id: str) -> Conversation:
        """Returns a conversation: its title, its length, when it began and when something was last said.

        Raises:
            NotFound: the user has no such conversation.
        """
        parts = await self.core.ready()
        return await _conversation(parts, scope_of(parts.tenant_id, user_id, {}), conversation_id)

    @recorded
    async def turns(
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
            >>> [turn.text for turn in await memory.conversations.turns("monday", user_id="ana")]
            ['Hello, I am Ana']
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        check_limit("limit", limit)
        hidden = not check_flag("include_quarantined", include_quarantined)
        index = None if cursor is None else _index(cursor)
        found = await _conversation(parts, scope, conversation_id)
        where = {"user_id": user_id, "conversation_id": found.id}
        after = None if index is None else [user_id, found.id, index]
        turns = await parts.store.things(Turn, scope.tenant_id, where, limit=limit + 1, after=after)
        may_read = await rights.reading(parts, user_id, "conversations.turns")
        fetched = await parts.store.fetch(scope, list({turn.memory_id for turn in turns[:limit]}))
        held = {memory.id: memory for memory in await rights.readable(may_read, list(fetched.values()))}
        spoken = [SpokenTurn(turn=turn, text=_words(held.get(turn.memory_id), hidden)) for turn in turns]
        return listing(spoken, limit, lambda shown: str(shown.turn.index))

    @recorded
    async def update(
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
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        needs_one("title", title, metadata)
        changes: dict[str, Any] = {}
        if title is not None:
            changes["title"] = short_text("title", title, most=TITLE)
        if metadata is not None:
            changes["extra"] = json_object("metadata", metadata)
        wanted = check_id("conversation_id", conversation_id)
        async with parts.store.writing(scope, Wanted()) as transaction:
            found = await transaction.things(Conversation, {"user_id": user_id, "id": wanted})
            before = _one(found, user_id, wanted)
            after = replace(before, **changes)
            if after != before:
                change = ThingChange(type=EventType.CONVERSATION_UPDATED, before=before, after=after)
                await transaction.commit([change])
        return after


async def _conversation(parts: Parts, scope: Scope, conversation_id: object) -> Conversation:
    wanted = check_id("conversation_id", conversation_id)
    found = await parts.store.things(Conversation, scope.tenant_id, {"user_id": scope.user_id, "id": wanted})
    return _one(found, scope.user_id, wanted)


def _one(found: "list[Conversation]", user_id: str, wanted: str) -> Conversation:
    if not found:
        raise NotFound(f"user {user_id!r} has no conversation {wanted!r}")
    return found[0]


def _words(memory: Memory | None, hidden: bool) -> str | None:
    if memory is None or memory.status is Status.DELETED or (hidden and memory.trust is Trust.QUARANTINED):
        return None
    return memory.text


def _index(cursor: object) -> int:
    """The index that a cursor of ``turns`` is."""
    if (
        not isinstance(cursor, str)
        or not (cursor.isascii() and cursor.isdecimal())
        or len(cursor) > len(str(MAX_WHOLE))
    ):
        raise ValidationError("cursor", f"must be next_cursor of the page before, not {str(cursor)[:60]!r}")
    return whole("cursor", int(cursor))
