"""The write transaction: the user's lock, the log's next lines and the state they lead to, in two round trips."""

import hashlib
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from psycopg import AsyncCursor

from recollect.adapters.postgres.batch import Batch
from recollect.adapters.postgres.cascade import Cascade
from recollect.adapters.postgres.codec import event_from_row, memory_from_row
from recollect.adapters.postgres.hot_rows import HotRows, trims
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.sealing import Keyring, Sealer, open_plain
from recollect.adapters.postgres.session import Connection, Sessions, name_tenant_in_cluster, note_round_trip
from recollect.adapters.postgres.things import SHAPES
from recollect.domain.conversation import Conversation
from recollect.domain.event import GENESIS, Event
from recollect.domain.hot import HotItem, HotKind, HotLimits
from recollect.domain.record import Memory
from recollect.domain.scope import Scope
from recollect.domain.thing import Thing
from recollect.errors import ModelSwitched
from recollect.ports.giving_way import Slices
from recollect.ports.hot_tier import HotChange, HotWrite
from recollect.ports.store import Answer, Cause, Change, Note, ThingChange, Wanted

T = TypeVar("T", bound=Thing)
ANSWERS_KEPT = timedelta(hours=24)
ROWS_AT_ONCE = 25
"""Rows that are made ready to be sent before others have their turn."""
Cursor = AsyncCursor[tuple[Any, ...]]
Cursors = dict[str, Cursor]


@dataclass(frozen=True, slots=True)
class Rules:
    """Who writes, in which run, and how much may be hot."""

    cause: Cause
    limits: HotLimits


