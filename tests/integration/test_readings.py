"""Readings: how the queue of upkeep, the hot tier and the embedder stand, as Prometheus sees them."""

import asyncio
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from recollect import AsyncMemory
from recollect.adapters.models.static import StaticEmbedder
from recollect.adapters.telemetry.embedder import ObservedEmbedder
from recollect.errors import ModelUnavailable, StoreUnavailable
from redis_server import free_port

pytestmark = pytest.mark.anyio


async def readings(memory: AsyncMemory, name: str) -> dict[str, float]:
    """A metric's samples by their labels' values, joined."""
    shown = (await memory.core.ready()).telemetry.exposition("")
    assert shown is not None
    families = text_string_to_metric_families(shown[0].decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {" ".join(sample.labels.values()): sample.value for sample in samples}


async def test_the_queue_and_its_lag_are_told(home: str):
    tenant = f"tenant-{uuid4()}"
    async with AsyncMemory(home=home, tenant_id=tenant, upkeep=False) as quiet:
        await quiet.procedures.reflect("book a flight", user_id="ana", succeeded=True)
        await quiet.procedures.reflect("book a room", user_id="ben", succeeded=True)
    async with AsyncMemory(home=home, tenant_id=tenant, telemetry="metrics") as watched:
        async with asyncio.timeout(20):
            while (await readings(watched, "recollect_upkeep_queue"))["queued"] < 2:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)
        assert (await readings(watched, "recollect_upkeep_lag_seconds"))[""] > 0
        reports = {report.job: report for report in await watched.upkeep.run()}
        assert reports["reflect"].processed == 2
        assert (await readings(watched, "recollect_upkeep_items_total"))["reflect done"] == 2
        assert (await readings(watched, "recollect_upkeep_run_seconds_count"))["reflect"] == 1


async def test_a_job_that_breaks_off_is_counted(home: str, monkeypatch: pytest.MonkeyPatch):
    async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", telemetry="metrics", upkeep=False) as memory:

        async def away(*_: object) -> None:
            raise StoreUnavailable("away")

        monkeypatch.setattr((await memory.core.ready()).hot, "sweep", away)
        await memory.upkeep.run(job="sweep")
        assert (await readings(memory, "recollect_upkeep_failures_total"))["sweep"] == 1


async def test_a_redis_that_is_away_is_told(home: str):
    url = f"redis://127.0.0.1:{free_port()}/0"
    tenant = f"tenant-{uuid4()}"
    async with AsyncMemory(home=home, tenant_id=tenant, telemetry="metrics", redis_url=url) as memory:
        await memory.add("I moved to Lyon", user_id="ana")
        packet = await memory.context("Where do I live?", user_id="ana")
        assert packet.degraded
        assert (await readings(memory, "recollect_hot_tier_left_alone"))[""] == 1
        assert (await readings(memory, "recollect_hot_loads_total"))["degraded"] >= 1
        assert (await readings(memory, "recollect_degraded_answers_total"))["context"] == 1


async def test_hits_of_the_hot_tier_are_counted(home: str):
    async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", telemetry="metrics") as memory:
        await memory.add("I moved to Lyon", user_id="ana")
        for _ in range(3):
            await memory.context("Where do I live?", user_id="ana")
        loads = await readings(memory, "recollect_hot_loads_total")
    assert loads["hit"] >= 2
    assert loads["degraded"] == 0


async def test_an_embedder_that_fails_is_counted(home: str, monkeypatch: pytest.MonkeyPatch):
    async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", telemetry="metrics") as memory:
        assert isinstance((await memory.core.ready()).embedder, ObservedEmbedder)

        async def down(*_: object) -> None:
            raise ModelUnavailable("down")

        monkeypatch.setattr(StaticEmbedder, "embed", down)
        receipt = await memory.add("I moved to Lyon", user_id="ana")
        assert receipt.degraded
        assert (await readings(memory, "recollect_embedder_failures_total"))["documents"] == 1
        assert (await readings(memory, "recollect_degraded_answers_total"))["add"] == 1
        assert "documents" not in await readings(memory, "recollect_embedder_texts_total")
