"""A user who becomes large: his rows are filled while nobody waits, and what was filled is not filled again."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from tests.row_search import connect
from tests.two_ways import sentences

import recollect
from recollect.adapters.postgres.candidates import PostgresCandidates
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.domain.scope import Scope
from recollect.errors import StoreUnavailable
from recollect.ports.candidates import Kept
from recollect.recall.large.index import LargeIndex
from recollect.recall.large.sized import SizedIndexes
from recollect.recall.resident.index import ResidentIndex

pytestmark = pytest.mark.anyio
HELD = 50
LACKING = """
SELECT count(*) - count(r.id) FROM recollect.memory m
LEFT JOIN recollect.search_row r ON r.tenant_id = m.tenant_id AND r.id = m.id AND r.chunk = 0
WHERE m.tenant_id = %s AND m.status <> 'deleted'
"""
QUESTION = "What did Anna say about the violin?"


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> str:
    for module in ("following", "sized"):
        monkeypatch.setattr(f"recollect.recall.large.{module}.PAGE", 10)
    return f"tenant-{uuid4()}"


class Opened:
    """A memory that holds users of up to fifty memories."""

    def __init__(self, memory: recollect.AsyncMemory, indexes: SizedIndexes, tenant: str) -> None:
        self.memory, self.indexes, self._scope = memory, indexes, Scope(tenant_id=tenant, user_id="ana")

    async def tell(self, first: int, after: int) -> None:
        said = [{"role": "user", "content": text} for text in sentences(after)[first:]]
        await self.memory.add(said, user_id="ana", conversation_id="talk")

    async def index(self) -> ResidentIndex:
        """What a search would be put to."""
        return (await self.indexes.current_of([self._scope]))[0]


@asynccontextmanager
async def opened(home: str, tenant: str) -> AsyncGenerator[Opened]:
    async with recollect.AsyncMemory(home=home, tenant_id=tenant, upkeep=False, resident_rows=HELD) as memory:
        indexes = (await memory.core.ready()).recaller.indexes
        assert isinstance(indexes, SizedIndexes)
        yield Opened(memory, indexes, tenant)


def lacking(server: EmbeddedPostgres, tenant: str) -> int:
    """How many memories have no search row."""
    with connect(server) as connection:
        found = connection.execute(LACKING, (tenant,)).fetchone()
        return found[0] if found else -1


async def test_rows_are_there_before_the_user_is_too_large(home: str, server: EmbeddedPostgres, tenant: str):
    async with opened(home, tenant) as one:
        await one.tell(0, 30)
        await one.memory.search(QUESTION, user_id="ana")
        await one.indexes.settled()
        assert lacking(server, tenant) >= 30
        await one.tell(30, 45)
        await one.memory.search(QUESTION, user_id="ana")
        assert not isinstance(await one.index(), LargeIndex)
        await one.indexes.settled()
        assert lacking(server, tenant) == 0
        await one.tell(45, 52)
        await one.index()  # what is held is found too large once it is up to date
        assert isinstance(await one.index(), LargeIndex)
        found = await one.memory.search(QUESTION, user_id="ana", limit=100)
        assert len(found) >= 52


async def test_a_user_who_is_large_at_once_is_held_until_his_rows_are_there(
    home: str, server: EmbeddedPostgres, tenant: str
):
    async with opened(home, tenant) as one:
        await one.tell(0, 80)
        before = await one.memory.search(QUESTION, user_id="ana", limit=5)
        assert not isinstance(await one.index(), LargeIndex)
        await one.indexes.settled()
        assert lacking(server, tenant) == 0
        assert isinstance(await one.index(), LargeIndex)
        assert (await one.memory.search(QUESTION, user_id="ana", limit=5)).ids == before.ids


async def test_what_was_filled_before_a_restart_stays(
    home: str, server: EmbeddedPostgres, tenant: str, monkeypatch: pytest.MonkeyPatch
):
    keep, steps = PostgresCandidates.keep, list[int]()

    async def failing_once(self: PostgresCandidates, scope: Scope, kept: Kept) -> bool:
        steps.append(kept.since)
        if len(steps) == 4:
            raise StoreUnavailable("the server went away")
        return await keep(self, scope, kept)

    monkeypatch.setattr(PostgresCandidates, "keep", failing_once)
    async with opened(home, tenant) as one:
        await one.tell(0, 80)
        assert await one.memory.search(QUESTION, user_id="ana")
        await one.indexes.settled()
    assert lacking(server, tenant) >= 50
    async with opened(home, tenant) as other:
        assert await other.memory.search(QUESTION, user_id="ana")
        await other.indexes.settled()
    assert lacking(server, tenant) == 0
    assert steps[4] == steps[3] > 0


async def test_a_user_whom_nobody_searches_is_filled_too(
    home: str, server: EmbeddedPostgres, tenant: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("recollect.recall.large.sized.LOOK_EVERY", 2)
    async with opened(home, tenant) as one:
        await one.tell(0, 20)
        await one.tell(20, 30)
        await one.indexes.settled()
        assert lacking(server, tenant) >= 30
        await one.tell(30, 40)
        await one.tell(40, 44)
        await one.indexes.settled()
        assert lacking(server, tenant) == 0
