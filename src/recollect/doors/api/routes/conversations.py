"""Conversations: what was said in which order.

Their ids are the caller's own and may hold slashes: they stand at the end of a path, or are query parameters.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from recollect.domain.conversation import Conversation, SpokenTurn
from recollect.doors.api.caller import Cursor, Limit, Reader, UserId, Writer
from recollect.doors.api.paging import page_model
from recollect.doors.api.requests import UserBody
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1", tags=["conversations"])

ConversationId = Annotated[str, Path(description="The conversation's id, as given to `add`.", examples=["monday"])]


class ConversationUpdate(UserBody):
    """What changes."""

    title: str | None = Field(None, examples=["About the move"])
    metadata: dict[str, Any] | None = Field(None, description="In place of the old.")


class TurnsQuery(UserBody):
    """Which turns are listed."""

    conversation_id: str = Field(examples=["monday"])
    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = None
    include_quarantined: bool = Field(False, description="Show the words of quarantined memories too.")


@router.get("/conversations", response_model=page_model(Conversation))
async def list_conversations(caller: Reader, user_id: UserId = None, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the user's conversations by id."""
    return await caller.memory.conversations.list(user_id=caller.user(user_id), limit=limit, cursor=cursor)


@router.get("/conversations/{conversation_id:path}", response_model=wire_model(Conversation))
async def get_conversation(caller: Reader, conversation_id: ConversationId, user_id: UserId = None) -> Any:
    """Returns a conversation: its title, its length, when it began and when something was last said."""
    return await caller.memory.conversations.get(conversation_id, user_id=caller.user(user_id))


@router.patch("/conversations/{conversation_id:path}", response_model=wire_model(Conversation))
async def update_conversation(caller: Writer, conversation_id: ConversationId, body: ConversationUpdate) -> Any:
    """Gives a conversation a title, or metadata in place of the old."""
    user = caller.user(body.user_id)
    return await caller.memory.conversations.update(conversation_id, user_id=user, **body.given("user_id"))


@router.get("/turns", response_model=page_model(SpokenTurn))
async def list_turns(caller: Reader, asked: Annotated[TurnsQuery, Query()]) -> Any:
    """Lists what was said in a conversation, in order, each turn with its words."""
    return await caller.memory.conversations.turns(
        asked.conversation_id,
        user_id=caller.user(asked.user_id),
        limit=asked.limit,
        cursor=asked.cursor,
        include_quarantined=asked.include_quarantined,
    )
