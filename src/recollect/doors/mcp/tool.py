"""Tool: what a client may call: its arguments, its answer, what it does, and how a call of it is carried out.

Arguments are checked here, so that what is wrong is said in words that tell what would be right. An error of
Recollect's becomes the tool's answer, marked as an error, so that the model that made the mistake can mend it; only an
unknown tool is an error of the protocol.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Tool as Described
from pydantic import BaseModel, ConfigDict
from pydantic import ValidationError as PydanticError
from pydantic_core import ErrorDetails

from recollect.domain.credential import Access
from recollect.domain.shown import shown
from recollect.doors.mcp import schema
from recollect.doors.mcp.answer import Answer, Data
from recollect.doors.mcp.caller import USER_ARGUMENT, Caller, Context
from recollect.errors import RecollectError, ValidationError

log = logging.getLogger(__name__)

USER_SCHEMA = {
    "type": "string",
    "description": "Whose memory; may be left out when the X-Recollect-User header names the user.",
}
UNEXPECTED = "something went wrong in the server, and its log says what; nothing of this call may have been done"


class Arguments(BaseModel):
    """What a tool takes; anything else is refused by name."""

    model_config = ConfigDict(extra="forbid")


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool.

    Attributes:
        caller: who calls. user_id: for whom. context: the protocol's.
    """

    caller: Caller
    user_id: str
    context: Context

    async def progress(self, done: int, total: int, message: str) -> None:
        """Tells a client that asked for it how far a long call is."""
        await self.context.session.report_progress(done, total, message)


@dataclass(frozen=True)
class Tool(Generic[A]):
    """A tool.

    Attributes:
        name, title, description: what clients show people and models.
        arguments, answer: what goes in and what comes out. run: does it. access: the least that it needs.
        of_user: it is about what is a user's own, which a project's key does not reach.
        destructive: it can take something away. idempotent: doing it again changes nothing more.
        output: its output schema, where that is not to be the one of ``answer``.
    """

    name: str
    title: str
    description: str
    arguments: type[A]
    answer: type[Data]
    run: Callable[[Call, A], Awaitable[Answer]]
    access: Access = Access.READ
    of_user: bool = False
    destructive: bool = False
    idempotent: bool = True

    @cached_property
    def _schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return schema.taken(self.arguments), schema.given(self.answer)

    def described(self, *, names_user: bool) -> Described:
        """What a client is told of it.

        Args:
            names_user: whether the caller may say for which user a call is.
        """
        taken, given = self._schemas
        if names_user:
            taken = {**taken, "properties": {**taken.get("properties", {}), USER_ARGUMENT: USER_SCHEMA}}
        return Described(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=taken,
            output_schema=given,
            annotations=ToolAnnotations(
                read_only_hint=self.access is Access.READ,
                destructive_hint=self.destructive,
                idempotent_hint=self.idempotent,
                open_world_hint=False,
            ),
        )

    async def call(self, caller: Caller, context: Context, given: Mapping[str, Any]) -> CallToolResult:
        """Carries out a call; whatever Recollect has to object is an answer that is marked as an error."""
        try:
            caller.credential.require(self.access)
            user_id, rest = _whose(caller, given, own=self.of_user)
            arguments = self._read(rest)
            answer = await self.run(Call(caller, user_id, context), arguments)
        except RecollectError as error:
            return failure(str(error))
        except Exception:
            log.exception("tool %s failed", self.name)
            return failure(UNEXPECTED)
        return CallToolResult(
            content=[TextContent(type="text", text=answer.text)],
            structured_content=answer.data.model_dump(mode="json", by_alias=True),
            is_error=answer.failed,
        )

    def _read(self, given: Mapping[str, Any]) -> A:
        try:
            return self.arguments.model_validate(given)
        except PydanticError as error:
            raise self._said(error.errors(include_url=False)) from None

    def _said(self, errors: Sequence[ErrorDetails]) -> ValidationError:
        """The first thing that is wrong with the arguments, in words.

        Where one of several forms would do, what is wrong with the one that was chosen counts more than that it is
        none of the others.
        """
        inner = [error for error in errors if error["type"] not in ("string_type", "list_type")]
        error = errors[0] if errors[0]["loc"][:1] not in [one["loc"][:1] for one in inner] else inner[0]
        where = ".".join(str(part) for part in error["loc"] if not _is_form(part)) or "arguments"
        known = self.arguments.model_fields
        if error["type"] == "missing":
            described = known[where].description if where in known else None
            return ValidationError(where, f"is missing{': ' + described if described else ''}")
        if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
            taken = f"it takes {', '.join(known)}" if known else "it takes none"
            return ValidationError(where[:60], f"is not an argument of {self.name}; {taken}")
        problem = error["msg"].replace("Input should be", "should be", 1).replace("Value error, ", "", 1)
        return ValidationError(where[:120], f"{problem[:1].lower()}{problem[1:]}, not {shown(error['input'])}")


def _is_form(part: str | int) -> bool:
    """Whether it is how pydantic calls one of several forms, such as ``list[Message]``, and no name of a field."""
    return isinstance(part, str) and (part == "str" or "[" in part)


def failure(sentence: str) -> CallToolResult:
    """An answer that says what went wrong."""
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)


def _whose(caller: Caller, given: Mapping[str, Any], *, own: bool) -> tuple[str, dict[str, Any]]:
    """The user whom a call is for, and the other arguments."""
    rest = dict(given)
    named = rest.pop(USER_ARGUMENT, None)
    if named is not None and not isinstance(named, str):
        raise ValidationError(USER_ARGUMENT, f"must be a string, not {shown(named)}")
    return (caller.own_user(named) if own else caller.user(named)), rest
