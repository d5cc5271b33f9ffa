"""The synchronous face of ``recollect.memory.memory``; made by tools/generate_sync.py, do not edit."""

import weakref
from collections.abc import Awaitable, Callable, Collection, Generator, Mapping
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, Unpack
from uuid import UUID

from recollect.domain.certificate import Certificate
from recollect.domain.difference import Difference
from recollect.domain.event import Event, EventType
from recollect.domain.history import HistoryEvent
from recollect.domain.mem0_form import Form
from recollect.domain.move import LoadReport
from recollect.domain.packet import Packet
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory as Record
from recollect.domain.rollback import RollbackReport
from recollect.domain.search import SearchResult
from recollect.domain.why_not import WhyNot
from recollect.memory.arguments import (
    ContextArguments,
    FilterArguments,
    SearchArguments,
)
from recollect.memory.background import LOOP
from recollect.memory.mem0_words import (
    ListedArguments,
    Mem0AddArguments,
    Mem0SearchArguments,
    Mem0UpdateArguments,
)
from recollect.memory.memory import AsyncFacade
from recollect.memory.moving.source import Lines
from recollect.memory.page import Page
from recollect.memory.parts import Parts
from recollect.memory.said import Content
from recollect.memory.status import MemoryStatus
from recollect.memory.sync.access import SyncAccessDesk
from recollect.memory.sync.api_keys import SyncApiKeysDesk
from recollect.memory.sync.audit import SyncAuditDesk
from recollect.memory.sync.channels import SyncChannelsDesk
from recollect.memory.sync.collections import SyncCollectionsDesk
from recollect.memory.sync.conversations import SyncConversationsDesk
from recollect.memory.sync.entities import SyncEntitiesDesk
from recollect.memory.sync.erasure import SyncErasureDesk
from recollect.memory.sync.events import SyncEventsDesk
from recollect.memory.sync.goals import SyncGoalsDesk
from recollect.memory.sync.graph import SyncGraphDesk
from recollect.memory.sync.hot import SyncHotDesk
from recollect.memory.sync.identity import SyncIdentityDesk
from recollect.memory.sync.models import SyncModelsDesk
from recollect.memory.sync.past import SyncPastDesk
from recollect.memory.sync.policies import SyncPoliciesDesk
from recollect.memory.sync.procedures import SyncProceduresDesk
from recollect.memory.sync.profiles import SyncProfilesDesk
from recollect.memory.sync.projects import SyncProjectsDesk
from recollect.memory.sync.quarantine import SyncQuarantineDesk
from recollect.memory.sync.relationships import SyncRelationshipsDesk
from recollect.memory.sync.sessions import SyncSessionsDesk
from recollect.memory.sync.sources import SyncSourcesDesk
from recollect.memory.sync.tools import SyncToolsDesk
from recollect.memory.sync.traces import SyncTracesDesk
from recollect.memory.sync.upkeep import SyncUpkeepDesk
from recollect.memory.sync.users import SyncUsersDesk
from recollect.memory.sync.working import SyncWorkingDesk


