"""A rollback leads what stands beside memories back as well, and a rollback of the rollback forth again."""

from typing import Any

from tests.desk_checks import assert_log_gives_things

import recollect


def picture(memory: recollect.Memory) -> dict[str, Any]:
    """Everything that the desks show of the user."""
    boxes = memory.collections.list(user_id="ana")
    held = {m.id for m in memory.list(user_id="ana")}
    return {
        "boxes": {box.name: {m.id for m in memory.collections.memories(box.id, user_id="ana")} for box in boxes},
        "ties": {tie for one in held for tie in memory.relationships.list(one, user_id="ana")},
        "entities": list(memory.entities.list(user_id="ana")),
        "profile": memory.profiles.get(user_id="ana").preferences,
        "titles": [c.title for c in memory.conversations.list(user_id="ana")],
        "calls": [c.id for c in memory.tools.list(user_id="ana")],
    }


def change_everything(memory: recollect.Memory, ids: list[Any]) -> None:
    """Makes, changes and ends things of every kind."""
    box = memory.collections.list(user_id="ana")[0]
    memory.collections.delete(box.id, user_id="ana")
    other = memory.collections.create("other", user_id="ana")
    memory.collections.add(other.id, ids, user_id="ana")
    memory.relationships.add(ids[0], ids[1], "supports", user_id="ana", confidence=0.1)
    memory.relationships.add(ids[1], ids[0], "follows", user_id="ana")
    memory.delete(ids[1], user_id="ana")
    memory.entities.unmerge("Annie", user_id="ana")
    memory.entities.describe("Ben", user_id="ana", aliases=["Benny"])
    memory.profiles.update(user_id="ana", preferences={"units": None, "tone": "dry"})
    memory.conversations.update("talk", user_id="ana", title="later")
    memory.tools.record("weather", user_id="ana")


def test_everything_goes_back_and_forth(memory: recollect.Memory):
    said = ("Anna Schmidt met Ben in Paris.", "Annie met Carla in Rome.")
    ids = [memory.add(text, user_id="ana", conversation_id="talk").id for text in said]
    box = memory.collections.create("box", user_id="ana")
    memory.collections.add(box.id, [one for one in ids if one], user_id="ana")
    memory.relationships.add(str(ids[0]), str(ids[1]), "supports", user_id="ana")
    memory.entities.merge("Annie", "Anna Schmidt", user_id="ana")
    memory.profiles.update(user_id="ana", preferences={"units": "metric"})
    memory.conversations.update("talk", user_id="ana", title="first")
    seq, before = memory.events.list(user_id="ana", limit=1000)[-1].seq, picture(memory)

    change_everything(memory, ids)
    changed = picture(memory)
    assert {name for name in before if before[name] != changed[name]} == set(before)
    report = memory.rollback(user_id="ana", to=seq)
    assert picture(memory) == before
    assert_log_gives_things(memory, "ana")
    memory.rollback(user_id="ana", to=report.from_seq)
    assert picture(memory) == changed
    assert_log_gives_things(memory, "ana")


def test_a_line_within_a_transaction_stands_for_the_whole_of_it(memory: recollect.Memory):
    """Between its lines a new value of a key is there already, and the old one not yet superseded."""
    memory.add("I live in Rome", user_id="ana")
    moved = memory.add("I live in Oslo", user_id="ana")
    memory.add("I live in Kyiv", user_id="ana")
    assert len(moved.event_ids) > 1
    for line in (moved.event_ids[0], memory.history(moved.id or "", user_id="ana")[0].seq):
        memory.rollback(user_id="ana", to=line)
        assert [m.value for m in memory.list(user_id="ana") if m.key == "user:location"] == ["Oslo"]


def test_before_the_earliest_time_there_is_nothing(memory: recollect.Memory):
    memory.add("I live in Rome", user_id="ana")
    assert memory.rollback(user_id="ana", before="0001-01-01T00:00:00+00:00").to_seq == 0
    assert list(memory.list(user_id="ana")) == []
