"""``get_memory``, ``list_memories``, ``update_memory`` and ``delete_memory``: one memory, or all of them by pages."""

from typing import Annotated, cast

from pydantic import Field, JsonValue

from recollect.domain.credential import Access
from recollect.domain.event import Event
from recollect.domain.record import Memory
from recollect.doors.mcp.answer import (
    CLOSING,
    LONGEST_TEXT,
    Answer,
    Data,
    Recalled,
    counted,
    paragraphs,
    recalled,
    within,
)
from recollect.doors.mcp.memory_form import MemoryData, MemoryEntry, line_of
from recollect.doors.mcp.tool import Arguments, Call, Tool
from recollect.doors.mcp.tools.finding import Filters
from recollect.errors import NotAllowed, NotFound, ValidationError
from recollect.memory.arguments import FilterArguments, UpdateArguments

PART = 4_000
"""Characters of one memory's text in an answer; the rest is had from where it was cut."""
MOST_EVENTS = 20
MANY = 10
"""From so many deletions on a client hears how far they are."""
MAX_IDS = 1_000
Id = Annotated[str, Field(description="The memory's id, as search_memories and list_memories show it.")]


class GetMemory(Arguments):
    """What ``get_memory`` takes."""

    memory_id: Id
    history: bool = Field(False, description="Also tell what happened to it: versions, what took its place.")
    from_character: int = Field(
        0, ge=0, description="Where to begin in a long text: next_character of the answer before."
    )


class HistoryData(Data):
    """One thing that happened to a memory."""

    type: str
    at: str
    actor: str


class OneMemory(Recalled):
    """A memory."""

    memory: MemoryData
    next_character: int | None = Field(description="Where its text goes on; null when this is the end of it.")
    history: list[HistoryData] = Field(description="The latest events, oldest first; empty unless asked for.")
    closes: str = Field(default=CLOSING, description="Ends what was recalled.")


async def get_memory(call: Call, given: GetMemory) -> Answer:
    """Reads one memory."""
    memory = call.caller.memory
    await call.caller.reach(call.user_id, given.memory_id)
    found = await memory.get(given.memory_id, user_id=call.user_id, project_id=call.caller.project)
    part = found.text[given.from_character : given.from_character + _part_of(found.text)]
    if not part:
        raise ValidationError("from_character", f"must be below {len(found.text)}, the length of the text")
    after = given.from_character + len(part)
    events: tuple[Event, ...] = ()
    if given.history:
        events = await memory.history(found.id, user_id=call.user_id, project_id=call.caller.project)
    data = OneMemory(
        memory=MemoryEntry(found).data.model_copy(update={"text": part}),
        next_character=after if after < len(found.text) else None,
        history=[_event(one) for one in events[-MOST_EVENTS:]],
    )
    return Answer(_one(found, part, data), data)


def _part_of(text: str) -> int:
    """How many characters are shown at once: fewer where each of them is a token."""
    return PART if text.isascii() else LONGEST_TEXT


def _one(found: Memory, part: str, data: OneMemory) -> str:
    whole = len(part) == len(found.text) and len(part) <= LONGEST_TEXT
    said = line_of(found) if whole else part
    more = f"It goes on: from_character={data.next_character}." if data.next_character is not None else ""
    about = f"id {found.id}, {found.type.value}, {found.status.value}, version {found.version}"
    happened = [f"- {event.at}: {event.type} by {event.actor}" for event in data.history]
    return paragraphs(recalled([said]), about, more, *happened)


def _event(event: Event) -> HistoryData:
    return HistoryData(type=event.type.value, at=event.recorded_at.isoformat(), actor=event.actor)


class ListMemories(Filters):
    """What ``list_memories`` takes."""

    limit: int = Field(20, ge=1, le=200, description="How many on a page.")
    cursor: str | None = Field(None, description="next_cursor of the page before.")


class Listed(Recalled):
    """A page of memories, the newest first."""

    memories: list[MemoryData]
    next_cursor: str | None = Field(description="Pass it as cursor for the next page; null on the last one.")
    closes: str = Field(default=CLOSING, description="Ends what was recalled.")


async def list_memories(call: Call, given: ListMemories) -> Answer:
    """Lists memories, as many as an answer has room for."""
    chosen = cast(FilterArguments, given.chosen(call))
    page = await call.caller.memory.list(user_id=call.user_id, limit=given.limit, cursor=given.cursor, **chosen)
    kept = within(map(MemoryEntry, page))
    cursor = page.next_cursor
    if len(kept) < len(page):
        cursor = str(kept[-1].memory.id)
    data = Listed(memories=[entry.data for entry in kept], next_cursor=cursor)
    more = f"More follow: cursor={cursor}" if cursor is not None else ""
    nothing = "" if kept or cursor is not None else "There are no memories of that kind."
    return Answer(paragraphs(recalled([entry.line for entry in kept]), nothing, more), data)


