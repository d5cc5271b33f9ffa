"""Entities: mentions, descriptions, merges that are taken back, and what ties one name to another."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.desk_checks import assert_log_gives_things, types_of

import recollect
from recollect.domain.record import EntityType
from recollect.errors import Conflict, NotFound, ValidationError

START = datetime(2026, 5, 4, 9, tzinfo=UTC)
SAID = (
    "My sister Anna Schmidt lives in Lyon",
    "Anna works at Siemens",
    "Annie met Ben at the Louvre in Paris.",
    "Ben lives in Oslo",
)


@pytest.fixture
def talk(memory: recollect.Memory) -> recollect.Memory:
    """A memory in which four things were said, an hour apart."""
    for number, text in enumerate(SAID):
        memory.add(text, user_id="ana", at=START + timedelta(hours=number))
    return memory


def names_in(memory: recollect.Memory, text: str) -> set[str]:
    """The names under which the memory of that text mentions its entities."""
    (found,) = [m for m in memory.list(user_id="ana") if m.text == text]
    return {mention.name for mention in found.entities}


def test_what_memories_mention_is_listed(talk: recollect.Memory):
    found = {entity.name: entity for entity in talk.entities.list(user_id="ana")}
    assert set(found) == {"Anna Schmidt", "Lyon", "Siemens", "Annie", "Ben", "Louvre", "Paris", "Oslo"}
    anna = found["Anna Schmidt"]
    assert (anna.type, anna.first_at, anna.last_at) == (EntityType.PERSON, START, START + timedelta(hours=1))
    assert (found["Siemens"].type, found["Oslo"].type) == (EntityType.ORGANISATION, EntityType.PLACE)
    assert found["Annie"].mentions == 1
    assert found["Annie"].salience == 0.1502
    assert anna.salience > found["Ben"].salience > found["Annie"].salience
    assert talk.entities.get("ANNA SCHMIDT", user_id="ana") == talk.entities.get("Anna", user_id="ana") == anna
    assert len(talk.entities.list(user_id="ben")) == 0


def test_pages_of_entities_show_each_once(talk: recollect.Memory):
    talk.entities.describe("Ben", user_id="ana", salience=0.123456789)
    everything = list(talk.entities.list(user_id="ana"))
    shown: list[str] = []
    cursor = None
    while True:
        page = talk.entities.list(user_id="ana", limit=3, cursor=cursor)
        shown += [entity.name for entity in page]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert shown == [entity.name for entity in everything]
    assert len(shown) == 8


def test_entities_of_deleted_and_quarantined_memories_are_not_listed(memory: recollect.Memory):
    receipt = memory.add("We met Carla in Rome", user_id="ana")
    memory.add("Dora lives in Madrid", user_id="ana", source="a stranger")
    assert {entity.name for entity in memory.entities.list(user_id="ana")} == {"Carla", "Rome"}
    for memory_id in receipt.ids:
        memory.delete(memory_id, user_id="ana")
    assert len(memory.entities.list(user_id="ana")) == 0
    with pytest.raises(NotFound, match="has no entity 'Carla'"):
        memory.entities.get("Carla", user_id="ana")


def test_a_description_changes_what_is_known(talk: recollect.Memory):
    described = talk.entities.describe(
        "ben", user_id="ana", type="organisation", aliases=["Benny", "B."], description="A band", salience=0.9
    )
    assert (described.name, described.type, described.aliases) == ("Ben", EntityType.ORGANISATION, ("Benny", "B."))
    assert (described.description, described.salience, described.mentions) == ("A band", 0.9, 2)
    assert talk.entities.describe("Benny", user_id="ana", description="A band") == described
    assert types_of(talk, "ana") == ["entity_described"]
    assert talk.entities.list(user_id="ana")[0] == described
    assert talk.entities.describe("Ben", user_id="ana", aliases=[]).aliases == ()
    fresh = talk.entities.describe("Zoë 😀", user_id="ana", description="not mentioned yet")
    assert (fresh.mentions, fresh.salience, fresh.type, fresh.first_at) == (0, 0.0, EntityType.OTHER, None)
    assert talk.entities.get("zoë 😀", user_id="ana") == fresh
    assert_log_gives_things(talk, "ana")


def test_an_alias_acts_at_write_time_and_on_what_was_said_before(talk: recollect.Memory):
    talk.entities.describe("Anna Schmidt", user_id="ana", aliases=["Annie"])
    assert talk.entities.get("Annie", user_id="ana").name == "Anna Schmidt"
    talk.add("Annie works at Bosch", user_id="ana", at=START + timedelta(days=1))
    assert names_in(talk, "Annie works at Bosch") == {"Anna Schmidt", "Bosch"}
    holds = [r for r in talk.entities.relations("Anna Schmidt", user_id="ana") if r.predicate == "employer"]
    assert "Bosch" in {relation.object for relation in holds if relation.holds}


def test_names_cannot_belong_to_two(talk: recollect.Memory):
    talk.entities.describe("Ben", user_id="ana", aliases=["Benny"])
    with pytest.raises(Conflict, match="'benny' is a name of the entity 'Ben' already"):
        talk.entities.describe("Anna Schmidt", user_id="ana", aliases=["benny"])
    with pytest.raises(Conflict):
        talk.entities.describe("Anna Schmidt", user_id="ana", aliases=["BEN"])
    with pytest.raises(ValidationError, match="the entity's own name"):
        talk.entities.describe("Ben", user_id="ana", aliases=["ben"])
    with pytest.raises(ValidationError, match="nothing to update"):
        talk.entities.describe("Ben", user_id="ana")


def test_a_merge_folds_two_entities_and_is_taken_back_exactly(talk: recollect.Memory):
    talk.entities.describe("Annie", user_id="ana", description="from the museum", aliases=["Ann"])
    before = list(talk.entities.list(user_id="ana"))
    apart = talk.entities.get("Annie", user_id="ana")
    anna = talk.entities.get("Anna Schmidt", user_id="ana")
    merged = talk.entities.merge("annie", "anna schmidt", user_id="ana")
    assert (merged.name, merged.merged, merged.aliases) == ("Anna Schmidt", ("Annie",), ("Ann",))
    assert merged.mentions == anna.mentions + apart.mentions
    assert merged.last_at == START + timedelta(hours=2)
    assert talk.entities.get("Ann", user_id="ana") == merged
    talk.add("Annie plays the cello", user_id="ana")
    assert names_in(talk, "Annie plays the cello") == {"Anna Schmidt"}
    for found in talk.list(user_id="ana"):
        if "cello" in found.text.lower():
            talk.delete(found.id, user_id="ana")
    talk.entities.unmerge("ANNIE", user_id="ana")
    assert list(talk.entities.list(user_id="ana")) == before
    talk.add("Annie plays the violin", user_id="ana")
    assert names_in(talk, "Annie plays the violin") == {"Annie"}
    kinds = [kind for kind in types_of(talk, "ana") if kind.startswith("entity")]
    assert kinds == ["entity_described", "entity_merged", "entity_unmerged"]
    assert_log_gives_things(talk, "ana")


def test_merging_what_was_only_mentioned_leaves_nothing_behind(talk: recollect.Memory):
    before = list(talk.entities.list(user_id="ana"))
    talk.entities.merge("Annie", "Anna Schmidt", user_id="ana")
    assert len(talk.entities.list(user_id="ana")) == len(before) - 1
    talk.entities.unmerge("Annie", user_id="ana")
    assert list(talk.entities.list(user_id="ana")) == before
    assert_log_gives_things(talk, "ana")


def test_chains_resolve_to_the_last_and_circles_are_refused(talk: recollect.Memory):
    merge = talk.entities.merge
    merge("Annie", "Ben", user_id="ana")
    last = merge("Ben", "Anna Schmidt", user_id="ana")
    assert last.merged == ("Annie", "Ben")
    assert talk.entities.get("Annie", user_id="ana") == last
    for into in ("Annie", "Ben"):
        with pytest.raises(Conflict, match="was merged into"):
            merge("Anna Schmidt", into, user_id="ana")
    with pytest.raises(Conflict, match="is merged into 'Ben' already"):
        merge("Annie", "Lyon", user_id="ana")
    with pytest.raises(ValidationError, match="into: is the same name"):
        merge("Lyon", "LYON", user_id="ana")
    with pytest.raises(NotFound, match="has no entity 'Nobody'"):
        merge("Nobody", "Lyon", user_id="ana")
    with pytest.raises(NotFound, match="has no entity 'Nobody'"):
        merge("Lyon", "Nobody", user_id="ana")
    talk.entities.unmerge("Ben", user_id="ana")
    assert talk.entities.get("Annie", user_id="ana").name == "Ben"
    with pytest.raises(NotFound, match="no merged entity 'Ben'"):
        talk.entities.unmerge("Ben", user_id="ana")


def test_an_alias_is_not_merged_for_its_owner(talk: recollect.Memory):
    talk.entities.describe("Ben", user_id="ana", aliases=["Benny"])
    with pytest.raises(Conflict, match="is an alias of 'Ben'"):
        talk.entities.merge("Benny", "Anna Schmidt", user_id="ana")
    assert talk.entities.merge("Annie", "Benny", user_id="ana").name == "Ben"


def test_relations_say_what_holds_and_what_held(talk: recollect.Memory):
    talk.add("Anna works at Bosch", user_id="ana", at=START + timedelta(days=30))
    found = [(r.subject, r.predicate, r.object, r.holds) for r in talk.entities.relations("Anna", user_id="ana")]
    assert set(found) == {
        ("Anna Schmidt", "employer", "Bosch", True),
        ("Anna Schmidt", "location", "Lyon", True),
        ("user", "sister", "Anna Schmidt", True),
        ("Anna Schmidt", "employer", "Siemens", False),
    }
    assert found[-1][2] == "Siemens"
    (siemens,) = talk.entities.relations("siemens", user_id="ana")
    assert siemens.valid_to == START + timedelta(days=30)
    assert siemens.confidence > 0.5
    assert talk.get(siemens.memory_id, user_id="ana").value == "Siemens"
    assert [r.object for r in talk.entities.relations("user", user_id="ana")] == ["Anna Schmidt"]
    page = talk.entities.relations("Anna", user_id="ana", limit=3)
    rest = talk.entities.relations("Anna", user_id="ana", limit=3, cursor=page.next_cursor)
    assert [r.object for r in [*page, *rest]] == [entry[2] for entry in found]
    with pytest.raises(NotFound):
        talk.entities.relations("Carla", user_id="ana")


def test_neighbours_are_reached_through_others(talk: recollect.Memory):
    near = talk.entities.neighbours("Annie", user_id="ana")
    assert {n.name for n in near} == {"Ben", "Louvre", "Paris"}
    far = {n.name: n for n in talk.entities.neighbours("Annie", user_id="ana", depth=2)}
    assert set(far) == {"Ben", "Louvre", "Paris", "Oslo"}
    assert [hop.predicate for hop in far["Oslo"].path] == ["mentioned_with", "location"]
    assert 0 < far["Oslo"].score < far["Ben"].score <= 1
    assert len(talk.entities.neighbours("Annie", user_id="ana", depth=2, limit=1)) == 1
    talk.entities.merge("Annie", "Anna Schmidt", user_id="ana")
    assert "Siemens" in {n.name for n in talk.entities.neighbours("Ben", user_id="ana", depth=2)}
    for depth in (0, 4, True):
        with pytest.raises(ValidationError, match="depth: must be a whole number from 1 to 3"):
            talk.entities.neighbours("Ben", user_id="ana", depth=depth)
