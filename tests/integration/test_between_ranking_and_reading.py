"""What another process changes after a memory was ranked and before its record is read is not given away."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from recollect import AsyncMemory
from recollect.adapters.postgres.store import PostgresStore
from recollect.domain.record import Memory
from recollect.domain.scope import Scope

pytestmark = pytest.mark.anyio

WALL = """package recollect.wall
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""


@pytest.mark.parametrize("change", ["delete", "restrict"])
async def test_a_first_search_gives_only_what_may_still_be_found(
    home: str, monkeypatch: pytest.MonkeyPatch, change: str
):
    tenant = f"tenant-{uuid4()}"
    async with AsyncMemory(home=home, tenant_id=tenant) as one, AsyncMemory(home=home, tenant_id=tenant) as other:
        await other.policies.add("wall", WALL)
        added = (await other.add("The code of the safe is blue", user_id="ana")).id
        assert added is not None
        fetch_each = PostgresStore.fetch_each
        came_between: list[str] = []

        async def late(self: PostgresStore, wanted: Sequence[tuple[Scope, Sequence[UUID]]]) -> list[dict[UUID, Memory]]:
            if not came_between and any(added in ids for _, ids in wanted):
                came_between.append(change)
                await _do(other, change, added)
            return await fetch_each(self, wanted)

        monkeypatch.setattr(PostgresStore, "fetch_each", late)
        found = await one.search("What is the code of the safe?", user_id="ana")
    assert came_between == [change]
    assert len(found) == 0


async def _do(memory: AsyncMemory, change: str, memory_id: UUID) -> Any:
    if change == "delete":
        return await memory.delete(memory_id, user_id="ana")
    return await memory.update(memory_id, user_id="ana", text="The code of the safe is 4711", sensitivity="restricted")
