"""What every turn loads, written with the log: one read gives it, and it never tells what a record no longer says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recollect import AsyncMemory
from recollect.domain.event import EventType
from recollect.domain.hot import HotKind
from recollect.domain.ids import new_id
from recollect.domain.scope import Scope
from recollect.domain.session import SESSION_TTL, Session
from recollect.memory.parts import Parts
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import ThingChange, Wanted

pytestmark = pytest.mark.anyio


def ana_of(parts: Parts) -> Scope:
    return Scope(tenant_id=parts.tenant_id, user_id="ana")


def session_of(ana: Scope, now: datetime) -> Session:
    return Session(tenant_id=ana.tenant_id, user_id="ana", id=new_id(), started_at=now, updated_at=now)


def put(kind: HotKind, name: str, now: datetime, **value: object) -> HotWrite:
    return HotWrite(kind=kind, name=name, value=value, at=now, expires_at=now + timedelta(minutes=30))


async def test_one_read_gives_identity_rules_session_goals_and_what_fades(async_memory: AsyncMemory):
    parts = await async_memory.core.ready()
    ana = ana_of(parts)
    await async_memory.add("I live in Lyon", user_id="ana")
    await async_memory.add("Never book flights on Sundays", user_id="ana", type="constraint")
    now = datetime.now(UTC)
    session = session_of(ana, now)
    async with parts.store.writing(ana, Wanted()) as transaction:
        working = put(HotKind.WORKING, "w1", now, text="maybe a dog")
        await transaction.commit([ThingChange(type=EventType.SESSION_STARTED, after=session)], hot=[working])
        assert transaction.hot is not None
        assert transaction.hot.derived
    await parts.hot.write(ana, [put(HotKind.THOUGHT, "t1", now, text="she may mean the dog")], now)
    trips = parts.count_round_trips()
    state = await parts.hot.load(ana, now)
    assert trips == [1]
    assert state is not None
    assert {memory.text for memory in state.always} >= {"Never book flights on Sundays"}
    assert any(memory.value == "Lyon" for memory in state.always)
    assert state.session == session
    said = [item.value["text"] for item in state.of(HotKind.WORKING)]
    assert sorted(said) == ["I live in Lyon", "Never book flights on Sundays", "maybe a dog"]
    assert [item.name for item in state.of(HotKind.THOUGHT)] == ["t1"]
    assert len(state.recent) >= 2
    assert await parts.hot.load(ana, now, unless=state.version) is None
    assert await parts.hot.load(ana, now, unless=state.version - 1) is not None


async def test_the_session_is_gone_a_day_after_its_last_use(async_memory: AsyncMemory):
    parts = await async_memory.core.ready()
    ana = ana_of(parts)
    now = datetime.now(UTC)
    session = session_of(ana, now)
    async with parts.store.writing(ana, Wanted()) as transaction:
        await transaction.commit([ThingChange(type=EventType.SESSION_STARTED, after=session)])
    used = now + timedelta(hours=20)
    await parts.hot.touch(ana, used)
    before, after = [await parts.hot.load(ana, used + SESSION_TTL + timedelta(seconds=s)) for s in (-1, 1)]
    assert before is not None
    assert before.session == session
    assert after is not None
    assert after.session is None


async def test_a_reminder_goes_with_what_it_reminds_of(async_memory: AsyncMemory):
    parts = await async_memory.core.ready()
    ana = ana_of(parts)
    now = datetime.now(UTC)
    receipt = await async_memory.add("I bought a red bicycle in Annecy", user_id="ana")
    assert receipt.id is not None
    reminder = put(HotKind.WORKING, str(receipt.id), now, text="I bought a red bicycle in Annecy")
    await parts.hot.write(ana, [replace(reminder, memory_id=receipt.id)], now)
    state = await parts.hot.load(ana, now)
    assert state is not None
    assert str(receipt.id) in {item.name for item in state.of(HotKind.WORKING)}
    await async_memory.delete(receipt.id, user_id="ana")
    state = await parts.hot.load(ana, now)
    assert state is not None
    assert not any("bicycle" in str(item.value) for item in state.items)


async def test_there_is_no_more_than_the_limits_allow(async_memory: AsyncMemory):
    parts = await async_memory.core.ready()
    ana = ana_of(parts)
    now = datetime.now(UTC)
    for start in range(0, 130, 65):
        writes = [put(HotKind.THOUGHT, f"{n:03}", now + timedelta(microseconds=n)) for n in range(start, start + 65)]
        await parts.hot.write(ana, writes, now)
    sensed = [put(HotKind.SENSED, f"{n}", now + timedelta(microseconds=n), tokens=200) for n in range(4)]
    await parts.hot.write(ana, sensed, now)
    state = await parts.hot.load(ana, now)
    assert state is not None
    assert [item.name for item in state.of(HotKind.THOUGHT)] == [f"{n:03}" for n in range(30, 130)]
    assert [item.name for item in state.of(HotKind.SENSED)] == ["2", "3"]
    assert (await parts.hot.sweep(ana.tenant_id, now + timedelta(hours=1))).users == ("ana",)


async def test_who_said_nothing_worth_a_record_can_be_erased_too(async_memory: AsyncMemory):
    await async_memory.add("thanks!", user_id="ben")
    parts = await async_memory.core.ready()
    ben = Scope(tenant_id=parts.tenant_id, user_id="ben")
    state = await parts.hot.load(ben, datetime.now(UTC))
    assert state is not None
    assert [item.value["text"] for item in state.items] == ["thanks!"]
    certificate = await async_memory.erase(user_id="ben")
    assert certificate.rows["hot_item"] == 1
    state = await parts.hot.load(ben, datetime.now(UTC))
    assert state is not None
    assert state.items == ()
