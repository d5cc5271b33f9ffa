"""The past: memories as they were true at a time, as the store knew them at a time, or both."""

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Protocol, Unpack
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.packet import Packet
from recollect.domain.record import Memory as Record
from recollect.domain.search import SearchResult
from recollect.domain.times import parse_time
from recollect.domain.why_not import WhyNot
from recollect.errors import NotFound, ValidationError
from recollect.memory import absence, finding
from recollect.memory.arguments import (
    ContextArguments,
    FilterArguments,
    SearchArguments,
    check_known,
    check_limit,
    check_query,
    scope_of,
)
from recollect.memory.core import Core
from recollect.memory.mem0_words import Mem0SearchArguments
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.past_rows import holds_at
from recollect.memory.past_state import PastStates
from recollect.memory.past_view import PastView
from recollect.memory.recorded import recorded

PAST_SEARCH = dict.fromkeys(name for name in SearchArguments.__annotations__ if name != "trace")
"""Arguments of a search in the past: what is kept as a trace is a search in the present."""


class Present(Protocol):
    """The facade, which answers what is known now."""

    def get(self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None) -> Awaitable[Record]:
        """One memory."""
        ...

    def list(
        self, *, user_id: str, limit: int = 50, cursor: str | None = None, **given: Unpack[FilterArguments]
    ) -> Awaitable[Page]:
        """A page of memories."""
        ...

    def search(self, query: str, *, user_id: str, **given: Unpack[Mem0SearchArguments]) -> Awaitable[SearchResult]:
        """The memories worth reading for a question."""
        ...

    def why_not(
        self, memory_id: UUID | str, query: str, *, user_id: str, **given: Unpack[SearchArguments]
    ) -> Awaitable[WhyNot]:
        """Why a memory is not in an answer."""
        ...

    def context(self, query: str = "", *, user_id: str, **given: Unpack[ContextArguments]) -> Awaitable[Packet]:
        """What a turn needs."""
        ...


