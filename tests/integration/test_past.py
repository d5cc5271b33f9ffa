"""The past: what held then, what was known then, and both; what was erased since stays erased."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

import recollect
from recollect.domain.record import Memory as Record
from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.domain.state import memory_json
from recollect.errors import NotAllowed, NotFound, ValidationError
from recollect.memory.arguments import FilterArguments
from recollect.memory.page import Page
from recollect.memory.past_state import PastStates, Place

MAY = datetime(2024, 5, 1, tzinfo=UTC)


WALL = """package recollect.wall

applies if input.action == "read"
filter := {"sensitivity": {"ne": "restricted"}}
"""
FREEZE = """package recollect.freeze

applies if {
    input.action == "write"
    input.method == "rollback"
}

allow := true

deny contains "nobody rolls back today"
"""


def now() -> datetime:
    return datetime.now(UTC)


def said(receipt: recollect.Receipt) -> UUID:
    assert receipt.id is not None
    return receipt.id


def shown(records: Page) -> list[dict[str, object]]:
    return [memory_json(record) for record in records]


def value_of(records: Page, key: str) -> list[str | None]:
    return [record.value for record in records if record.key == key]


def move(memory: recollect.Memory) -> datetime:
    """Ana lives in Lyon since May 2024 and in Oslo since January 2025; returns the moment between the tellings."""
    memory.add("I live in Lyon", user_id="ana", at=MAY)
    between = now()
    memory.add("I live in Oslo", user_id="ana", at=datetime(2025, 1, 1, tzinfo=UTC))
    return between


def test_what_held_then_follows_supersession(memory: recollect.Memory):
    move(memory)
    then = memory.at(datetime(2024, 8, 1, tzinfo=UTC))
    assert value_of(then.list(user_id="ana", types=["semantic_fact", "identity"]), "user:location") == ["Lyon"]
    (old,) = [m for m in then.list(user_id="ana") if m.key == "user:location"]
    assert then.get(old.id, user_id="ana").value == "Lyon"
    with pytest.raises(NotFound, match="held then"):
        memory.at(datetime(2025, 6, 1, tzinfo=UTC)).get(old.id, user_id="ana")
    assert "Lyon" in {hit.memory.value for hit in then.search("Where do I live?", user_id="ana")}
    assert "Lyon" in then.context("Where do I live?", user_id="ana").render(budget_tokens=400)
    assert "Oslo" not in {hit.memory.value for hit in then.search("Where do I live?", user_id="ana")}


def test_what_was_known_then(memory: recollect.Memory):
    between = move(memory)
    known = memory.at(known_at=between)
    assert value_of(known.list(user_id="ana"), "user:location") == ["Lyon"]
    assert {hit.memory.value for hit in known.search("Where do I live?", user_id="ana")} == {"Lyon"}
    assert all(hit.memory.version == 1 for hit in known.search("Where do I live?", user_id="ana"))
    assert "Oslo" not in known.context("Where do I live?", user_id="ana").render(budget_tokens=400)
    assert "Lyon" in known.context("", user_id="ana").render(budget_tokens=400)
    assert len(memory.at(known_at=between - timedelta(days=1)).list(user_id="ana")) == 0
    assert memory.at(known_at=between).search("Where?", user_id="nobody").note


def test_both_times_at_once(memory: recollect.Memory):
    between = move(memory)
    summer = datetime(2025, 7, 1, tzinfo=UTC)
    assert value_of(memory.at(summer).list(user_id="ana"), "user:location") == ["Oslo"]
    assert value_of(memory.at(summer, known_at=between).list(user_id="ana"), "user:location") == ["Lyon"]
    assert value_of(memory.at(MAY - timedelta(days=9), known_at=between).list(user_id="ana"), "user:location") in (
        [], ["Lyon"],
    )  # fmt: skip
    found = memory.at(summer, known_at=between).search("Where do I live?", user_id="ana")
    assert "Oslo" not in {hit.memory.value for hit in found}


def test_the_past_answers_as_the_present_did(memory: recollect.Memory):
    texts = [
        "I like tea",
        "My sister Anna works at Siemens",
        "We met Ben in Rome",
        "I no longer like tea",
        "I like figs",
    ]
    moments: list[tuple[datetime, list[dict[str, object]], list[tuple[UUID, float]], str]] = []
    ids: list[UUID] = []
    for turn, text in enumerate(texts):
        ids.append(said(memory.add(text, user_id="ben", at=MAY + timedelta(days=turn), conversation_id="c")))
        if turn == 2:
            memory.update(ids[0], user_id="ben", text="I like tea and toast")
            memory.delete(ids[1], user_id="ben")
        moment = now()
        found = memory.search("What does Anna do, and what do I like?", user_id="ben", now=moment)
        packet = memory.context("What do I like?", user_id="ben", now=moment)
        page = memory.list(user_id="ben", limit=1000)
        hits = [(h.memory.id, round(h.score, 6)) for h in found]
        moments.append((moment, shown(page), hits, packet.render(budget_tokens=800)))
    for moment, records, hits, text in [*moments, *reversed(moments)]:
        past = memory.at(known_at=moment)
        assert shown(past.list(user_id="ben", limit=1000)) == records
        found = past.search("What does Anna do, and what do I like?", user_id="ben")
        assert [(h.memory.id, round(h.score, 6)) for h in found] == hits
        assert past.context("What do I like?", user_id="ben").render(budget_tokens=800) == text
    deleted = memory.at(known_at=moments[1][0]).get(ids[1], user_id="ben")
    assert deleted.text == "My sister Anna works at Siemens"
    with pytest.raises(NotFound):
        memory.at(known_at=moments[3][0]).get(ids[1], user_id="ben")


def test_pages_and_filters_of_the_past(memory: recollect.Memory):
    for turn in range(7):
        memory.add(f"Day {turn} was fine", user_id="ana", at=MAY + timedelta(days=turn), conversation_id=f"c{turn % 2}")
    moment = now()
    memory.add("Day 8 was fine", user_id="ana", at=None)
    past = memory.at(known_at=moment)
    first = past.list(user_id="ana", limit=4)
    second = past.list(user_id="ana", limit=4, cursor=first.next_cursor)
    assert (len(first), len(second), second.next_cursor) == (4, 3, None)
    assert [m.id for m in (*first, *second)] == sorted((m.id for m in (*first, *second)), reverse=True)
    chosen: list[FilterArguments] = [
        {"conversation_id": "c1"}, {"types": ["goal"]}, {"min_confidence": 0.99}, {"occurred_from": MAY},
        {"filters": {"text": {"contains": "Day 3"}}},
    ]  # fmt: skip
    for given in chosen:
        known = [m for m in shown(memory.list(user_id="ana", **given)) if m["text"] != "Day 8 was fine"]
        assert shown(past.list(user_id="ana", **given)) == known
    assert len(past.list(user_id="ana", statuses=[Status.DELETED])) == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "time: give a time, known_at or both"),
        ({"time": datetime(2024, 1, 1)}, "time: is naive"),  # noqa: DTZ001 - that is the point
        ({"known_at": datetime(2024, 1, 1)}, "known_at: is naive"),  # noqa: DTZ001
        ({"known_at": "2999-01-01T00:00:00+00:00"}, "known_at: 2999-01-01T00:00:00\\+00:00 is still to come"),
        ({"time": "yesterday"}, "time: must be ISO 8601"),
    ],
)
def test_times_that_cannot_be_used(memory: recollect.Memory, given: dict[str, datetime], message: str):
    with pytest.raises(ValidationError, match=message):
        memory.at(**given)


def test_arguments_of_the_past(memory: recollect.Memory):
    past: Any = memory.at(MAY)
    for call in (past.list, partial(past.search, "x"), partial(past.context, "x")):
        with pytest.raises(ValidationError, match="as_of: the time was given to at"):
            call(user_id="ana", as_of=MAY)
        with pytest.raises(ValidationError, match="sort: is not an argument"):
            call(user_id="ana", sort="up")
    with pytest.raises(ValidationError, match="query"):
        memory.at(known_at=MAY).search(" ", user_id="ana")
    with pytest.raises(ValidationError, match="reserved"):
        memory.at(known_at=MAY).list(user_id="recollect:tenant")


@pytest.mark.anyio
async def test_states_are_held_within_bounds_and_go_on_from_each_other(async_memory: recollect.AsyncMemory):
    parts = await async_memory.core.ready()
    scope = Scope(tenant_id=parts.tenant_id, user_id="ana")
    moments: list[datetime] = []
    for number in range(6):
        await async_memory.add(f"Line {number} of a poem", user_id="ana")
        moments.append(now())
    states = PastStates(held=3)
    pasts = [await states.at(parts.store, scope, Place(at=moment)) for moment in moments]
    assert [len(past.state.memories) for past in pasts] == [1, 2, 3, 4, 5, 6]
    assert len(states) == 3
    assert await states.at(parts.store, scope, Place(at=moments[-1])) is pasts[-1]
    assert await states.at(parts.store, scope, Place(at=moments[-1] + timedelta(microseconds=1))) is pasts[-1]
    assert (await states.at(parts.store, scope, Place(seq=2))).seq == 2
    small = PastStates(max_bytes=1)
    for moment in moments:
        await small.at(parts.store, scope, Place(at=moment))
    assert len(small) == 1


def test_records_come_back_whole(memory: recollect.Memory):
    key = said(memory.add("My sister Anna works at Siemens", user_id="ben", metadata={"n": [1, 2.5]}))
    before: Record = memory.get(key, user_id="ben")
    moment = now()
    memory.update(key, user_id="ben", text="My sister Anna works at Bosch", metadata={})
    assert memory_json(memory.at(known_at=moment).get(key, user_id="ben")) == memory_json(before)


def test_policies_wall_off_the_past_too(memory: recollect.Memory):
    start = now()
    secret = said(memory.add("The safe opens with 4711", user_id="ana", sensitivity="restricted"))
    memory.add("The garage is green", user_id="ana")
    moment = now()
    memory.policies.add("wall", WALL)
    past = memory.at(known_at=moment)
    assert [m.text for m in past.list(user_id="ana")] == ["The garage is green"]
    assert secret not in past.search("What opens the safe?", user_id="ana").ids
    assert "4711" not in past.context("What opens the safe?", user_id="ana").render(budget_tokens=400)
    with pytest.raises(NotFound):
        past.get(secret, user_id="ana")
    assert "4711" not in repr(memory.diff(start, moment, user_id="ana"))
    assert "4711" not in repr(memory.rollback(user_id="ana", before=start, dry_run=True))
    memory.policies.add("freeze", FREEZE)
    with pytest.raises(NotAllowed, match="nobody rolls back today"):
        memory.rollback(user_id="ana", before=start)
    assert len(memory.list(user_id="ana")) == 1


def test_the_past_of_a_project_and_of_a_collection(memory: recollect.Memory):
    memory.projects.create("house", user_id="ana")
    memory.projects.set_member("house", "ben", user_id="ana")
    roof = said(memory.add("The roof leaks", user_id="ana", project_id="house", share=True))
    mine = said(memory.add("Ben likes his attic", user_id="ben"))
    trips = memory.collections.create("trips", user_id="ben")
    memory.collections.add(trips.id, [mine], user_id="ben")
    moment = now()
    memory.delete(roof, user_id="ana", project_id="house")
    memory.collections.delete(trips.id, user_id="ben")
    past = memory.at(known_at=moment)
    assert past.get(roof, user_id="ben", project_id="house").text == "The roof leaks"
    assert roof in past.search("What leaks?", user_id="ben", project_id="house").ids
    assert roof not in memory.search("What leaks?", user_id="ben", project_id="house").ids
    assert [m.id for m in past.list(user_id="ben", collection="trips")] == [mine]
    with pytest.raises(NotFound):
        memory.list(user_id="ben", collection="trips")
    memory.projects.remove_member("house", "ben", user_id="ana")
    with pytest.raises((NotAllowed, NotFound)):
        past.get(roof, user_id="ben", project_id="house")
