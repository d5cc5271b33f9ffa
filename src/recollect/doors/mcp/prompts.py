"""The prompt ``with_memory``: the user's question, led by what is remembered for it."""

from collections.abc import Mapping

from mcp.types import GetPromptResult, Prompt, PromptArgument, PromptMessage, TextContent

from recollect.doors.mcp.answer import paragraphs
from recollect.doors.mcp.caller import Caller
from recollect.errors import NotFound, ValidationError

WITH_MEMORY = Prompt(
    name="with_memory",
    title="Ask with memory",
    description="Your question, with what is remembered for it before it.",
    arguments=[PromptArgument(name="question", description="What you want to ask.", required=True)],
)


async def filled(caller: Caller, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
    """The prompt's message.

    Raises:
        NotFound: it has another name. ValidationError: there is no question.
    """
    if name != WITH_MEMORY.name:
        raise NotFound(f"there is no prompt {name[:60]!r}; there is {WITH_MEMORY.name}")
    if not arguments.get("question", "").strip():
        raise ValidationError("question", "is missing; say what is to be asked")
    question = arguments["question"]
    packet = await caller.memory.context(question, user_id=caller.own_user())
    text = paragraphs(packet.render(), question)
    message = PromptMessage(role="user", content=TextContent(type="text", text=text))
    return GetPromptResult(description=WITH_MEMORY.description, messages=[message])
