"""Relationships and collections: what they hold, what they refuse, and what becomes of them when a memory goes."""

from functools import partial
from uuid import UUID, uuid4

import pytest
from tests.desk_checks import assert_log_gives_things, types_of

import recollect
from recollect.domain.relationship import Relationship
from recollect.errors import Conflict, NotFound, ValidationError

WORDS = ("violet", "amber", "crimson", "indigo", "olive", "silver")


def stored(memory: recollect.Memory, count: int, user_id: str = "ana") -> list[UUID]:
    """The ids of so many memories that state no fact, in the order in which they were added."""
    ids = [memory.add(f"The {word} box stood in the hall", user_id=user_id).id for word in WORDS[:count]]
    return [one for one in ids if one is not None]


def test_a_tie_is_added_once_and_then_changed(memory: recollect.Memory):
    one, two = stored(memory, 2)
    first = memory.relationships.add(one, two, "supports", user_id="ana", confidence=0.4)
    assert (first.source_id, first.target_id, first.confidence) == (one, two, 0.4)
    assert memory.relationships.add(str(one), str(two), "supports", user_id="ana", confidence=0.4) == first
    again = memory.relationships.add(one, two, "supports", user_id="ana", confidence=0.9)
    assert (again.confidence, again.created_at) == (0.9, first.created_at)
    memory.relationships.add(one, two, "contradicts", user_id="ana")
    assert [tie.confidence for tie in memory.relationships.list(one, user_id="ana", types=["supports"])] == [0.9]
    assert types_of(memory, "ana") == ["relationship_added", "relationship_updated", "relationship_added"]
    memory.relationships.remove(one, two, "supports", user_id="ana")
    with pytest.raises(NotFound, match="no tie supports"):
        memory.relationships.remove(one, two, "supports", user_id="ana")
    assert [tie.type.value for tie in memory.relationships.list(two, user_id="ana")] == ["contradicts"]
    assert_log_gives_things(memory, "ana")


