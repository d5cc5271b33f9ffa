"""The synchronous face of ``recollect.memory.desks.tools``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from recollect.domain.conversation import ToolInvocation
from recollect.domain.tool_stats import ToolStats
from recollect.memory.background import LOOP
from recollect.memory.desks.tools import ToolsDesk
from recollect.memory.listing import Listing


class SyncToolsDesk:
    """A record of tool calls, beside the memories."""

    def __init__(self, inner: ToolsDesk) -> None:
        self._inner = inner

    def record(  # noqa: PLR0913 - each field of the call is an argument here
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
            >>> call = memory.tools.record("weather", user_id="ana", arguments={"city": "Lyon"}, succeeded=True)
            >>> call.arguments["city"]
            'Lyon'
        """
        return LOOP.call(
            partial(
                self._inner.record,
                tool,
                user_id=user_id,
                arguments=arguments,
                output=output,
                succeeded=succeeded,
                latency_ms=latency_ms,
                error=error,
                task=task,
                conversation_id=conversation_id,
                turn_index=turn_index,
                at=at,
            )
        )

    def list(
        self, *, user_id: str, tool: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Listing[ToolInvocation]:
        """Lists tool calls, the latest recorded first.

        Args:
            user_id: whose.
            tool: only of this one.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
        """
        return LOOP.call(partial(self._inner.list, user_id=user_id, tool=tool, limit=limit, cursor=cursor))

    def stats(
        self, *, user_id: str, tool: str | None = None, task: str | None = None, limit: int = 100
    ) -> tuple[ToolStats, ...]:
        """Tells how often each tool was called for each kind of task, how often it worked, and how long it took.

        Args:
            user_id: whose calls.
            tool: only of this one.
            task: only for this kind of task.
            limit: how many tools and tasks at most, the most called first, 1 to 1000.

        Example:
            >>> _ = memory.tools.record("maps", user_id="ana", succeeded=True, latency_ms=80)
            >>> (memory.tools.stats(user_id="ana", tool="maps"))[0].success_rate
            1.0
        """
        return LOOP.call(partial(self._inner.stats, user_id=user_id, tool=tool, task=task, limit=limit))
