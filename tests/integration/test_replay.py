"""Replaying the log gives the tables: whatever was done to them behind the log's back is named, and can be mended."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import anyio
import pytest
from psycopg import sql
from tests.row_search import connect

import recollect
from recollect import bootstrap
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.operator import Operator
from recollect.adapters.postgres.replay import PREFIX
from recollect.domain.collection import Collection, CollectionMember
from recollect.domain.event import EventType
from recollect.domain.ids import new_id
from recollect.domain.record import Status
from recollect.domain.relationship import Relationship, RelationshipType
from recollect.domain.replayed import Deviation, ReplayReport, RowDeviation, StreamReplay
from recollect.domain.scope import Scope
from recollect.errors import Conflict, NotFound, StoreError
from recollect.ports.store import ThingChange, Wanted
from recollect.settings import load_settings

SAID = "I live in Paris|I live in Lyon|I like tea|I no longer like tea|We met Anna yesterday.|Ok"
TEXTS = f"{SAID}|My sister Anna works at Siemens|My sister Anna works at Bosch, and I live in Rome.".split("|")

Run = Callable[..., None]


@pytest.fixture
def operator(home: str) -> Iterator[Operator]:
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        yield operator


@pytest.fixture
def tenant(memory: recollect.Memory) -> str:
    memory.add("I live in Vienna", user_id="tenant's name")
    return memory.audit.verify(user_id="tenant's name").reports[0].tenant_id


def verified(operator: Operator, tenant: str | None, user: str | None = None, *, vectors: bool = False) -> ReplayReport:
    async def work() -> ReplayReport:
        return await operator.verify(tenant, user, lambda _: None, vectors=vectors)

    return anyio.run(work)


def mended(operator: Operator, tenant: str, user: str, *, vectors: bool = False) -> StreamReplay:
    async def work() -> StreamReplay:
        return await operator.rebuild(tenant, user, vectors=vectors)

    return anyio.run(work)


def deviations(report: ReplayReport) -> list[RowDeviation]:
    return [deviation for stream in report.faulty for deviation in stream.deviations]


def do(server: EmbeddedPostgres, statement: LiteralString, *parameters: Any) -> None:
    with connect(server) as connection:
        assert connection.execute(statement, parameters).rowcount > 0


def schemas(server: EmbeddedPostgres) -> list[str]:
    with connect(server) as connection:
        query = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)"
        return [name for (name,) in connection.execute(query, (PREFIX,)).fetchall()]


def fill(memory: recollect.Memory, user: str = "ana") -> UUID:
    receipt = memory.add("My sister Anna works at Siemens", user_id=user, speaker="Eva", conversation_id="monday")
    memory.add("I live in Paris", user_id=user, conversation_id="monday")
    memory.add("I live in Lyon", user_id=user)
    memory.profiles.update(user_id=user, preferences={"tea": True})
    memory.entities.describe("Anna", user_id=user, description="a sister")
    memory.tools.record("browser", user_id=user, arguments={"n": 1})
    collection = memory.collections.create("family", user_id=user)
    assert receipt.id is not None
    memory.collections.add(collection.id, receipt.id, user_id=user)
    return receipt.id


def test_an_untouched_tenant_is_what_its_log_says(
    memory: recollect.Memory, operator: Operator, tenant: str, server: EmbeddedPostgres
):
    known = fill(memory)
    memory.projects.create("atlas", user_id="ana")
    memory.projects.promote(known, "atlas", user_id="ana")
    memory.delete(known, user_id="ana")
    report = verified(operator, tenant, vectors=True)
    assert deviations(report) == []
    assert report.ok
    assert report.streams == 4  # two users, a project and the tenant's own
    assert report.events == memory.audit.verify().events
    assert report.rows > 15
    assert schemas(server) == []


@pytest.mark.parametrize(
    ("statement", "table", "what", "columns"),
    [
        ("UPDATE recollect.memory SET text = 'I live in Bern' WHERE tenant_id = %s AND text = 'I live in Lyon'",
         "memory", Deviation.DIFFERENT, ("text",)),
        ("UPDATE recollect.memory SET metadata = '{\"a\": 1}', changed_seq = 1, written_at = now()"
         " WHERE tenant_id = %s AND text = 'I live in Lyon'",
         "memory", Deviation.DIFFERENT, ("written_at", "metadata", "changed_seq")),
        ("DELETE FROM recollect.memory WHERE tenant_id = %s AND text = 'I live in Lyon'",
         "memory", Deviation.MISSING, ()),
        ("INSERT INTO recollect.entity VALUES (%s, 'ana', 'Bob', 'person', '[]', NULL, 1, NULL, now(), now())",
         "entity", Deviation.EXTRA, ()),
        ("UPDATE recollect.profile SET preferences = '{}' WHERE tenant_id = %s",
         "profile", Deviation.DIFFERENT, ("preferences",)),
        ("DELETE FROM recollect.turn WHERE tenant_id = %s AND index = 0", "turn", Deviation.MISSING, ()),
        ("DELETE FROM recollect.collection_member WHERE tenant_id = %s", "collection_member", Deviation.MISSING, ()),
        ("UPDATE recollect.conversation SET turn_count = 7 WHERE tenant_id = %s",
         "conversation", Deviation.DIFFERENT, ("turn_count",)),
        ("DELETE FROM recollect.embedding WHERE tenant_id = %s AND user_id = 'ana'",
         "embedding", Deviation.MISSING, ()),
        ("UPDATE recollect.embedding SET chunk = 1 WHERE tenant_id = %s AND user_id = 'ana'",
         "embedding", Deviation.EXTRA, ()),
    ],
)  # fmt: skip
def test_a_damaged_row_is_named_and_mended(  # noqa: PLR0917 - fixtures, and what is done and found
    memory: recollect.Memory,
    operator: Operator,
    tenant: str,
    server: EmbeddedPostgres,
    statement: LiteralString,
    table: str,
    what: Deviation,
    columns: tuple[str, ...],
):
    fill(memory)
    do(server, statement, tenant)
    report = verified(operator, tenant)
    assert [stream.user_id for stream in report.faulty] == ["ana"]
    named = [d for d in deviations(report) if d.table == table]
    assert named
    assert {(d.what, d.columns) for d in named} == {(what, columns)}
    assert {d.key["tenant_id"] for d in named} == {tenant}
    assert mended(operator, tenant, "ana").deviations
    assert deviations(verified(operator, tenant, vectors=True)) == []
    assert memory.audit.verify().ok


def test_mending_brings_back_what_search_finds(
    memory: recollect.Memory, operator: Operator, tenant: str, server: EmbeddedPostgres
):
    fill(memory)
    question: Any = {"user_id": "ana", "limit": 3}
    before = [hit.memory.text for hit in memory.search("Where do I live?", **question)]
    do(server, "DELETE FROM recollect.memory WHERE tenant_id = %s AND user_id = 'ana'", tenant)
    mended(operator, tenant, "ana")
    assert [hit.memory.text for hit in memory.search("Where do I live?", **question)] == before
    memory.add("I live in Rome", user_id="ana")
    assert verified(operator, tenant).ok


def test_what_a_memory_stated_until_it_was_revised_keeps_its_own_vectors(memory: recollect.Memory, operator: Operator):
    first = memory.add("I live in Rome", user_id="ana")
    memory.search("Where do I live?", user_id="ana")
    assert first.id is not None
    memory.revise(first.id, "I live in Oslo", user_id="ana")
    known = memory.list(user_id="ana", statuses=["active", "superseded"])
    assert {(m.text, m.status) for m in known} >= {("I live in Rome", Status.SUPERSEDED)}
    tenant = memory.audit.verify(user_id="ana").reports[0].tenant_id
    assert deviations(verified(operator, tenant, "ana", vectors=True)) == []


def test_a_wrong_vector_is_found_by_making_it_anew(
    memory: recollect.Memory, operator: Operator, tenant: str, server: EmbeddedPostgres
):
    known = fill(memory)
    statement = (
        "UPDATE recollect.embedding SET vector = (SELECT vector FROM recollect.embedding o WHERE o.tenant_id = %s"
        " AND o.memory_id <> %s AND user_id = 'ana' LIMIT 1) WHERE tenant_id = %s AND memory_id = %s"
    )
    do(server, statement, tenant, known, tenant, known)
    assert verified(operator, tenant).ok
    (found,) = deviations(verified(operator, tenant, vectors=True))
    assert (found.table, found.key["memory_id"], found.columns) == ("embedding", known, ("vector",))
    mended(operator, tenant, "ana", vectors=True)
    assert verified(operator, tenant, vectors=True).ok


def test_rows_of_a_user_without_a_log_are_found(operator: Operator, tenant: str, server: EmbeddedPostgres):
    do(server, "INSERT INTO recollect.profile VALUES (%s, 'ghost', '{}', '{}', '{}', '{}', 1, now(), now())", tenant)
    (stream,) = verified(operator, tenant).faulty
    assert (stream.user_id, stream.events) == ("ghost", 0)
    assert [(d.table, d.what) for d in stream.deviations] == [("profile", Deviation.EXTRA)]
    with pytest.raises(NotFound, match="no log of 'ghost'"):
        mended(operator, tenant, "ghost")


def test_the_tenants_own_rows_are_compared_and_mended_too(
    memory: recollect.Memory, operator: Operator, tenant: str, server: EmbeddedPostgres
):
    memory.projects.create("atlas", user_id="ana")
    memory.sources.add("wiki", trust="known")
    do(server, "UPDATE recollect.project_member SET role = 'viewer' WHERE tenant_id = %s", tenant)
    do(server, "DELETE FROM recollect.source WHERE tenant_id = %s", tenant)
    report = verified(operator, tenant)
    assert {(d.table, d.what, d.columns) for d in deviations(report)} == {
        ("project_member", Deviation.DIFFERENT, ("role",)),
        ("source", Deviation.MISSING, ()),
    }
    mended(operator, tenant, "recollect:tenant")
    assert verified(operator, tenant).ok


def test_nothing_is_mended_from_a_damaged_log(
    memory: recollect.Memory, operator: Operator, tenant: str, server: EmbeddedPostgres
):
    fill(memory)
    do(server, "UPDATE recollect.memory SET importance = 0.99 WHERE tenant_id = %s AND user_id = 'ana'", tenant)
    do(server, "UPDATE recollect.event SET actor = 'x' WHERE tenant_id = %s AND user_id = 'ana' AND seq = 2", tenant)
    with pytest.raises(StoreError, match="altered at line 2; nothing was rebuilt"):
        mended(operator, tenant, "ana")
    assert not verified(operator, tenant).ok
    assert schemas(server) == []


def test_after_erasures_the_tables_are_still_what_the_log_says(
    memory: recollect.Memory, operator: Operator, tenant: str
):
    known = fill(memory)
    fill(memory, "ben")
    memory.projects.create("atlas", user_id="ben")
    memory.projects.set_member("atlas", "ana", user_id="ben")
    memory.projects.promote(known, "atlas", user_id="ana")
    memory.erasure.memory(known, user_id="ana")
    memory.add("Good morning, I live in Oslo.", user_id="ana", conversation_id="monday")
    report = verified(operator, tenant)
    assert deviations(report) == []
    assert report.erased > 0
    memory.erasure.user(user_id="ben")
    memory.erasure.user(user_id="ana")
    memory.add("I live in Oslo", user_id="ana", conversation_id="monday")
    again = verified(operator, tenant)
    assert deviations(again) == []
    assert again.erased > report.erased


def test_a_comparison_is_not_disturbed_by_writers(memory: recollect.Memory, operator: Operator, tenant: str):
    done = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        number = 0
        try:
            while not done.is_set():
                number += 1
                memory.add(f"I live in house {number} of Lyon", user_id="ana", conversation_id="monday")
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        reports = [verified(operator, tenant) for _ in range(6)]
    finally:
        done.set()
        thread.join()
    assert failures == []
    assert [deviations(report) for report in reports] == [[]] * 6
    assert reports[-1].events > reports[0].events


def test_what_a_killed_run_left_is_dropped_after_a_day(operator: Operator, tenant: str, server: EmbeddedPostgres):
    now = int(datetime.now(UTC).timestamp())
    old, fresh = f"{PREFIX}{now - 90_000}_aa", f"{PREFIX}{now - 100}_bb"
    with connect(server) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(old)))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(fresh)))
    verified(operator, tenant)
    try:
        assert schemas(server) == [fresh]
    finally:
        with connect(server) as connection:
            connection.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(fresh)))


class History:
    """Random changes to one user's memory, in every way there is a desk for."""

    def __init__(self, memory: recollect.AsyncMemory, user: str, seed: int) -> None:
        self.memory = memory
        self.user = user
        self.random = random.Random(seed)  # noqa: S311 - for a test

    async def step(self) -> None:
        often = [self.add, self.add, self.add, self.change, self.change, self.tie, self.group]
        kind = self.random.choice([*often, *often, self.delete, self.delete, self.erase, self.erase, self.erase_user])
        try:
            await kind()
        except (Conflict, NotFound):
            return

    async def one(self) -> Any:
        every = [status for status in Status if status is not Status.DELETED]
        page = await self.memory.list(user_id=self.user, limit=100, statuses=every)
        return self.random.choice(page.memories) if page.memories else None

    async def add(self) -> None:
        talk = self.random.choice([None, "monday", "tuesday"])
        at = datetime(2026, 5, self.random.randint(1, 28), 9, tzinfo=UTC)
        await self.memory.add(self.random.choice(TEXTS), user_id=self.user, conversation_id=talk, at=at)

    async def change(self) -> None:
        record = await self.one()
        if record is not None and self.random.random() < 0.5:
            await self.memory.update(record.id, user_id=self.user, text=self.random.choice(TEXTS))
        elif record is not None:
            extra = {"n": self.random.random(), "big": 1e16, "list": [1, {"a": None}]}
            await self.memory.update(record.id, user_id=self.user, metadata=extra)

    async def delete(self) -> None:
        record = await self.one()
        if record is not None:
            await self.memory.delete(record.id, user_id=self.user)

    async def erase(self) -> None:
        record = await self.one()
        if record is not None:
            await self.memory.erasure.memory(record.id, user_id=self.user)

    async def erase_user(self) -> None:
        if self.random.random() < 0.3:
            await self.memory.erasure.user(user_id=self.user)

    async def tie(self) -> None:
        one, other = await self.one(), await self.one()
        if one is None or one.id == other.id:
            return
        now = datetime.now(UTC)
        parts = await self.memory.core.ready()
        scope = Scope(tenant_id=parts.tenant_id, user_id=self.user)
        tie = Relationship(
            tenant_id=parts.tenant_id, user_id=self.user, source_id=one.id, target_id=other.id,
            type=self.random.choice(list(RelationshipType)), confidence=self.random.random(), created_at=now,
        )  # fmt: skip
        async with parts.store.writing(scope, Wanted()) as transaction:
            where = {"source_id": one.id, "target_id": other.id, "type": tie.type}
            known = await transaction.things(Relationship, where)
            kind = EventType.RELATIONSHIP_REMOVED if known else EventType.RELATIONSHIP_ADDED
            before, after = (known[0], None) if known else (None, tie)
            await transaction.commit([ThingChange(type=kind, before=before, after=after)])

    async def group(self) -> None:
        parts = await self.memory.core.ready()
        scope = Scope(tenant_id=parts.tenant_id, user_id=self.user)
        record, now = await self.one(), datetime.now(UTC)
        async with parts.store.writing(scope, Wanted()) as transaction:
            known = await transaction.things(Collection, {"user_id": self.user})
            if len(known) > 2:
                gone = self.random.choice(known)
                members = await transaction.things(CollectionMember, {"collection_id": gone.id})
                changes = [ThingChange(type=EventType.COLLECTION_MEMBER_REMOVED, before=m) for m in members]
                await transaction.commit([*changes, ThingChange(type=EventType.COLLECTION_DELETED, before=gone)])
                return
            new = Collection(
                tenant_id=parts.tenant_id, user_id=self.user, id=new_id(), name=str(now), created_at=now, updated_at=now
            )
            changes = [ThingChange(type=EventType.COLLECTION_CREATED, after=new)]
            if record is not None:
                place = CollectionMember(
                    tenant_id=parts.tenant_id,
                    user_id=self.user,
                    collection_id=new.id,
                    memory_id=record.id,
                    added_at=now,
                )
                changes.append(ThingChange(type=EventType.COLLECTION_MEMBER_ADDED, after=place))
            await transaction.commit(changes)


@pytest.mark.anyio
async def test_random_histories_replay_to_what_the_tables_hold(async_memory: recollect.AsyncMemory, home: str):
    await async_memory.open()
    parts = await async_memory.core.ready()
    for seed in range(25):
        history = History(async_memory, f"user {seed}", seed)
        for _ in range(20):
            await history.step()
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        report = await operator.verify(parts.tenant_id, None, lambda _: None, vectors=True)
    assert deviations(report) == []
    assert report.events > 200
    assert report.erased > 20
    assert (await async_memory.audit.verify()).ok
