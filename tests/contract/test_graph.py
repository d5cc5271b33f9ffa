"""What every graph does alike, and that these checks tell a graph that does not."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_reference import GraphReference
from recollect.adapters.postgres.graph import PostgresGraph
from recollect.adapters.postgres.store import PostgresStore
from recollect.bootstrap import assemble
from recollect.domain.entity import Entity, Neighbour, Related
from recollect.domain.entity_names import EntityNames
from recollect.domain.graph import Edge, Mention
from recollect.domain.record import EntityType
from recollect.domain.scope import Scope
from recollect.ports.graph import Graph
from recollect.settings import load_settings

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOBODY = EntityNames()
M = [UUID(int=number) for number in range(1, 9)]
HOSTILE = ["Zoë 😀", "O'Brien", 'q"\\', "%(x)s", "{a,b}", "İstanbul", "Straße", "x" * 200, "a\nb"]


def named(**merged: str) -> EntityNames:
    """Names of which some are merged into others."""
    return EntityNames(
        Entity(tenant_id="t", user_id="u", name=name, merged_into=into, created_at=NOW, updated_at=NOW)
        for name, into in merged.items()
    )


def mention(memory: UUID, name: str, *, said: bool = True) -> Mention:
    return Mention(memory_id=memory, name=name, type=EntityType.PERSON, at=NOW, said=said)


def edge(memory: UUID, subject: str, predicate: str, target: str, confidence: float = 0.9, **given: Any) -> Edge:
    return Edge(memory_id=memory, subject=subject, predicate=predicate, object=target, confidence=confidence, **given)


async def told(graph: Graph, scope: Scope, *parts: Mention | Edge) -> None:
    for part in parts:
        if isinstance(part, Mention):
            await graph.merge_node(scope, part)
        else:
            await graph.merge_edge(scope, part)


async def near(
    graph: Graph, scope: Scope, name: str, depth: int = 1, *, limit: int = 50, names: EntityNames = NOBODY
) -> dict[str, Neighbour]:
    found = await graph.neighbours(scope, name, names=names, now=NOW, depth=depth, limit=limit)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    return {one.name: one for one in found}


async def shares(
    graph: Graph, scope: Scope, seeds: Mapping[str, float], names: EntityNames = NOBODY, **given: Any
) -> dict[str, float]:
    found = await graph.ppr(scope, seeds, names=names, now=NOW, **given)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    return {one.name: one.share for one in found}


T = TypeVar("T")


def lowered(found: Mapping[str, T]) -> dict[str, T]:
    """By names without case: how one is written that no memory mentions is not settled."""
    return {name.casefold(): one for name, one in found.items()}


async def merging_again_changes_nothing(graph: Graph, scope: Scope) -> None:
    parts = (mention(M[0], "Anna"), mention(M[0], "Ben"), edge(M[1], "Anna", "employer", "Siemens"))
    await told(graph, scope, *parts)
    once, ways = await graph.supports(scope), await near(graph, scope, "Anna")
    await told(graph, scope, *parts, *reversed(parts))
    assert await graph.supports(scope) == once
    assert await near(graph, scope, "Anna") == ways
    assert {name: one.score for name, one in ways.items()} == {"Siemens": 0.9, "Ben": 0.3}


async def an_edge_that_is_merged_again_takes_its_new_state(graph: Graph, scope: Scope) -> None:
    first = edge(M[0], "Anna", "employer", "Siemens", 0.9)
    await told(graph, scope, first, edge(M[0], "anna", "employer", "SIEMENS", 0.5))
    assert (await near(graph, scope, "Anna"))["SIEMENS"].score == 0.5
    for ended in (replace(first, superseded=True), replace(first, valid_to=NOW)):
        await told(graph, scope, first)
        assert await near(graph, scope, "Anna")
        await told(graph, scope, ended)
        assert await near(graph, scope, "Anna") == {}


async def reasons_add_up(graph: Graph, scope: Scope) -> None:
    await told(graph, scope, edge(M[0], "Anna", "friend", "Ben", 0.5), edge(M[1], "Ben", "colleague", "Anna", 0.6))
    await told(graph, scope, mention(M[2], "Anna"), mention(M[2], "Ben"))
    one = (await near(graph, scope, "Ben"))["Anna"]
    assert one.score == round(1 - 0.5 * 0.4 * 0.7, 4)
    assert [hop.predicate for hop in one.path] == ["colleague"]  # the surest
    await told(graph, scope, *(edge(M[n], "Anna", "sure", "Ben", 1.0) for n in (3, 4)))
    assert (await near(graph, scope, "Ben"))["Anna"].score == 0.99


async def paths_are_products_within_the_depth(graph: Graph, scope: Scope) -> None:
    chain = ["Anna", "Ben", "Carla", "Dora", "Emil"]
    await told(graph, scope, *(edge(M[n], one, "x", other, 0.8) for n, (one, other) in enumerate(pairwise(chain))))
    assert {n: o.score for n, o in (await near(graph, scope, "Anna", 1)).items()} == {"Ben": 0.8}
    far = await near(graph, scope, "Anna", 3)
    assert {name: one.score for name, one in far.items()} == {"Ben": 0.8, "Carla": 0.64, "Dora": 0.512}
    assert [(hop.subject, hop.object) for hop in far["Dora"].path] == list(pairwise(chain))[:3]
    assert set(await near(graph, scope, "Carla", 1)) == {"Ben", "Dora"}  # against the direction too
    assert list(await near(graph, scope, "Anna", 3, limit=2)) == ["Ben", "Carla"]
    await told(graph, scope, edge(M[5], "Anna", "x", "Dora", 0.3))
    assert (await near(graph, scope, "Anna", 3))["Dora"].score == 0.512  # three strong hops beat a weak one


async def nothing_is_reached_through_the_user(graph: Graph, scope: Scope) -> None:
    await told(graph, scope, edge(M[0], "user", "sister", "Anna"), edge(M[1], "user", "location", "Lyon"))
    assert set(await near(graph, scope, "Anna", 3)) == {"user"}
    assert set(await near(graph, scope, "user", 1)) == {"Anna", "Lyon"}
    await told(graph, scope, mention(M[2], "Anna"))
    assert "Lyon" not in await shares(graph, scope, {"Anna": 1.0})


async def what_was_derived_ties_no_two_names(graph: Graph, scope: Scope) -> None:
    await told(graph, scope, mention(M[0], "Anna", said=False), mention(M[0], "Ben", said=False))
    assert await near(graph, scope, "Anna") == {}
    assert await near(graph, scope, "Nobody", 3) == {}


async def what_is_removed_takes_its_support_away(graph: Graph, scope: Scope) -> None:
    for memory in M[:2]:
        await told(graph, scope, mention(memory, "Anna"), mention(memory, "Ben"), edge(memory, "Ben", "x", "Oslo"))
    both = await near(graph, scope, "Ben")
    await graph.remove(scope, [M[0]])
    one = await near(graph, scope, "Ben")
    assert {name: (both[name].score, one[name].score) for name in both} == {"Anna": (0.51, 0.3), "Oslo": (0.99, 0.9)}
    assert set(await graph.supports(scope)) == {M[1]}
    await graph.remove(scope, [M[0], M[1], M[2]])
    assert await near(graph, scope, "Ben") == {}
    assert await graph.supports(scope) == {}
    assert await shares(graph, scope, {"Anna": 1.0}) == {}


async def validity_decides_what_is_walked(graph: Graph, scope: Scope) -> None:
    day = timedelta(days=1)
    await told(
        graph,
        scope,
        edge(M[0], "Anna", "home", "Lyon", valid_from=NOW - day, valid_to=NOW),
        edge(M[1], "Anna", "home", "Oslo", valid_from=NOW, valid_to=NOW + day),
        edge(M[2], "Anna", "home", "Rome", valid_from=NOW + day),
        edge(M[3], "Anna", "home", "Bern", superseded=True),
    )
    assert set(await near(graph, scope, "Anna")) == {"Oslo"}
    assert set(await shares(graph, scope, {"Anna": 1.0})) == {"Anna", "Oslo"}
    then = await graph.neighbours(scope, "Anna", names=NOBODY, now=NOW - day, depth=1, limit=9)
    assert [one.name for one in then] == ["Lyon"]


async def merges_are_applied_while_reading(graph: Graph, scope: Scope) -> None:
    await told(graph, scope, edge(M[0], "Annie", "home", "Lyon"), edge(M[1], "Anna Schmidt", "employer", "Siemens"))
    await told(graph, scope, mention(M[2], "Annie"), mention(M[2], "Ben"), mention(M[3], "Anna Schmidt"))
    merged = named(Annie="Anna Schmidt")
    before = await near(graph, scope, "Annie", 2)
    for name in ("Annie", "ANNA SCHMIDT", "annie"):
        assert set(await near(graph, scope, name, 2, names=merged)) == {"Lyon", "Siemens", "Ben"}
    assert (await near(graph, scope, "Lyon", 1, names=merged))["Anna Schmidt"].path[0].subject == "Anna Schmidt"
    assert (await shares(graph, scope, {"Ben": 1.0}, merged))["Siemens"] > 0
    assert "Siemens" not in await shares(graph, scope, {"Ben": 1.0})
    assert await near(graph, scope, "Annie", 2) == before


async def names_are_compared_without_case(graph: Graph, scope: Scope) -> None:
    await told(graph, scope, mention(M[0], "ANNA"), mention(M[0], "Ben"), mention(M[1], "Anna"), mention(M[2], "Anna"))
    await told(graph, scope, edge(M[3], "anna", "home", "Lyon"), edge(M[4], "ben", "employer", "Lyon"))
    found = await near(graph, scope, "aNNa", 2)
    assert set(found) == {"Lyon", "Ben"}
    assert (await near(graph, scope, "Lyon"))["Anna"].path[0].subject == "Anna"  # as it is written most often


async def users_have_graphs_of_their_own(graph: Graph, scope: Scope) -> None:
    other = Scope(tenant_id=scope.tenant_id, user_id=scope.user_id + " too")
    await told(graph, scope, mention(M[0], "Anna"), mention(M[0], "Ben"), edge(M[0], "Anna", "x", "Oslo"))
    for name in ("Anna", "Ben", "Oslo"):
        assert await near(graph, other, name, 3) == {}
        assert await shares(graph, other, {name: 1.0}) == {}
    mine = await near(graph, scope, "Anna", 3)
    await told(graph, other, edge(UUID(int=99), "Anna", "x", "Rome"))
    await graph.clear(other)
    assert await graph.supports(other) == {}
    assert await near(graph, scope, "Anna", 3) == mine
    await graph.clear(scope)
    assert await graph.supports(scope) == {}


async def hostile_names_are_names(graph: Graph, scope: Scope) -> None:
    for place, name in enumerate(HOSTILE):
        memory = UUID(int=100 + place)
        await told(graph, scope, mention(memory, name), mention(memory, "Anna"), edge(memory, name, "x'\"%s", name * 9))
    found = await near(graph, scope, "Anna")
    assert set(found) == set(HOSTILE)
    for name in HOSTILE:
        assert "Anna" in await near(graph, scope, name)


async def pagerank_follows_the_weights(graph: Graph, scope: Scope) -> None:
    await told(
        graph, scope, *(mention(m, n) for m, n in [(M[0], "Anna"), (M[0], "Ben"), (M[1], "Anna"), (M[1], "Ben")])
    )
    await told(graph, scope, mention(M[2], "Anna"), mention(M[2], "Carla"), mention(M[3], "Dora"))
    await told(graph, scope, edge(M[4], "Dora", "friend", "Emil", 0.5))
    found = await shares(graph, scope, {"Anna": 1.0, "Unknown": 5.0})
    assert found["Anna"] > found["Ben"] > found["Carla"] > 0
    assert len(found) == 3
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-4)
    assert await shares(graph, scope, {"Dora": 1.0, "Anna": 0.0}) == await shares(graph, scope, {"Dora": 7.0})
    assert await shares(graph, scope, {"Anna": 1.0}, damping=0.0) == {"Anna": 1.0}
    assert list(await shares(graph, scope, {"Anna": 1.0}, limit=2)) == ["Anna", "Ben"]
    assert await shares(graph, scope, {}) == await shares(graph, scope, {"Unknown": 1.0}) == {}


CHECKS: tuple[Callable[[Graph, Scope], Coroutine[Any, Any, None]], ...] = (
    merging_again_changes_nothing,
    an_edge_that_is_merged_again_takes_its_new_state,
    reasons_add_up,
    paths_are_products_within_the_depth,
    nothing_is_reached_through_the_user,
    what_was_derived_ties_no_two_names,
    what_is_removed_takes_its_support_away,
    validity_decides_what_is_walked,
    merges_are_applied_while_reading,
    names_are_compared_without_case,
    users_have_graphs_of_their_own,
    hostile_names_are_names,
    pagerank_follows_the_weights,
)


@dataclass
class Place:
    """An adapter under test."""

    runner: asyncio.Runner = field(repr=False)
    graph: Graph = field(repr=False)
    tenant_id: str

    def user(self) -> Scope:
        """A user whom no other example knows."""
        return Scope(tenant_id=self.tenant_id, user_id=f"ana {uuid4()}")


@pytest.fixture(scope="module", params=["reference", "postgres"])
def place(request: pytest.FixtureRequest, home: str) -> Iterator[Place]:
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        if request.param == "reference":
            yield Place(runner, GraphReference(), "t")
            return
        inner = AsyncExitStack()

        async def opened() -> tuple[Graph, str]:
            parts = await assemble(load_settings(home=home, tenant_id=f"graph {uuid4()}"))
            inner.push_async_callback(parts.close)
            return PostgresGraph(cast(PostgresStore, parts.store).sessions), parts.tenant_id

        stack.callback(lambda: runner.run(inner.aclose()))
        yield Place(runner, *runner.run(opened()))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_graph(place: Place, check: Callable[[Graph, Scope], Coroutine[Any, Any, None]]):
    place.runner.run(check(place.graph, place.user()))


NAMES = st.sampled_from(["Anna", "anna", "Ben", "Carla", "Dora", "Emil", "user"])
MEMORIES = st.sampled_from(M)
CONFIDENCES = st.sampled_from([0.2, 0.35, 0.55, 0.8, 0.95])
PARTS = st.one_of(
    st.builds(mention, MEMORIES, NAMES.filter(lambda name: name != "user"), said=st.booleans()),
    st.builds(edge, MEMORIES, NAMES, st.sampled_from(["x", "y"]), NAMES, CONFIDENCES, superseded=st.booleans()),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(PARTS, min_size=1, max_size=25), start=NAMES, depth=st.integers(1, 3), merged=st.booleans())
def test_a_graph_is_as_the_plain_one(place: Place, parts: list[Mention | Edge], start: str, depth: int, merged: bool):
    names = named(Carla="Anna", Dora="Carla") if merged else NOBODY
    plain, scope = GraphReference(), place.user()

    async def both() -> None:
        for graph in (place.graph, plain):
            await told(graph, scope, *parts)
        for limit in (50, 2):
            found, wanted = [
                await near(graph, scope, start, depth, limit=limit, names=names) for graph in (place.graph, plain)
            ]
            assert [one.score for one in found.values()] == [one.score for one in wanted.values()]
            whole = lowered(await near(plain, scope, start, depth, names=names))
            assert all(whole[name].score == one.score for name, one in lowered(found).items())
        ranked, dense = [lowered(await shares(one, scope, {start: 1.0}, names)) for one in (place.graph, plain)]
        assert set(ranked) == set(dense)
        assert all(abs(ranked[name] - share) < 1e-4 for name, share in dense.items())

    place.runner.run(both())


class Directed(GraphReference):
    """Walks edges in their direction only."""

    async def neighbours(self, scope: Scope, name: str, **given: Any) -> list[Neighbour]:
        found = await super().neighbours(scope, name, **given)
        return [one for one in found if one.path[0].subject.casefold() == name.casefold()]


class Forgetful(GraphReference):
    """Keeps one support only of each node."""

    async def merge_node(self, scope: Scope, mention: Mention) -> None:
        self.mentions = {k: v for k, v in self.mentions.items() if k[2] != mention.name.casefold() or k[0] != scope}
        await super().merge_node(scope, mention)


class Sticky(GraphReference):
    """Never lets an edge go."""

    async def remove(self, scope: Scope, memory_ids: Any) -> None:
        edges = self.edges
        await super().remove(scope, memory_ids)
        self.edges = edges


class Timeless(GraphReference):
    """Walks what no longer holds."""

    async def merge_edge(self, scope: Scope, edge: Edge) -> None:
        await super().merge_edge(scope, replace(edge, superseded=False, valid_to=None))


class Shared(GraphReference):
    """One graph for all users."""

    def _of(self, scope: Scope) -> tuple[list[Mention], list[Edge]]:
        del scope
        return list(self.mentions.values()), list(self.edges.values())


class Uniform(GraphReference):
    """Ranks all names alike."""

    async def ppr(self, scope: Scope, seeds: Mapping[str, float], **given: Any) -> list[Related]:
        found = await super().ppr(scope, seeds, **given)
        return [replace(one, share=1 / len(found)) for one in found]


class Unmerged(GraphReference):
    """Knows nothing of merges."""

    async def neighbours(self, scope: Scope, name: str, **given: Any) -> list[Neighbour]:
        given["names"] = NOBODY
        return await super().neighbours(scope, name, **given)


class Open(GraphReference):
    """Goes through the user."""

    async def neighbours(self, scope: Scope, name: str, **given: Any) -> list[Neighbour]:
        found = await super().neighbours(scope, name, **given)
        users = await super().neighbours(scope, "user", **given) if any(one.name == "user" for one in found) else []
        return [*found, *(one for one in users if one.name.casefold() != name.casefold())]


@pytest.mark.parametrize("wrong", [Directed, Forgetful, Sticky, Timeless, Shared, Uniform, Unmerged, Open])
def test_the_checks_find_a_graph_that_is_wrong(wrong: type[GraphReference]):
    failed: list[str] = []
    for check in CHECKS:
        try:
            asyncio.run(check(wrong(), Scope(tenant_id="t", user_id="ana")))
        except (AssertionError, KeyError):
            failed.append(check.__name__)
    assert failed