class UpdateMemory(Arguments):
    """What ``update_memory`` takes."""

    memory_id: Id
    text: str | None = Field(None, description="The new text, whole. Left out: it stays.")
    metadata: dict[str, JsonValue] | None = Field(None, description="The new metadata, whole. Left out: it stays.")
    expected_version: int | None = Field(None, ge=1, description="Refuse if it is at another version by now.")


async def update_memory(call: Call, given: UpdateMemory) -> Answer:
    """Changes one memory."""
    if given.text is None and given.metadata is None:
        raise ValidationError("text", "is missing, and metadata too; give the one that is to change")
    change: UpdateArguments = {"expected_version": given.expected_version, "project_id": call.caller.project}
    if given.metadata is not None:
        change["metadata"] = given.metadata
    await call.caller.reach(call.user_id, given.memory_id)
    changed = await call.caller.memory.update(given.memory_id, user_id=call.user_id, text=given.text, **change)
    data = OneMemory(memory=MemoryEntry(changed).data, next_character=None, history=[])
    return Answer(paragraphs("Updated.", recalled([MemoryEntry(changed).line])), data)


class DeleteMemory(Arguments):
    """What ``delete_memory`` takes."""

    memory_id: str | Annotated[list[str], Field(min_length=1, max_length=MAX_IDS)] = Field(
        description=f"The id of one memory, or a list of up to {MAX_IDS:,}."
    )


class NotDeleted(Data):
    """A memory that was not deleted."""

    memory_id: str
    reason: str


class Deleted(Data):
    """What became of each."""

    deleted: int
    failed: list[NotDeleted] = Field(description="Those that were not deleted, and why; at most 50 are shown.")


async def delete_memory(call: Call, given: DeleteMemory) -> Answer:
    """Deletes one memory after the other."""
    several = isinstance(given.memory_id, list)
    ids = list(dict.fromkeys(given.memory_id)) if isinstance(given.memory_id, list) else [given.memory_id]
    failed: list[NotDeleted] = []
    for place, memory_id in enumerate(ids, start=1):
        try:
            await call.caller.reach(call.user_id, memory_id)
            await call.caller.memory.delete(memory_id, user_id=call.user_id, project_id=call.caller.project)
        except (NotFound, NotAllowed, ValidationError) as error:
            if not several:
                raise
            failed.append(NotDeleted(memory_id=memory_id[:60], reason=str(error)[:200]))
        if len(ids) >= MANY and (place % MANY == 0 or place == len(ids)):
            await call.progress(place, len(ids), f"{place:,} of {len(ids):,} are done")
    gone = len(ids) - len(failed)
    data = Deleted(deleted=gone, failed=failed[:50])
    told = [f"- not deleted: {one.memory_id}: {one.reason}" for one in data.failed]
    said = f"{counted(gone, 'memory', 'memories')} deleted; the log keeps what they were."
    return Answer(paragraphs(said, *told), data, failed=gone == 0)


GET_MEMORY = Tool(
    name="get_memory",
    title="Get a memory",
    description="Read one memory in full by its id; with history=true also what happened to it.",
    arguments=GetMemory,
    answer=OneMemory,
    run=get_memory,
)
LIST_MEMORIES = Tool(
    name="list_memories",
    title="List memories",
    description=(
        "Page through memories, newest first, to look over or tidy what is stored. To answer a question use "
        "search_memories: it ranks."
    ),
    arguments=ListMemories,
    answer=Listed,
    run=list_memories,
)
UPDATE_MEMORY = Tool(
    name="update_memory",
    title="Update a memory",
    description=(
        "Correct a memory that is wrong or incomplete: its whole new text, or its metadata. The old version stays in "
        "its history. When something has changed in the world, add_memory is right: it keeps both, with their dates."
    ),
    arguments=UpdateMemory,
    answer=OneMemory,
    run=update_memory,
    access=Access.WRITE,
    destructive=True,
    idempotent=False,
)
DELETE_MEMORY = Tool(
    name="delete_memory",
    title="Delete memories",
    description=(
        "Delete one memory, or several, that the user wants gone or that are plainly wrong, and the facts that rest on "
        "them alone. They are found no more; the log keeps them, so an operator can bring them back."
    ),
    arguments=DeleteMemory,
    answer=Deleted,
    run=delete_memory,
    access=Access.WRITE,
    destructive=True,
    idempotent=False,
)
