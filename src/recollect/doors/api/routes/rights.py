"""Rights: sources and how far they are believed, policies, API keys, and who called what. For admins."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.api_key import ApiKey, IssuedKey
from recollect.domain.credential import Access
from recollect.domain.decision import Action, Decision
from recollect.domain.policy import Policy
from recollect.domain.record import Trust
from recollect.domain.source import Source, SourceKind
from recollect.doors.api.caller import Admin, Cursor, Limit, UserId
from recollect.doors.api.paging import items_model, page_model, paged
from recollect.doors.api.requests import EXAMPLE_ID, Actor, Body, Moment
from recollect.doors.api.wire import Wire, wire_model
from recollect.ports.access_log import AccessEntry
from recollect.ports.policy_engine import RuleTest

router = APIRouter(prefix="/v1", tags=["rights"])

SourceName = Annotated[str, Path(description="The source's name.", examples=["crm"])]
PolicyName = Annotated[str, Path(description="The policy's name.", examples=["no_secrets"])]
KeyId = Annotated[UUID, Path(description="The key's id.", examples=[EXAMPLE_ID])]
MODULE = """package recollect.no_secrets

applies if input.action == "write"

default allow := false

allow if input.memory.sensitivity != "restricted"
"""


class SourceRequest(Actor):
    """A source, and how far it is believed."""

    name: str = Field(examples=["crm"])
    trust: Trust = Trust.KNOWN
    kind: SourceKind = SourceKind.MANUAL
    uri: str | None = None
    metadata: dict[str, Any] | None = None


class SourceUpdate(Actor):
    """What changes."""

    trust: Trust | None = Field(None, examples=["trusted"])
    active: bool | None = None
    uri: str | None = None
    metadata: dict[str, Any] | None = None


class PolicyRequest(Actor):
    """A Rego module."""

    name: str = Field(examples=["no_secrets"])
    module: str = Field(examples=[MODULE])
    active: bool = True


class PolicyUpdate(Actor):
    """What changes."""

    module: str | None = None
    active: bool | None = Field(None, examples=[False])


class PolicyTest(Body):
    """Tests to run, beside those in the module."""

    module: str | None = Field(None, description="A module that is not saved yet, in place of the saved one.")
    tests: str = Field("", description="A module with more tests.")


class DecisionOut(Wire):
    """Whether it is allowed, and what each policy says."""

    allowed: bool
    reason: str
    explanation: str


class KeyRequest(Actor):
    """A new key."""

    name: str = Field(examples=["the website"])
    access: Access = Access.WRITE
    user_id: str | None = Field(None, description="The only user it may act for.")
    project_id: str | None = Field(None, description="The only project it may act in.")
    expires_at: Moment | None = None
    requests_per_minute: int | None = Field(None, ge=1)


class AccessQuery(Body):
    """Which accesses are listed."""

    user_id: str | None = None
    key_id: UUID | None = None
    method: str | None = None
    outcome: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    limit: int = Field(50, ge=1, le=1000)
    cursor: UUID | None = None


@router.post("/sources", status_code=status.HTTP_201_CREATED, response_model=wire_model(Source))
async def add_source(caller: Admin, body: SourceRequest) -> Any:
    """Puts a source on the allowlist."""
    return await caller.memory.sources.add(body.name, **body.given("name"))


@router.get("/sources", response_model=page_model(Source))
async def list_sources(caller: Admin, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the sources by name."""
    found = await caller.memory.sources.list(limit=limit, cursor=cursor)
    return paged(found, limit, lambda source: source.name)


@router.get("/sources/{name:path}", response_model=wire_model(Source))
async def get_source(caller: Admin, name: SourceName) -> Any:
    """Returns one source."""
    return await caller.memory.sources.get(name)


@router.patch("/sources/{name:path}", response_model=wire_model(Source))
async def update_source(caller: Admin, name: SourceName, body: SourceUpdate) -> Any:
    """Changes how far a source is believed, or whether it is active."""
    return await caller.memory.sources.update(name, **body.given())


@router.delete("/sources/{name:path}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_source(caller: Admin, name: SourceName) -> None:
    """Takes a source off the allowlist."""
    await caller.memory.sources.remove(name)


@router.post("/policies", status_code=status.HTTP_201_CREATED, response_model=wire_model(Policy))
async def add_policy(caller: Admin, body: PolicyRequest) -> Any:
    """Saves a policy; it holds from now on."""
    return await caller.memory.policies.add(body.name, body.module, **body.given("name", "module"))


@router.get("/policies", response_model=page_model(Policy))
async def list_policies(caller: Admin, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the policies by name."""
    found = await caller.memory.policies.list(limit=limit, cursor=cursor)
    return paged(found, limit, lambda policy: policy.name)


@router.post("/policies/explain", response_model=DecisionOut)
async def explain_policies(
    caller: Admin,
    memory_id: Annotated[UUID, Query(examples=[EXAMPLE_ID])],
    user_id: UserId = None,
    action: Action = Action.READ,
) -> Any:
    """Says which rule of which policy decides when the user reads or writes one of their memories."""
    found: Decision = await caller.memory.policies.explain(memory_id, user_id=caller.user(user_id), action=action)
    return {"allowed": found.allowed, "reason": found.reason, "explanation": found.explain()}


@router.get("/policies/{name}", response_model=wire_model(Policy))
async def get_policy(caller: Admin, name: PolicyName) -> Any:
    """Returns one policy."""
    return await caller.memory.policies.get(name)


@router.patch("/policies/{name}", response_model=wire_model(Policy))
async def update_policy(caller: Admin, name: PolicyName, body: PolicyUpdate) -> Any:
    """Changes a policy's module, or switches it on or off."""
    return await caller.memory.policies.update(name, **body.given())


@router.delete("/policies/{name}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_policy(caller: Admin, name: PolicyName) -> None:
    """Takes a policy away."""
    await caller.memory.policies.remove(name)


@router.post("/policies/{name}/test", response_model=items_model(RuleTest))
async def check_policy(caller: Admin, name: PolicyName, body: PolicyTest) -> Any:
    """Runs a policy's own tests."""
    return {"items": await caller.memory.policies.test(name, **body.given())}


@router.post("/keys", status_code=status.HTTP_201_CREATED, response_model=wire_model(IssuedKey))
async def create_key(caller: Admin, body: KeyRequest) -> Any:
    """Makes an API key. The answer's `token` is not kept and never shown again."""
    return await caller.memory.keys.create(body.name, **body.given("name"))


@router.get("/keys", response_model=page_model(ApiKey))
async def list_keys(caller: Admin, limit: Limit = 50, cursor: Cursor = None) -> Any:
    """Lists the tenant's keys, newest first, with their last use."""
    return await caller.memory.keys.list(limit=limit, cursor=cursor)


@router.get("/keys/{key_id}", response_model=wire_model(ApiKey))
async def get_key(caller: Admin, key_id: KeyId) -> Any:
    """Returns one key, without its token."""
    return await caller.memory.keys.get(key_id)


@router.delete("/keys/{key_id}", response_model=wire_model(ApiKey))
async def revoke_key(caller: Admin, key_id: KeyId) -> Any:
    """Takes a key back: here at once, in other processes within a second."""
    return await caller.memory.keys.revoke(key_id)


@router.get("/access", response_model=page_model(AccessEntry))
async def list_accesses(caller: Admin, asked: Annotated[AccessQuery, Query()]) -> Any:
    """Lists who called what, newest first."""
    return await caller.memory.access.list(**asked.given())
