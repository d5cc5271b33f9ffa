"""``add_memory``: remembers what was said, in batches with progress when it is much."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from recollect.domain.credential import Access
from recollect.domain.packet_form import on_one_line
from recollect.domain.receipt import Outcome, Receipt, ReceiptItem
from recollect.doors.mcp.answer import Answer, Data, counted, paragraphs, shortened, within
from recollect.doors.mcp.tool import Arguments, Call, Tool
from recollect.errors import RecollectError, ValidationError
from recollect.memory.arguments import AddArguments

BATCH = 50
"""Messages that are stored in one transaction when there are more; between two a client hears how far it is."""
MAX_MESSAGES = 10_000
SHOWN_TEXT = 200

_PLACE = re.compile(r"messages\[(\d+)\]")


class Message(Arguments):
    """One message of a chat."""

    role: Literal["user", "assistant", "tool", "system"] = Field("user", description="Who said it.")
    content: str = Field(description="What was said.")
    name: str | None = Field(None, description="The speaker's name, where several people talk.")
    at: str | None = Field(None, description="When it was said: ISO 8601 with an offset.")


class AddMemory(Arguments):
    """What ``add_memory`` takes."""

    content: str | Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES)] = Field(
        description="What to remember, in words that can be understood later without this chat, or messages in order."
    )
    at: str | None = Field(
        None,
        description="When it was said: ISO 8601 with an offset. Left out: now. Dates like 'last May' count from it.",
    )
    conversation_id: str | None = Field(None, description="The chat that it belongs to.")
    source_type: Literal["conversation", "tool_output", "document", "observation", "external"] | None = Field(
        None, description="Where it comes from. A document may be long: it is cut into several memories."
    )
    metadata: dict[str, JsonValue] | None = Field(None, description="Anything of your own, as JSON.")


class AddedItem(Data):
    """What became of one thing that was said, or of one fact in it."""

    outcome: str = Field(description="accepted, merged (known already), superseded (took an older one's place), ...")
    reason: str
    memory_id: str | None
    type: str
    text: str
    from_memory_id: str | None = Field(None, description="The memory whose words state this fact.")


class Added(Data):
    """What became of what was added."""

    outcomes: dict[str, int] = Field(description="How many items by outcome.")
    items: list[AddedItem]
    left_out: int = Field(description="Items that are not shown here, for space; they were handled all the same.")
    degraded: list[str] = Field(description="What could not be done now, and why; empty when all went well.")


@dataclass(frozen=True, slots=True)
class _Entry:
    item: ReceiptItem

    @property
    def line(self) -> str:
        named = f" (id {self.item.memory_id})" if self.item.memory_id else ""
        return f"{self.item.outcome.value}: {on_one_line(shortened(self.item.text, SHOWN_TEXT))}{named}"

    @property
    def data(self) -> AddedItem:
        one = self.item
        return AddedItem(
            outcome=one.outcome.value,
            reason=shortened(one.reason, SHOWN_TEXT),
            memory_id=None if one.memory_id is None else str(one.memory_id),
            type=one.type.value,
            text=shortened(one.text, SHOWN_TEXT),
            from_memory_id=None if one.derived_from is None else str(one.derived_from),
        )


async def add_memory(call: Call, given: AddMemory) -> Answer:
    """Adds a text or messages, and says what became of each."""
    about: AddArguments = {"conversation_id": given.conversation_id, "project_id": call.caller.project}
    if given.at is not None:
        about["at"] = given.at
    if given.source_type is not None:
        about["source_type"] = given.source_type
    if given.metadata is not None:
        about["metadata"] = given.metadata
    if isinstance(given.content, str):
        receipts = [await call.caller.memory.add(given.content, user_id=call.user_id, **about)]
    else:
        receipts = await _in_batches(call, [one.model_dump(exclude_none=True) for one in given.content], about)
    return _told(receipts)


async def _in_batches(call: Call, messages: Sequence[Mapping[str, Any]], about: AddArguments) -> list[Receipt]:
    """Few messages in one transaction, many in several; a client that stops waiting keeps what was stored so far."""
    receipts: list[Receipt] = []
    for start in range(0, len(messages), BATCH):
        part = messages[start : start + BATCH]
        try:
            receipts.append(await call.caller.memory.add(part, user_id=call.user_id, **about))
        except RecollectError as error:
            raise _counted_on(error, start) from None
        if len(messages) > BATCH:
            done = start + len(part)
            await call.progress(done, len(messages), f"{done:,} of {len(messages):,} messages are stored")
    return receipts


def _counted_on(error: RecollectError, stored: int) -> RecollectError:
    """The error of a later batch, with the message's place among all, saying what is stored already."""
    if not stored:
        return error
    note = f"the {stored:,} messages before this batch are stored"
    if not isinstance(error, ValidationError):
        error.args = (f"{error}; {note}",)
        return error
    field = _PLACE.sub(lambda place: f"messages[{int(place[1]) + stored}]", error.field)
    return ValidationError(field, f"{error.problem}; {note}")


def _told(receipts: Sequence[Receipt]) -> Answer:
    items = [item for receipt in receipts for item in receipt.items]
    outcomes = Counter(item.outcome.value for item in items)
    kept = within(map(_Entry, items))
    degraded = list(dict.fromkeys(note for receipt in receipts for note in receipt.degraded))
    data = Added(
        outcomes=dict(outcomes),
        items=[entry.data for entry in kept],
        left_out=len(items) - len(kept),
        degraded=degraded,
    )
    lines = [f"- {entry.line}{_why(entry.item)}" for entry in kept]
    more = f"({counted(data.left_out, 'more item')} not shown)" if data.left_out else ""
    nothing = "" if items else "Nothing in it is to be remembered: instructions and empty messages are not stored."
    return Answer(paragraphs(nothing, *lines, more, *(f"degraded: {note}" for note in degraded)), data)


def _why(item: ReceiptItem) -> str:
    """The reason, where the outcome alone would leave one wondering."""
    return f": {item.reason}" if item.outcome in (Outcome.REJECTED, Outcome.WORKING, Outcome.SUPERSEDED) else ""


ADD_MEMORY = Tool(
    name="add_memory",
    title="Remember",
    description=(
        "Store what is worth knowing in later conversations: facts about the user, preferences, decisions, events, "
        "or whole messages. Facts in it are found by rules, and a newer value takes an older one's place; the answer "
        "says what became of each item. Do not add what get_context or search_memories returned: it is stored already. "
        "To correct one known memory, use update_memory."
    ),
    arguments=AddMemory,
    answer=Added,
    run=add_memory,
    access=Access.WRITE,
    idempotent=False,
)
