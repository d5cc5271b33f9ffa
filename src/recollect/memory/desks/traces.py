"""Traces: questions with their answers, kept so that they can be asked again as of their time."""

from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.ids import parse_id
from recollect.domain.search import SearchResult
from recollect.domain.trace import Replayed, Trace
from recollect.errors import NotFound, ValidationError
from recollect.memory import tracing
from recollect.memory.arguments import check_limit, scope_of
from recollect.memory.core import Core
from recollect.memory.listing import Listing, listing
from recollect.memory.past_state import PastStates
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted


class TracesDesk:
    """Kept questions. ``search(..., trace=True)`` keeps one at once. None quotes a memory; all go with their user."""

    AREA: str = "traces."

    def __init__(self, core: Core, states: PastStates) -> None:
        self.core = core
        self._states = states

    @recorded
    async def save(self, result: SearchResult, *, user_id: str) -> Trace:
        """Keeps an answer: the question, its arguments, the weights, where the log stood, and the hits' ids and scores.

        Args:
            result: what ``search`` answered.
            user_id: who asked.

        Raises:
            ValidationError: it is no answer to this user's question, or nothing was looked up for it.

        Example:
            >>> found = await memory.search("Where does Anna work?", user_id="ben")
            >>> trace = await memory.traces.save(found, user_id="ben")
        """
        if not isinstance(result, SearchResult):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
            raise ValidationError("result", f"must be what search answered, not {type(result).__name__}")
        if result.origin is not None and result.origin.user_id != user_id:
            raise ValidationError("user_id", "is not the user who asked")
        return await tracing.save(await self.core.ready(), result)

    @recorded
    async def get(self, trace_id: UUID | str, *, user_id: str) -> Trace:
        """Returns a trace.

        Raises:
            NotFound: the user has no such trace.
        """
        return await tracing.one(await self.core.ready(), parse_id("trace_id", trace_id), user_id)

    @recorded
    async def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Trace]:
        """Lists the user's traces, newest first; ``cursor`` is ``next_cursor`` of the page before."""
        parts = await self.core.ready()
        scope = scope_of(parts.tenant_id, user_id, {})
        after = None if cursor is None else [parse_id("cursor", cursor)]
        most = check_limit("limit", limit) + 1
        where = {"user_id": scope.user_id}
        found = await parts.store.things(Trace, scope.tenant_id, where, limit=most, after=after, newest=True)
        return listing(found, limit, lambda shown: str(shown.id))

    @recorded
    async def replay(self, trace_id: UUID | str, *, user_id: str) -> Replayed:
        """Asks a kept question again as of its time, and tells what is not the same: normally nothing.

        What was erased since is missing, and today's policies and memberships decide what may be read.

        Raises:
            NotFound: the user has no such trace.
            ModelError: a text that has changed since cannot be embedded.

        Example:
            >>> (await memory.traces.replay(trace.id, user_id="ben")).same
            True
        """
        parts = await self.core.ready()
        trace = await tracing.one(parts, parse_id("trace_id", trace_id), user_id)
        return await tracing.replay(parts, self._states, trace)

    @recorded
    async def delete(self, trace_id: UUID | str, *, user_id: str) -> None:
        """Deletes a trace; its question stays in the log, like everything that was, until the user is erased.

        Raises:
            NotFound: the user has no such trace.
        """
        parts = await self.core.ready()
        scope, wanted = scope_of(parts.tenant_id, user_id, {}), parse_id("trace_id", trace_id)
        async with parts.store.writing(scope, Wanted()) as transaction:
            known = await transaction.things(Trace, {"user_id": scope.user_id, "id": wanted})
            if not known:
                raise NotFound(f"user {user_id!r} has no trace {wanted}")
            await transaction.commit([ThingChange(type=EventType.TRACE_DELETED, before=known[0])])
