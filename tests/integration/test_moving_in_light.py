"""What is read in is embedded after what was said before it, by an embedder that looks at that."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from minilm_cache import minilm_cache
from recollect import AsyncMemory
from recollect.domain.scope import Scope

pytest.importorskip("onnxruntime", reason="the extra recollect[minilm] is not installed")

pytestmark = pytest.mark.anyio


@pytest.fixture
async def reading(home: str) -> AsyncIterator[AsyncMemory]:
    """A memory of a tenant of its own whose embedder is MiniLM."""
    models = Path(home) / "models"
    models.symlink_to(minilm_cache())
    async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", embedder="minilm") as memory:
        yield memory
    models.unlink()


async def test_a_turn_has_the_vector_that_it_had(reading: AsyncMemory):
    talk = ["Did you go to the pottery class with Anna?", "Yes, last week it was wonderful there."]
    for text in talk:
        await reading.add(text, user_id="ana", conversation_id="monday", speaker="Eva", type="turn")
    lines = [line async for line in reading.export(user_id="ana")]
    report = await reading.load(lines, user_id="ben")
    parts = await reading.core.ready()

    async def vectors(user_id: str) -> dict[str, list[float]]:
        scope = Scope(tenant_id=parts.tenant_id, user_id=user_id)
        records = {one.id: one.text for one in await reading.list(user_id=user_id)}
        found = await parts.store.vectors(scope, list[UUID](records))
        assert found.keys() == records.keys()
        return {records[one]: vector[0].tolist() for one, vector in found.items()}

    before, after = await vectors("ana"), await vectors("ben")
    (alone,) = await parts.embedder.embed([f"Eva: {talk[1]}"])
    assert set(talk) <= before.keys() == after.keys()
    for text in before:
        assert np.allclose(before[text], after[text], atol=2e-3), text
    assert not np.allclose(after[talk[1]], alone, atol=2e-2)
    await reading.rollback(user_id="ben", job=report.job_id)
    assert not (await reading.list(user_id="ben")).memories