class PostgresWriteTransaction:
    """A transaction that holds the user's lock. See ``recollect.ports.store.WriteTransaction``.

    Args:
        model: id and dimension of the embedding model whose vectors are written; "" for none.
    """

    def __init__(
        self, connection: Connection, scope: Scope, model: tuple[str, int], keyring: Keyring, rules: Rules
    ) -> None:
        self._limits, cause = rules.limits, rules.cause
        self._connection = connection
        self._scope = scope
        self._model_id, self._dimension = model
        self._keyring = keyring
        self._cause = cause
        self._seq = 0
        self._hash: bytes = GENESIS
        self._sealer: Sealer | None = None
        self._salts: dict[UUID, bytes] = {}
        self.existing: Sequence[Memory] = ()
        self.conversation: Conversation | None = None
        self.told: Collection[tuple[UUID, datetime]] = ()
        self.answered: Answer | None = None
        self.hot: HotChange | None = None
        self.after_commit: Callable[[Scope, bool], None] | None = None
        self._watched = True
        self._unleaned: frozenset[UUID] = frozenset()

    @property
    def seq(self) -> int:
        """Where the user's log ends."""
        return self._seq

    async def begin(self, wanted: Wanted, *, alone: bool = False) -> None:
        """Takes the lock, with ``alone`` the whole tenant's, and reads what is wanted: one round trip."""
        asked = list(_questions(self._scope, wanted))
        found: Cursors = {}
        async with self._connection.pipeline():
            await self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await name_tenant_in_cluster(self._connection, self._scope.tenant_id)
            name = "lock_models" if alone else "lock_user"
            locked = await self._connection.execute(QUERIES[name], _locks(self._scope))
            for name, parameters in asked:
                found[name] = await self._connection.execute(QUERIES[name], parameters, binary=True)
        note_round_trip()
        rows = {name: await cursor.fetchall() for name, cursor in found.items()}
        self._watched = alone or not cast(tuple[Any, ...], await locked.fetchone())[-1]
        await self._take(rows, wanted)

    async def _take(self, rows: dict[str, list[tuple[Any, ...]]], wanted: Wanted) -> None:
        for (model_id,) in rows["active_model"]:
            if self._model_id and model_id != self._model_id:
                raise ModelSwitched(f"the tenant's embedding model is {model_id} now, no longer {self._model_id}")
        for seq, head, _ in rows["log_head"]:
            self._seq, self._hash = seq, bytes(head)
        owner = (self._scope.tenant_id, self._scope.user_id)
        self._sealer = await self._keyring.sealer_of(*owner, rows["stream_key"])
        self._take_memories([*rows["wanted"], *rows.get("citing", ())])
        leaned_on = {premise for (premise,) in rows["leaned_on"]}
        asked = {memory.id for memory in self.existing if memory.key in wanted.keys or memory.id in wanted.ids}
        self._unleaned = frozenset(asked - leaned_on)
        self._take_conversation(rows, wanted)
        for body_hash, sealed in rows.get("idempotency_key", ()):
            assert wanted.idempotency_key is not None  # noqa: S101 - it was asked for
            body = self._sealer.open_answer(bytes(sealed), wanted.idempotency_key) if self._sealer else None
            if body is not None:
                self.answered = Answer(key=wanted.idempotency_key, body_hash=bytes(body_hash), body=body)

    def _take_memories(self, rows: Sequence[tuple[Any, ...]]) -> None:
        memories = [memory_from_row(row[:-1]) for row in rows]
        self.existing = list({memory.id: memory for memory in (*self.existing, *memories)}.values())
        self._salts |= {
            memory.id: bytes(row[-1]) for memory, row in zip(memories, rows, strict=True) if row[-1] is not None
        }

    def _take_conversation(self, rows: dict[str, list[tuple[Any, ...]]], wanted: Wanted) -> None:
        self.told = frozenset((memory_id, said_at) for memory_id, said_at in rows.get("turns_told", ()))
        for agent_id, project_id, title, started_at, last_turn_at, turn_count, extra in rows.get(
            "conversation_now", ()
        ):
            self.conversation = Conversation(
                tenant_id=self._scope.tenant_id,
                user_id=self._scope.user_id,
                id=wanted.conversation_id or "",
                agent_id=agent_id,
                project_id=project_id,
                title=title,
                started_at=started_at,
                last_turn_at=last_turn_at,
                turn_count=turn_count,
                extra=extra,
            )

    async def things(self, kind: type[T], where: Mapping[str, Any]) -> list[T]:
        """The things of a kind whose fields equal ``where``, as they are under the lock."""
        shape = SHAPES[kind.KIND]
        query, parameters = shape.select(self._scope.tenant_id, where, limit=None, after=None)
        cursor = await self._connection.execute(query, parameters, binary=True)
        note_round_trip()
        return cast(list[T], [shape.thing(row) for row in await cursor.fetchall()])

    async def want(self, wanted: Wanted) -> None:
        """Reads more memories under the lock; a round trip of its own."""
        parameters = dict(_questions(self._scope, wanted))["wanted"]
        cursor = await self._connection.execute(QUERIES["wanted"], parameters, binary=True)
        note_round_trip()
        self._take_memories(await cursor.fetchall())

    async def hot_items(self) -> list[HotItem]:
        """What is in the user's working memory and context under the lock; a round trip of its own."""
        cursor = await self._connection.execute(QUERIES["hot_items"], _owner(self._scope), binary=True)
        note_round_trip()
        return [
            HotItem(kind=HotKind(kind), name=name, value=value, memory_id=memory_id, at=at, expires_at=expires_at)
            for kind, name, value, memory_id, at, expires_at in await cursor.fetchall()
        ]

    async def events(self, after_seq: int) -> list[Event]:
        """The log's lines after a position, as they are under the lock; a round trip of its own."""
        none = dict.fromkeys(("until_seq", "types", "since", "until", "limit"))
        owner = {"tenant_id": self._scope.tenant_id, "user_id": self._scope.user_id}
        cursor = await self._connection.execute(
            QUERIES["events"], {**none, **owner, "after_seq": after_seq}, binary=True
        )
        note_round_trip()
        return opened(await cursor.fetchall(), self._sealer)

    async def commit(
        self,
        changes: Sequence[Change | ThingChange | Note],
        *,
        answer: Callable[[Sequence[Event]], Answer] | None = None,
        hot: Sequence[HotWrite] = (),
        settled: bool = False,
    ) -> Sequence[Event]:
        """Writes events, records, vectors, what fades and the log's new head, and commits: one round trip."""
        if not changes and answer is None and not hot:
            return ()
        now, slices = datetime.now(UTC), Slices()
        if not settled:
            cascade = Cascade(self._connection, self._scope, self.existing)
            changes = [*changes, *await cascade.follows(changes, now, self._unleaned)]
            self._salts |= cascade.salts
            await slices.pause()
        batch = Batch(
            scope=self._scope,
            model_id=self._model_id,
            dimension=self._dimension,
            cause=self._cause,
            now=now,
            salts=self._salts,
            conversation=self.conversation,
            hot=HotRows(list(hot)),
        )
        await slices.pause()
        if changes or answer is not None:
            await self._chain(batch, changes, answer)
        bumped = None
        trimmed: list[Cursor] = []
        async with self._connection.pipeline(), self._connection.cursor() as cursor:
            for statement, rows in batch.statements():
                for begin in range(0, len(rows), ROWS_AT_ONCE):
                    await cursor.executemany(statement, rows[begin : begin + ROWS_AT_ONCE])
                    await slices.pause()
            if batch.hot.touched(self._scope):
                for query, parameters in trims(self._scope, hot, batch.now, self._limits):
                    trimmed.append(await self._connection.execute(query, parameters))
                bumped = await self._connection.execute(QUERIES["bump_hot"], _owner(self._scope))
            await cursor.execute("COMMIT")
        note_round_trip()
        if bumped is not None:
            (version,) = cast(tuple[int], await bumped.fetchone())
            gone = [(row[0], row[1]) for several in trimmed for row in await several.fetchall()]
            self.hot = batch.hot.change(version, self._limits, gone)
        if batch.events and self.after_commit is not None:
            self.after_commit(self._scope, self._watched)
        return batch.events

    async def _chain(
        self,
        batch: Batch,
        changes: Sequence[Change | ThingChange | Note],
        answer: Callable[[Sequence[Event]], Answer] | None,
    ) -> None:
        """Adds the changes' lines to the chain, and what was answered."""
        sealer = self._sealer or await self._first_key(batch)
        slices = Slices()
        for change in changes:
            event = batch.take(change, sealer, self._seq, self._hash)
            self._seq, self._hash = event.seq, event.hash
            await slices.pause()
        if answer is not None:
            batch.remember(answer(batch.events), sealer, ANSWERS_KEPT)
        if batch.events:
            batch.move_head(self._seq, self._hash)

    async def _first_key(self, batch: Batch) -> Sealer:
        """A stream without a key gets one with its first line; the lock keeps a second writer from making another."""
        wrapped, master_id, sealer = await self._keyring.new_key(self._scope.tenant_id, self._scope.user_id)
        batch.new_key(wrapped, master_id)
        return sealer


