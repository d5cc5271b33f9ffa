"""The synchronous face of ``recollect.memory.desks.traces``; made by tools/generate_sync.py, do not edit."""

from functools import partial
from uuid import UUID

from recollect.domain.search import SearchResult
from recollect.domain.trace import Replayed, Trace
from recollect.memory.background import LOOP
from recollect.memory.desks.traces import TracesDesk
from recollect.memory.listing import Listing


class SyncTracesDesk:
    """Kept questions. ``search(..., trace=True)`` keeps one at once. None quotes a memory; all go with their user."""

    def __init__(self, inner: TracesDesk) -> None:
        self._inner = inner

    def save(self, result: SearchResult, *, user_id: str) -> Trace:
        """Keeps an answer: the question, its arguments, the weights, where the log stood, and the hits' ids and scores.

        Args:
            result: what ``search`` answered.
            user_id: who asked.

        Raises:
            ValidationError: it is no answer to this user's question, or nothing was looked up for it.

        Example:
            >>> found = memory.search("Where does Anna work?", user_id="ben")
            >>> trace = memory.traces.save(found, user_id="ben")
        """
        return LOOP.call(partial(self._inner.save, result, user_id=user_id))

    def get(self, trace_id: UUID | str, *, user_id: str) -> Trace:
        """Returns a trace.

        Raises:
            NotFound: the user has no such trace.
        """
        return LOOP.call(partial(self._inner.get, trace_id, user_id=user_id))

    def list(self, *, user_id: str, limit: int = 50, cursor: str | None = None) -> Listing[Trace]:
        """Lists the user's traces, newest first; ``cursor`` is ``next_cursor`` of the page before."""
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor))

    def replay(self, trace_id: UUID | str, *, user_id: str) -> Replayed:
        """Asks a kept question again as of its time, and tells what is not the same: normally nothing.

        What was erased since is missing, and today's policies and memberships decide what may be read.

        Raises:
            NotFound: the user has no such trace.
            ModelError: a text that has changed since cannot be embedded.

        Example:
            >>> memory.traces.replay(trace.id, user_id="ben").same
            True
        """
        return LOOP.call(partial(self._inner.replay, trace_id, user_id=user_id))

    def delete(self, trace_id: UUID | str, *, user_id: str) -> None:
        """Deletes a trace; its question stays in the log, like everything that was, until the user is erased.

        Raises:
            NotFound: the user has no such trace.
        """
        return LOOP.call(partial(self._inner.delete, trace_id, user_id=user_id))
