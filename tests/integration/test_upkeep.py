"""Upkeep through the facade: sweeping, expired sessions, tool statistics, and a runner that starts and stops."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import recollect
from recollect.domain.event import EventType
from recollect.domain.hot import HotKind
from recollect.domain.ids import new_id
from recollect.domain.scope import Scope
from recollect.domain.session import Session
from recollect.errors import StoreUnavailable, ValidationError
from recollect.memory.memory import AsyncFacade
from recollect.memory.parts import Parts
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import ThingChange, Wanted
from recollect.upkeep.jobs import reflect

NOW = datetime.now(UTC)


async def begun(parts: Parts, user_id: str, hours: float) -> Session:
    """A session that was last changed so many hours ago."""
    at = NOW - timedelta(hours=hours)
    session = Session(tenant_id=parts.tenant_id, user_id=user_id, id=new_id(), started_at=at, updated_at=at)
    async with parts.store.writing(Scope(tenant_id=parts.tenant_id, user_id=user_id), Wanted()) as transaction:
        await transaction.commit([ThingChange(type=EventType.SESSION_STARTED, after=session)])
    return session


@pytest.mark.anyio
async def test_sweeping_removes_what_has_faded_and_ends_what_nobody_uses(async_memory: AsyncFacade):
    parts = await async_memory.core.ready()
    old, used, fresh = [await begun(parts, user, hours) for user, hours in (("ana", 25), ("ben", 25), ("cleo", 1))]
    scope = Scope(tenant_id=parts.tenant_id, user_id="ben")
    await parts.hot.touch(scope, NOW)
    faded = HotWrite(
        kind=HotKind.CONTEXT,
        name="mood",
        value={"value": "calm"},
        at=NOW - timedelta(hours=2),
        expires_at=NOW - timedelta(hours=1),
    )
    kept = replace(faded, name="topic", expires_at=NOW + timedelta(hours=1))
    await parts.hot.write(scope, [faded, kept], NOW - timedelta(hours=2))
    (report,) = await async_memory.upkeep.run(job="sweep")
    assert (report.processed, report.errors, report.error) == (2, 0, None)
    (ended,) = await parts.store.things(Session, parts.tenant_id, {"id": old.id})
    assert ended.ended_at is not None
    assert ended.ended_because == "it was not used for 24 hours"
    for session in (used, fresh):
        assert (await parts.store.things(Session, parts.tenant_id, {"id": session.id})) == [session]
    assert (await async_memory.upkeep.run(job="sweep"))[0].processed == 0
    assert [event.type.value for event in await async_memory.events.list(user_id="ana")] == [
        "session_started",
        "session_ended",
    ]


@pytest.mark.anyio
async def test_the_runner_starts_with_the_facade_unless_it_is_switched_off(home: str):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
        status = await memory.upkeep.status()
        assert status.on
        assert [(job.name, job.every_s, job.runs) for job in status.jobs] == [("sweep", 60, 0), ("reflect", 5, 0)]
        await memory.procedures.reflect("book a flight", user_id="ana", succeeded=True)  # this wakes it
        async with asyncio.timeout(5):
            while (await memory.upkeep.status()).reflections["queued"]:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
        assert len((await memory.list(user_id="ana")).memories) == 1
        running = {task.get_name() for task in asyncio.all_tasks()}
        assert "recollect upkeep" in running
    assert "recollect upkeep" not in {task.get_name() for task in asyncio.all_tasks()}
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", upkeep=False) as memory:
        assert not (await memory.upkeep.status()).on
        assert "recollect upkeep" not in {task.get_name() for task in asyncio.all_tasks()}
        assert [report.job for report in await memory.upkeep.run()] == ["sweep", "reflect"]


def test_a_job_that_is_none_is_refused(memory: recollect.Memory):
    with pytest.raises(ValidationError, match="sweep, reflect"):
        memory.upkeep.run(job="dust")


def test_tools_in_numbers(memory: recollect.Memory):
    for latency in range(1, 101):
        memory.tools.record(
            "maps", user_id="ana", task="find a place", succeeded=latency > 20, latency_ms=latency, at=NOW
        )
    memory.tools.record("maps", user_id="ana", at=NOW + timedelta(minutes=1))
    memory.tools.record("mail", user_id="ana", task="find a place", succeeded=True)
    memory.tools.record("maps", user_id="ben", succeeded=False)
    first, *rest = memory.tools.stats(user_id="ana")
    assert (first.tool, first.task, first.calls, first.successes, first.failures, first.unknown) == (
        ("maps", "find a place", 100, 80, 20, 0)
    )
    assert (first.success_rate, first.mean_ms, first.last_used_at) == (0.8, 50.5, NOW)
    assert first.p95_ms == pytest.approx(95.05)
    assert [(one.tool, one.task, one.calls) for one in rest] == [("mail", "find a place", 1), ("maps", None, 1)]
    assert (rest[1].success_rate, rest[1].mean_ms, rest[1].p95_ms, rest[1].unknown) == (None, None, None, 1)
    assert {one.task for one in memory.tools.stats(user_id="ana", tool="maps")} == {"find a place", None}
    assert [one.tool for one in memory.tools.stats(user_id="ana", task="find a place")] == ["maps", "mail"]
    assert len(memory.tools.stats(user_id="ana", limit=1)) == 1
    assert memory.tools.stats(user_id="cleo") == ()
    with pytest.raises(ValidationError, match="limit"):
        memory.tools.stats(user_id="ana", limit=0)


@pytest.mark.anyio
async def test_a_database_that_was_away_costs_an_outcome_no_attempt(
    async_memory: AsyncFacade, monkeypatch: pytest.MonkeyPatch
):
    async def away(*_: object) -> bool:
        raise StoreUnavailable("the database went away for a moment")

    queued = await async_memory.procedures.reflect("weather report", user_id="ana", succeeded=True)
    with monkeypatch.context() as patched:
        patched.setattr(reflect, "process", away)
        (report,) = await async_memory.upkeep.run(job="reflect")
        assert report.error == "StoreUnavailable: the database went away for a moment"
        assert list(await async_memory.procedures.reflections(user_id="ana")) == [queued]
    await async_memory.upkeep.run(job="reflect")
    (done,) = await async_memory.procedures.reflections(user_id="ana")
    assert (done.status.value, done.attempts) == ("done", 0)
