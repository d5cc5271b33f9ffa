"""Names through aliases and merges, and ways from one name to another."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from recollect.domain.entity import Entity, EntityRelation, Hop
from recollect.domain.entity_graph import EntityGraph
from recollect.domain.entity_names import EntityNames

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def entity(name: str, *aliases: str, merged_into: str | None = None) -> Entity:
    return Entity(
        tenant_id="t", user_id="u", name=name, aliases=aliases, merged_into=merged_into, created_at=NOW, updated_at=NOW
    )


def relation(subject: str, predicate: str, target: str, confidence: float = 0.9) -> EntityRelation:
    return EntityRelation(
        subject=subject,
        predicate=predicate,
        object=target,
        confidence=confidence,
        valid_from=None,
        valid_to=None,
        holds=True,
        memory_id=UUID(int=1),
    )


def graph(*relations: EntityRelation) -> EntityGraph:
    made = EntityGraph()
    made.relate(relations)
    return made


def test_chains_of_merges_lead_to_the_last():
    names = EntityNames([entity("A", merged_into="B"), entity("B", "Bee", merged_into="C"), entity("C")])
    assert [names.target(name) for name in ("a", "BEE", "B", "c", "other")] == ["C", "C", "C", "C", "other"]
    assert names.leads_to("a", "C")
    assert names.leads_to("bee", "c")
    assert not names.leads_to("C", "A")


def test_a_name_of_its_own_wins_over_an_alias():
    names = EntityNames([entity("Anna", "Ann"), entity("Ann")])
    assert names.target("ann") == "Ann"


def test_a_circle_in_the_data_ends():
    names = EntityNames([entity("A", merged_into="B"), entity("B", merged_into="A")])
    assert names.target("A") in ("A", "B")
    assert not names.leads_to("A", "C")


def test_the_strongest_way_is_found_and_told():
    ties = graph(relation("Anna", "employer", "Siemens"), relation("Ben", "employer", "Siemens", 0.8))
    ties.together("Anna", "Ben", 1)
    (siemens, ben) = ties.neighbours("anna", 2, 10)
    assert (siemens.name, siemens.score, siemens.path) == ("Siemens", 0.9, (Hop("Anna", "employer", "Siemens"),))
    assert (ben.name, ben.score) == ("Ben", 0.72)
    assert ben.path == (Hop("Anna", "employer", "Siemens"), Hop("Ben", "employer", "Siemens"))


def test_depth_and_limit_bound_the_search():
    chain = graph(*(relation(f"n{n}", "next", f"n{n + 1}") for n in range(5)))
    assert [[n.name for n in chain.neighbours("n0", depth, 10)] for depth in (1, 2, 3)] == [
        ["n1"],
        ["n1", "n2"],
        ["n1", "n2", "n3"],
    ]
    assert [n.name for n in chain.neighbours("n0", 3, 1)] == ["n1"]


def test_more_texts_tie_more_strongly_and_never_beyond_doubt():
    ties = EntityGraph()
    for name, memories in (("one", 1), ("two", 2), ("many", 10_000)):
        ties.together("Anna", name, memories)
    assert [(n.name, n.score) for n in ties.neighbours("Anna", 1, 10)] == [("many", 0.99), ("two", 0.51), ("one", 0.3)]


def test_nothing_is_reached_through_the_user_but_the_user_reaches_all():
    ties = graph(relation("user", "sister", "Anna"), relation("user", "friend", "Ben"))
    assert [n.name for n in ties.neighbours("Anna", 3, 10)] == ["user"]
    assert [n.name for n in ties.neighbours("user", 1, 10)] == ["Anna", "Ben"]


@pytest.mark.parametrize("name", ["nobody", ""])
def test_an_unknown_name_has_no_neighbours(name: str):
    assert graph(relation("a", "b", "c")).neighbours(name, 3, 10) == []