def test_ties_are_listed_by_direction_type_and_page(memory: recollect.Memory):
    hub, *others = stored(memory, 5)
    for other in others[:2]:
        memory.relationships.add(hub, other, "references", user_id="ana")
    for other in others[2:]:
        memory.relationships.add(other, hub, "follows", user_id="ana")
    memory.relationships.add(others[0], others[1], "related", user_id="ana")
    ties = memory.relationships.list
    assert {tie.target_id for tie in ties(hub, user_id="ana", direction="outgoing")} == set(others[:2])
    assert {tie.source_id for tie in ties(hub, user_id="ana", direction="incoming")} == set(others[2:])
    assert len(ties(hub, user_id="ana", types=["references", "related"])) == 2
    found: list[Relationship] = []
    cursor = None
    while True:
        page = ties(hub, user_id="ana", limit=1, cursor=cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == list(ties(hub, user_id="ana"))
    assert len(found) == 4


def test_what_cannot_be_tied(memory: recollect.Memory):
    one, two = stored(memory, 2)
    (foreign,) = stored(memory, 1, user_id="ben")
    add = partial(memory.relationships.add, user_id="ana")
    with pytest.raises(ValidationError, match="target_id: is the source itself"):
        add(one, one, "related")
    with pytest.raises(ValidationError, match="type: must be one of references"):
        add(one, two, "hates")
    with pytest.raises(ValidationError, match="confidence"):
        add(one, two, "related", confidence=1.5)
    for pair in ((one, foreign), (foreign, one), (one, uuid4())):
        with pytest.raises(NotFound):
            add(*pair, "related")
    memory.delete(two, user_id="ana")
    with pytest.raises(NotFound):
        add(one, two, "related")
    assert len(memory.relationships.list(one, user_id="ana")) == 0


def test_ties_go_with_either_end(memory: recollect.Memory):
    one, two, three = stored(memory, 3)
    memory.relationships.add(one, two, "supports", user_id="ana")
    memory.relationships.add(two, one, "follows", user_id="ana")
    memory.relationships.add(two, three, "related", user_id="ana")
    box = memory.collections.create("box", user_id="ana")
    memory.collections.add(box.id, [one, three], user_id="ana")
    memory.delete(one, user_id="ana")
    memory.delete(two, user_id="ana")
    assert sorted(types_of(memory, "ana")[-6:]) == [
        "collection_member_removed", "memory_deleted", "memory_deleted",
        "relationship_removed", "relationship_removed", "relationship_removed",
    ]  # fmt: skip
    assert len(memory.relationships.list(three, user_id="ana")) == 0
    assert [m.id for m in memory.collections.memories(box.id, user_id="ana")] == [three]
    assert_log_gives_things(memory, "ana")


def test_a_collection_from_first_to_last(memory: recollect.Memory):
    ids = stored(memory, 4)
    made = memory.collections.create("Péru 😀", user_id="ana", collection_type="trip", description="the summer")
    assert memory.collections.get(str(made.id), user_id="ana") == made
    places = memory.collections.add(made.id, ids[:3], user_id="ana")
    assert [place.memory_id for place in places] == ids[:3]
    assert memory.collections.add(made.id, [ids[3], ids[0]], user_id="ana")[1] == places[0]
    first = memory.collections.memories(made.id, user_id="ana", limit=3)
    last = memory.collections.memories(made.id, user_id="ana", limit=3, cursor=first.next_cursor)
    assert [m.id for m in [*first, *last]] == ids[::-1]
    assert last.next_cursor is None
    memory.collections.remove(made.id, ids[1], user_id="ana")
    with pytest.raises(NotFound, match="does not hold"):
        memory.collections.remove(made.id, [ids[0], ids[1]], user_id="ana")
    assert len(memory.collections.memories(made.id, user_id="ana")) == 3
    changed = memory.collections.update(made.id, user_id="ana", name="Chile", description="the winter")
    assert (changed.name, changed.description, changed.collection_type) == ("Chile", "the winter", "trip")
    assert changed.updated_at > made.updated_at
    memory.collections.delete(made.id, user_id="ana")
    for call in (memory.collections.get, memory.collections.delete, memory.collections.memories):
        with pytest.raises(NotFound):
            call(made.id, user_id="ana")
    assert len(memory.list(user_id="ana")) == 4
    assert types_of(memory, "ana") == (
        ["collection_created"] + ["collection_member_added"] * 4 + ["collection_member_removed", "collection_updated"]
        + ["collection_member_removed"] * 3 + ["collection_deleted"]
    )  # fmt: skip
    assert_log_gives_things(memory, "ana")


def test_names_of_collections_are_unique_within_a_user(memory: recollect.Memory):
    one = memory.collections.create("one", user_id="ana")
    two = memory.collections.create("two", user_id="ana")
    memory.collections.create("one", user_id="ben")
    with pytest.raises(Conflict, match="has a collection 'one' already"):
        memory.collections.create("one", user_id="ana")
    with pytest.raises(Conflict):
        memory.collections.update(two.id, user_id="ana", name="one")
    assert memory.collections.update(one.id, user_id="ana", name="one", description="still").name == "one"
    page = memory.collections.list(user_id="ana", limit=1)
    rest = memory.collections.list(user_id="ana", limit=1, cursor=page.next_cursor)
    assert [c.name for c in [*page, *rest]] == ["two", "one"]
    assert rest.next_cursor is None


def test_nothing_is_put_in_unless_all_can_be(memory: recollect.Memory):
    (own,) = stored(memory, 1)
    (foreign,) = stored(memory, 1, user_id="ben")
    box = memory.collections.create("box", user_id="ana")
    with pytest.raises(NotFound):
        memory.collections.add(box.id, [own, foreign], user_id="ana")
    with pytest.raises(NotFound):
        memory.collections.add(box.id, [foreign], user_id="ben")
    assert len(memory.collections.memories(box.id, user_id="ana")) == 0