class PastDesk:
    """Memories at another time; ``memory.at(...)`` makes it.

    With ``time`` it answers what held then, as far as is known now. With ``known_at`` it answers as the same call would
    have answered at that moment; with both, what was known at ``known_at`` about ``time``. What was erased since stays
    erased, and who may see what is judged by today's memberships and policies, and by what a memory is classified as
    today.
    """

    AREA: str = "at."

    def __init__(
        self,
        core: Core,
        present: Present,
        states: PastStates,
        time: datetime | str | None,
        known_at: datetime | str | None,
    ) -> None:
        self.core = core
        self._present = present
        self._states = states
        self._time = None if time is None else parse_time("time", time)
        self._known_at = None if known_at is None else _past("known_at", known_at)
        if time is None and known_at is None:
            raise ValidationError("time", "give a time, known_at or both")

    @recorded
    async def get(self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None) -> Record:
        """Returns one memory as it was; with ``project_id`` also one that the project's members share.

        Raises:
            NotFound: the user had no such memory then, or it did not hold then.

        Example:
            >>> (await memory.at("2025-12-24T00:00:00+00:00").get(receipt.id, user_id="ben")).text
            'My sister Anna works at Siemens'
        """
        wanted = parse_id("memory_id", memory_id)
        if self._known_at is None:
            record = await self._present.get(wanted, user_id=user_id, project_id=project_id)
        else:
            then = await self._then(self._known_at, user_id, "get")
            record = await finding.one(then, wanted, user_id, project_id)
        if self._time is not None and not holds_at(record, self._time):
            raise NotFound(f"user {user_id!r} had no memory {wanted} that held then")
        return record

    @recorded
    async def list(
        self, *, user_id: str, limit: int = 50, cursor: str | None = None, **given: Unpack[FilterArguments]
    ) -> Page:
        """Lists a user's memories as they were, newest first, a page at a time.

        Args:
            user_id: whose memories.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
            **given: see ``FilterArguments``, without ``as_of``.

        Example:
            >>> page = await memory.at("2025-12-24T00:00:00+00:00").list(user_id="ben")
        """
        self._check(given, FilterArguments.__annotations__, "list")
        given["as_of"] = self._time
        if self._known_at is None:
            return await self._present.list(user_id=user_id, limit=limit, cursor=cursor, **given)
        check_limit("limit", limit)
        after = parse_id("cursor", cursor) if cursor is not None else None
        then = await self._then(self._known_at, user_id, "list")
        shown, last = await finding.page(then, user_id, given, limit, after)
        return Page(tuple(shown), None if last is None else str(last))

    @recorded
    async def search(self, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> SearchResult:
        """Finds the memories worth reading for a question among those of that time, best first.

        Args:
            query: the question, in words.
            user_id: whose memories.
            **given: see ``SearchArguments``, without ``as_of`` and ``trace``; ``now`` is ``known_at`` when it is not
                given.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: with ``known_at``: a text that has changed since cannot be embedded.

        Example:
            >>> found = await memory.at("2025-12-24T00:00:00+00:00").search("Where did I live?", user_id="ben")
        """
        self._check(given, PAST_SEARCH, "search")
        given["as_of"] = self._time
        if self._known_at is None:
            return await self._present.search(query, user_id=user_id, **given)
        check_query(query)
        given.setdefault("now", self._known_at)
        then = await self._then(self._known_at, user_id, "search")
        return await finding.search(then, await finding.asks_of(then, query, user_id, given), given)

    @recorded
    async def why_not(
        self, memory_id: UUID | str, query: str, *, user_id: str, **given: Unpack[SearchArguments]
    ) -> WhyNot:
        """Says why a memory is not in the answer of that time, or at which place it is.

        Args:
            memory_id: which memory.
            query: the question.
            user_id: who asks.
            **given: as for ``search``.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: as for ``search``.

        Example:
            >>> then = memory.at("2025-12-24T00:00:00+00:00")
            >>> (await then.why_not(receipt.id, "Where does Anna work?", user_id="ben")).found
            True
        """
        self._check(given, PAST_SEARCH, "why_not")
        given["as_of"] = self._time
        if self._known_at is None:
            return await self._present.why_not(memory_id, query, user_id=user_id, **given)
        wanted = parse_id("memory_id", memory_id)
        given.setdefault("now", self._known_at)
        then = await self._then(self._known_at, user_id, "search")
        return await absence.why_not(then, wanted, check_query(query), user_id, given)

    @recorded
    async def context(self, query: str = "", *, user_id: str, **given: Unpack[ContextArguments]) -> Packet:
        """Gathers what a turn would have needed at that time.

        Args:
            query: the user's message or question; "" loads the identity facts alone.
            user_id: whose memories.
            **given: as for ``search``.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: as for ``search``.

        Example:
            >>> packet = await memory.at("2025-12-24T00:00:00+00:00").context("Where did I live?", user_id="ben")
        """
        self._check(given, ContextArguments.__annotations__, "context")
        given["as_of"] = self._time
        if self._known_at is None:
            return await self._present.context(query, user_id=user_id, **given)
        if query != "":
            check_query(query)
        given.setdefault("now", self._known_at)
        then = await self._then(self._known_at, user_id, "context")
        return await finding.context(then, await finding.asks_of(then, query, user_id, given, "context"))

    async def _then(self, known_at: datetime, user_id: str, method: str) -> Parts:
        """The parts as of that moment."""
        parts = await self.core.ready()
        return PastView(parts, self._states, scope_of(parts.tenant_id, user_id, {}), known_at, method).then()

    def _check(self, given: Mapping[str, object], allowed: Mapping[str, object], method: str) -> None:
        if "as_of" in given:
            raise ValidationError("as_of", "the time was given to at() already")
        check_known(given, [name for name in allowed if name != "as_of"], method)


def _past(field: str, value: datetime | str) -> datetime:
    """A moment that is over.

    Raises:
        ValidationError: it is naive, or still to come.
    """
    moment = parse_time(field, value)
    if moment > datetime.now(UTC):
        raise ValidationError(field, f"{moment.isoformat()} is still to come; what will be known then is not known")
    return moment
