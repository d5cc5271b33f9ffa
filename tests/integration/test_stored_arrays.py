"""The arrays of users with many memories are stored, found by the next process, and gone with what was erased."""

import pytest

import recollect
from recollect.adapters.postgres import stored_arrays
from recollect.adapters.postgres.session import Sessions
from recollect.adapters.postgres.store import PostgresStore
from recollect.adapters.postgres.stored_arrays import PostgresArrays
from recollect.domain.scope import Scope
from recollect.memory.parts import Parts
from recollect.ports.stored_arrays import StoredArrays
from recollect.recall.resident import keeping
from recollect.recall.resident.index import ResidentIndex

pytestmark = pytest.mark.anyio
MANY = 30


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAST", MANY)
    monkeypatch.setattr(stored_arrays, "PART_BYTES", 10_000)


@pytest.fixture
async def parts(async_memory: recollect.AsyncMemory) -> Parts:
    await async_memory.add([f"Ship {n} lies in harbour {n % 7}" for n in range(MANY + 5)], user_id="ana")
    return await async_memory.core.ready()


def place(parts: Parts) -> tuple[PostgresArrays, Scope]:
    arrays = PostgresArrays(sessions_of(parts), parts.embedder.model_id)
    return arrays, Scope(tenant_id=parts.tenant_id, user_id="ana")


def sessions_of(parts: Parts) -> Sessions:
    assert isinstance(parts.store, PostgresStore)
    return parts.store.sessions


async def stored_by(memory: recollect.AsyncMemory, parts: Parts) -> StoredArrays | None:
    """What is stored after a search that had to build the index."""
    arrays, ana = place(parts)
    parts.recaller.indexes.forget((ana.tenant_id, ana.user_id))
    await memory.search("Which ship lies in harbour 3?", user_id="ana")
    await kept(parts).settled()
    return await arrays.load(ana)


def kept(parts: Parts) -> keeping.ArrayKeeper:
    return parts.recaller.indexes.resident._kept.keeper  # pyright: ignore


async def test_the_next_process_reads_the_arrays_and_what_came_since(
    async_memory: recollect.AsyncMemory, parts: Parts, home: str, monkeypatch: pytest.MonkeyPatch
):
    first = await stored_by(async_memory, parts)
    assert first is not None
    assert first.memories >= MANY
    assert len(first.content) > stored_arrays.PART_BYTES  # several parts
    await async_memory.add("Ship Aurora lies in harbour 99", user_id="ana")
    question = "Which ship lies in harbour 99?"
    here = await async_memory.search(question, user_id="ana")
    other = recollect.AsyncMemory(home=home, tenant_id=parts.tenant_id, upkeep=False)
    restored: list[bool] = []
    restore = ResidentIndex.restore

    def noted(index: ResidentIndex, given: StoredArrays) -> bool:
        restored.append(restore(index, given))
        return restored[-1]

    monkeypatch.setattr(ResidentIndex, "restore", noted)
    try:
        there = await other.search(question, user_id="ana")
    finally:
        await other.close()
    assert restored == [True]
    assert there.hits[0].memory.text == "Ship Aurora lies in harbour 99"
    assert [(hit.memory.id, hit.score) for hit in there] == [(hit.memory.id, hit.score) for hit in here]


async def test_arrays_are_stored_anew_when_a_fifth_more_memories_came(
    async_memory: recollect.AsyncMemory, parts: Parts
):
    first = await stored_by(async_memory, parts)
    assert first is not None
    await async_memory.add("One ship more", user_id="ana")
    same = await stored_by(async_memory, parts)
    assert same is not None
    assert same.seq == first.seq
    await async_memory.add([f"Crane {n} stands on pier {n}" for n in range(MANY)], user_id="ana")
    grown = await stored_by(async_memory, parts)
    assert grown is not None
    assert grown.memories >= first.memories + MANY


async def test_nothing_of_the_erased_stays_in_stored_arrays(async_memory: recollect.AsyncMemory, parts: Parts):
    arrays, ana = place(parts)
    old = await stored_by(async_memory, parts)
    assert old is not None
    found = await async_memory.search("Which ship lies in harbour 3?", user_id="ana")
    await async_memory.erasure.memory(found.hits[0].memory.id, user_id="ana")
    assert await arrays.load(ana) is None
    assert not await arrays.save(ana, old)  # whoever packed them before the erasure comes too late
    assert await arrays.load(ana) is None
    again = await stored_by(async_memory, parts)
    assert again is not None
    assert again.seq > old.seq
    await async_memory.erasure.user(user_id="ana")
    assert await arrays.load(ana) is None


@pytest.mark.parametrize("harm", ["content = substr(content, 1, 99)", "seq = seq - 1", "part = part + 1"])
async def test_harmed_arrays_are_left_alone_and_stored_anew(
    async_memory: recollect.AsyncMemory, parts: Parts, harm: str
):
    _, ana = place(parts)
    whole = await stored_by(async_memory, parts)
    assert whole is not None
    async with sessions_of(parts).connection() as connection:
        await connection.execute("BEGIN")
        await connection.execute("SELECT set_config('app.tenant_id', %s, true)", (ana.tenant_id,))
        last = "WHERE part = (SELECT max(part) FROM recollect.stored_arrays)"
        await connection.execute(f"UPDATE recollect.stored_arrays SET {harm} {last}".encode())  # noqa: S608
        await connection.execute("COMMIT")
    found = await stored_by(async_memory, parts)
    assert found == whole
    assert len(await async_memory.search("ship", user_id="ana", limit=MANY)) == MANY
