"""What policies keep from a reader, no desk tells either: words, names, relations, payloads of events."""

import pytest

import recollect
from recollect.errors import NotFound

NOT_RESTRICTED = """package recollect.not_restricted
import rego.v1
applies if input.action == "read"
filter := {"sensitivity": {"in": ["normal", "sensitive"]}}
"""
LOOKED_AT = """package recollect.looked_at
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""


@pytest.fixture
def half_hidden(memory: recollect.Memory) -> recollect.Memory:
    """A memory with one open and one restricted text, in one conversation and one collection, tied to each other."""
    memory.add("Anna met Ben in Paris.", user_id="ana", conversation_id="talk")
    memory.add("Anna met Dr. Haller in Vienna.", user_id="ana", conversation_id="talk", sensitivity="restricted")
    memory.add("Carla works at Siemens", user_id="ana", sensitivity="restricted")
    return memory


@pytest.mark.parametrize(("name", "module"), [("not_restricted", NOT_RESTRICTED), ("looked_at", LOOKED_AT)])
def test_what_may_not_be_read_is_nowhere(half_hidden: recollect.Memory, name: str, module: str):
    memory = half_hidden
    everything = [m.id for m in memory.list(user_id="ana")]
    box = memory.collections.create("box", user_id="ana")
    memory.collections.add(box.id, everything, user_id="ana")
    assert {"Haller", "Vienna", "Siemens", "Carla"} <= {e.name for e in memory.entities.list(user_id="ana")}
    before = memory.entities.get("Ben", user_id="ana")
    memory.policies.add(name, module)

    assert {e.name for e in memory.entities.list(user_id="ana")} == {"Anna", "Ben", "Paris"}
    assert memory.entities.get("Ben", user_id="ana") == before
    assert {n.name for n in memory.entities.neighbours("Anna", user_id="ana", depth=3)} == {"Ben", "Paris"}
    for call in (memory.entities.get, memory.entities.relations, memory.entities.neighbours):
        with pytest.raises(NotFound):
            call("Siemens", user_id="ana")
    spoken = memory.conversations.turns("talk", user_id="ana")
    assert [turn.text for turn in spoken] == ["Anna met Ben in Paris.", None]
    held = memory.collections.memories(box.id, user_id="ana")
    assert {m.text for m in held} == {"Anna met Ben in Paris."}
    logged = memory.events.list(user_id="ana", types=["memory_added"])
    shown = [event.payload["memory"]["text"] for event in logged if event.payload is not None]
    assert set(shown) == {"Anna met Ben in Paris."}
    assert len(logged) == len(everything)
    assert "Siemens" not in repr(memory.events.list(user_id="ana"))
    hidden = next(one for one in everything if one not in {m.id for m in held})
    with pytest.raises(NotFound):
        memory.relationships.list(hidden, user_id="ana")


def test_counting_here_and_in_the_database_is_the_same(memory: recollect.Memory):
    for text in (
        "My sister Anna Schmidt lives in Lyon",
        "Anna works at Siemens",
        "Annie met Ben at the Louvre in Paris.",
    ):
        memory.add(text, user_id="ana")
    memory.entities.merge("Annie", "Anna Schmidt", user_id="ana")

    def picture() -> list[object]:
        return [
            list(memory.entities.list(user_id="ana")),
            sorted(memory.entities.relations("Anna", user_id="ana"), key=repr),
            memory.entities.neighbours("Ben", user_id="ana", depth=3),
        ]

    counted = picture()
    memory.policies.add("not_restricted", NOT_RESTRICTED)
    assert picture() == counted


def test_quarantined_memories_of_a_collection_are_shown_when_asked(memory: recollect.Memory):
    doubted = memory.add("The safe opens with 4711", user_id="ana", source="a stranger").ids
    box = memory.collections.create("box", user_id="ana")
    memory.collections.add(box.id, list(doubted), user_id="ana")
    assert len(memory.collections.memories(box.id, user_id="ana")) == 0
    assert len(memory.collections.memories(box.id, user_id="ana", include_quarantined=True)) == len(doubted)
