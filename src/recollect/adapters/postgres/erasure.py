"""Erasure: keys and rows go, the log's lines stay, and a certificate says so; one transaction under all locks it needs.

An erasure touches the user's own stream; of the projects whose shared memories the user wrote, theirs; and the
tenant's, which holds the memberships. Their locks are taken in the order of their numbers, so that two erasures cannot
wait for each other. What the log then says in the clear are counts and ids.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from psycopg import sql

from recollect.adapters.postgres import search_rows
from recollect.adapters.postgres.batch import Batch
from recollect.adapters.postgres.cascade import Cascade, marks
from recollect.adapters.postgres.codec import memory_from_row
from recollect.adapters.postgres.erased_tables import HOLDING, KEYS, OF_MEMORY, OF_USER
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.sealing import Keyring, Sealer, plain
from recollect.adapters.postgres.session import Connection, Sessions, name_tenant
from recollect.adapters.postgres.tables import SCHEMA
from recollect.adapters.postgres.things import SHAPES
from recollect.adapters.postgres.writing import lock_number, model_lock_number
from recollect.domain.api_key import StoredKey
from recollect.domain.certificate import Certificate, Erased, LogEnd
from recollect.domain.conversation import Conversation
from recollect.domain.erasure import rests_on, without
from recollect.domain.event import GENESIS, Event, EventType
from recollect.domain.ids import ids_among, new_id
from recollect.domain.project import ProjectMember
from recollect.domain.record import Memory, Status
from recollect.domain.scope import PROJECT_STREAM, TENANT_STREAM, Scope
from recollect.domain.thing import NAMESPACE
from recollect.errors import Conflict, NotFound
from recollect.ports.log_keeper import Settle
from recollect.ports.store import Cause, Change, ThingChange

ATTEMPTS = 5
CACHES = ("keys", "resident index", "known names", "hot tier")


async def erase_user(sessions: Sessions, keyring: Keyring, scope: Scope, actor: str) -> Certificate:
    """Erases a user. See ``recollect.ports.log_keeper.LogKeeper``."""
    for _ in range(ATTEMPTS):
        async with sessions.connection() as connection:
            erasure = _Erasure(connection, keyring, scope, actor)
            if await erasure.begin(whole_tenant=True):
                return await erasure.user()
    raise _too_busy(scope)


async def erase_memory(
    sessions: Sessions, keyring: Keyring, scope: Scope, memory_id: UUID, *, actor: str, settle: Settle
) -> Certificate:
    """Erases a memory. See ``recollect.ports.log_keeper.LogKeeper``."""
    for _ in range(ATTEMPTS):
        async with sessions.connection() as connection:
            erasure = _Erasure(connection, keyring, scope, actor)
            if await erasure.begin(copy_of=str(memory_id)):
                return await erasure.memory(memory_id, settle)
    raise _too_busy(scope)


def _too_busy(scope: Scope) -> Conflict:
    return Conflict(f"user {scope.user_id!r} goes on sharing memories in new projects; nothing was erased, try again")


@dataclass(slots=True)
class _Stream:
    """A stream under its lock: where its log ends, its wrapped key, and what is to be written to it."""

    scope: Scope
    seq: int
    hash: bytes
    key: tuple[bytes, str] | None
    batch: Batch
    vanished_seq: int = 0

    def take(self, change: Change | ThingChange, sealer: Sealer) -> None:
        """Adds an ordinary change."""
        event = self.batch.take(change, sealer, self.seq, self.hash)
        self.seq, self.hash = event.seq, event.hash

    def say(self, kind: EventType, subject: UUID, payload: dict[str, Any]) -> Event:
        """Adds a line that is stored plainly: it must be readable when the keys are gone."""
        event = Event(
            id=new_id(),
            tenant_id=self.scope.tenant_id,
            user_id=self.scope.user_id,
            type=kind,
            subject_id=subject,
            payload=payload,
            sealed=plain(payload),
            recorded_at=self.batch.now,
            actor=self.batch.cause.actor,
        ).chained(self.seq + 1, self.hash)
        self.batch.events.append(event)
        self.batch.vanished = True
        self.seq, self.hash = event.seq, event.hash
        return event


class _Erasure:
    """One attempt: ``begin``, then ``user`` or ``memory``."""

    def __init__(self, connection: Connection, keyring: Keyring, scope: Scope, actor: str) -> None:
        self._connection = connection
        self._keyring = keyring
        self._scope = scope
        self._cause = Cause(actor=actor)
        self._now = datetime.now(UTC)
        self._rows: Counter[str] = Counter()
        self._unreadable = 0
        self._shared: dict[str, list[UUID]] = {}
        self._streams: dict[str, _Stream] = {}

    async def begin(self, *, copy_of: str | None = None, whole_tenant: bool = False) -> bool:
        """Takes the locks of all streams that are touched; False if another one came up meanwhile."""
        await self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        await name_tenant(self._connection, self._scope.tenant_id)
        names = {self._scope.user_id, *(await self._shared_by_user(copy_of))}
        if whole_tenant:
            names.add(TENANT_STREAM)
        models = model_lock_number(self._scope.tenant_id)
        for scope in sorted(map(self._of, names), key=lock_number):
            locks = {"tenant_id": scope.tenant_id, "lock": lock_number(scope), "models": models}
            await self._connection.execute(QUERIES["lock_user"], locks)
        self._shared = await self._shared_by_user(copy_of)
        if not self._shared.keys() <= names:
            await self._connection.rollback()
            return False
        for name in names:
            self._streams[name] = await self._stream(self._of(name))
        return True

    async def user(self) -> Certificate:
        """Erases the user and commits.

        Raises:
            NotFound: nothing of the user was ever stored.
        """
        own = self._streams[self._scope.user_id]
        memberships, keys = await self._memberships(), await self._keys()
        if not (own.seq or memberships or keys or self._shared or await self._count("is_hot", own)):
            raise NotFound(f"nothing of user {self._scope.user_id!r} was ever stored")
        reason = "the user was erased"
        leaving = [ThingChange(type=EventType.MEMBER_REMOVED, before=m, reason=reason) for m in memberships]
        leaving += [ThingChange(type=EventType.API_KEY_REVOKED, before=k, reason=reason) for k in keys]
        await self._take(self._streams[TENANT_STREAM], leaving)
        self._rows["project_member"] += len(memberships)
        self._rows[StoredKey.KIND] += len(keys)
        for name, ids in self._shared.items():
            await self._memories(self._streams[name], ids)
        self._unreadable += await self._count("readable_lines", own)
        await self._stop_reading(own)
        for table in OF_USER:
            await self._delete(table, own, sql.SQL("user_id = %(user_id)s"), {})
        payload = {"rows": self._counts(), "unreadable_events": self._unreadable}
        said = own.say(EventType.USER_ERASED, uuid5(NAMESPACE, self._scope.user_id), payload)
        return await self._finish(Erased.USER, said, ())

    async def memory(self, memory_id: UUID, settle: Settle) -> Certificate:
        """Erases the memory and commits.

        Raises:
            NotFound: the stream has no row of it.
        """
        own = self._streams[self._scope.user_id]
        record, existing = await self._settling(own, memory_id)
        changes = settle(existing, record, self._now) if record.status is not Status.DELETED else ()
        gone = await self._memories(own, [memory_id], changes)
        for name, ids in self._shared.items():
            gone += await self._memories(self._streams[name], ids)
        said = next(event for event in own.batch.events if event.type is EventType.MEMORY_ERASED)
        return await self._finish(Erased.MEMORY, said, gone)

    async def _settling(self, stream: _Stream, memory_id: UUID) -> tuple[Memory, list[Memory]]:
        """The memory, and all that must be seen to settle what others are worth without it."""
        owner = self._owner(stream.scope)
        asked = {**owner, "agent_id": "", "hashes": [], "keys": [], "ids": [memory_id], "deleted_too": True}
        found = await self._records(stream, "wanted", asked)
        if memory_id not in found:
            raise NotFound(f"user {stream.scope.user_id!r} has no memory {memory_id}")
        record = found[memory_id]
        if record.key is not None:
            asked |= {"agent_id": record.agent_id, "keys": [record.key]}
            found |= await self._records(stream, "wanted", asked)
        found |= await self._records(stream, "citing", {**owner, "citing": [str(memory_id)]})
        superseded = [fact for fact in found.values() if fact.status is Status.SUPERSEDED]
        words = {known for fact in superseded for known in ids_among(fact.provenance.evidence)} - set(found)
        if words:  # they may have been taken out when the fact was corrected, and come back with it
            found |= await self._records(
                stream, "wanted", {**asked, "keys": [], "ids": list(words), "deleted_too": False}
            )
        return record, list(found.values())

    async def _records(self, stream: _Stream, name: str, parameters: dict[str, Any]) -> dict[UUID, Memory]:
        """The records that a named statement finds; their salts are kept for what is to be written of them."""
        cursor = await self._connection.execute(QUERIES[name], parameters, binary=True)
        found: dict[UUID, Memory] = {}
        for *row, salt in await cursor.fetchall():
            record = memory_from_row(row)
            found[record.id] = record
            if salt is not None:
                stream.batch.salts[record.id] = bytes(salt)
        return found

    async def _memories(self, stream: _Stream, ids: Sequence[UUID], settled: Sequence[Change] = ()) -> list[UUID]:
        """Erases memories of one stream and what rests on them alone; returns the ids of all that went."""
        gone, kept = await self._resting_on(stream, ids)
        told_in = await self._conversations(stream, gone)
        cascade = Cascade(self._connection, stream.scope)
        hanging = await cascade.below(gone)
        self._unreadable += await self._count("readable_lines_of", stream, ids=gone)
        self._rows.update(await search_rows.take_out(self._connection, self._owner(stream.scope), gone))
        for table, column in OF_MEMORY:
            condition = sql.SQL("(user_id || '') = %(user_id)s AND {} = ANY(%(ids)s)").format(sql.Identifier(column))
            await self._delete(table, stream, condition, {"ids": gone})
        for table in HOLDING:
            await self._delete(table, stream, sql.SQL("user_id = %(user_id)s"), {})
        stream.batch.hot.derived = True
        for memory_id in gone:
            stream.say(EventType.MEMORY_ERASED, memory_id, {"with": str(ids[0])})
        reason = "said anew as a whole: lines that it was built from were erased"
        staying = {change.after.id: change for change in settled if change.after.id not in gone}
        changes = [
            *staying.values(),
            *(self._stripped(record, gone) for record in kept if record.id not in staying),
            *(ThingChange(type=EventType.CONVERSATION_UPDATED, after=told, reason=reason) for told in told_in),
        ]
        hanging.memories |= {change.after.id: change.after for change in changes if isinstance(change, Change)}
        stream.batch.salts.update({one: cascade.salts[one] for one in cascade.salts.keys() - set(gone)})
        await self._take(stream, [*changes, *marks(hanging.without(gone, self._now))])
        return gone

    async def _stop_reading(self, stream: _Stream) -> None:
        """Waits for whoever writes a large user's search rows; who comes later writes nothing."""
        await self._connection.execute(QUERIES["search_step_lock"], self._owner(stream.scope))

    def _stripped(self, record: Memory, gone: Iterable[UUID]) -> Change:
        after = without(record, frozenset(map(str, gone)), self._now)
        reason = "a memory that it cited was erased"
        return Change(type=EventType.MEMORY_UPDATED, before=record, after=after, reason=reason)

    async def _take(self, stream: _Stream, changes: Sequence[Change | ThingChange]) -> None:
        if changes:
            sealer = await self._sealer(stream)
            for change in changes:
                stream.take(change, sealer)

    async def _resting_on(self, stream: _Stream, ids: Sequence[UUID]) -> tuple[list[UUID], list[Memory]]:
        """The memories that go with these, and those that cite them but stay."""
        gone = dict.fromkeys(ids)
        citing: dict[UUID, Memory] = {}
        new: Sequence[UUID] = ids
        while new:
            parameters = self._owner(stream.scope) | {"cited": [str(memory_id) for memory_id in new]}
            citing |= await self._records(stream, "resting_on", parameters)
            new = [r.id for r in citing.values() if r.id not in gone and rests_on(r, frozenset(map(str, gone)))]
            gone |= dict.fromkeys(new)
        gone |= dict.fromkeys(await self._concluded_from(stream, frozenset(map(str, gone))))
        return list(gone), [record for record in citing.values() if record.id not in gone]

    async def _concluded_from(self, stream: _Stream, gone: frozenset[str]) -> list[UUID]:
        """Deleted conclusions that, as their history tells, never rested on anything but these memories."""
        owner = self._owner(stream.scope)
        cursor = await self._connection.execute(QUERIES["conclusions_without_evidence"], owner)
        ids = [memory_id for (memory_id,) in await cursor.fetchall()]
        cited: dict[UUID, set[str]] = {}
        for memory_id, payload in await self._lines_of(stream, ids):
            evidence = payload.get("memory", {}).get("provenance", {}).get("evidence", ())
            cited.setdefault(memory_id, set()).update(evidence)
        return [memory_id for memory_id, evidence in cited.items() if evidence and evidence <= gone]

    async def _lines_of(self, stream: _Stream, ids: Sequence[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
        """What the log says of memories, as far as it can be read."""
        if not ids or stream.key is None:
            return []
        sealer = await self._sealer(stream)
        asked = self._owner(stream.scope) | {"ids": list(ids)}
        cursor = await self._connection.execute(QUERIES["lines_of_memories"], asked, binary=True)
        return [
            (memory_id, sealer.open(bytes(sealed), event_id, None if salt is None else bytes(salt)) or {})
            for memory_id, event_id, sealed, salt in await cursor.fetchall()
        ]

    async def _sealer(self, stream: _Stream) -> Sealer:
        assert stream.key is not None  # noqa: S101 - a stream that has lines of its own has a key
        return await self._keyring.sealer(stream.scope.tenant_id, stream.scope.user_id, *stream.key)

    async def _conversations(self, stream: _Stream, ids: Sequence[UUID]) -> list[Conversation]:
        """The conversations in which they were told: part of what is known of those stood in lines that go.

        The lines tell, not the turns: a rollback may have taken those back.
        """
        told = [payload["turn"] for _, payload in await self._lines_of(stream, ids) if "turn" in payload]
        names = list(dict.fromkeys(turn["conversation_id"] for turn in told))
        where = {"user_id": stream.scope.user_id, "id": names}
        return [thing for thing in await self._things(Conversation.KIND, where) if isinstance(thing, Conversation)]

    async def _memberships(self) -> list[ProjectMember]:
        found = await self._things(ProjectMember.KIND, {"user_id": self._scope.user_id})
        return [thing for thing in found if isinstance(thing, ProjectMember)]

    async def _keys(self) -> list[StoredKey]:
        """The API keys that act for nobody else: they go with the user."""
        found = await self._things(StoredKey.KIND, {"user_id": self._scope.user_id})
        return [thing for thing in found if isinstance(thing, StoredKey)]

    async def _things(self, kind: str, where: dict[str, Any]) -> list[Any]:
        query, parameters = SHAPES[kind].select(self._scope.tenant_id, where, limit=None, after=None)
        cursor = await self._connection.execute(query, parameters, binary=True)
        return [SHAPES[kind].thing(row) for row in await cursor.fetchall()]

    async def _shared_by_user(self, copy_of: str | None) -> dict[str, list[UUID]]:
        parameters = {
            "tenant_id": self._scope.tenant_id,
            "author_id": self._scope.user_id,
            "prefix": PROJECT_STREAM,
            "copy_of": copy_of,
        }
        found: dict[str, list[UUID]] = {}
        cursor = await self._connection.execute(QUERIES["shared_by_author"], parameters)
        for name, memory_id in await cursor.fetchall():
            found.setdefault(name, []).append(memory_id)
        return found

    async def _stream(self, scope: Scope) -> _Stream:
        owner = self._owner(scope)
        head = await (await self._connection.execute(QUERIES["log_head"], owner)).fetchone()
        key = await (await self._connection.execute(QUERIES["stream_key"], owner)).fetchone()
        batch = Batch(scope=scope, model_id="", cause=self._cause, now=self._now, salts={})
        seq, last = (head[0], bytes(head[1])) if head is not None else (0, GENESIS)
        vanished_seq = head[2] if head is not None else 0
        return _Stream(scope, seq, last, None if key is None else (bytes(key[0]), key[1]), batch, vanished_seq)

    async def _delete(self, table: str, stream: _Stream, condition: sql.Composable, parameters: dict[str, Any]) -> None:
        statement = sql.SQL("DELETE FROM {} WHERE tenant_id = %(tenant_id)s AND {}").format(
            sql.Identifier(SCHEMA, table), condition
        )
        cursor = await self._connection.execute(statement, self._owner(stream.scope) | parameters)
        self._rows[table] += cursor.rowcount

    async def _count(self, name: str, stream: _Stream, **parameters: Any) -> int:
        cursor = await self._connection.execute(QUERIES[name], self._owner(stream.scope) | parameters)
        row = await cursor.fetchone()
        return row[0] if row else 0

    async def _finish(self, erased: Erased, said: Event, gone: Iterable[UUID]) -> Certificate:
        """Writes the lines and the heads, signs, and commits: without a signature nothing is erased."""
        touched = [stream for stream in self._streams.values() if stream.batch.events]
        async with self._connection.cursor() as cursor:
            for stream in touched:
                stream.batch.move_head(stream.seq, stream.hash)
                for statement, rows in stream.batch.statements():
                    await cursor.executemany(statement, rows)
                if stream.batch.hot.touched(stream.scope):
                    await cursor.execute(QUERIES["bump_hot"], self._owner(stream.scope))
                await search_rows.follow_vanished(self._connection, self._owner(stream.scope), stream.vanished_seq)
        vault = self._keyring.vault
        certificate = Certificate(
            erased=erased,
            tenant_id=self._scope.tenant_id,
            user_id=self._scope.user_id,
            erased_at=self._now,
            actor=self._cause.actor,
            event_id=said.id,
            memory_ids=tuple(gone),
            rows={table: count for table, count in self._counts().items() if table not in KEYS},
            unreadable_events=self._unreadable,
            keys=sum(self._rows[table] for table in KEYS),
            logs=tuple(LogEnd(stream=s.scope.user_id, seq=s.seq, hash=s.hash.hex()) for s in touched),
            caches=CACHES,
            master_id=vault.master_id,
            public_key=vault.public_key.hex(),
        )
        certificate = certificate.signed(await vault.sign(certificate.message()))
        await self._connection.execute("COMMIT")
        if erased is Erased.USER:
            self._keyring.forget(self._scope.tenant_id, self._scope.user_id)
        return certificate

    def _counts(self) -> dict[str, int]:
        return {table: count for table, count in sorted(self._rows.items()) if count}

    def _of(self, name: str) -> Scope:
        return Scope(tenant_id=self._scope.tenant_id, user_id=name)

    def _owner(self, scope: Scope) -> dict[str, Any]:
        return {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
