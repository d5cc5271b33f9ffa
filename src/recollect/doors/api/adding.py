"""Adding: what a request to add something holds; one by one and in bulk it is the same."""

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field

from recollect.domain.receipt import Receipt
from recollect.domain.record import MemoryType, Sensitivity, SourceType, Tier
from recollect.doors.api.caller import Caller
from recollect.doors.api.requests import Changing, Moment, UserBody
from recollect.memory.arguments import AddArguments


class Message(BaseModel):
    """One message of a chat; what else chat formats have is taken where the role allows it."""

    model_config = ConfigDict(extra="allow")

    role: str = Field("user", examples=["user"])
    content: Any = Field(examples=["My sister Anna works at Siemens"])
    name: str | None = None
    at: Moment | None = None
    id: str | None = None
    metadata: dict[str, Any] | None = None


class AddRequest(Changing, UserBody):
    """What was said, and what is known about it."""

    content: str | Message | list[Message] = Field(
        description="A text, a chat message, or messages in order.", examples=["My sister Anna works at Siemens"]
    )
    agent_id: str | None = None
    project_id: str | None = None
    conversation_id: str | None = Field(None, examples=["monday"])
    speaker: str | None = None
    at: Moment | None = Field(None, description="When it was said; now if left out, unknown if null.")
    occurred_at: Moment | None = None
    type: MemoryType | None = None
    tier: Tier | None = None
    source_type: SourceType | None = None
    metadata: dict[str, Any] | None = None
    source: str | None = None
    sensitivity: Sensitivity | None = None
    share: bool | None = None
    channel_id: str | None = None
    audience: list[str] | None = None
    subject: str | None = None


class BulkLine(AddRequest):
    """One line of a bulk add."""

    idempotency_key: str | None = Field(None, description="As the header `Idempotency-Key` of a single add.")


async def add(caller: Caller, body: AddRequest, idempotency_key: str | None = None) -> Receipt:
    """Adds what the body holds.

    Raises:
        RecollectError: as ``memory.add``, or the key may not do this.
    """
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, channel_id=body.channel_id)
    given = body.given("user_id", "content", "idempotency_key", null=("at",)) | {"project_id": project}
    if idempotency_key is not None:
        given["idempotency_key"] = idempotency_key
    content = body.content if isinstance(body.content, str) else body.model_dump(exclude_unset=True)["content"]
    return await caller.memory.add(content, user_id=user, **cast(AddArguments, given))