class SyncFacade:
    """Memory for agents, for ordinary code, threads and notebooks. Opens at once; close it, or use ``with``.

    Example:
        >>> with Memory() as memory:
        ...     memory.add("I moved to Lyon in May", user_id="ana")
        ...     found = memory.search("Where does Ana live?", user_id="ana")
    """

    def __init__(self, assemble: Callable[[], Awaitable[Parts]]) -> None:
        self._inner = AsyncFacade(assemble)
        self.access = SyncAccessDesk(self._inner.access)
        self.keys = SyncApiKeysDesk(self._inner.keys)
        self.models = SyncModelsDesk(self._inner.models)
        self.quarantine = SyncQuarantineDesk(self._inner.quarantine)
        self.policies = SyncPoliciesDesk(self._inner.policies)
        self.channels = SyncChannelsDesk(self._inner.channels)
        self.projects = SyncProjectsDesk(self._inner.projects)
        self.sources = SyncSourcesDesk(self._inner.sources)
        self.audit = SyncAuditDesk(self._inner.audit)
        self.erasure = SyncErasureDesk(self._inner.erasure)
        self.collections = SyncCollectionsDesk(self._inner.collections)
        self.conversations = SyncConversationsDesk(self._inner.conversations)
        self.entities = SyncEntitiesDesk(self._inner.entities)
        self.events = SyncEventsDesk(self._inner.events)
        self.goals = SyncGoalsDesk(self._inner.goals)
        self.graph = SyncGraphDesk(self._inner.graph)
        self.hot = SyncHotDesk(self._inner.hot)
        self.identity = SyncIdentityDesk(self._inner.identity)
        self.procedures = SyncProceduresDesk(self._inner.procedures)
        self.profiles = SyncProfilesDesk(self._inner.profiles)
        self.relationships = SyncRelationshipsDesk(self._inner.relationships)
        self.sessions = SyncSessionsDesk(self._inner.sessions)
        self.tools = SyncToolsDesk(self._inner.tools)
        self.traces = SyncTracesDesk(self._inner.traces)
        self.upkeep = SyncUpkeepDesk(self._inner.upkeep)
        self.users = SyncUsersDesk(self._inner.users)
        self.working = SyncWorkingDesk(self._inner.working)
        LOOP.acquire()
        self._finish = weakref.finalize(self, _finish, self._inner)
        try:
            LOOP.call(self._inner.open)
        except BaseException:
            self._finish()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives everything back. Closing twice is fine; using it afterwards raises UsageError."""
        self._finish()

    def add(
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
            >>> receipt = memory.add("My sister Anna works at Siemens", user_id="ben")
            >>> receipt.items[0].outcome.value
            'accepted'
        """
        return LOOP.call(partial(self._inner.add, content, user_id=user_id, **given))

    def search(self, query: str, *, user_id: str | None = None, **given: Unpack[Mem0SearchArguments]) -> SearchResult:
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
            >>> found = memory.search("Where does Anna work?", user_id="ben", limit=3)
            >>> found[0].memory.text
            'Anna works at Siemens'
        """
        return LOOP.call(partial(self._inner.search, query, user_id=user_id, **given))

    def why_not(self, memory_id: UUID | str, query: str, *, user_id: str, **given: Unpack[SearchArguments]) -> WhyNot:
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
            >>> memory.why_not(receipt.id, "Where does Anna work?", user_id="ben", types=["goal"]).reason.value
            'filter'
        """
        return LOOP.call(partial(self._inner.why_not, memory_id, query, user_id=user_id, **given))

    def used(
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
            >>> (memory.used(receipt.id, user_id="ben"))[0].access_count
            1
        """
        return LOOP.call(
            partial(self._inner.used, memory_ids, user_id=user_id, project_id=project_id, job_id=job_id, actor=actor)
        )

    def context(self, query: str = "", *, user_id: str, **given: Unpack[ContextArguments]) -> Packet:
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
            >>> packet = memory.context("Where does Anna work?", user_id="ben")
            >>> "Siemens" in packet.render(budget_tokens=400)
            True
        """
        return LOOP.call(partial(self._inner.context, query, user_id=user_id, **given))

    def get(self, memory_id: UUID | str, *, user_id: str | None = None, project_id: str | None = None) -> Record:
        """Returns one memory of the user, or, with ``project_id``, one that the project's members share.

        Without a user, as in mem0, it is that of whichever user of the tenant it is; so too in update, delete, history.

        Raises:
            NotFound: there is no such memory, or it was deleted. NotAllowed: the user is no member of the project.

        Example:
            >>> memory.get(receipt.id, user_id="ben").text
            'My sister Anna works at Siemens'
        """
        return LOOP.call(partial(self._inner.get, memory_id, user_id=user_id, project_id=project_id))

    def list(
        self, *, user_id: str, limit: int = 50, cursor: str | None = None, **given: Unpack[FilterArguments]
    ) -> Page:
        """Lists a user's memories, newest first, a page at a time.

        Args:
            user_id: whose memories.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.
            **given: see ``FilterArguments``.

        Example:
            >>> page = memory.list(user_id="ben", types=["turn", "semantic_fact"])
            >>> page.next_cursor is None
            True
        """
        return LOOP.call(partial(self._inner.list, user_id=user_id, limit=limit, cursor=cursor, **given))

    def update(
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
            >>> memory.update(receipt.id, user_id="ben", text="My sister Anna works at Bosch").version
            2
        """
        return LOOP.call(partial(self._inner.update, memory_id, text, user_id=user_id, **given))

    def revise(
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
            >>> found = memory.search("Where does Anna work?", user_id="ben")
            >>> memory.revise(found[0].memory.id, "Anna works at Bosch", user_id="ben").version > 1
            True
        """
        return LOOP.call(partial(self._inner.revise, memory_id, evidence, user_id=user_id, text=text, actor=actor))

    def delete(
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
            >>> memory.delete(receipt.id, user_id="ben")
        """
        return LOOP.call(
            partial(self._inner.delete, memory_id, user_id=user_id, project_id=project_id, job_id=job_id, actor=actor)
        )

    def at(self, time: datetime | str | None = None, *, known_at: datetime | str | None = None) -> SyncPastDesk:
        """Memories as they were true at ``time``, as they were known at ``known_at``, or both; see ``PastDesk``.

        Raises:
            ValidationError: neither is given, a time is naive, or ``known_at`` is still to come.

        Example:
            >>> page = memory.at("2025-12-24T00:00:00+00:00").list(user_id="ben")
        """
        return SyncPastDesk(self._inner.at(time, known_at=known_at))

    def erase(
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
            >>> _ = memory.add("Nobody needs to know this", user_id="cleo")
            >>> memory.erase(user_id="cleo").rows["memory"]
            1
        """
        return LOOP.call(
            partial(self._inner.erase, user_id=user_id, memory_id=memory_id, project_id=project_id, actor=actor)
        )

    def status(self) -> MemoryStatus:
        """Asks the database and the embedder how they are.

        Example:
            >>> memory.status().store.vector_extension >= "0.8"
            True
        """
        return LOOP.call(partial(self._inner.status))

    def history(
        self, memory_id: UUID | str, *, user_id: str | None = None, project_id: str | None = None
    ) -> tuple[HistoryEvent, ...]:
        """Returns everything that happened to a memory, oldest first; also to one that was superseded or deleted.

        Raises:
            NotFound: there never was such a memory. NotAllowed: the user is no member of the project.

        Example:
            >>> [event.type.value for event in memory.history(receipt.id, user_id="ben")]
            ['memory_added', 'memory_used', 'memory_updated', 'memory_deleted']
        """
        return LOOP.call(partial(self._inner.history, memory_id, user_id=user_id, project_id=project_id))

    def watch(
        self,
        *,
        user_id: str,
        after_seq: int | None = None,
        types: Collection[EventType | str] | None = None,
        project_id: str | None = None,
        timeout_s: float | None = None,
    ) -> Generator[Event]:
        """Yields what happens to a user's memories as it happens: in order, nothing lost, nothing twice.

        Break it off whenever you like; ``after_seq=event.seq`` of the last event goes on where it stopped. It ends by
        itself when the memory is closed. While the database is away it waits, for a minute at most.

        Args:
            user_id: whose log; with ``project_id``, the member who watches.
            after_seq: begin after this position of the log, 0 for its beginning; by default, with what is written from
                the call on.
            types: only these events.
            project_id: watch what the project's members share instead of the user's own.
            timeout_s: end when nothing came for so many seconds; by default it goes on for ever.

        Returns:
            Events, as ``events.list`` gives them: None is the payload of what was erased, or may not be read.

        Raises:
            ValidationError: an argument cannot be used. NotAllowed: the user is no member of the project (any more).
            StoreError: the database cannot be asked.

        Example:
            >>> _ = memory.add("I like tea", user_id="dora")
            >>> for event in memory.watch(user_id="dora", after_seq=0, timeout_s=0.1):
            ...     print(event.seq, event.type.value)
            1 memory_added
        """
        return LOOP.iterate(
            self._inner.watch(
                user_id=user_id, after_seq=after_seq, types=types, project_id=project_id, timeout_s=timeout_s
            ),
            self,
        )

    def diff(self, t1: datetime | str, t2: datetime | str, *, user_id: str) -> Difference:
        """Tells what the store learned from ``t1`` to ``t2``: what was added, changed, superseded, deleted.

        Raises:
            ValidationError: a time is naive, or ``t2`` is before ``t1``.

        Example:
            >>> difference = memory.diff("2026-05-04T00:00:00+00:00", "2026-05-05T00:00:00+00:00", user_id="ben")
        """
        return LOOP.call(partial(self._inner.diff, t1, t2, user_id=user_id))

    def rollback(
        self,
        *,
        user_id: str | None = None,
        project_id: str | None = None,
        to: UUID | str | int | None = None,
        before: datetime | str | None = None,
        job: UUID | str | None = None,
        dry_run: bool = False,
    ) -> RollbackReport:
        """Leads back to an earlier state by new events; ``to=report.from_seq`` takes a rollback back.

        Args:
            user_id: whose memory; with ``project_id``, who does it: an admin.
            project_id: roll back what the project's members share, instead of the user's own.
            to: an event's id, or a line of the log, after which everything is to be as it was; what was written with it
                in one transaction belongs to it.
            before: a time, just before which everything is to be as it was.
            job: a run; only what it changed is undone, and what others changed since is kept.
            dry_run: only tell what would change.

        Raises:
            ValidationError: not exactly one of ``to``, ``before`` and ``job``. NotFound: no such line, event or run.
            NotAllowed: the user is no admin of the project, or a policy forbids it.

        Example:
            >>> report = memory.rollback(user_id="ben", to=0, dry_run=True)
        """
        return LOOP.call(
            partial(
                self._inner.rollback,
                user_id=user_id,
                project_id=project_id,
                to=to,
                before=before,
                job=job,
                dry_run=dry_run,
            )
        )

    def export(self, *, user_id: str, embeddings: bool = False) -> Generator[dict[str, Any]]:
        """Yields everything that is a user's as JSON objects, a line of a file each; ``load`` reads them back.

        Args:
            user_id: whose. What policies hide from the user is left out.
            embeddings: whether each memory has its vectors too; ``load`` makes them anew in any case.

        Returns:
            A header, then memories of every status, and all that is kept beside them; see ``docs/moving.md``.

        Example:
            >>> [line["kind"] for line in memory.export(user_id="dora")][:2]
            ['header', 'memory']
        """
        return LOOP.iterate(self._inner.export(user_id=user_id, embeddings=embeddings), self)

    def load(
        self,
        lines: Lines,
        *,
        user_id: str | None = None,
        on_conflict: str = "skip",
        dry_run: bool = False,
        job_id: UUID | str | None = None,
        actor: str = "user",
    ) -> LoadReport:
        """Reads an export, or lines of one's own (``{"text": ..., "at": ...}``, chat messages), in batches.

        Reading the same lines again changes nothing. Times are those of the lines, never the present.

        Args:
            lines: texts or objects, one by one; a file that is open will do.
            user_id: whose they become; if not given, whose the header or each line says they are.
            on_conflict: what to do when something else is there under a line's id: ``skip`` the line, or ``fail``.
            dry_run: only tell what would happen.
            job_id: binds what is written, so that ``rollback(job=...)`` takes it back; a new one by default.
            actor: who does it.

        Raises:
            ValidationError: an argument, or the header's format, cannot be used; a line that cannot is in the report.
            Conflict: with ``fail``; the parts of the file before that line are stored.

        Example:
            >>> memory.load(['{"text": "I like tea", "at": null}'], user_id="eva").imported
            1
        """
        return LOOP.call(
            partial(
                self._inner.load,
                lines,
                user_id=user_id,
                on_conflict=on_conflict,
                dry_run=dry_run,
                job_id=job_id,
                actor=actor,
            )
        )

    def get_all(self, *, user_id: str | None = None, **given: Unpack[ListedArguments]) -> Page:
        """Lists memories as mem0 does, newest first; ``list`` does so a page at a time.

        Args:
            user_id: whose; it may also stand in ``filters``.
            **given: see ``ListedArguments``.

        Raises:
            ValidationError: an argument cannot be used, or nobody is named.

        Example:
            >>> _ = memory.add("I like tea", user_id="fay")
            >>> (memory.get_all(user_id="fay"))["results"][0]["memory"]
            'I like tea'
        """
        return LOOP.call(partial(self._inner.get_all, user_id=user_id, **given))

    def delete_all(
        self,
        *,
        user_id: str | None = None,
        agent_id: str | None = None,
        run_id: str | None = None,
        filters: Mapping[str, Any] | None = None,
        actor: str = "user",
    ) -> Form:
        """Deletes all memories that the ids name, as one run: ``rollback(job=...)`` takes it back.

        Args:
            user_id: whose.
            agent_id: only those of this agent; without a user, those of no user.
            run_id: only those of this conversation; without a user, those of no user.
            filters: in mem0's grammar.
            actor: who does it.

        Returns:
            mem0's ``message``, and ``deleted`` (how many) and ``job_id``.

        Raises:
            ValidationError: nobody is named.

        Example:
            >>> (memory.delete_all(user_id="zoe"))["deleted"]
            0
        """
        return LOOP.call(
            partial(
                self._inner.delete_all, user_id=user_id, agent_id=agent_id, run_id=run_id, filters=filters, actor=actor
            )
        )

    def reset(self) -> Form:
        """Erases every user of the tenant for good, as mem0's ``reset`` empties its store; there is no way back.

        Projects, policies, sources and keys stay.

        Example:
            >>> (memory.reset())["message"]
            'All users and memories were erased.'
        """
        return LOOP.call(partial(self._inner.reset))


def _finish(inner: AsyncFacade) -> None:
    """Closes what a facade holds; also runs when it is garbage-collected or the program ends."""
    LOOP.finish(inner.close)
