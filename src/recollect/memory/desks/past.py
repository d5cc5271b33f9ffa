"""The past: memories as they were true at a time, as the store knew them at a time, or both."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, Unpack
from uuid import UUID

from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.ids import parse_id
from recollect.domain.packet import Packet
from recollect.domain.record import Memory as Record
from recollect.domain.record import Status
from recollect.domain.search import SearchFilter, SearchResult
from recollect.domain.times import parse_time
from recollect.errors import NotFound, ValidationError
from recollect.memory import finding
from recollect.memory.arguments import (
    FilterArguments,
    SearchArguments,
    check_known,
    check_limit,
    check_query,
    filter_of,
    scope_of,
)
from recollect.memory.core import Core
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.past_rows import holds_at, listed
from recollect.memory.past_state import PastStates, PastView
from recollect.memory.recorded import recorded
from recollect.recall.pipeline import Ask


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

    def search(self, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> Awaitable[SearchResult]:
        """The memories worth reading for a question."""
        ...

    def context(self, query: str = "", *, user_id: str, **given: Unpack[SearchArguments]) -> Awaitable[Packet]:
        """What a turn needs."""
        ...


class PastDesk:
    """Memories at another time; ``memory.at(...)`` makes it.

    With ``time`` it answers what held then, as far as is known now. With ``known_at`` it answers as the same call would
    have answered at that moment; with both, what was known at ``known_at`` about ``time``. What was erased since stays
    erased, and who may see what is judged by today's memberships and policies.
    """

    AREA = "at."

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
            record: Record | None = await self._present.get(wanted, user_id=user_id, project_id=project_id)
        else:
            parts = await self.core.ready()
            view = PastView(parts, self._states, self._known_at)
            scopes = await finding.scopes_of(parts, user_id, {"project_id": project_id})
            found = [(await view.fetch(scope, [wanted])).get(wanted) for scope in scopes]
            record = next(filter(None, found), None)
        held = record is not None and (self._time is None or holds_at(record, self._time))
        if record is None or not held or record.status is Status.DELETED:
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
        if self._known_at is None:
            given["as_of"] = self._time
            return await self._present.list(user_id=user_id, limit=limit, cursor=cursor, **given)
        check_limit("limit", limit)
        after = parse_id("cursor", cursor) if cursor is not None else None
        parts = await self.core.ready()
        view = PastView(parts, self._states, self._known_at)
        chosen = await self._chosen(view, user_id, given)
        scopes = await finding.scopes_of(parts, user_id, given)
        held = [memory for scope in scopes for memory in (await view.state(scope)).state.memories.values()]
        found = [m for m in held if (after is None or m.id < after) and listed(m, chosen)]
        found.sort(key=lambda memory: memory.id, reverse=True)
        shown = found[:limit]
        return Page(tuple(shown), str(shown[-1].id) if len(found) > limit else None)

    @recorded
    async def search(self, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> SearchResult:
        """Finds the memories worth reading for a question among those of that time, best first.

        Args:
            query: the question, in words.
            user_id: whose memories.
            **given: see ``SearchArguments``, without ``as_of``; ``now`` is ``known_at`` when it is not given.

        Raises:
            ValidationError: an argument cannot be used.
            ModelError: with ``known_at``: a text that has changed since cannot be embedded.

        Example:
            >>> found = await memory.at("2025-12-24T00:00:00+00:00").search("Where did I live?", user_id="ben")
        """
        self._check(given, SearchArguments.__annotations__, "search")
        if self._known_at is None:
            given["as_of"] = self._time
            return await self._present.search(query, user_id=user_id, **given)
        check_query(query)
        return await finding.search(*await self._then(self._known_at, query, user_id, given))

    @recorded
    async def context(self, query: str = "", *, user_id: str, **given: Unpack[SearchArguments]) -> Packet:
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
        self._check(given, SearchArguments.__annotations__, "context")
        if self._known_at is None:
            given["as_of"] = self._time
            return await self._present.context(query, user_id=user_id, **given)
        if query != "":
            check_query(query)
        return await finding.context(*await self._then(self._known_at, query, user_id, given))

    async def _then(
        self, known_at: datetime, query: str, user_id: str, given: Mapping[str, Any]
    ) -> tuple[Parts, Sequence[Ask]]:
        """The parts as of that moment, and the question for each place to look."""
        parts = await self.core.ready()
        view = PastView(parts, self._states, known_at)
        chosen = await self._chosen(view, user_id, given)
        rest = {"now": known_at, **given, "collection": None}
        asks = await finding.asks_of(parts, query, user_id, rest)
        then = replace(parts, recaller=replace(parts.recaller, store=view, indexes=view))
        return then, [replace(ask, chosen=chosen) for ask in asks]

    async def _chosen(self, view: PastView, user_id: str, given: Mapping[str, Any]) -> SearchFilter:
        """The filter that the arguments describe, a collection's members as they were."""
        chosen = replace(filter_of(given), as_of=self._time)
        name = given.get("collection")
        if name is None:
            return chosen
        things = (await view.state(scope_of(view.parts.tenant_id, user_id, given))).state.things.values()
        ids = [thing.id for thing in things if isinstance(thing, Collection) and thing.name == name]
        if not ids:
            raise NotFound(f"user {user_id!r} had no collection {name!r}")
        members = [thing for thing in things if isinstance(thing, CollectionMember) and thing.collection_id in ids]
        return chosen.and_also(only=frozenset(member.memory_id for member in members))

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
