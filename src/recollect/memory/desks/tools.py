"""Tools: which were called, with what, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recollect.domain.conversation import ToolInvocation
from recollect.domain.event import EventType
from recollect.domain.ids import new_id, parse_id
from recollect.domain.scope import check_id
from recollect.domain.times import parse_time
from recollect.domain.tool_stats import ToolStats
from recollect.errors import ValidationError
from recollect.memory.arguments import check_flag, check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import duration, json_object, json_value, short_text, whole
from recollect.memory.listing import Listing, listing
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted

TASK = 1_000
"""Characters that say what a tool was called for."""


class ToolsDesk:
    """A record of tool calls, beside the memories."""

    AREA: str = "tools."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def record(  # noqa: PLR0913 - each field of the call is an argument here
        self,
        tool: str,
        *,
        user_id: str,
        arguments: Mapping[str, Any] | None = None,
        output: Any = None,
        succeeded: bool | None = None,
        latency_ms: float | None = None,
        error: str | None = None,
        task: str | None = None,
        conversation_id: str | None = None,
        turn_index: int | None = None,
        at: datetime | str = "now",
    ) -> ToolInvocation:
        """Records one call of a tool.

        Args:
            tool: its name.
            user_id: for whom it was called.
            arguments: a JSON object of at most 64,000 bytes.
            output: any JSON of at most 64,000 bytes.
            succeeded: whether it worked, None while that is unknown.
            latency_ms: how long it took, in milliseconds.
            error: its message, if it failed.
            task: what kind of task it was called for.
            conversation_id: in which conversation it was called.
            turn_index: at which turn of it.
            at: when, timezone-aware; the present by default.

        Raises:
            ValidationError: an argument cannot be used.

        Example:
            >>> call = await memory.tools.record("weather", user_id="ana", arguments={"city": "Lyon"}, succeeded=True)
            >>> call.arguments["city"]
            'Lyon'
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        if turn_index is not None and conversation_id is None:
            raise ValidationError("turn_index", "needs a conversation_id: it is a place in a conversation")
        call = ToolInvocation(
            tenant_id=scope.tenant_id,
            user_id=user_id,
            id=new_id(),
            conversation_id=None if conversation_id is None else check_id("conversation_id", conversation_id),
            turn_index=None if turn_index is None else whole("turn_index", turn_index),
            tool=check_id("tool", tool),
            task=None if task is None else short_text("task", task, most=TASK),
            arguments=json_object("arguments", {} if arguments is None else arguments),
            output=json_value("output", output),
            succeeded=None if succeeded is None else check_flag("succeeded", succeeded),
            latency_ms=None if latency_ms is None else duration("latency_ms", latency_ms),
            error=None if error is None else short_text("error", error),
            invoked_at=parts.clock.now() if at == "now" else parse_time("at", at),
        )
        async with parts.store.writing(scope, Wanted()) as transaction:
            await transaction.commit([ThingChange(type=EventType.TOOL_INVOKED, after=call)])
        return call

    @recorded
    async def list(
        self, *, user_id: str, tool: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Listing[ToolInvocation]:
        """Lists tool calls, the latest recorded first.

        Args:
            user_id: whose.
            tool: only of this one.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
        """
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        where = {"user_id": user_id} | ({} if tool is None else {"tool": check_id("tool", tool)})
        after = None if cursor is None else [parse_id("cursor", cursor)]
        most = check_limit("limit", limit) + 1
        found = await parts.store.things(ToolInvocation, scope.tenant_id, where, limit=most, after=after, newest=True)
        return listing(found, limit, lambda shown: str(shown.id))

    @recorded
    async def stats(
        self, *, user_id: str, tool: str | None = None, task: str | None = None, limit: int = 100
    ) -> tuple[ToolStats, ...]:
        """Tells how often each tool was called for each kind of task, how often it worked, and how long it took.

        Args:
            user_id: whose calls.
            tool: only of this one.
            task: only for this kind of task.
            limit: how many tools and tasks at most, the most called first, 1 to 1000.

        Example:
            >>> _ = await memory.tools.record("maps", user_id="ana", succeeded=True, latency_ms=80)
            >>> (await memory.tools.stats(user_id="ana", tool="maps"))[0].success_rate
            1.0
        """
        parts = await self.core.ready()
        found = await parts.store.tool_stats(
            scope_of(parts.tenant_id, user_id, {}),
            tool=None if tool is None else check_id("tool", tool),
            task=None if task is None else short_text("task", task, most=TASK),
            limit=check_limit("limit", limit),
        )
        return tuple(found)
