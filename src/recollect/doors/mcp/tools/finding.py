"""``search_memories`` and ``get_context``: from a question to what is worth reading."""

from typing import Any, Literal, cast

from pydantic import Field

from recollect.domain.packet import STYLES
from recollect.domain.record import MemoryType
from recollect.domain.search import SearchResult
from recollect.doors.mcp.answer import (
    ANSWER_TOKENS,
    CLOSING,
    SPARE,
    Answer,
    Recalled,
    counted,
    paragraphs,
    recalled,
    within,
)
from recollect.doors.mcp.memory_form import FoundData, HitEntry
from recollect.doors.mcp.tool import Arguments, Call, Tool
from recollect.memory.arguments import SearchArguments

TIME = "ISO 8601 with an offset, such as 2026-05-04T09:30:00+02:00."


class Filters(Arguments):
    """Which memories may be found; shared by the tools that look for several."""

    types: list[MemoryType] | None = Field(None, description="Only these kinds. Left out: all.")
    happened_from: str | None = Field(None, description=f"Only what happened at or after this time: {TIME}")
    happened_to: str | None = Field(None, description="Only what happened before this time.")
    as_of: str | None = Field(None, description="What held at that time, instead of now.")
    conversation_id: str | None = Field(None, description="Only from this chat.")

    def chosen(self, call: Call) -> dict[str, Any]:
        """As the facade has them."""
        named = {
            "types": self.types,
            "occurred_from": self.happened_from,
            "occurred_to": self.happened_to,
            "as_of": self.as_of,
            "conversation_id": self.conversation_id,
            "project_id": call.caller.project,
        }
        return {name: value for name, value in named.items() if value is not None}


class SearchMemories(Filters):
    """What ``search_memories`` takes."""

    query: str = Field(description="The question, in words.")
    limit: int = Field(10, ge=1, le=100, description="How many at most.")
    min_relevance: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Only what is relevant with at least this estimated probability; 0.1 is a fair cut.",
    )


class Found(Recalled):
    """What was found, the best first."""

    memories: list[FoundData]
    searched: int = Field(description="How many memories were looked at.")
    left_out: int = Field(description="How many more were found than this answer has room for.")
    note: str = Field(description="Why nothing was found, if nothing was.")
    degraded: list[str] = Field(description="What was left out of the search, and why.")
    closes: str = Field(default=CLOSING, description="Ends what was recalled.")


async def search_memories(call: Call, given: SearchMemories) -> Answer:
    """Finds memories for a question."""
    asked = cast(SearchArguments, {**given.chosen(call), "limit": given.limit})
    if given.min_relevance:
        asked["min_score"] = given.min_relevance
    result = await call.caller.memory.search(given.query, user_id=call.user_id, **asked)
    return _found(result)


def _found(result: SearchResult) -> Answer:
    kept = within(map(HitEntry, result))
    data = Found(
        memories=[entry.data for entry in kept],
        searched=result.searched,
        left_out=len(result) - len(kept) + result.left_out,
        note=result.note,
        degraded=list(result.degraded),
    )
    nothing = "" if kept else f"Nothing was found: {result.note or 'no memory fits'}."
    more = ""
    if data.left_out:
        more = f"{counted(data.left_out, 'memory', 'memories')} left out for space: ask more precisely to see them."
    notes = (f"degraded: {note}" for note in result.degraded)
    return Answer(paragraphs(recalled([entry.line for entry in kept]), nothing, more, *notes), data)


class GetContext(Arguments):
    """What ``get_context`` takes."""

    query: str = Field(
        "", description="The user's message or question; left out, what is always good to know of the user."
    )
    max_tokens: int = Field(1_500, ge=50, le=ANSWER_TOKENS - SPARE, description="How long the text may be.")
    style: Literal["markdown", "xml", "plain"] = Field(STYLES[0], description="How it is written.")
    as_of: str | None = Field(None, description=f"What held at that time, instead of now: {TIME}")
    conversation_id: str | None = Field(None, description="Only memories from this chat.")


class Context(Recalled):
    """What a turn needs to know, ready to be read."""

    text: str = Field(description="For the prompt, between marker lines that keep it from being stored again.")
    tokens: int
    left_out: int = Field(description="How many items had no room; a larger max_tokens shows them.")
    open_questions: list[str] = Field(description="What only the user can settle.")
    note: str = Field(description="Why nothing was retrieved, if nothing was.")
    degraded: list[str] = Field(description="What was left out, and why.")
    closes: str = Field(default=CLOSING, description="Ends what was recalled.")


async def get_context(call: Call, given: GetContext) -> Answer:
    """Writes what a turn should know."""
    chosen = {"as_of": given.as_of, "conversation_id": given.conversation_id, "project_id": call.caller.project}
    asked = {name: value for name, value in chosen.items() if value is not None}
    packet = await call.caller.memory.context(given.query, user_id=call.user_id, **cast(Any, asked))
    written = packet.rendering(budget_tokens=given.max_tokens, style=given.style)
    data = Context(
        text=written.text,
        tokens=written.tokens,
        left_out=len(written.dropped),
        open_questions=list(packet.open_questions)[:5],
        note=packet.note,
        degraded=list(packet.degraded),
    )
    nothing = ""
    if not written.text:
        fits = f"nothing fits into {given.max_tokens} tokens; the whole takes {packet.tokens:,}"
        nothing = fits if packet.items else packet.note or "Nothing is known of this user yet."
    return Answer(paragraphs(written.text, nothing, *(f"degraded: {note}" for note in packet.degraded)), data)


SEARCH_MEMORIES = Tool(
    name="search_memories",
    title="Search memories",
    description=(
        "Find single memories that answer a question, best first, each with its id and how relevant it is. Use it for "
        "something specific ('Where does Anna work?', 'What did we decide in May?'). For what a whole turn should "
        "know, use get_context. An empty answer means that nothing is remembered of it: say so, and do not guess."
    ),
    arguments=SearchMemories,
    answer=Found,
    run=search_memories,
)
GET_CONTEXT = Tool(
    name="get_context",
    title="Get context",
    description=(
        "Get, in one text of limited length, what is worth knowing for the user's message: who the user is, standing "
        "rules, preferences, goals, and related facts and events. Call it once at the start of a turn or a chat. It "
        "has no ids: to read, change or delete a memory, find it with search_memories."
    ),
    arguments=GetContext,
    of_user=True,
    answer=Context,
    run=get_context,
)
