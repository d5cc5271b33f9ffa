"""The knowledge graph's desk: parts of our graph, in the log, safe beside other writers, taken back like anything."""

import asyncio
from datetime import UTC, datetime

import pytest

import recollect
from recollect.domain.knowledge_graph import NOTED, GraphEntity, GraphRelation, Observed, entity_type
from recollect.domain.record import EntityType
from recollect.errors import NotAllowed, NotFound, ValidationError

ANNA = GraphEntity(name="Anna", type="person", observations=("Likes tea", "Met Tom in Rome"))
LOOKING = 'allow if input.memory.sensitivity != "restricted"'
WORKS_AT = GraphRelation(source="Anna", type="works at", target="Siemens")


def test_what_is_noted_is_part_of_our_graph_and_of_the_log(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    memory.graph.create_relations([WORKS_AT], user_id="ben")
    known = memory.entities.get("Anna", user_id="ben")
    assert (known.type, known.mentions) == (EntityType.PERSON, 3)
    (relation,) = memory.entities.relations("Anna", user_id="ben")
    assert (relation.subject, relation.predicate, relation.object) == ("Anna", "works at", "Siemens")
    assert [one.name for one in memory.entities.neighbours("Anna", user_id="ben")] == ["Siemens"]
    found = memory.search("Who likes tea?", user_id="ben")
    assert (found[0].memory.text, found[0].memory.subject) == ("Anna: Likes tea", "Anna")
    assert len(memory.events.list(user_id="ben")) == 4
    assert memory.audit.verify(user_id="ben").reports[0].first_break is None
    assert memory.graph.read(user_id="carl").entities == ()


def test_observations_state_no_facts_of_the_user_and_mention_nobody_else(memory: recollect.Memory):
    said = GraphEntity(name="Tom", type="person", observations=("I live in Paris", "My name is Zoe"))
    memory.graph.create_entities([said], user_id="ben")
    assert dict(memory.identity.get(user_id="ben")) == {}
    assert [one.name for one in memory.entities.list(user_id="ben")] == ["Tom"]
    assert all(one.key is None for one in memory.list(user_id="ben"))


def test_the_same_words_are_told_apart_from_other_memories(memory: recollect.Memory):
    memory.add("Anna: Likes tea", user_id="ben", type="semantic_fact")
    entity = GraphEntity(name="Anna", type="person", observations=("Likes tea", "likes  TEA", "Likes tea (2)"))
    assert memory.graph.create_entities([entity], user_id="ben") == (entity,)
    shown = memory.graph.nodes(["Anna"], user_id="ben").entities[0].observations
    assert shown[:3] == ("Likes tea", "likes  TEA", "Likes tea (2)")
    memory.graph.delete_observations([Observed(name="Anna", contents=("likes  TEA",))], user_id="ben")
    assert memory.graph.nodes(["Anna"], user_id="ben").entities[0].observations[:2] == ("Likes tea", "Likes tea (2)")


def test_an_observation_whose_memory_is_reworded_says_the_new_words(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    (tea,) = [one for one in memory.list(user_id="ben") if one.text == "Anna: Likes tea"]
    memory.update(tea.id, user_id="ben", text="Anna: Likes coffee")
    assert memory.graph.nodes(["Anna"], user_id="ben").entities[0].observations == ("Likes coffee", "Met Tom in Rome")


def test_a_batch_is_written_whole_or_not_at_all(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    before = len(memory.events.list(user_id="ben"))
    several = [Observed(name="Anna", contents=("x y z",)), Observed(name="Ghost", contents=("x y z",))]
    with pytest.raises(NotFound, match="Ghost not found"):
        memory.graph.add_observations(several, user_id="ben")
    with pytest.raises(ValidationError, match=r"entities\[1\].observations\[0\]: is empty"):
        memory.graph.create_entities(
            [GraphEntity(name="A", type="t"), GraphEntity(name="B", type="t", observations=(" ",))], user_id="ben"
        )
    assert len(memory.events.list(user_id="ben")) == before


def test_deleted_parts_stay_in_the_log_and_a_rollback_brings_them_back(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    memory.graph.create_relations([WORKS_AT], user_id="ben")
    whole = memory.graph.read(user_id="ben")
    seq = memory.events.list(user_id="ben")[-1].seq
    deletion = memory.graph.delete_entities(["Anna", "Nobody"], user_id="ben")
    assert (deletion.deleted, deletion.kept) == (4, ())
    assert memory.graph.read(user_id="ben").entities == memory.graph.read(user_id="ben").relations == ()
    assert memory.entities.list(user_id="ben").items == ()
    memory.rollback(user_id="ben", to=seq)
    assert memory.graph.read(user_id="ben") == whole


def test_the_mark_is_the_graphs_own(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    marks = [one.extra[NOTED] for one in memory.list(user_id="ben")]
    assert {mark["kind"] for mark in marks} == {"entity", "observation"}
    memory.add("Anna is here", user_id="ben", metadata={NOTED: "not a mark"})
    memory.add("Tom is here", user_id="ben", metadata={NOTED: {"kind": "entity"}})
    assert [one.name for one in memory.graph.read(user_id="ben").entities] == ["Anna", "Tom"]
    assert memory.graph.read(user_id="ben").entities[1].observations == ("Tom is here",)


def test_a_relation_that_other_words_state_is_kept(memory: recollect.Memory):
    memory.add("My sister Anna works at Siemens in Munich", user_id="ben")
    told = GraphRelation(source="Anna", type="employer", target="Siemens")
    assert told in memory.graph.read(user_id="ben").relations
    deletion = memory.graph.delete_relations([told], user_id="ben")
    assert deletion.deleted == 1, "the fact was a memory of its own"
    texts = {one.text for one in memory.list(user_id="ben")}
    assert "My sister Anna works at Siemens in Munich" in texts
    assert "Anna works at Siemens" not in texts
    assert told not in memory.graph.read(user_id="ben").relations


@pytest.mark.parametrize("condition", ['filter := {"sensitivity": {"ne": "restricted"}}', LOOKING])
def test_what_policies_hide_is_not_in_the_graph(memory: recollect.Memory, condition: str):
    memory.graph.create_entities([ANNA], user_id="ben")
    memory.graph.create_relations([WORKS_AT], user_id="ben")
    memory.add("My friend Paul lives in Lyon", user_id="ben", sensitivity="restricted")
    for one in memory.list(user_id="ben"):
        if "tea" in one.text or "works at" in one.text:
            memory.update(one.id, user_id="ben", sensitivity="restricted")
    module = f'package recollect.wall\nimport rego.v1\n\napplies if input.action == "read"\n\n{condition}\n'
    memory.policies.add("wall", module)
    page = memory.graph.read(user_id="ben")
    (anna,) = page.entities
    assert (anna.name, anna.observations) == ("Anna", ("Met Tom in Rome",))
    assert page.relations == ()
    for hidden in ("tea", "Paul", "Lyon", "Siemens"):
        assert memory.graph.find(hidden, user_id="ben").entities == ()
    assert memory.graph.nodes(["Paul", "Lyon"], user_id="ben").entities == ()


def test_what_policies_forbid_to_write_is_not_noted(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    memory.policies.add(
        "wall", 'package recollect.wall\nimport rego.v1\n\napplies if input.action == "write"\nallow if false\n'
    )
    with pytest.raises(NotAllowed):
        memory.graph.create_relations([WORKS_AT], user_id="ben")
    with pytest.raises(NotAllowed):
        memory.graph.delete_entities(["Anna"], user_id="ben")
    memory.policies.remove("wall")
    assert memory.graph.read(user_id="ben").entities == (ANNA,)
    assert memory.graph.read(user_id="ben").relations == ()


def test_the_log_alone_brings_the_graph_back(memory: recollect.Memory):
    memory.graph.create_entities([ANNA], user_id="ben")
    memory.graph.create_relations([WORKS_AT], user_id="ben")
    before = memory.at(known_at=datetime.now(UTC)).list(user_id="ben")
    assert {one.text for one in before} == {one.text for one in memory.list(user_id="ben")}
    moved = memory.graph.add_observations([Observed(name="Anna", contents=("Likes tea", "Sings"))], user_id="ben")
    assert moved == (Observed(name="Anna", contents=("Sings",)),)
    memory.erase(user_id="ben")
    assert memory.graph.read(user_id="ben").entities == memory.graph.read(user_id="ben").relations == ()


def test_what_was_merged_is_one_entity(memory: recollect.Memory):
    memory.add("My friend Annie plays chess", user_id="ben")
    memory.add("My friend Anna Schmidt lives in Bonn", user_id="ben")
    memory.entities.merge("Annie", "Anna Schmidt", user_id="ben")
    (entity,) = memory.graph.nodes(["Anna Schmidt", "Annie"], user_id="ben").entities
    assert len(entity.observations) == 2


@pytest.mark.anyio
async def test_many_who_note_the_same_at_once_leave_it_there_once(async_memory: recollect.AsyncMemory):
    async def note(number: int) -> int:
        made = await async_memory.graph.create_entities([ANNA], user_id="ben")
        extra = Observed(name="Anna", contents=(f"Own fact {number}", "Shared fact"))
        await async_memory.graph.add_observations([extra], user_id="ben")
        return len(made)

    assert sum(await asyncio.gather(*(note(number) for number in range(6)))) == 1
    (anna,) = (await async_memory.graph.read(user_id="ben")).entities
    own = {f"Own fact {number}" for number in range(6)}
    assert sorted(anna.observations) == sorted({*ANNA.observations, *own, "Shared fact"})


@pytest.mark.anyio
async def test_pages_hold_everything_once_however_small_they_are(async_memory: recollect.AsyncMemory):
    entities = [GraphEntity(name=f"e{n}", type="t", observations=(f"a{n} b c", f"d{n} e f")) for n in range(7)]
    entities.append(GraphEntity(name="long", type="t", observations=("word " * 1_500, "short one here")))
    relations = [GraphRelation(source=f"e{n}", type="to", target="e0") for n in range(1, 7)]
    await async_memory.graph.create_entities(entities, user_id="ben")
    await async_memory.graph.create_relations(relations, user_id="ben")
    for most in (100, 300, 100_000):
        seen: dict[str, int] = {}
        ties: list[GraphRelation] = []
        cursor: str | None = None
        pages = 0
        while True:
            page = await async_memory.graph.read(user_id="ben", max_tokens=most, cursor=cursor)
            for entity in page.entities:
                seen[entity.name] = seen.get(entity.name, 0) + len(entity.observations)
            ties += page.relations
            cursor, pages = page.next_cursor, pages + 1
            if cursor is None:
                break
        assert seen == {entity.name: 2 for entity in entities}
        assert ties == relations
        assert pages == 1 or most < 100_000


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Person", "person"), ("company", "organisation"), (" City ", "place"), ("idea", "other"), ("", "other")],
)
def test_the_word_for_a_type_is_read_as_one_of_ours(word: str, kind: str):
    assert entity_type(word).value == kind
