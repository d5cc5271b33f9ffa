"""Finding: search, context, and why a memory is not found."""

from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from recollect.domain.packet_form import Style
from recollect.domain.packet_json import PacketJson
from recollect.domain.search import Hit, SearchResult
from recollect.domain.why_not import Absence, WhyNot
from recollect.doors.api.caller import Caller, Reader
from recollect.doors.api.requests import EXAMPLE_ID, Searched
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.arguments import ContextArguments, SearchArguments
from recollect.memory.desks.past import PastDesk
from recollect.memory.memory import AsyncFacade

router = APIRouter(prefix="/v1", tags=["search and context"])


class SearchRequest(Searched):
    """A question."""

    query: str = Field(examples=["Where does Anna work?"], min_length=1, max_length=10_000)
    max_tokens: int | None = Field(None, ge=1, le=1_000_000)
    explain: bool = Field(False, description="Each hit says why it stands where it stands.")
    trace: bool = Field(False, description="The question and its answer are kept; `trace_id` names them.")


class ContextRequest(Searched):
    """The message of a turn, and how long the answer may be."""

    query: str = Field("", examples=["Where does Anna work?"], max_length=10_000)
    mentioned: bool | None = None
    audience: list[str] | None = None
    personal: bool | None = None
    budget_tokens: int = Field(1_500, ge=1, le=1_000_000)
    style: Style = "markdown"


class WhyNotRequest(SearchRequest):
    """A memory, and the question in whose answer it is missing; give what was given to the search."""

    memory_id: UUID = Field(examples=[EXAMPLE_ID])


HitOut = wire_model(Hit, without=("signals",))  # with `explain`, the explanation has them


class SearchOut(wire_model(SearchResult, without=("hits",))):
    """The answer: hits, best first, and how it was made."""

    hits: list[HitOut]  # type: ignore[valid-type]


class ContextOut(Wire):
    """What a turn needs: as a text for the prompt, and what it was made from."""

    text: str
    tokens: int
    packet: wire_model(PacketJson)  # type: ignore[valid-type]


class WhyNotOut(wire_model(WhyNot)):
    """Why a memory is not in the answer: the reason that decides, and all of it in words."""

    reason: Absence
    short_by: float | None
    text: str


@router.post("/search", response_model=SearchOut)
async def search_memories(caller: Reader, body: SearchRequest) -> Any:
    """Finds the memories worth reading for a question, best first."""
    user, given = await _given(caller, body, "query")
    asked = _asked(caller, body, given)
    return await asked.search(body.query, user_id=user, **cast(SearchArguments, given))


@router.post("/context", response_model=ContextOut)
async def get_context(caller: Reader, body: ContextRequest) -> Any:
    """Gathers what a turn needs within a budget of tokens: identity, session, goals, what the message brings up."""
    user, given = await _given(caller, body, "query", "budget_tokens", "style")
    if body.channel_id is None or body.personal:
        caller.user(body.user_id)  # a turn outside of a channel is about the user, whom a project's key does not reach
    asked = _asked(caller, body, given)
    packet = await asked.context(body.query, user_id=user, **cast(ContextArguments, given))
    rendered = packet.rendering(budget_tokens=body.budget_tokens, style=body.style)
    return {"text": rendered.text, "tokens": rendered.tokens, "packet": packet.to_dict()}


@router.post("/why-not", response_model=WhyNotOut)
async def why_not(caller: Reader, body: WhyNotRequest) -> Any:
    """Says why a memory is not in the answer to a question, or at which place it is."""
    user, given = await _given(caller, body, "query", "memory_id")
    await caller.reach(user, body.memory_id)
    asked = _asked(caller, body, given)
    return await asked.why_not(body.memory_id, body.query, user_id=user, **cast(SearchArguments, given))


async def _given(caller: Caller, body: Searched, *without: str) -> tuple[str, dict[str, Any]]:
    """The user who asks, and the facade's arguments."""
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, channel_id=body.channel_id)
    given = body.given("user_id", "known_at", *without, null=("most_per_conversation",))
    return user, given | {"project_id": project}


def _asked(caller: Caller, body: Searched, given: dict[str, Any]) -> AsyncFacade | PastDesk:
    """The memory, or what was known at a past time; then ``as_of`` says when what was known then held."""
    if body.known_at is None:
        return caller.memory
    return caller.memory.at(given.pop("as_of", None), known_at=body.known_at)
