"""What is told in a channel and aside there: what may be, all of it, and nothing else."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any, cast

import pytest

from channel_of_atlas import BUDGET, HERE
from recollect import AsyncMemory, Memory
from recollect.domain.hearing import Occasion, may_surface, own_condition
from recollect.domain.record import MemoryType
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.doors.cli.printing import as_json


@pytest.mark.parametrize("order", list(permutations(("aloud", "aside", "alone"))))
def test_the_same_words_aside_and_aloud_are_records_apart(chat: Memory, order: Sequence[str]):
    places: dict[str, dict[str, Any]] = {
        "aloud": {"channel_id": HERE},
        "aside": {"channel_id": HERE, "audience": ["ben"]},
        "alone": {},
    }
    ids = {name: chat.add("My favourite drink is coffee", user_id="gus", **places[name]).id for name in order}
    assert len(set(ids.values())) == 3
    assert [found.id for found in chat.list(user_id="gus", channel_id=HERE)] == [ids["aloud"]]
    found = chat.search("favourite drink", user_id="gus", channel_id=HERE)
    assert found.ids == (ids["aloud"],)
    again = chat.add("My favourite drink is coffee", user_id="gus", channel_id=HERE, audience=["ben"])
    assert again.id == ids["aside"]  # told there once more
    assert {one.id: one.reinforcements for one in chat.list(user_id="gus")} == {
        ids["aloud"]: 0,
        ids["aside"]: 1,
        ids["alone"]: 0,
    }


def test_what_is_forbidden_takes_no_place_from_what_is_allowed(chat: Memory):
    for number in range(40):
        chat.add(f"The pottery class, the pottery class and the kiln {number}", user_id="ana")
        chat.add(f"Pottery class pottery kiln {number}", user_id="ana", channel_id=HERE, audience=["ben"])
    allowed = [f"Somebody mentioned a class with clay on day {number}" for number in range(5)]
    for text in allowed:
        chat.add(text, user_id="ana", channel_id=HERE, type=MemoryType.EPISODIC_EVENT)
    query = "What about the pottery class and the kiln?"
    found = chat.search(query, user_id="ana", channel_id=HERE, limit=5)
    assert sorted(hit.memory.text for hit in found) == allowed
    packet = chat.context(query, user_id="ana", channel_id=HERE, mentioned=True, limit=5)
    assert all(text in packet.render() for text in allowed)
    assert "ottery" not in packet.render()
    page = chat.list(user_id="ana", channel_id=HERE, limit=10)
    assert sorted(one.text for one in page) == allowed
    assert page.next_cursor is None


def test_a_correction_aside_changes_nothing_in_the_channel(chat: Memory):
    chat.add([{"role": "user", "content": "I live in Lyon."}], user_id="gus", channel_id=HERE)
    chat.add([{"role": "user", "content": "No, I live in Berlin."}], user_id="gus", channel_id=HERE, audience=["ana"])
    asked: dict[str, Any] = {"user_id": "gus", "limit": 50}
    here = chat.context("Where does Gus live?", channel_id=HERE, mentioned=True, personal=True, **asked)
    assert "Lyon" in here.render()
    assert "Berlin" not in repr(here)
    values = [item.memory.value for item in here.items if item.memory and item.memory.key == "user:location"]
    assert values == ["Lyon"]
    alone = chat.context("", **asked)
    assert [item.memory.value for item in alone.items if item.memory and item.memory.key == "user:location"] == [
        "Berlin"
    ]
    asked_alone = chat.context("Where does Gus live?", **asked)
    assert not asked_alone.open_questions  # the later one stands, nobody need be asked which
    assert not [item for item in asked_alone.items if item.memory and item.memory.value == "Lyon"]
    aside = chat.context("Where?", channel_id=HERE, mentioned=True, audience=["ana"], **asked)
    assert "Berlin" in aside.render()


def test_what_was_just_said_in_a_channel_is_working_memory_there_alone(chat: Memory):
    chat.add([{"role": "user", "content": "hmm, those tulips again"}], user_id="gus", channel_id=HERE)
    chat.add([{"role": "user", "content": "hmm, those roses again"}], user_id="gus", channel_id=HERE, audience=["ana"])
    chat.add([{"role": "user", "content": "hmm, those daisies again"}], user_id="gus")
    occasions: list[tuple[dict[str, Any], set[str]]] = [
        ({"channel_id": HERE}, {"tulips"}),
        ({"channel_id": HERE, "audience": ["ana"]}, {"tulips", "roses"}),
        ({"channel_id": HERE, "audience": ["ben"]}, {"tulips"}),
        ({"channel_id": HERE, "personal": True}, {"tulips", "daisies"}),
        ({"channel_id": "elsewhere"}, set()),
        ({}, {"tulips", "roses", "daisies"}),
    ]
    for given, flowers in occasions:
        shown = chat.context("", user_id="gus", mentioned="channel_id" in given, **given).render()
        assert {one for one in ("tulips", "roses", "daisies") if one in shown} == flowers, given


def test_personal_is_what_was_said_in_private_and_only_when_asked_for(chat: Memory):
    chat.add("My phone number is 555 0101", user_id="ana")
    chat.add("My allergy is to walnuts", user_id="ana", channel_id="elsewhere")
    for mentioned, personal in ((False, True), (True, False), (False, False)):
        packet = chat.context("phone", user_id="ana", channel_id=HERE, mentioned=mentioned, personal=personal)
        assert not packet.items
    packet = chat.context("phone or allergy", user_id="ana", channel_id=HERE, mentioned=True, personal=True)
    assert "555 0101" in packet.render()
    assert "walnuts" not in packet.render()


def test_an_agent_that_overhears_is_given_little(chat: Memory):
    for number in range(8):
        chat.add(f"The pottery evening number {number} is on a Friday", user_id="ben", channel_id=HERE)
    chat.add("The gardener likes jazz", user_id="ben", channel_id=HERE)
    packet = chat.context("When is the pottery evening?", user_id="ana", channel_id=HERE, personal=True)
    assert len(packet.items) == 3
    scores = [item.score or 0.0 for item in packet.items]
    assert min(scores) >= max(scores) / 2
    assert "overheard" in packet.note
    assert len(chat.context("When is the pottery evening?", user_id="ana", channel_id=HERE, mentioned=True).items) > 3
    for nothing in ("Thanks!", "hm, what do you think?", "", "lol ok"):
        packet = chat.context(nothing, user_id="ana", channel_id=HERE, personal=True)
        assert not packet.items
        assert "overheard" in packet.note


def test_an_author_finds_what_they_said_once(chat: Memory):
    chat.add(BUDGET, user_id="ben", channel_id=HERE)
    assert len(chat.search("budget", user_id="ben", channel_id=HERE)) == 1
    assert len(chat.context("budget", user_id="ben", channel_id=HERE, mentioned=True).items) == 1
    assert len(chat.search("budget", user_id="ana", channel_id=HERE)) == 1


def test_names_from_private_talks_do_not_complete_those_in_a_channel(chat: Memory):
    chat.add("I met Sophie Zanzibar in Rome", user_id="ana")
    chat.add("I saw Sophie yesterday", user_id="ana", channel_id=HERE)
    found = chat.list(user_id="ana", channel_id=HERE, types=["turn", "episodic_event"])[0]
    assert "Zanzibar" not in repr(found.entities)
    chat.add("I saw Sophie again", user_id="ana")
    assert "Zanzibar" in repr(chat.list(user_id="ana", limit=1)[0].entities)


def test_what_every_turn_loads_is_private(chat: Memory):
    words = ("sessionword", "goalword", "valueword", "thoughtword", "sensedword", "identityword", "strategyword")
    words += ("profileword",)
    chat.sessions.start(user_id="ana", state={"current_topic": words[0]})
    chat.goals.add(words[1], user_id="ana")
    chat.working.set("name", words[2], user_id="ana")
    chat.working.think(words[3], user_id="ana")
    chat.working.sense(words[4], user_id="ana")
    chat.identity.set("nickname", words[5], user_id="ana")
    chat.procedures.learn(f"Bake the party cake with {words[6]}", user_id="ana", task="bake the party cake")
    chat.profiles.update(user_id="ana", preferences={"cake": words[7]})
    query = "How do we bake the party cake?"
    alone = chat.context(query, user_id="ana").render()
    assert {word for word in words if word in alone} == set(words)
    for given in ({}, {"mentioned": True}, {"personal": True}, {"mentioned": True, "audience": ["ben"]}):
        packet = chat.context(query, user_id="ana", channel_id=HERE, **cast("dict[str, Any]", given))
        told = json.dumps(as_json(packet))
        assert not [word for word in words if word in told], given
    personal = chat.context(query, user_id="ana", channel_id=HERE, mentioned=True, personal=True).render()
    assert {word for word in words if word in personal} == set(words)


def test_identity_takes_what_stands_for_its_owner(chat: Memory):
    chat.add([{"role": "user", "content": "I live in Lyon."}], user_id="gus", channel_id=HERE)
    chat.add([{"role": "user", "content": "I moved to Berlin."}], user_id="gus", channel_id=HERE, audience=["ana"])
    assert "Berlin" in repr(chat.identity.get(user_id="gus"))
    assert "Lyon" not in repr(chat.identity.get(user_id="gus"))
    chat.add("I live in Berlin", user_id="gus")
    assert chat.identity.get(user_id="gus")["location"].value == "Berlin"  # told in two places, and one value
    shown = [item for item in chat.context("", user_id="gus").items if item.memory and item.memory.key]
    assert [item.memory.value for item in shown if item.memory] == ["Berlin"]


def test_private_evidence_takes_a_memory_out_of_the_channel(chat: Memory):
    said = chat.add("I live in Lyon", user_id="gus", channel_id=HERE)
    assert said.id is not None
    chat.search("Where do I live?", user_id="gus")
    chat.revise(said.id, "I live in Osaka", user_id="gus")
    assert "Osaka" not in repr(chat.context("Where?", user_id="gus", channel_id=HERE, mentioned=True))
    assert "Osaka" in chat.context("Where do I live?", user_id="gus").render()


def test_a_past_moment_tells_a_channel_no_more_than_the_present(chat: Memory):
    chat.add(BUDGET, user_id="ana", channel_id=HERE)
    chat.add("The secret is a trumpet", user_id="ana", channel_id=HERE, audience=["ben"])
    chat.add("My phone number is 555 0101", user_id="ana")
    then = chat.at(known_at=datetime.now(UTC))
    assert [found.text for found in then.list(user_id="ana", channel_id=HERE)] != []
    for answer in (
        then.list(user_id="ana", channel_id=HERE),
        then.search("secret phone budget", user_id="ana", channel_id=HERE),
        then.context("secret phone budget", user_id="ana", channel_id=HERE, mentioned=True),
    ):
        assert "trumpet" not in repr(answer)
        assert "555 0101" not in repr(answer)
        assert "budget" in repr(answer)


@pytest.mark.anyio
async def test_sql_says_what_the_rule_says(async_memory: AsyncMemory):
    memory = async_memory
    for channel in (None, HERE, "two"):
        for who in ([], ["ben"], ["ben", "cleo"]) if channel else ([],):
            text = f"My favourite tea in {channel} with {who} is green"
            await memory.add(text, user_id="ana", audience=who, channel_id=channel, type=MemoryType.EPISODIC_EVENT)
    parts = await memory.core.ready()
    scope = Scope(tenant_id=parts.tenant_id, user_id="ana")
    everything = await parts.store.page(scope, SearchFilter(), limit=100, after=None)
    assert len(everything) == 7
    for hearers in ((), ("ana",), ("ben",), ("ben", "cleo"), ("cleo", "dan")):
        for personal in (True, False):
            occasion = Occasion(reader="ana", channel_id=HERE, audience=hearers, mentioned=personal, personal=personal)
            chosen = SearchFilter(condition=own_condition(occasion))
            found = await parts.store.page(scope, chosen, limit=100, after=None)
            assert {one.id for one in found} == {one.id for one in everything if may_surface(one, occasion)}
