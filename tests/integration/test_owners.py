"""Whose a memory is: found without naming its user, and never across tenants."""

from uuid import UUID, uuid4

import pytest

from recollect import AsyncMemory
from recollect.domain.scope import PROJECT_STREAM

pytestmark = pytest.mark.anyio


async def _added(memory: AsyncMemory, text: str, **given: str) -> UUID:
    memory_id = (await memory.add(text, user_id="ana", **given)).id  # pyright: ignore[reportArgumentType]
    assert memory_id is not None
    return memory_id


async def test_the_owner_is_found_with_agent_and_conversation(async_memory: AsyncMemory):
    memory_id = await _added(async_memory, "I like tea", agent_id="helper", conversation_id="c-1")
    parts = await async_memory.core.ready()
    owner = await parts.store.owner_of(parts.tenant_id, memory_id)
    assert owner is not None
    assert (owner.tenant_id, owner.user_id) == (parts.tenant_id, "ana")
    assert (owner.agent_id, owner.project_id, owner.conversation_id) == ("helper", None, "c-1")


async def test_a_deleted_one_has_an_owner_and_an_erased_one_none(async_memory: AsyncMemory):
    memory_id = await _added(async_memory, "I like tea")
    parts = await async_memory.core.ready()
    await async_memory.delete(memory_id, user_id="ana")
    owner = await parts.store.owner_of(parts.tenant_id, memory_id)
    assert owner is not None
    assert owner.user_id == "ana"
    await async_memory.erase(user_id="ana", memory_id=memory_id)
    assert await parts.store.owner_of(parts.tenant_id, memory_id) is None


async def test_what_a_project_shares_belongs_to_its_stream(async_memory: AsyncMemory):
    await async_memory.projects.create("atlas", user_id="ana")
    receipt = await async_memory.add("The plan is ready", user_id="ana", project_id="atlas", share=True)
    assert receipt.id is not None
    parts = await async_memory.core.ready()
    owner = await parts.store.owner_of(parts.tenant_id, receipt.id)
    assert owner is not None
    assert (owner.user_id, owner.project_id) == (PROJECT_STREAM + "atlas", "atlas")


async def test_another_tenants_memory_has_no_owner(async_memory: AsyncMemory, home: str):
    memory_id = await _added(async_memory, "I like tea")
    async with AsyncMemory(home=home, tenant_id=f"other {uuid4()}") as other:
        parts = await other.core.ready()
        assert await parts.store.owner_of(parts.tenant_id, memory_id) is None
        assert await parts.store.owner_of(parts.tenant_id, uuid4()) is None
