"""The facade: what callers hold. ``sync.py`` is generated from this file; run ``python tools/generate_sync.py``."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self, Unpack
from uuid import UUID

from recollect.domain.certificate import Certificate
from recollect.domain.ids import parse_id
from recollect.domain.packet import Packet
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory as Record
from recollect.domain.search import SearchResult
from recollect.domain.why_not import WhyNot
from recollect.memory import absence, adding, changing, erasing, finding, mem0_words, tracing, using
from recollect.memory.arguments import (
    ContextArguments,
    FilterArguments,
    SearchArguments,
    cause_of,
    check_flag,
    check_known,
    check_limit,
    check_query,
)
from recollect.memory.core import Core
from recollect.memory.desks.access import AccessDesk
from recollect.memory.desks.api_keys import ApiKeysDesk
from recollect.memory.desks.audit import AuditDesk
from recollect.memory.desks.channels import ChannelsDesk
from recollect.memory.desks.collections import CollectionsDesk
from recollect.memory.desks.conversations import ConversationsDesk
from recollect.memory.desks.entities import EntitiesDesk
from recollect.memory.desks.erasure import ErasureDesk
from recollect.memory.desks.events import EventsDesk
from recollect.memory.desks.goals import GoalsDesk
from recollect.memory.desks.graph import GraphDesk
from recollect.memory.desks.hot import HotDesk
from recollect.memory.desks.identity import IdentityDesk
from recollect.memory.desks.models import ModelsDesk
from recollect.memory.desks.past import PastDesk
from recollect.memory.desks.policies import PoliciesDesk
from recollect.memory.desks.procedures import ProceduresDesk
from recollect.memory.desks.profiles import ProfilesDesk
from recollect.memory.desks.projects import ProjectsDesk
from recollect.memory.desks.quarantine import QuarantineDesk
from recollect.memory.desks.relationships import RelationshipsDesk
from recollect.memory.desks.sessions import SessionsDesk
from recollect.memory.desks.sources import SourcesDesk
from recollect.memory.desks.tools import ToolsDesk
from recollect.memory.desks.traces import TracesDesk
from recollect.memory.desks.upkeep import UpkeepDesk
from recollect.memory.desks.users import UsersDesk
from recollect.memory.desks.working import WorkingDesk
from recollect.memory.log_methods import LogMethods
from recollect.memory.mem0_methods import Mem0Methods
from recollect.memory.mem0_words import Mem0AddArguments, Mem0SearchArguments, Mem0UpdateArguments
from recollect.memory.moving_methods import MovingMethods
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.past_state import PastStates
from recollect.memory.recorded import recorded
from recollect.memory.said import Content
from recollect.memory.status import MemoryStatus


class AsyncFacade(LogMethods, MovingMethods, Mem0Methods):
    """Memory for agents, for ``async`` code. Open it with ``async with`` or let the first call do so.

    Example:
        >>> async with AsyncMemory() as memory:
        ...     await memory.add("I moved to Lyon in May", user_id="ana")
        ...     found = await memory.search("Where does Ana live?", user_id="ana")
    """

    AREA: str = ""
    core: Core

    def __init__(self, assemble: Callable[[], Awaitable[Parts]]) -> None:
        self.core = Core(assemble)
        self._pasts = PastStates()
        self.access = AccessDesk(self.core)
        self.keys = ApiKeysDesk(self.core)
        self.models = ModelsDesk(self.core)
        self.quarantine = QuarantineDesk(self.core)
        self.policies = PoliciesDesk(self.core)
        self.channels = ChannelsDesk(self.core)
        self.projects = ProjectsDesk(self.core)
        self.sources = SourcesDesk(self.core)
        self.audit = AuditDesk(self.core)
        self.erasure = ErasureDesk(self.core)
        self.collections = CollectionsDesk(self.core)
        self.conversations = ConversationsDesk(self.core)
        self.entities = EntitiesDesk(self.core)
        self.events = EventsDesk(self.core)
        self.goals = GoalsDesk(self.core)
        self.graph = GraphDesk(self.core)
        self.hot = HotDesk(self.core)
        self.identity = IdentityDesk(self.core)
        self.procedures = ProceduresDesk(self.core)
        self.profiles = ProfilesDesk(self.core)
        self.relationships = RelationshipsDesk(self.core)
        self.sessions = SessionsDesk(self.core)
        self.tools = ToolsDesk(self.core)
        self.traces = TracesDesk(self.core, self._pasts)
        self.upkeep = UpkeepDesk(self.core)
        self.users = UsersDesk(self.core)
        self.working = WorkingDesk(self.core)

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
    async def add(
        self, content: Content | None = None, *, user_id: str | None = None, **given: Unpack[Mem0AddArguments]
    ) -> Receipt:
        """Stores what was said and the facts in it, in one transaction, without asking a chat model.

        Args:
            content: a text, one chat message (``{"role": ..., "content": ...}``, optionally ``name``, ``at``, ``id``,
                ``metadata``), or a list of messages in order.
            user_id: whose memory it is; as in mem0, ``agent_id`` or ``run_id`` may be named instead.
            **given: see ``AddArguments``: speaker, at, occurred_at, type, tier, source_type, metadata, agent_id,
                project_id, conversation_id; and mem0's names in ``Mem0AddArguments``.

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
        said, (owner, told) = mem0_words.adding(content, user_id, given)
        return await adding.add(await self.core.ready(), said, owner, told)

    @recorded
    async def search(
        self, query: str, *, user_id: str | None = None, **given: Unpack[Mem0SearchArguments]
    ) -> SearchResult:
        """Finds the memories worth reading for a question, best first, each with its score explained.

        Args:
            query: the question, in words.
            user_id: whose memories. A user of whom nothing is stored has no hits, and ``note`` says so. As in mem0,
                ``filters`` may name the user instead.
            **given: see ``SearchArguments``: limit (10), types, tiers, statuses, occurred_from, occurred_to,
                min_confidence, as_of, profile, now, agent_id, project_id, conversation_id, min_score, max_tokens,
                most_per_conversation, deadline_ms, explain, trace; and mem0's names in ``Mem0SearchArguments``.

        Raises:
            ValidationError: an argument cannot be used.
            StoreError: the database cannot be asked.

        Example:
            >>> found = await memory.search("Where does Anna work?", user_id="ben", limit=3)
            >>> found[0].memory.text
            'Anna works at Siemens'
        """
        parts = await self.core.ready()
        asked = mem0_words.searching(user_id, given, parts.clock.now())
        check_query(query)
        keep = check_flag("trace", given.get("trace", False)) and len(asked) == 1
        trips = parts.count_round_trips()
        found = await finding.search_each(parts, query, asked)
        if keep and found.seqs:
            found = replace(found, trace_id=(await tracing.save(parts, found)).id)
        return replace(found, round_trips=trips[0])

    @recorded
    async def why_not(
        self, memory_id: UUID | str, query: str, *, user_id: str, **given: Unpack[SearchArguments]
    ) -> WhyNot:
        """Says why a memory is not in the answer to a question, or at which place it is.

        Args:
            memory_id: which memory. Of another user's it is said what is said of one that there never was.
            query: the question.
            user_id: who asks.
            **given: as for ``search``: give the same.

        Returns:
            What keeps it out, what decides first; and, if it was ranked, its rank and how much it lacks.

        Raises:
            ValidationError: an argument cannot be used. NotAllowed: the user may not ask at all.
            StoreError: the database cannot be asked.

        Example:
            >>> (await memory.why_not(receipt.id, "Where does Anna work?", user_id="ben", types=["goal"])).reason.value
            'filter'
        """
        check_known(given, SearchArguments.__annotations__, "why_not")
        wanted, parts = parse_id("memory_id", memory_id), await self.core.ready()
        return await absence.why_not(parts, wanted, check_query(query), user_id, given)

    @recorded
    async def used(
        self,
        memory_ids: Collection[UUID | str] | UUID | str,
        *,
        user_id: str,
        project_id: str | None = None,
        job_id: UUID | str | None = None,
        actor: str = "user",
    ) -> tuple[Record, ...]:
        """Notes that memories were put to use: an answer rested on them. Being found alone strengthens nothing.

        Args:
            memory_ids: one, or up to 1,000; each is counted once.
            user_id: whose.
            project_id: the project, if some are shared by its members.
            job_id: a UUID that binds changes which can be rolled back together.
            actor: who says so.

        Returns:
            The memories as they are now, with ``access_count`` and ``last_accessed_at``, in the order of the ids.

        Raises:
            ValidationError: an id cannot be used, or there are none or too many.
            NotFound: one of them is not the user's; then none is counted. NotAllowed: a policy forbids it.

        Example:
            >>> (await memory.used(receipt.id, user_id="ben"))[0].access_count
            1
        """
        given = {"project_id": project_id, "job_id": job_id, "actor": actor}
        return await using.used(await self.core.ready(), memory_ids, user_id, given)

    @recorded
    async def context(self, query: str = "", *, user_id: str, **given: Unpack[ContextArguments]) -> Packet:
        """Gathers what a turn needs: the user's identity facts, and what the question brings up.

        Args:
            query: the user's message or question; "" loads the identity facts alone.
            user_id: whose memories.
            **given: as for ``search``; in a channel also ``mentioned``, ``audience`` and ``personal``, see
                ``ContextArguments``.

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
        check_known(given, ContextArguments.__annotations__, "context")
        if query != "":
            check_query(query)
        parts = await self.core.ready()
        trips = parts.count_round_trips()
        packet = await finding.context(parts, await finding.asks_of(parts, query, user_id, given, "context"))
        return replace(packet, round_trips=trips[0])

    @recorded
    async def get(self, memory_id: UUID | str, *, user_id: str | None = None, project_id: str | None = None) -> Record:
        """Returns one memory of the user, or, with ``project_id``, one that the project's members share.

        Without a user, as in mem0, it is that of whichever user of the tenant it is; so too in update, delete, history.

        Raises:
            NotFound: there is no such memory, or it was deleted. NotAllowed: the user is no member of the project.

        Example:
            >>> (await memory.get(receipt.id, user_id="ben")).text
            'My sister Anna works at Siemens'
        """
        parts = await self.core.ready()
        owner = await mem0_words.owner_of(parts, memory_id, user_id)
        return await finding.one(parts, parse_id("memory_id", memory_id), owner, project_id)

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
        shown, last = await finding.page(parts, user_id, given, limit, after)
        return Page(tuple(shown), None if last is None else str(last))

    @recorded
    async def update(
        self,
        memory_id: UUID | str,
        text: str | None = None,
        *,
        user_id: str | None = None,
        **given: Unpack[Mem0UpdateArguments],
    ) -> Record:
        """Changes a memory's text, metadata or sensitivity; the old version stays in its history.

        Args:
            memory_id: which one.
            text: the new text; it is read, scored and embedded anew.
            user_id: who changes it: its owner or, in a project, its author or an admin.
            **given: see ``UpdateArguments``: metadata, sensitivity, expected_version, project_id, job_id, actor; and
                mem0's names in ``Mem0UpdateArguments``.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's.
            VersionConflict: it has changed since it was read.
            Conflict: another memory has this text already.

        Example:
            >>> (await memory.update(receipt.id, user_id="ben", text="My sister Anna works at Bosch")).version
            2
        """
        words, told = mem0_words.updating(text, given)
        parts = await self.core.ready()
        owner = await mem0_words.owner_of(parts, memory_id, user_id)
        return await changing.update(parts, memory_id, owner, words, told)

    @recorded
    async def revise(
        self, memory_id: UUID | str, evidence: str, *, user_id: str, text: str | None = None, actor: str = "user"
    ) -> Record:
        """Merges new evidence into a memory that was recalled within the last hour (``labile_s``).

        The evidence is stored too, and the memory cites it. Evidence that agrees raises the memory's confidence,
        evidence that states another value takes its place, and ``text`` gives the memory new words.

        Args:
            memory_id: which one.
            evidence: what was learned.
            user_id: whose.
            text: the memory's new words, if they are to change.
            actor: who revises it.

        Raises:
            NotFound: the user has no such memory. Conflict: it was not recalled lately; ``update`` always works.

        Example:
            >>> found = await memory.search("Where does Anna work?", user_id="ben")
            >>> (await memory.revise(found[0].memory.id, "Anna works at Bosch", user_id="ben")).version > 1
            True
        """
        return await changing.revise(await self.core.ready(), memory_id, evidence, user_id, text=text, actor=actor)

    @recorded
    async def delete(
        self,
        memory_id: UUID | str,
        *,
        user_id: str | None = None,
        project_id: str | None = None,
        job_id: UUID | str | None = None,
        actor: str = "user",
    ) -> None:
        """Takes a memory, and the facts that rest on it alone, out of everything but their history.

        Raises:
            NotFound: there is no such memory. NotAllowed: it is another member's.

        Example:
            >>> await memory.delete(receipt.id, user_id="ben")
        """
        cause = cause_of({"job_id": job_id, "actor": actor})
        parts = await self.core.ready()
        owner = await mem0_words.owner_of(parts, memory_id, user_id)
        await changing.delete(parts, memory_id, owner, project_id, cause=cause)

    def at(self, time: datetime | str | None = None, *, known_at: datetime | str | None = None) -> PastDesk:
        """Memories as they were true at ``time``, as they were known at ``known_at``, or both; see ``PastDesk``.

        Raises:
            ValidationError: neither is given, a time is naive, or ``known_at`` is still to come.

        Example:
            >>> page = await memory.at("2025-12-24T00:00:00+00:00").list(user_id="ben")
        """
        return PastDesk(self.core, self, self._pasts, time, known_at)

    @recorded
    async def erase(
        self,
        *,
        user_id: str,
        memory_id: UUID | str | None = None,
        project_id: str | None = None,
        actor: str = "user",
    ) -> Certificate:
        """Destroys a user, or one memory, for good: keys, rows and vectors; the log keeps lines nobody can read.

        Args:
            user_id: whose.
            memory_id: only this memory, and the facts that rest on it alone.
            project_id: where that memory is shared, if it is.
            actor: who asked for it.

        Returns:
            A signed certificate that lists what went; ``memory.erasure.verify`` checks it.

        Raises:
            NotFound: nothing of the user was ever stored, or there is no such memory.

        Example:
            >>> _ = await memory.add("Nobody needs to know this", user_id="cleo")
            >>> (await memory.erase(user_id="cleo")).rows["memory"]
            1
        """
        parts = await self.core.ready()
        if memory_id is None:
            return await erasing.erase_user(parts, user_id, actor=actor)
        return await erasing.erase_memory(parts, user_id, memory_id, project_id=project_id, actor=actor)

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
