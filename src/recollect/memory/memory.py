"""The facade: what callers hold. ``sync.py`` is generated from this file; run ``python tools/generate_sync.py``."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self, Unpack
from uuid import UUID

from recollect.domain.event import Event, EventType
from recollect.domain.ids import parse_id
from recollect.domain.packet import Packet
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory as Record
from recollect.domain.record import Status
from recollect.domain.search import SearchResult
from recollect.errors import Conflict, NotFound, ValidationError, VersionConflict
from recollect.memory import adding, finding
from recollect.memory.arguments import (
    AddArguments,
    FilterArguments,
    SearchArguments,
    check_known,
    check_limit,
    scope_of,
)
from recollect.memory.core import Core
from recollect.memory.desks.projects import ProjectsDesk
from recollect.memory.desks.sources import SourcesDesk
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.memory.revision import restated, revision, without_source
from recollect.memory.said import Content
from recollect.ports.store import NO_VECTORS, Change, EventQuery, StoreStatus, Wanted
from recollect.writing.steps.admit import check_extra, check_text

MAX_QUERY = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryStatus:
    """How a memory is: its store, its embedder and what it holds in the process.

    Attributes:
        store: the database. embedder: the model's name. dimension: of its vectors.
        resident_users, resident_bytes: the indexes held in this process.
    """

    store: StoreStatus
    embedder: str
    dimension: int
    resident_users: int
    resident_bytes: int


class AsyncFacade:
    """Memory for agents, for ``async`` code. Open it with ``async with`` or let the first call do so.

    Example:
        >>> async with AsyncMemory() as memory:
        ...     await memory.add("I moved to Lyon in May", user_id="ana")
        ...     found = await memory.search("Where does Ana live?", user_id="ana")
    """

    AREA = ""

    def __init__(self, assemble: Callable[[], Awaitable[Parts]]) -> None:
        self.core = Core(assemble)
        self.projects = ProjectsDesk(self.core)
        self.sources = SourcesDesk(self.core)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> Self:
        """Starts or reaches the database; every other method does this by itself when it has not been done.

        Raises:
            StoreError: the database cannot be started or reached, or refuses the role.
            ModelError: the embedder is missing.
            UsageError: the memory is closed, or belongs to another process or event loop.
        """
        await self.core.ready()
        return self

    async def close(self) -> None:
        """Gives everything back. Closing twice is fine; using it afterwards raises UsageError."""
        await self.core.close()

    @recorded
    async def add(self, content: Content, *, user_id: str, **given: Unpack[AddArguments]) -> Receipt:
        """Stores what was said and the facts in it, in one transaction, without asking a chat model.

        Args:
            content: a text, one chat message (``{"role": ..., "content": ...}``, optionally ``name``, ``at``, ``id``,
                ``metadata``), or a list of messages in order.
            user_id: whose memory it is.
            **given: see ``AddArguments``: speaker, at, occurred_at, type, tier, source_type, metadata, agent_id,
                project_id, conversation_id.

        Returns:
            A receipt: what became of each text and each fact, and why.

        Raises:
            ValidationError: something in it cannot be stored; nothing was written.
            StoreError: the database could not do its part; nothing was written.

        Example:
            >>> receipt = await memory.add("My sister Anna works at Siemens", user_id="ben")
            >>> receipt.items[0].outcome.value
            'accepted'
        """
        check_known(given, AddArguments.__annotations__, "add")
        return await adding.add(await self.core.ready(), content, user_id, given)

    @recorded
    async def search(self, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> SearchResult:
        """Finds the memories worth reading for a question, best first, each with its score explained.

        Args:
            query: the question, in words.
            user_id: whose memories. A user of whom nothing is stored has no hits, and ``note`` says so.
            **given: see ``SearchArguments``: limit (10), types, tiers, statuses, occurred_from, occurred_to,
                min_confidence, as_of, profile, now, agent_id, project_id, conversation_id.

        Raises:
            ValidationError: an argument cannot be used.
            StoreError: the database cannot be asked.

        Example:
            >>> found = await memory.search("Where does Anna work?", user_id="ben", limit=3)
            >>> found[0].memory.text
            'Anna works at Siemens'
        """
        check_known(given, SearchArguments.__annotations__, "search")
        check_query(query)
        parts = await self.core.ready()
        trips = parts.count_round_trips()
        found = await finding.search(parts, await finding.asks_of(parts, query, user_id, given))
        return replace(found, round_trips=trips[0])

    @recorded
    async def context(self, query: str = "", *, user_id: str, **given: Unpack[SearchArguments]) -> Packet:
        """Gathers what a turn needs: the user's identity facts, and what the question brings up.

        Args:
            query: the user's message or question; "" loads the identity facts alone.
            user_id: whose memories.
            **given: as for ``search``.

        Returns:
            A packet; ``packet.render(budget_tokens=...)`` is the text for the prompt.

        Raises:
            ValidationError: an argument cannot be used.
            StoreError: the database cannot be asked.

        Example:
            >>> packet = await memory.context("Where does Anna work?", user_id="ben")
            >>> "Siemens" in packet.render(budget_tokens=400)
            True
        """
        check_known(given, SearchArguments.__annotations__, "context")
        if query != "":
            check_query(query)
        parts = await self.core.ready()
        trips = parts.count_round_trips()
        packet = await finding.context(parts, await finding.asks_of(parts, query, user_id, given))
        return replace(packet, round_trips=trips[0])

    @recorded
    async def get(self, memory_id: UUID | str, *, user_id: str, project_id: str | None = None) -> Record:
        """Returns one memory of the user, or, with ``project_id``, one that the project's members share.

        Raises:
            NotFound: there is no such memory, or it was deleted. NotAllowed: the user is no member of the project.

        Example:
            >>> (await memory.get(receipt.id, user_id="ben")).text
            'My sister Anna works at Siemens'
        """
        parts = await self.core.ready()
        return await finding.one(parts, parse_id("memory_id", memory_id), user_id, project_id)

    @recorded
    async def list(
        self, *, user_id: str, limit: int = 50, cursor: str | None = None, **given: Unpack[FilterArguments]
    ) -> Page:
        """Lists a user's memories, newest first, a page at a time.

        Args:
            user_id: whose memories.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
            **given: see ``FilterArguments``.

        Example:
            >>> page = await memory.list(user_id="ben", types=["turn", "semantic_fact"])
            >>> page.next_cursor is None
            True
        """
        check_known(given, FilterArguments.__annotations__, "list")
        check_limit("limit", limit)
        after = parse_id("cursor", cursor) if cursor is not None else None
        parts = await self.core.ready()
        scopes = await finding.scopes_of(parts, user_id, given)
        chosen = await finding.chosen_by(parts, user_id, given)
        records = await finding.page(parts, scopes, chosen, limit + 1, after)
        shown = records[:limit]
        return Page(tuple(shown), str(shown[-1].id) if len(records) > limit else None)

    @recorded
    async def update(
        self,
        memory_id: UUID | str,
        *,
        user_id: str,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        expected_version: int | None = None,
    ) -> Record:
        """Changes a memory's text or metadata; the old version stays in its history.

        Args:
            memory_id: which one.
            user_id: whose.
            text: the new text; it is read, scored and embedded anew.
            metadata: the new metadata, in place of the old.
            expected_version: refuse if the record is at another version.

        Raises:
            NotFound: the user has no such memory.
            VersionConflict: it has changed since it was read.
            Conflict: another memory has this text already.

        Example:
            >>> (await memory.update(receipt.id, user_id="ben", text="My sister Anna works at Bosch")).version
            2
        """
        if text is None and metadata is None:
            raise ValidationError("text", "give a new text or new metadata; there is nothing to update")
        if text is not None:
            check_text("text", text)
        if metadata is not None:
            check_extra("metadata", metadata)
        if expected_version is not None:
            check_limit("expected_version", expected_version, most=2**31 - 1)
        parts = await self.core.ready()
        wanted = parse_id("memory_id", memory_id)
        old = await self.get(wanted, user_id=user_id)
        change = await revision(parts.writer, old, text, metadata)
        content_hash = change.of(old).content_hash
        scope = replace(scope_of(parts.tenant_id, user_id, {}), agent_id=old.agent_id)
        async with parts.store.writing(scope, change.wanted(old)) as transaction:
            before = _one(transaction.existing, wanted, user_id)
            expected = old.version if expected_version is None else expected_version
            if before.version != expected:
                raise VersionConflict(expected, before.version)
            twins = [r for r in transaction.existing if r.content_hash == content_hash and r.id != wanted]
            if twins and content_hash != before.content_hash:
                raise Conflict(f"another memory of user {user_id!r} has this text already")
            after = replace(change.of(before), version=before.version + 1, updated_at=parts.clock.now())
            written = Change(
                type=EventType.MEMORY_UPDATED,
                before=before,
                after=after,
                reason="updated by the caller",
                vectors=change.vectors,
            )
            await transaction.commit([written, *restated(transaction.existing, old, change, after.updated_at)])
        return after

    @recorded
    async def delete(self, memory_id: UUID | str, *, user_id: str) -> None:
        """Takes a memory, and the facts that rest on it alone, out of everything but their history.

        Raises:
            NotFound: the user has no such memory.

        Example:
            >>> await memory.delete(receipt.id, user_id="ben")
        """
        parts = await self.core.ready()
        wanted = parse_id("memory_id", memory_id)
        old = await self.get(wanted, user_id=user_id)
        scope = replace(scope_of(parts.tenant_id, user_id, {}), agent_id=old.agent_id)
        async with parts.store.writing(scope, Wanted(ids=[wanted], citing=[wanted])) as transaction:
            before = _one(transaction.existing, wanted, user_id)
            now = parts.clock.now()
            after = replace(before, status=Status.DELETED, version=before.version + 1, updated_at=now)
            deleted = Change(
                type=EventType.MEMORY_DELETED,
                before=before,
                after=after,
                reason="deleted by the caller",
                vectors=NO_VECTORS,
            )
            await transaction.commit([deleted, *without_source(transaction.existing, wanted, now)])

    @recorded
    async def history(self, memory_id: UUID | str, *, user_id: str) -> tuple[Event, ...]:
        """Returns everything that happened to a memory, oldest first; also to one that was superseded or deleted.

        Raises:
            NotFound: the user never had such a memory.

        Example:
            >>> [event.type.value for event in await memory.history(receipt.id, user_id="ben")]
            ['memory_added', 'memory_updated', 'memory_deleted']
        """
        parts = await self.core.ready()
        wanted = parse_id("memory_id", memory_id)
        scope = scope_of(parts.tenant_id, user_id, {})
        events = await parts.store.events(scope, EventQuery(memory_id=wanted))
        if not events:
            raise _not_found(wanted, user_id)
        return tuple(events)

    @recorded
    async def status(self) -> MemoryStatus:
        """Asks the database and the embedder how they are.

        Example:
            >>> (await memory.status()).store.vector_extension >= "0.8"
            True
        """
        parts = await self.core.ready()
        return MemoryStatus(
            store=await parts.store.status(parts.tenant_id),
            embedder=parts.embedder.model_id,
            dimension=parts.embedder.dimension,
            resident_users=len(parts.recaller.indexes),
            resident_bytes=parts.recaller.indexes.nbytes,
        )


def check_query(query: object) -> str:
    """Returns the query if it is text of at most 10,000 characters that is not blank."""
    text = check_text("query", query)
    if len(text) > MAX_QUERY:
        raise ValidationError("query", f"has {len(text):,} characters; at most {MAX_QUERY:,} are allowed")
    return text


def _one(found: Sequence[Record], wanted: UUID, user_id: str) -> Record:
    for record in found:
        if record.id == wanted:
            return record
    raise _not_found(wanted, user_id)


def _not_found(memory_id: UUID, user_id: str) -> NotFound:
    return NotFound(f"user {user_id!r} has no memory {memory_id}")