def opened(rows: Sequence[tuple[Any, ...]], sealer: Sealer | None) -> list[Event]:
    """Events from rows of ``events``, their payloads opened as far as their keys exist."""
    events: list[Event] = []
    for row in rows:
        sealed, salt = bytes(row[6]), None if row[-1] is None else bytes(row[-1])
        payload = open_plain(sealed)
        if payload is None and sealer is not None:
            payload = sealer.open(sealed, row[1], salt)
        events.append(event_from_row(row, payload))
    return events


@asynccontextmanager
async def write_transaction(
    sessions: Sessions, scope: Scope, wanted: Wanted, *, model: tuple[str, int], keyring: Keyring, rules: Rules
) -> AsyncGenerator[PostgresWriteTransaction]:
    """Opens a write transaction; leaving it without ``commit`` rolls back."""
    async with sessions.connection() as connection:
        transaction = PostgresWriteTransaction(connection, scope, model, keyring, rules)
        transaction.after_commit = sessions.after_commit
        await transaction.begin(wanted)
        yield transaction
        await connection.rollback()  # nothing, if it was committed


def lock_number(scope: Scope) -> int:
    """The user's advisory lock: 64 bits of SHA-256 over tenant and user."""
    return _lock_number(scope.tenant_id, scope.user_id)


def model_lock_number(tenant_id: str) -> int:
    """The lock that writers share and that a switch of the tenant's embedding model takes alone."""
    return _lock_number(tenant_id, "recollect:models")


def _lock_number(tenant_id: str, name: str) -> int:
    digest = hashlib.sha256(f"{len(tenant_id)}:{tenant_id}{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _owner(scope: Scope) -> dict[str, Any]:
    return {"tenant_id": scope.tenant_id, "user_id": scope.user_id}


def _locks(scope: Scope) -> dict[str, Any]:
    return {"tenant_id": scope.tenant_id, "lock": lock_number(scope), "models": model_lock_number(scope.tenant_id)}


def _questions(scope: Scope, wanted: Wanted) -> list[tuple[str, dict[str, Any]]]:
    """The statements that read what is wanted, each with its parameters."""
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("active_model", owner),
        ("log_head", owner),
        ("stream_key", owner),
        (
            "wanted",
            {
                **owner,
                "agent_id": scope.agent_id,
                "hashes": list(wanted.hashes),
                "keys": list(wanted.keys),
                "ids": list(wanted.ids),
                "deleted_too": wanted.deleted_too,
            },
        ),
        ("leaned_on", {**owner, "keys": list(wanted.keys), "ids": list(wanted.ids)}),
    ]
    if wanted.citing:
        asked.append(("citing", {**owner, "citing": [str(memory_id) for memory_id in wanted.citing]}))
    if wanted.conversation_id is not None:
        place = {**owner, "conversation_id": wanted.conversation_id}
        asked.append(("conversation_now", place))
        if wanted.said_at:
            asked.append(("turns_told", {**place, "said_at": list(wanted.said_at)}))
    if wanted.idempotency_key is not None:
        kept_since = datetime.now(UTC) - ANSWERS_KEPT
        asked.append(("idempotency_key", {**owner, "key": wanted.idempotency_key, "kept_since": kept_since}))
    return asked
