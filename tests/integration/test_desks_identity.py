"""Identity: set by hand, told in conversation, one order; nested values, history, several values of one field."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from recollect import AsyncMemory, Memory
from recollect.errors import Conflict, NotFound, ValidationError


def test_values_of_any_json_come_back_typed(memory: Memory):
    family = {"children": ["Madeline", "Anne", "Thomas"], "pets": {"dog": "Rex"}, "big": True}
    for name, value in {"name": "Ana", "age": 42, "height_m": 1.7, "vegan": False, "family": family, "x": [1]}.items():
        assert memory.identity.set(name, value, user_id="ana").items[0].outcome.value == "accepted"
    identity = memory.identity.get(user_id="ana")
    assert identity.plain == {"age": 42, "family": family, "height_m": 1.7, "name": "Ana", "vegan": False, "x": [1]}
    assert type(identity["age"].value) is int
    assert (identity["name"].source.value, identity["name"].confidence, identity["name"].derived) == (
        "user_explicit",
        1.0,
        False,
    )
    record = memory.get(identity["family"].memory_id, user_id="ana")
    assert record.text == "family: big yes; children Madeline, Anne, Thomas; pets dog Rex"
    assert memory.search("Who are the children in the family?", user_id="ana")[0].memory.id == record.id


def test_what_is_set_and_what_is_said_supersede_each_other_in_order(memory: Memory):
    memory.identity.set("location", "Paris", user_id="ana")
    memory.add("I moved to Lyon", user_id="ana")
    assert memory.identity.get(user_id="ana")["location"].value == "Lyon"
    assert memory.identity.get(user_id="ana")["location"].source.value == "user_explicit"
    receipt = memory.identity.set("location", "Berlin", user_id="ana", actor="admin")
    assert receipt.items[0].outcome.value == "superseded"
    now = memory.identity.get(user_id="ana")["location"]
    assert now.value == "Berlin"
    past = memory.identity.history("location", user_id="ana")
    assert [(one.value, one.holds) for one in past] == [("Berlin", True), ("Lyon", False), ("Paris", False)]
    assert (past[0].told_by, past[2].told_by) == ("admin", "user")
    assert past[1].until == past[0].since == past[0].told_at


def test_a_value_that_is_known_is_confirmed_and_not_doubled(memory: Memory):
    memory.add("I live in Lyon, and my hobby is chess, and I collect stamps", user_id="ana")
    before = memory.identity.get(user_id="ana")["location"]
    receipt = memory.identity.set("location", "Lyon", user_id="ana")
    assert receipt.items[0].outcome.value == "merged"
    after = memory.identity.get(user_id="ana")["location"]
    assert (after.memory_id, after.source.value, after.confidence) == (before.memory_id, "user_confirmed", 1.0)
    assert len(memory.identity.history("location", user_id="ana")) == 1
    memory.identity.set("location", "lyon", user_id="ana")
    assert memory.identity.get(user_id="ana")["location"].value == "lyon"
    assert len(memory.identity.history("location", user_id="ana")) == 1
    memory.identity.set("age", "42", user_id="ana")
    memory.identity.set("age", 42, user_id="ana")
    assert memory.identity.get(user_id="ana")["age"].value == 42


def test_values_with_the_same_words_are_still_two(memory: Memory):
    memory.add("dish: soup, bread", user_id="ana")
    memory.identity.set("dish", {"soup": "bread"}, user_id="ana")
    memory.identity.set("dish", ["soup", "bread"], user_id="ana")
    assert memory.identity.get(user_id="ana")["dish"].value == ["soup", "bread"]
    memory.identity.set("dish", [["soup", "bread"]], user_id="ana")
    assert memory.identity.get(user_id="ana")["dish"].value == [["soup", "bread"]]
    values = [one.value for one in memory.identity.history("dish", user_id="ana")]
    assert values == [[["soup", "bread"]], ["soup", "bread"], {"soup": "bread"}]


def test_several_values_are_facts_of_their_own(memory: Memory):
    memory.add("I am allergic to peanuts", user_id="ana")
    memory.add("I am allergic to pollen", user_id="ana")
    assert memory.identity.get(user_id="ana")["allergy"].value == ["peanuts", "pollen"]
    memory.identity.set("allergy", ["pollen", "dust"], user_id="ana")
    field = memory.identity.get(user_id="ana")["allergy"]
    assert sorted(field.value) == ["dust", "pollen"]
    assert [one.value for one in field.each] == field.value
    memory.add("I am allergic to cats", user_id="ana")
    assert sorted(memory.identity.get(user_id="ana")["allergy"].value) == ["cats", "dust", "pollen"]
    memory.identity.remove("allergy", value="Dust", user_id="ana")
    assert sorted(memory.identity.get(user_id="ana")["allergy"].value) == ["cats", "pollen"]
    with pytest.raises(ValidationError, match="plain value or a list"):
        memory.identity.set("allergy", [{"to": "dust"}], user_id="ana")


def test_what_is_removed_holds_no_longer_and_stays_in_history(memory: Memory):
    memory.identity.set("employer", "Acme", user_id="ana")
    memory.identity.remove("employer", user_id="ana")
    assert "employer" not in memory.identity.get(user_id="ana")
    ending, value = memory.identity.history("employer", user_id="ana")
    assert (ending.value, ending.ended, ending.holds) == (None, "Acme", False)
    assert (value.value, value.holds, value.until) == ("Acme", False, ending.told_at)
    with pytest.raises(NotFound, match="nothing is known of 'employer'"):
        memory.identity.remove("employer", user_id="ana")
    memory.identity.set("employer", "Acme", user_id="ana")
    assert memory.identity.get(user_id="ana")["employer"].value == "Acme"


def test_parts_of_a_nested_value_are_changed(memory: Memory):
    memory.identity.update("family", {"children": ["Anne"], "home": {"city": "Lyon", "rooms": 4}}, user_id="ana")
    memory.identity.update("family", {"home": {"rooms": 5, "city": None}, "pets": ["Rex"]}, user_id="ana")
    expected = {"children": ["Anne"], "home": {"rooms": 5}, "pets": ["Rex"]}
    assert memory.identity.get(user_id="ana")["family"].value == expected
    memory.identity.set("name", "Ana", user_id="ana")
    with pytest.raises(ValidationError, match="is not an object"):
        memory.identity.update("name", {"first": "Ana"}, user_id="ana")
    with pytest.raises(ValidationError, match="value: is empty"):
        memory.identity.update("family", {"children": None, "home": None, "pets": None}, user_id="ana")


def test_patterns_carry_their_confidence(memory: Memory):
    memory.identity.set("wakes_up", "early", user_id="ana", source="consolidation", confidence=0.85, actor="upkeep")
    field = memory.identity.get(user_id="ana")["wakes_up"]
    assert (field.derived, field.confidence, field.source.value) == (True, 0.85, "consolidation")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Home Town", "Lyon", "field: must be 1 to 60 small letters"),
        ("x" * 61, "Lyon", "field: must be 1 to 60"),
        ("home", "x" * 8_001, "value: has 8,003 bytes as JSON; at most 8,000"),
        ("home", None, "value: is empty; to take a field away, remove it"),
        ("home", {"a": float("nan")}, "must be JSON"),
        ("home", datetime(2026, 1, 1, tzinfo=UTC), "must be JSON"),
    ],
)
def test_what_cannot_be_a_field_is_refused(memory: Memory, name: str, value: object, message: str):
    with pytest.raises(ValidationError, match=message):
        memory.identity.set(name, value, user_id="ana")
    assert memory.list(user_id="ana").memories == ()


def test_a_time_to_come_is_said_to_be_in_the_way(memory: Memory):
    memory.add("I live in Lyon", user_id="ana", at=datetime.now(UTC) + timedelta(days=2))
    with pytest.raises(Conflict, match="told with a time that is still to come"):
        memory.identity.set("location", "Paris", user_id="ana")


def test_identity_survives_a_replay_and_a_rollback(memory: Memory):
    memory.identity.set("family", {"children": ["Anne"]}, user_id="ana")
    before = datetime.now(UTC)
    memory.identity.set("family", {"children": ["Anne", "Tom"]}, user_id="ana")
    assert memory.audit.verify(user_id="ana").ok
    memory.rollback(user_id="ana", before=before)
    assert memory.identity.get(user_id="ana")["family"].value == {"children": ["Anne"]}


def test_fields_set_at_the_same_time_leave_one_value(home: str):
    async def set_many() -> tuple[object, int]:
        async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
            await asyncio.gather(*(memory.identity.set("city", f"City {n}", user_id="ana") for n in range(12)))
            await asyncio.gather(*(memory.identity.update("a", {f"n{n}": n}, user_id="ana") for n in range(6)))
            found = await memory.identity.get(user_id="ana")
            assert found["a"].value == {f"n{n}": n for n in range(6)}
            return found["city"].value, len(await memory.identity.history("city", user_id="ana"))

    value, values = asyncio.run(set_many())
    assert isinstance(value, str)
    assert values == 12


def test_a_correction_in_conversation_supersedes_what_was_set(memory: Memory):
    memory.identity.set("location", "Paris", user_id="ana")
    memory.add("No, I moved to Lyon", user_id="ana")
    assert memory.identity.get(user_id="ana")["location"].value == "Lyon"
    assert [one.value for one in memory.identity.history("location", user_id="ana") if one.holds] == ["Lyon"]
