"""API keys on a real database: made, listed, used, revoked, expired, erased, replayed; and whose they are."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
from psycopg import sql
from tests.integration.test_replay_things import faulty_tables
from tests.row_search import connect

from recollect import AsyncMemory, Memory
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.tables import Base
from recollect.bootstrap.service import Service
from recollect.domain.api_key import StoredKey
from recollect.domain.credential import Access, Credential
from recollect.domain.scope import tenant_scope
from recollect.domain.state import key_of, replayed
from recollect.doors.cli.printing import as_json
from recollect.errors import NotAuthenticated, NotFound, ValidationError
from recollect.memory.recorded import calling
from recollect.ports.store import EventQuery
from recollect.settings import load_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service(home: str) -> AsyncIterator[Service]:
    """A server process with a tenant of its own."""
    service = await Service.open(load_settings(home=Path(home), tenant_id=f"tenant {uuid4()}"), open_access=True)
    yield service
    await service.aclose()


async def test_a_key_opens_what_it_was_made_for(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    issued = await memory.keys.create(
        "phone", access="read", user_id="ana", project_id="atlas", requests_per_minute=5, actor="ben"
    )
    assert await service.authenticate(issued.token) == Credential(
        tenant_id=service.settings.tenant_id,
        access=Access.READ,
        user_id="ana",
        project_id="atlas",
        key_id=issued.key.id,
        requests_per_minute=5,
    )
    assert service.memory(await service.authenticate(issued.token)) is memory


async def test_the_first_key_ends_open_access_and_its_revocation_does_not_bring_it_back(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    assert (await service.authenticate(None)).access is Access.ADMIN
    issued = await memory.keys.create("first")
    with pytest.raises(NotAuthenticated):
        await service.authenticate(None)
    await memory.keys.revoke(issued.key.id)
    with pytest.raises(NotAuthenticated):
        await service.authenticate(None)


async def test_the_only_key_erased_with_its_user_does_not_bring_open_access_back(service: Service, home: str):
    memory = service.of_tenant(service.settings.tenant_id)
    await memory.keys.create("ana's", user_id="ana")
    await memory.erase(user_id="ana")
    assert len(await memory.keys.list()) == 0
    again = await Service.open(load_settings(home=Path(home), tenant_id=service.settings.tenant_id), open_access=True)
    with pytest.raises(NotAuthenticated):
        await again.authenticate(None)
    await again.aclose()


async def test_a_revocation_here_holds_at_once(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    issued = await memory.keys.create("web")
    await service.authenticate(issued.token)
    await memory.keys.revoke(issued.key.id)
    with pytest.raises(NotAuthenticated):
        await service.authenticate(issued.token)


async def _opens(service: Service, token: str) -> bool:
    try:
        return bool(await service.authenticate(token))
    except NotAuthenticated:
        return False


async def test_a_revocation_elsewhere_holds_within_a_second(service: Service, home: str):
    elsewhere = AsyncMemory(home=home, tenant_id=service.settings.tenant_id)
    issued = await elsewhere.keys.create("web")
    await service.authenticate(issued.token)
    await elsewhere.keys.revoke(issued.key.id)
    revoked = anyio.current_time()
    while await _opens(service, issued.token):  # noqa: ASYNC110 - nobody tells this process
        await anyio.sleep(0.01)
    assert anyio.current_time() - revoked < 3  # a second, and the time of one call on a machine that has much to do
    await elsewhere.close()


async def test_a_key_expires(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    soon = datetime.now(UTC) + timedelta(seconds=0.4)
    issued = await memory.keys.create("today", expires_at=soon)
    assert issued.key.expires_at == soon
    await service.authenticate(issued.token)
    await anyio.sleep(0.5)
    with pytest.raises(NotAuthenticated):
        await service.authenticate(issued.token)


async def test_the_access_log_tells_the_key_and_the_key_its_last_use(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    one, other = await memory.keys.create("one"), await memory.keys.create("other")
    with calling(await service.authenticate(one.token)):
        await memory.add("I live in Lyon", user_id="ana")
        with pytest.raises(NotFound):
            await memory.get(uuid4(), user_id="ana")
    await memory.search("Where?", user_id="ana")
    entries = await memory.access.list(key_id=one.key.id)
    assert [(entry.method, entry.outcome, entry.key_id) for entry in entries] == [
        ("get", "NotFound", one.key.id),
        ("add", "ok", one.key.id),
    ]
    added = await memory.access.list(key_id=str(one.key.id), user_id="ana", method="add")
    assert [entry.method for entry in added] == ["add"]
    assert len(await memory.access.list(key_id=other.key.id)) == 0
    searched = (await memory.access.list(method="search"))[0]
    assert searched.key_id is None
    shown = {key.id: key.last_used_at for key in await memory.keys.list()}
    assert shown == {one.key.id: entries[0].at, other.key.id: None}
    assert (await memory.keys.get(one.key.id)).last_used_at == entries[0].at


async def test_the_last_use_is_one_step_down_an_index(server: EmbeddedPostgres):
    with connect(server) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        named = {"tenant_id": "t", "key_ids": [uuid4()]}
        plan = connection.execute(b"EXPLAIN " + QUERIES["keys_last_used"].as_bytes(), named).fetchall()
    assert any("access_log_key_idx" in line for (line,) in plan), plan


def test_the_pages_of_the_list(memory: Memory):
    made = [memory.keys.create(f"key {n}").key for n in range(5)]
    first = memory.keys.list(limit=2)
    assert [key.name for key in first] == ["key 4", "key 3"]
    second = memory.keys.list(limit=3, cursor=first.next_cursor)
    assert [key.id for key in second] == [key.id for key in reversed(made[:3])]
    assert second.next_cursor is None
    assert memory.keys.get(str(made[0].id)) == made[0]


def test_revoking_twice_changes_nothing(memory: Memory):
    issued = memory.keys.create("web")
    first = memory.keys.revoke(issued.key.id, actor="ben")
    assert first.revoked_at is not None
    assert memory.keys.revoke(issued.key.id) == first
    with pytest.raises(NotFound):
        memory.keys.revoke(uuid4())


NAIVE, PAST = datetime(2090, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 256}),
        ("access", {"access": "root"}),
        ("access", {"access": "admin", "user_id": "ana"}),
        ("access", {"access": "admin", "project_id": "atlas"}),
        ("user_id", {"user_id": "recollect:tenant"}),
        ("user_id", {"user_id": ""}),
        ("project_id", {"project_id": "\x00"}),
        ("expires_at", {"expires_at": NAIVE}),
        ("expires_at", {"expires_at": PAST}),
        ("expires_at", {"expires_at": "tomorrow"}),
        ("requests_per_minute", {"requests_per_minute": 0}),
        ("requests_per_minute", {"requests_per_minute": True}),
        ("actor", {"actor": ""}),
    ],
)
def test_what_cannot_be_a_key_is_refused_and_nothing_is_written(memory: Memory, field: str, given: dict[str, Any]):
    arguments: dict[str, Any] = {"name": "web", **given}
    with pytest.raises(ValidationError) as refused:
        memory.keys.create(**arguments)
    assert refused.value.field == field
    assert len(memory.keys.list()) == 0


async def test_the_log_adds_up_to_the_keys(service: Service, home: str, server: EmbeddedPostgres):
    memory, tenant = service.of_tenant(service.settings.tenant_id), service.settings.tenant_id
    later = datetime.now(UTC) + timedelta(days=1)
    kept = await memory.keys.create("kept", user_id="ana", expires_at=later, requests_per_minute=9)
    await memory.keys.revoke((await memory.keys.create("revoked")).key.id)
    await memory.keys.create("erased", user_id="ben")
    await memory.erase(user_id="ben")
    parts = await memory.core.ready()
    events = await parts.store.events(tenant_scope(tenant), EventQuery())
    stored = await parts.store.things(StoredKey, tenant, {})
    rebuilt = {place[1]: thing for place, thing in replayed(events).things.items() if place[0] == StoredKey.KIND}
    assert rebuilt == {key_of(key): key for key in stored}
    assert {key.name for key in stored} == {"kept", "revoked"}
    assert await anyio.to_thread.run_sync(faulty_tables, home, tenant) == []
    with connect(server) as connection:
        query = "UPDATE recollect.api_key SET digest = 'forged' WHERE tenant_id = %s AND id = %s"
        assert connection.execute(query, (tenant, kept.key.id)).rowcount == 1
    assert await anyio.to_thread.run_sync(faulty_tables, home, tenant) == ["api_key"]


async def test_a_users_erasure_takes_the_users_keys_along_and_no_others(service: Service):
    memory = service.of_tenant(service.settings.tenant_id)
    ana, ben, all_ = [await memory.keys.create("k", user_id=user) for user in ("ana", "ben", None)]
    for issued in (ana, ben, all_):
        await service.authenticate(issued.token)
    certificate = await memory.erase(user_id="ana")  # who has nothing but a key can be erased
    assert certificate.rows["api_key"] == 1
    with pytest.raises(NotAuthenticated):
        await service.authenticate(ana.token)
    assert (await service.authenticate(ben.token)).user_id == "ben"
    assert (await service.authenticate(all_.token)).user_id is None
    assert {key.id for key in await memory.keys.list()} == {ben.key.id, all_.key.id}


async def test_tenants_see_nothing_of_each_others_keys(service: Service):
    one, two = service.of_tenant(f"one {uuid4()}"), service.of_tenant(f"two {uuid4()}")
    issued = await one.keys.create("one's")
    with calling(await service.authenticate(issued.token)):
        await one.search("Where?", user_id="ana")
    assert len(await two.keys.list()) == 0
    for call in (two.keys.get, two.keys.revoke):
        with pytest.raises(NotFound):
            await call(issued.key.id)
    assert len(await two.access.list(key_id=issued.key.id)) == 0
    assert (await one.keys.get(issued.key.id)).revoked_at is None
    tenant = issued.token.partition(".")[0]
    forged = (await two.keys.create("two's")).token.partition(".")[0] + issued.token.removeprefix(tenant)
    with pytest.raises(NotAuthenticated):
        await service.authenticate(forged)


def test_neither_secret_nor_digest_is_told_or_kept_readable(memory: Memory, server: EmbeddedPostgres):
    issued = memory.keys.create("web", user_id="ana")
    secret = issued.token.rpartition(".")[2]
    memory.keys.revoke(issued.key.id)
    memory.add("I live in Lyon", user_id="ana")
    told = [memory.keys.get(issued.key.id), memory.keys.list(), issued]
    told += [memory.access.list(), memory.events.list(user_id="ana")]
    rows = sql.SQL("SELECT t::text FROM {} t")
    with connect(server) as connection:
        row = connection.execute("SELECT digest FROM recollect.api_key WHERE id = %s", (issued.key.id,)).fetchone()
        dumped = {
            table.name: str(connection.execute(rows.format(sql.Identifier("recollect", table.name))).fetchall())
            for table in Base.metadata.sorted_tables
        }
    assert row is not None
    text = json.dumps([as_json(one) for one in told[:2]]) + repr(told)
    assert row[0] not in text
    assert secret not in text
    assert [table for table, text in dumped.items() if secret in text or issued.token in text] == []
    assert [table for table, text in dumped.items() if row[0] in text] == ["api_key"]  # in the log it is sealed
    assert UUID(hex=issued.token.split(".")[1]) == issued.key.id
