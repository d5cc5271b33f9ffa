"""The graph of names follows the memories that support it, through every way in which a memory changes or goes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
from psycopg import sql
from sqlalchemy import create_engine, pool
from tests.row_search import connect

import recollect
from recollect import bootstrap
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.migrations.graph_fill import fill_graph
from recollect.adapters.postgres.operator import Operator
from recollect.adapters.postgres.session import count_round_trips
from recollect.domain.entity import Entity, Related
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Support, support_of
from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.errors import NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.memory.memory import AsyncFacade
from recollect.memory.readable_knowledge import ReadableKnowledge
from recollect.settings import load_settings

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
SAID = (
    "My sister Anna Schmidt lives in Lyon",
    "Anna works at Siemens",
    "Annie met Ben at the Louvre in Paris.",
    "Ben lives in Oslo",
    "Carla and Ben went to Rome with Dora",
)
TABLES = ("graph_mention", "graph_edge")


@pytest.fixture
def talk(memory: recollect.Memory) -> recollect.Memory:
    """A memory in which five things were said, an hour apart."""
    for number, text in enumerate(SAID):
        memory.add(text, user_id="ana", at=START + timedelta(hours=number))
    return memory


@pytest.fixture
def operator(home: str) -> Iterator[Operator]:
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        yield operator


def tenant_of(memory: recollect.Memory) -> str:
    return memory.audit.verify(user_id="ana").reports[0].tenant_id


def graph_of(memory: recollect.Memory, user: str) -> tuple[dict[UUID, Support], dict[UUID, Support]]:
    """What the tables hold, and what the memories as they are now add up to."""

    async def both(inner: AsyncFacade) -> tuple[dict[UUID, Support], dict[UUID, Support]]:
        parts = await inner.core.ready()
        scope = Scope(tenant_id=parts.tenant_id, user_id=user)
        chosen = SearchFilter(statuses=frozenset(Status))
        rows = await parts.store.page(scope, chosen, limit=1000, after=None)
        wanted = {one.id: support_of(one) for one in rows}
        return sorted_edges(await parts.graph.supports(scope)), sorted_edges(wanted)

    return LOOP.call(lambda: both(memory._inner))  # pyright: ignore[reportPrivateUsage] - looks below the facade


def sorted_edges(supports: Any) -> dict[UUID, Support]:
    """Supports in one order, without those of memories that add nothing."""
    return {
        memory: Support(
            tuple(sorted(one.mentions, key=lambda mention: mention.name)),
            tuple(sorted(one.edges, key=lambda edge: edge.id)),
        )
        for memory, one in supports.items()
        if one != Support()
    }


def assert_follows(memory: recollect.Memory, user: str = "ana") -> dict[UUID, Support]:
    stored, wanted = graph_of(memory, user)
    assert stored == wanted
    return stored


def near(memory: recollect.Memory, name: str, **given: Any) -> dict[str, float]:
    return {one.name: one.score for one in memory.entities.neighbours(name, user_id="ana", **given)}


def by_text(memory: recollect.Memory, text: str) -> UUID:
    (found,) = [one.id for one in memory.list(user_id="ana") if one.text == text]
    return found


def test_the_graph_follows_adding_updating_superseding_and_deleting(talk: recollect.Memory):
    assert len(assert_follows(talk)) >= 5
    talk.add("Anna works at Bosch", user_id="ana", at=START + timedelta(days=30))
    ways = near(talk, "Anna")
    assert ways["Bosch"] > 0.9
    assert ways["Siemens"] == 0.3  # she was mentioned with it, no more
    ended = [edge for one in assert_follows(talk).values() for edge in one.edges if edge.object == "Siemens"]
    assert ended
    assert all(edge.superseded or edge.valid_to is not None for edge in ended)
    talk.update(by_text(talk, SAID[4]), user_id="ana", text="Carla and Emil went to Madrid")
    assert_follows(talk)
    assert set(near(talk, "Carla")) == {"Emil", "Madrid"}
    with pytest.raises(NotFound):
        near(talk, "Dora")
    assert set(near(talk, "Annie")) == {"Ben", "Louvre", "Paris"}
    talk.delete(by_text(talk, SAID[2]), user_id="ana")
    assert_follows(talk)
    with pytest.raises(NotFound):
        near(talk, "Annie")
    assert "Oslo" in near(talk, "Ben")


def test_what_is_erased_leaves_no_node(talk: recollect.Memory, server: EmbeddedPostgres):
    tenant, going = tenant_of(talk), by_text(talk, SAID[4])
    talk.erasure.memory(going, user_id="ana")
    assert_follows(talk)
    assert "Carla" not in near(talk, "Ben", depth=3)
    with connect(server) as connection:
        for table in TABLES:
            query = sql.SQL("SELECT count(*) FROM recollect.{} WHERE tenant_id = %s").format(sql.Identifier(table))
            gone = query + sql.SQL(" AND memory_id = %s")
            assert connection.execute(gone, (tenant, going)).fetchone() == (0,)
        talk.erasure.user(user_id="ana")
        for table in TABLES:
            query = sql.SQL("SELECT count(*) FROM recollect.{} WHERE tenant_id = %s").format(sql.Identifier(table))
            assert connection.execute(query, (tenant,)).fetchone() == (0,)


def test_a_rollback_takes_the_graph_along(talk: recollect.Memory):
    before, ways = assert_follows(talk), near(talk, "Ben", depth=3)
    line = list(talk.events.list(user_id="ana", limit=1000))[-1].seq
    talk.add("Ben met Emil in Vienna", user_id="ana")
    talk.delete(by_text(talk, SAID[3]), user_id="ana")
    assert near(talk, "Ben", depth=3) != ways
    talk.rollback(user_id="ana", to=line)
    assert assert_follows(talk) == before
    assert near(talk, "Ben", depth=3) == ways


def test_what_is_quarantined_is_no_part_of_it_until_it_is_released(memory: recollect.Memory):
    memory.add("I met Ben in Oslo", user_id="ana")
    held = memory.add("Ben and Dora live in Madrid", user_id="ana", source="a stranger")
    assert set(near(memory, "Ben")) == {"Oslo"}
    assert_follows(memory)
    for memory_id in held.ids:
        memory.quarantine.release(memory_id, user_id="ana")
    assert_follows(memory)
    assert {"Dora", "Madrid"} <= set(near(memory, "Ben"))


def test_a_merge_joins_both_graphs_and_is_taken_back_exactly(talk: recollect.Memory):
    def picture() -> tuple[Any, ...]:
        names = ("Annie", "Anna Schmidt", "Ben", "Lyon")
        related = talk.entities.related(["Anna", "Ben"], user_id="ana")
        return (*(talk.entities.neighbours(name, user_id="ana", depth=2) for name in names), related)

    before, rows = picture(), assert_follows(talk)
    talk.entities.merge("Annie", "Anna Schmidt", user_id="ana")
    assert {"Siemens", "Lyon", "Ben", "Louvre"} <= set(near(talk, "Annie"))
    assert near(talk, "Annie") == near(talk, "Anna Schmidt")
    assert "Anna Schmidt" in near(talk, "Ben")
    assert "Annie" not in {one.name for one in talk.entities.related("Ben", user_id="ana")}
    assert assert_follows(talk) == rows  # a merge changes no support, so taking it back leaves no trace
    talk.entities.unmerge("Annie", user_id="ana")
    assert picture() == before


def test_duplicates_are_suggested_until_they_are_merged(memory: recollect.Memory):
    for text in ("I met Robert Miller in Rome", "Bob Miller called me", "I met Bob Carter", "Siemens hired Anna Weber"):
        memory.add(text, user_id="ana")
    found = memory.entities.duplicates(user_id="ana")
    assert [({one.name, one.into}, one.why) for one in found] == [({"Robert Miller", "Bob Miller"}, "a short form")]
    memory.entities.merge(found[0].name, found[0].into, user_id="ana")
    assert memory.entities.duplicates(user_id="ana") == ()
    assert memory.entities.get("Bob Miller", user_id="ana").mentions == 2
    memory.entities.unmerge(found[0].name, user_id="ana")
    assert memory.entities.duplicates(user_id="ana") == found
    assert memory.entities.duplicates(user_id="ben") == ()


def test_related_names_are_those_that_walks_end_at(talk: recollect.Memory):
    found = talk.entities.related("Carla", user_id="ana")
    assert found[0].name == "Carla"
    assert {"Ben", "Rome", "Dora", "Oslo"} <= {one.name for one in found}
    assert sum(one.share for one in found) == pytest.approx(1.0, abs=1e-3)
    assert "Siemens" not in {one.name for one in found}
    assert len(talk.entities.related(["Carla", "Anna"], user_id="ana", limit=3)) == 3
    assert talk.entities.related("Carla", user_id="ana", damping=0.0) == (Related("Carla", 1.0),)
    for wrong in (1.0, -0.1, True, "much"):
        with pytest.raises(ValidationError, match="damping"):
            talk.entities.related("Carla", user_id="ana", damping=wrong)  # pyright: ignore[reportArgumentType]
    for wrong in ([], 5, [5]):
        with pytest.raises(ValidationError, match="name"):
            talk.entities.related(wrong, user_id="ana")  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFound, match="has no entity 'Nobody'"):
        talk.entities.related(["Carla", "Nobody"], user_id="ana")


def test_nobody_walks_in_the_graph_of_another(talk: recollect.Memory, home: str):
    talk.add("Ben knows Xaver in Bern", user_id="ben")
    assert {"Xaver", "Bern"}.isdisjoint(near(talk, "Ben", depth=3))
    with pytest.raises(NotFound):
        near(talk, "Xaver")
    with recollect.Memory(home=home, tenant_id=f"other {uuid4()}") as stranger:
        stranger.add("Ben likes tea", user_id="ana")
        assert "Oslo" not in {one.name for one in stranger.entities.related("Ben", user_id="ana")}
        assert "Oslo" not in near(stranger, "Ben", depth=3)


def test_a_reader_under_policies_walks_the_same_graph_of_what_may_be_read(talk: recollect.Memory):
    talk.entities.merge("Annie", "Anna Schmidt", user_id="ana")

    async def compared(inner: AsyncFacade) -> int:
        parts = await inner.core.ready()
        scope, now = Scope(tenant_id=parts.tenant_id, user_id="ana"), parts.clock.now()
        rows = await parts.store.page(scope, SearchFilter(statuses=frozenset(Status)), limit=1000, after=None)
        names = EntityNames(await parts.store.things(Entity, scope.tenant_id, {"user_id": "ana"}))
        readable = ReadableKnowledge(rows)
        mentioned = await parts.store.mentioned(scope)
        assert sorted(mentioned, key=str) == sorted(await readable.mentioned(scope), key=str)
        for name in ("Annie", "user", "Lyon", *(one.name for one in mentioned)):
            walks = [
                await one.neighbours(scope, name, names=names, now=now, depth=3, limit=50)
                for one in (parts.graph, readable)
            ]
            assert walks[0] == walks[1]
            shares = [await one.ppr(scope, {name: 1.0}, names=names, now=now) for one in (parts.graph, readable)]
            assert [one.name for one in shares[0]] == [one.name for one in shares[1]]
        return len(mentioned)

    assert LOOP.call(lambda: compared(talk._inner)) >= 8  # pyright: ignore[reportPrivateUsage] - looks below the facade


def test_a_question_finds_what_an_alias_or_a_merged_name_was_told_of(talk: recollect.Memory):
    def raw(question: str) -> dict[str, float]:
        found = talk.search(question, user_id="ana", profile={"entity": 1.0}, limit=50)
        scores = {hit.memory.text: hit.signals["entity"].raw for hit in found if "entity" in hit.signals}
        return {text: score for text, score in scores.items() if score > 0}

    assert raw("What about Nani?") == {}
    assert SAID[2] not in raw("Where does Anna Schmidt live?")
    talk.entities.describe("Anna Schmidt", user_id="ana", aliases=["Nani"])
    assert max(raw("What about Nani?"), key=raw("What about Nani?").__getitem__) in SAID[:2]
    talk.entities.merge("Annie", "Anna Schmidt", user_id="ana")
    assert {*SAID[:3]} <= set(raw("Where does Nani live?"))
    talk.entities.unmerge("Annie", user_id="ana")
    assert SAID[2] not in raw("Where does Nani live?")


def test_a_walk_costs_a_round_trip_a_hop(talk: recollect.Memory):
    async def counted(inner: AsyncFacade) -> list[int]:
        await inner.entities.neighbours("Ben", user_id="ana")
        costs: list[int] = []
        for depth in (1, 2, 3):
            trips = count_round_trips()
            await inner.entities.neighbours("Ben", user_id="ana", depth=depth)
            costs.append(trips[0])
        return costs

    costs = LOOP.call(lambda: counted(talk._inner))  # pyright: ignore[reportPrivateUsage] - looks below the facade
    assert costs[0] <= 4
    assert costs[2] - costs[0] <= 2


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("damage", ["DELETE FROM {}", "UPDATE {} SET user_id = user_id || '!'"])
def test_a_damaged_graph_is_found_and_rebuilt_from_the_log(
    talk: recollect.Memory, operator: Operator, server: EmbeddedPostgres, table: str, damage: Any
):
    tenant, ways = tenant_of(talk), near(talk, "Ben", depth=3)
    where = sql.SQL(" WHERE tenant_id = {}").format(sql.Literal(tenant))
    with connect(server) as connection:
        assert connection.execute(sql.SQL(damage).format(sql.Identifier("recollect", table)) + where).rowcount > 0

    async def work() -> tuple[bool, set[str], bool]:
        found = await operator.verify(tenant, "ana", lambda _: None, vectors=False)
        tables = {one.table for stream in found.faulty for one in stream.deviations}
        await operator.rebuild(tenant, "ana", vectors=False)
        return found.ok, tables, (await operator.verify(tenant, "ana", lambda _: None, vectors=False)).ok

    assert anyio.run(work) == (False, {table}, True)
    assert_follows(talk)
    assert near(talk, "Ben", depth=3) == ways


def test_memories_from_before_the_graph_are_taken_in_by_the_migration(talk: recollect.Memory, server: EmbeddedPostgres):
    talk.add("Straße 5 in İstanbul is where Zoë lives", user_id="ana")
    before, tenant = assert_follows(talk), tenant_of(talk)
    with connect(server) as connection:
        for table in TABLES:
            query = sql.SQL("DELETE FROM recollect.{} WHERE tenant_id = %s").format(sql.Identifier(table))
            connection.execute(query, (tenant,))
    assert graph_of(talk, "ana")[0] == {}
    url = "postgresql+psycopg://"
    engine = create_engine(url, creator=lambda: connect(server), poolclass=pool.NullPool)
    with engine.begin() as connection:
        fill_graph(connection)
    assert assert_follows(talk) == before
