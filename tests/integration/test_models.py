"""Several embedding models a tenant: filled beside each other, dropped, and what a misbehaving one may not store."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import anyio
import numpy as np
import numpy.typing as npt
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.tiny_model import (
    DIMENSION,
    STATIC,
    TINY,
    assert_vectors_are_the_active_models,
    state_of,
    tenant_of,
    texts,
    tiny_model,
)

import recollect
from embeddings_server import EmbeddingsServer, Reply
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.bootstrap import wiring
from recollect.domain.event import EventType
from recollect.domain.scope import TENANT_STREAM, Scope
from recollect.errors import Conflict, DimensionMismatch, NotFound, ValidationError
from recollect.memory import filling
from recollect.ports.embedder import Embedder
from recollect.ports.model_registry import Embedded
from recollect.ports.store import EventQuery
from recollect.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    with tiny_model(monkeypatch) as server:
        yield server


async def test_a_model_is_filled_beside_the_active_one_and_switched_to(async_memory: recollect.AsyncMemory):
    memory = async_memory
    await memory.add(texts(20), user_id="ana")
    await memory.add("harbour " * 300, user_id="ben")  # three passages
    gone = await memory.add("The red kite goes again", user_id="ben")
    await memory.delete(gone.id or "", user_id="ben")
    told: list[tuple[int, int]] = []
    state = await memory.models.add("openai", progress=lambda done, total: told.append((done, total)))
    assert (state.model.active, state.memories, state.filled, state.vectors) == (False, 21, 21, 23)
    assert (told[0], told[-1]) == ((0, 21), (21, 21))
    assert (await memory.status()).embedder == STATIC
    switched = await memory.models.switch(TINY)
    assert (switched.model_id, switched.active) == (TINY, True)
    assert [(s.model.model_id, s.model.active) for s in await memory.models.list()] == [(TINY, True), (STATIC, False)]
    assert (await memory.status()).embedder == TINY
    await memory.add("A new ship came in", user_id="ana")
    assert len(await memory.search("Which ship is new?", user_id="ana")) > 0
    await assert_vectors_are_the_active_models(memory, "ana")
    await assert_vectors_are_the_active_models(memory, "ben")
    assert (await state_of(memory, STATIC)).filled == 21
    await memory.models.switch("static")  # fills what came in meanwhile
    assert (await state_of(memory, STATIC)).filled == 22
    await assert_vectors_are_the_active_models(memory, "ana")


async def test_the_log_tells_what_became_of_models(async_memory: recollect.AsyncMemory):
    memory = async_memory
    await memory.add("I live in Lyon", user_id="ana")
    await memory.models.add("openai")
    await memory.models.switch("openai")
    await memory.models.drop("static")
    parts = await memory.core.ready()
    scope = Scope(tenant_id=parts.tenant_id, user_id=TENANT_STREAM)
    events = await parts.store.events(scope, EventQuery())
    added, switched, dropped = EventType.MODEL_ADDED, EventType.MODEL_SWITCHED, EventType.MODEL_DROPPED
    assert [event.type for event in events] == [added, added, switched, switched, dropped]
    assert [(e.payload or {}).get("set") for e in events[2:4]] == [{"active": False}, {"active": True}]


async def test_it_can_be_registered_without_filling_it_and_switching_fills_it(
    async_memory: recollect.AsyncMemory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(filling, "BATCH", 8)
    await async_memory.add(texts(30), user_id="ana")
    assert (await async_memory.models.add("openai", fill=False)).filled == 0
    await async_memory.models.switch("openai")
    assert (await state_of(async_memory, TINY)).filled == 30


async def test_a_dropped_models_vectors_are_gone_and_the_active_one_stays(
    async_memory: recollect.AsyncMemory, server: EmbeddedPostgres
):
    memory = async_memory
    await memory.add(texts(5), user_id="ana")
    await memory.models.add("openai")
    with pytest.raises(Conflict, match="is the active model; switch to another"):
        await memory.models.drop("static")
    assert await memory.models.drop("openai") == 5
    with pytest.raises(NotFound, match="no embedding model 'openai' is registered"):
        await memory.models.drop("openai")
    with pytest.raises(NotFound):
        await memory.models.switch(TINY)
    assert count(server, "SELECT count(*) FROM recollect.embedding WHERE tenant_id = %s", await tenant_of(memory)) == 5
    assert len(await memory.search("Which ship?", user_id="ana")) > 0


async def test_words_that_change_while_they_are_embedded_get_no_old_vectors(async_memory: recollect.AsyncMemory):
    memory = async_memory
    receipt = await memory.add(texts(2), user_id="ana")
    await memory.models.add("openai", fill=False)
    parts = await memory.core.ready()
    words = await parts.models.page(TINY, after=None, limit=10, every=False)
    embedder = await parts.models.embedder("openai")
    read = [Embedded(words=one, vectors=await embedder.embed([one.text])) for one in words]
    changed = receipt.items[0].memory_id
    await memory.update(changed or "", user_id="ana", text="It sank")
    assert set(await parts.models.fill(TINY, read)) == {one.words.id for one in read} - {changed}
    (left,) = await parts.models.page(TINY, after=None, limit=10, every=False)
    assert (left.id, left.text) == (changed, "It sank")


async def test_a_writer_in_flight_neither_waits_for_a_filling_nor_holds_it_up(
    async_memory: recollect.AsyncMemory, server: EmbeddedPostgres
):
    memory = async_memory
    receipt = await memory.add(texts(3), user_id="ana")
    await memory.models.add("openai", fill=False)
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect")) as connection:
        held = receipt.items[1].memory_id
        connection.execute("UPDATE recollect.memory SET importance = 0.9 WHERE id = %s", (held,))
        with anyio.fail_after(10):
            assert await memory.models.reembed("openai") == 2
        connection.rollback()
    assert await memory.models.reembed("openai") == 1


def count(server: EmbeddedPostgres, query: str, *parameters: Any) -> Any:
    with psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect")) as connection:
        row = connection.execute(query.encode(), parameters).fetchone()
        assert row is not None
        return row[0]


# What an embedder may get wrong.


class Misbehaving:
    """An embedder that gives a wrong row for texts with a certain word."""

    model_id = "misbehaving"
    dimension = 8

    def __init__(self, wrong: npt.NDArray[np.float32] | None = None) -> None:
        self.wrong = wrong

    async def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        rows[:, 0] = 1
        if self.wrong is not None and any("gull" in text for text in texts):
            if len(self.wrong) != self.dimension:
                return np.ones((len(texts), len(self.wrong)), np.float32)
            rows[[number for number, text in enumerate(texts) if "gull" in text]] = self.wrong
        return rows

    async def embed_question(
        self, text: str, token_weights: Mapping[str, float] | None = None
    ) -> npt.NDArray[np.float32]:
        del token_weights
        return (await self.embed([text]))[0]

    async def close(self) -> None:
        pass


WRONG = [
    pytest.param(np.ones(5, np.float32), DimensionMismatch, "numbers", id="dimension"),
    pytest.param(np.full(8, np.nan, np.float32), ValidationError, "NaN or infinity", id="nan"),
    pytest.param(np.full(8, np.inf, np.float32), ValidationError, "NaN or infinity", id="inf"),
    pytest.param(np.zeros(8, np.float32), ValidationError, "a zero vector", id="zero"),
]


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> Misbehaving:
    """Takes the place of the embedder ``openai``."""
    made, proper = Misbehaving(), wiring.make_embedder_named

    def make(settings: Settings, name: str) -> Embedder:
        return made if name == "openai" else proper(settings, name)

    monkeypatch.setattr(wiring, "make_embedder_named", make)
    return made


@pytest.mark.parametrize(("wrong", "kind", "message"), WRONG)
async def test_what_cannot_be_stored_is_refused_when_it_is_added(
    home: str, misbehaving: Misbehaving, wrong: Any, kind: type[ValidationError], message: str
):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", embedder="openai") as memory:
        await memory.add("The lamp is lit", user_id="ana")
        misbehaving.wrong = wrong
        with pytest.raises(kind, match=f"^vectors: misbehaving gave.*{message}"):
            await memory.add("A gull sits on the roof", user_id="ana")
        assert [one.text for one in (await memory.list(user_id="ana")).memories] == ["The lamp is lit"]
        assert (await memory.search("lamp", user_id="ana")).degraded == ()


@pytest.mark.parametrize(("wrong", "kind", "message"), WRONG)
async def test_what_cannot_be_stored_stops_a_filling_at_that_memory(  # noqa: PLR0917 - fixtures and cases
    async_memory: recollect.AsyncMemory,
    misbehaving: Misbehaving,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Any,
    kind: type[ValidationError],
    message: str,
):
    monkeypatch.setattr(filling, "BATCH", 4)
    memory = async_memory
    receipt = await memory.add([*texts(6), "A gull sits on the roof", *texts(3, "boat")], user_id="ana")
    misbehaving.wrong = wrong
    bad = receipt.items[6].memory_id if len(wrong) == 8 else receipt.items[4].memory_id  # a batch of another shape
    with pytest.raises(kind, match=f"misbehaving gave.*{message}.*stopped at memory {bad} of user 'ana'"):
        await memory.models.add("openai")
    assert (await state_of(memory, "misbehaving")).filled == (6 if len(wrong) == 8 else 4)
    with pytest.raises(kind):
        await memory.models.switch("openai")
    assert (await memory.status()).embedder == STATIC
    misbehaving.wrong = None
    assert await memory.models.reembed("openai") == (4 if len(wrong) == 8 else 6)
    assert (await state_of(memory, "misbehaving")).filled == 10


async def test_an_endpoint_of_another_dimension_is_refused(
    async_memory: recollect.AsyncMemory, endpoint: EmbeddingsServer
):
    await async_memory.add("The lamp is lit", user_id="ana")
    endpoint.dimension = 7
    with pytest.raises(DimensionMismatch, match=r"dimension: .*shape \(7,\).*stopped at memory .* of user 'ana'"):
        await async_memory.models.add("openai")
    endpoint.dimension = DIMENSION
    assert await async_memory.models.reembed("openai") == 1


# Memories that were stored while the embedder was down.


async def test_memories_without_vectors_are_told_of_and_filled_for_every_process(home: str, endpoint: EmbeddingsServer):
    tenant = f"tenant-{uuid4()}"
    async with (
        recollect.AsyncMemory(home=home, tenant_id=tenant, embedder="openai") as memory,
        recollect.AsyncMemory(home=home, tenant_id=tenant) as other,
    ):
        await memory.add(texts(3), user_id="ana")
        await memory.models.add("static")
        endpoint.script.extend([lambda _: Reply(b"no", 400)])
        down = await memory.add("The lamp is lit", user_id="ana")
        assert down.degraded[0].startswith("stored without vectors")
        for one in (memory, other):
            found = await one.search("lamp", user_id="ana")
            assert found.degraded == ("1 memory has no vectors yet; run `recollect model reembed`",)
            assert "The lamp is lit" in [hit.memory.text for hit in found]
        assert await memory.models.reembed() == 1
        for one in (memory, other):
            assert (await one.search("lamp", user_id="ana")).degraded == ()
        assert [e.type.value for e in await memory.history(down.id or "", user_id="ana")][-1] == "memory_updated"
        await assert_vectors_are_the_active_models(other, "ana")
        assert await memory.models.reembed(every=True) == 4
        assert (await state_of(memory, STATIC)).filled == 3  # what other models hold stays
        assert await memory.models.reembed("static") == 1


@pytest.mark.parametrize("name", ["' OR 1=1", "a\x00b", "x" * 10_000, "\ud800", "  ", 7, None, ["static"], "word2vec"])
async def test_hostile_names_are_refused(async_memory: recollect.AsyncMemory, name: Any):
    for method in (async_memory.models.add, async_memory.models.switch, async_memory.models.drop):
        with pytest.raises((ValidationError, NotFound)) as caught:
            await method(name)
        assert len(str(caught.value)) < 500
    if name is not None:  # the active one
        with pytest.raises((ValidationError, NotFound)):
            await async_memory.models.reembed(name)


async def test_arguments_are_checked(async_memory: recollect.AsyncMemory):
    wrong: Any = "yes"
    with pytest.raises(ValidationError, match=r"^fill: "):
        await async_memory.models.add("static", fill=wrong)
    with pytest.raises(ValidationError, match=r"^every: "):
        await async_memory.models.reembed(every=wrong)
    with pytest.raises(ValidationError, match=r"^progress: must be a function of two numbers, not str"):
        await async_memory.models.reembed(progress=wrong)
    with pytest.raises(ValidationError, match=r"^actor: "):
        await async_memory.models.reembed(actor="")


async def test_the_synchronous_face(memory: recollect.Memory):
    memory.add("The lamp is lit", user_id="ana")
    assert memory.models.add("openai").filled == 1
    assert memory.models.switch("openai").model_id == TINY
    assert memory.models.reembed() == 0
    assert len(memory.search("lamp", user_id="ana")) == 1
    assert memory.models.drop(STATIC) == 1
