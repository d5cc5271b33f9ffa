"""Identity and profile: what is known of who a user is, and how to talk to them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, JsonValue

from recollect.domain.receipt import Receipt
from recollect.domain.record import ProvenanceSource
from recollect.domain.user_profile import UserProfile
from recollect.doors.api.caller import Limit, Reader, UserId, Writer
from recollect.doors.api.paging import items_model
from recollect.doors.api.requests import Actor, UserBody
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.identity_fields import IdentityField, IdentityValue

router = APIRouter(prefix="/v1", tags=["identity and profile"])

FieldName = Annotated[str, Path(description="Small letters, digits and underscores.", examples=["location"])]
AgentId = Annotated[str, Field(description="The agent whose view it is; empty for what all share.")]


class FieldOut(wire_model(IdentityField, without=("each",))):
    """One field, as it holds now; `each` has the values one by one when several hold."""

    each: list[wire_model(IdentityField, without=("each",))] = []  # type: ignore[valid-type] # noqa: RUF012 - pydantic copies it


class IdentityOut(Wire):
    """What a user is known by, by name of the field."""

    fields_: Mapping[str, FieldOut] = Field(alias="fields")
    degraded: list[str]


class SetRequest(Actor, UserBody):
    """A field's value."""

    value: JsonValue = Field(examples=["Lyon"])
    confidence: float = Field(1.0, ge=0, le=1)
    source: ProvenanceSource = ProvenanceSource.USER_EXPLICIT
    agent_id: AgentId = ""


class PatchRequest(Actor, UserBody):
    """What changes within a field whose value is an object; null takes a key away."""

    patch: dict[str, Any] = Field(examples=[{"city": "Lyon"}])
    agent_id: AgentId = ""


class RemoveRequest(Actor, UserBody):
    """Which value is taken away; all of them if none is named."""

    value: JsonValue = None
    agent_id: AgentId = ""


class ProfileRequest(UserBody):
    """What changes in the profile: each of these is merged, a null in it takes a key away."""

    preferences: dict[str, Any] | None = Field(None, examples=[{"language": "French"}])
    expertise: dict[str, Any] | None = None
    communication_style: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    expected_version: int | None = Field(None, ge=0)


@router.get("/identity", response_model=IdentityOut)
async def get_identity(caller: Reader, user_id: UserId = None, agent_id: str | None = None) -> Any:
    """Returns what the user is known by."""
    found = await caller.memory.identity.get(user_id=caller.user(user_id), agent_id=agent_id)
    return {"fields": dict(found.fields), "degraded": list(found.degraded)}


@router.put("/identity/{field}", response_model=wire_model(Receipt))
async def set_identity_field(caller: Writer, field: FieldName, body: SetRequest) -> Any:
    """Sets a field; the value that it had before stays in its history."""
    given = body.given("user_id", "value")
    return await caller.memory.identity.set(field, body.value, user_id=caller.user(body.user_id), **given)


@router.patch("/identity/{field}", response_model=wire_model(Receipt))
async def patch_identity_field(caller: Writer, field: FieldName, body: PatchRequest) -> Any:
    """Changes parts of a field whose value is an object."""
    given = body.given("user_id", "patch")
    return await caller.memory.identity.update(field, body.patch, user_id=caller.user(body.user_id), **given)


@router.post("/identity/{field}/remove", response_model=wire_model(Receipt))
async def remove_identity_field(caller: Writer, field: FieldName, body: RemoveRequest) -> Any:
    """Says that a field, or one of its values, no longer holds."""
    return await caller.memory.identity.remove(field, user_id=caller.user(body.user_id), **body.given("user_id"))


@router.get("/identity/{field}/history", response_model=items_model(IdentityValue))
async def identity_history(
    caller: Reader, field: FieldName, user_id: UserId = None, agent_id: str = "", limit: Limit = 50
) -> Any:
    """Returns the values that a field has and had."""
    user = caller.user(user_id)
    return {"items": await caller.memory.identity.history(field, user_id=user, agent_id=agent_id, limit=limit)}


@router.get("/profile", response_model=wire_model(UserProfile))
async def get_profile(caller: Reader, user_id: UserId = None) -> Any:
    """Returns the user's preferences, expertise and style."""
    return await caller.memory.profiles.get(user_id=caller.user(user_id))


@router.patch("/profile", response_model=wire_model(UserProfile))
async def update_profile(caller: Writer, body: ProfileRequest) -> Any:
    """Changes the user's preferences, expertise or style."""
    return await caller.memory.profiles.update(user_id=caller.user(body.user_id), **body.given("user_id"))
