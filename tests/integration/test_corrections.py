"""A correction, such as "no, I moved to Lyon": facts, the words that stated them, the next packet."""

from uuid import uuid4

import pytest

from recollect import Memory
from recollect.domain.event import EventType
from recollect.domain.receipt import Outcome
from recollect.domain.record import Status


@pytest.mark.parametrize(
    ("told", "correction", "key", "change"),
    [
        ("I live in Paris", "no, I moved to Lyon", "user:location", "Paris to Lyon"),
        ("I live in Paris", "Not Paris, Lyon.", "user:location", "Paris to Lyon"),
        ("I live in Paris", "I meant Lyon", "user:location", "Paris to Lyon"),
        ("My name is Maria", "That's wrong, my name is Marta", "user:name", "Maria to Marta"),
        ("I work at Siemens", "Actually, I work at Bosch", "user:employer", "Siemens to Bosch"),
        ("My sister Anna works at Siemens", "It's Bosch, not Siemens", "anna:employer", "Siemens to Bosch"),
    ],
)
def test_the_next_packet_shows_the_new_value_only(memory: Memory, told: str, correction: str, key: str, change: str):
    old, new = change.split(" to ")
    memory.add([{"role": "user", "content": told}], user_id="ana", conversation_id="c")
    memory.add([{"role": "assistant", "content": "Good to know, thank you."}], user_id="ana", conversation_id="c")
    receipt = memory.add([{"role": "user", "content": correction}], user_id="ana", conversation_id="c")
    assert Outcome.SUPERSEDED in {item.outcome for item in receipt.items}
    values = {m.value for m in memory.list(user_id="ana", filters={"key": key})}
    assert values == {new}
    for question in ("", "Where is she, and what does she do?", "Tell me about the user and Anna"):
        said = memory.context(question, user_id="ana").render()
        quoted = [line for line in said.splitlines() if old in line and correction not in line]
        assert quoted == []
    assert (
        new
        in memory.context("Where do I live and work, what is my name, where does Anna work?", user_id="ana").render()
    )
    history = memory.list(user_id="ana", statuses=["superseded"], filters={"key": key})
    assert [m.value for m in history] == [old]


def test_words_that_say_more_are_found_but_in_no_packet_and_come_back_when_said_again(memory: Memory):
    long = "I live in Paris and my dog Rex loves the parks there"
    more = memory.add([{"role": "user", "content": long}], user_id="ana")
    only = memory.add([{"role": "user", "content": "I live in Paris"}], user_id="ana")
    assert more.id is not None
    assert only.id is not None
    memory.add([{"role": "user", "content": "no, I moved to Lyon"}], user_id="ana")
    assert memory.get(more.id, user_id="ana").status is Status.ACTIVE
    assert memory.get(only.id, user_id="ana").status is Status.ARCHIVED
    assert more.id in memory.search("What does Rex love?", user_id="ana").ids
    assert "Paris" not in memory.context("What does Rex love, and where do I live?", user_id="ana").render()
    kinds = [event.type for event in memory.history(only.id, user_id="ana")]
    assert kinds == [EventType.MEMORY_ADDED, EventType.MEMORY_CORRECTED]
    for text, record in (("I live in Paris", only.id), (long, more.id)):
        assert memory.add([{"role": "user", "content": text}], user_id="ana").id == record
        assert memory.get(record, user_id="ana").status is Status.ACTIVE
    assert "loves the parks" in memory.context("What does Rex love?", user_id="ana").render()


def test_a_correction_that_is_corrected_leaves_nothing_of_it_in_packets(memory: Memory):
    for text in ("Hi! My name is Mira and I live in Paris with two cats.", "No, I moved to Lyon.", "I meant Metz"):
        memory.add([{"role": "user", "content": text}], user_id="ana")
    said = memory.context("Where do I live?", user_id="ana").render()
    assert "location: Metz" in said
    assert "Paris" not in said
    assert "Lyon" not in said


def test_what_only_looks_like_a_correction_changes_nothing(memory: Memory):
    memory.add("I live in Paris", user_id="ana")
    for text in ("No, thanks.", "No way, Lyon is so far!", "He said: no, I moved to Lyon", "Isn't it Lyon?"):
        memory.add([{"role": "user", "content": text}], user_id="ana")
    memory.add([{"role": "assistant", "content": "No, you moved to Lyon."}], user_id="ana")
    assert [m.value for m in memory.list(user_id="ana", filters={"key": "user:location"})] == ["Paris"]


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        (["My dog is called Rex", "No, his name is Max"], {"Max"}),
        (["My dog is called Rex. Actually, he's called Max."], {"Max"}),
        (["My sister is called Anna", "No, her name is Maria."], {"Maria"}),
        (["My sister is called Anna", "No, his name is Max"], {"Anna"}),
        (["I have a dog named Rex and a cat named Tom", "No, his name is Max"], {"Rex", "Tom"}),
        (["My dog is called Rex", "I'm off to the market now", "No, his name is Max"], {"Rex"}),
        (["My dog is called Rex", "?What about your neighbour, is it Tim?", "No, his name is Max"], {"Rex"}),
        (["My dog is called Rex", "?Is he really called Rex?", "No, his name is Max"], {"Max"}),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_pronoun_means_the_one_who_was_just_spoken_of(
    memory: Memory, said: list[str], standing: set[str], at_once: bool
):
    turns = [{"role": "assistant" if t[0] == "?" else "user", "content": t.lstrip("?")} for t in said]
    for batch in [turns] if at_once else [[turn] for turn in turns]:
        memory.add(batch, user_id="ana", conversation_id="monday")
    keys = {"user:dog", "user:sister", "user:cat"}
    assert {m.value for m in memory.list(user_id="ana") if m.key in keys and m.value} == standing


@pytest.mark.parametrize("how", ["delete", "erase", "update", "undo the run", "correct again, delete both"])
def test_words_that_a_correction_took_out_come_back_when_it_goes(memory: Memory, how: str):
    both, short = "I live in Paris and my dog Rex loves the parks there", "I live in Paris"
    words = [memory.add([{"role": "user", "content": text}], user_id="ana").id for text in (both, short)]
    job, right = uuid4(), [{"role": "user", "content": "no, I moved to Lyon"}]
    wrong = memory.add(right, user_id="ana", job_id=job).items[0].memory_id
    assert wrong is not None
    assert "loves the parks" not in memory.context("What does Rex love?", user_id="ana").render()
    if how == "erase":
        memory.erase(user_id="ana", memory_id=wrong)
    elif how == "undo the run":
        memory.rollback(user_id="ana", job=job)
    elif how == "update":
        memory.update(wrong, text="The weather in Lyon is nice today", user_id="ana")
    else:
        if how != "delete":
            later = memory.add([{"role": "user", "content": "No, I meant Metz"}], user_id="ana").items[0].memory_id
            assert later is not None
            memory.delete(later, user_id="ana")
            assert memory.get(wrong, user_id="ana").status is Status.ACTIVE
            assert [m.status for m in (memory.get(w, user_id="ana") for w in words if w)][1] is Status.ARCHIVED
        memory.delete(wrong, user_id="ana")
    back = [memory.get(known, user_id="ana") for known in words if known is not None]
    assert [(m.status, "recollect:corrected" in m.extra) for m in back] == [(Status.ACTIVE, False)] * 2
    assert [m.value for m in memory.list(user_id="ana", filters={"key": "user:location"})] == ["Paris"]
    assert "loves the parks" in memory.context("What does Rex love?", user_id="ana").render()
    assert memory.audit.verify(user_id="ana").ok


def test_an_updated_correction_leaves_the_wrong_words_out(memory: Memory):
    told = memory.add([{"role": "user", "content": "I live in Paris"}], user_id="ana").id
    wrong = memory.add([{"role": "user", "content": "no, I moved to Lyon"}], user_id="ana").items[0].memory_id
    assert told is not None
    assert wrong is not None
    memory.update(wrong, text="I moved to Metz", user_id="ana")
    assert [m.value for m in memory.list(user_id="ana", filters={"key": "user:location"})] == ["Metz"]
    assert memory.get(told, user_id="ana").status is Status.ARCHIVED


def test_a_correction_replays_and_is_rolled_back(memory: Memory):
    memory.add([{"role": "user", "content": "I live in Paris"}], user_id="ana")
    before = len(memory.events.list(user_id="ana"))
    memory.add([{"role": "user", "content": "no, I moved to Lyon"}], user_id="ana")
    memory.rollback(user_id="ana", to=before)
    assert "Paris" in memory.context("", user_id="ana").render()
    assert "Lyon" not in memory.context("", user_id="ana").render()


@pytest.mark.parametrize(
    ("told", "correction", "key", "change"),
    [
        ("My sister is called Anna", "My sister is called Maria, not Anna", "user:sister", "Anna to Maria"),
        ("I have a dog named Rex", "No, my dog is called Max", "user:dog", "Rex to Max"),
        ("I'm learning Spanish", "No, French, not Spanish", "user:learning", "Spanish to French"),
    ],
)
def test_of_a_key_with_many_values_the_wrong_one_ends(
    memory: Memory, told: str, correction: str, key: str, change: str
):
    old, new = change.split(" to ")
    memory.add([{"role": "user", "content": told}], user_id="ana")
    memory.add([{"role": "user", "content": correction}], user_id="ana")
    standing = [m.value for m in memory.list(user_id="ana", filters={"key": key}) if m.value is not None]
    assert standing == [new]
    assert [m.value for m in memory.list(user_id="ana", statuses=["superseded"], filters={"key": key})] == [old]


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Should I book a flight to Rome?", "No, Lisbon"),
        ("Shall I book you a flight to Paris?", "No, Lisbon"),
        ("Should I book a flight to Paris?", "Lisbon, not Paris"),
        ("Which day is the meeting, Monday?", "No, Tuesday"),
        ("Is the meeting on 4 June?", "No, 5 July"),
        ("How many tickets do you need?", "No, 3"),
        ("Shall I call Tom?", "No, Maria"),
        ("What colour should the wall be?", "No, green"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_an_answer_to_another_question_puts_nothing_right(memory: Memory, reply: str, answer: str, at_once: bool):
    told = "I live in Paris. I'm 34 years old. My birthday is on 4 June. I have a dog named Rex."
    memory.add([{"role": "user", "content": told}], user_id="ana")
    before = {(m.key, m.value) for m in memory.list(user_id="ana") if m.key}
    turns = [{"role": "assistant", "content": reply}, {"role": "user", "content": answer}]
    for batch in [turns] if at_once else [[turn] for turn in turns]:
        memory.add(batch, user_id="ana")
    assert {(m.key, m.value) for m in memory.list(user_id="ana") if m.key} == before
    assert not list(memory.list(user_id="ana", statuses=["superseded", "archived"]))


@pytest.mark.parametrize(
    "between",
    [
        [],
        [("assistant", "You live in Paris, don't you?")],
        [("user", "Do you know me?"), ("assistant", "Of course, you live in Paris.")],
        [("user", "Where do I live?")],  # the answer was not stored
    ],
)
def test_what_was_said_just_now_is_put_right_by_a_bare_value(memory: Memory, between: list[tuple[str, str]]):
    memory.add([{"role": "user", "content": "I live in Paris"}], user_id="ana")
    for role, text in [*between, ("user", "No, Lyon")]:
        memory.add([{"role": role, "content": text}], user_id="ana")
    assert [m.value for m in memory.list(user_id="ana", filters={"key": "user:location"})] == ["Lyon"]


@pytest.mark.parametrize(
    ("texts", "key", "change"),
    [
        (["I live in Paris", "Sorry, I meant Lyon"], "user:location", "Paris to Lyon"),
        (["I live in Paris. No wait, Lyon."], "user:location", "Paris to Lyon"),
        (["My sister is called Anna", "No, it's Maria, not Anna"], "user:sister", "Anna to Maria"),
        (["My dog is called Rex. Sorry, Max, not Rex."], "user:dog", "Rex to Max"),
    ],
)
def test_what_the_same_batch_told_is_put_right(memory: Memory, texts: list[str], key: str, change: str):
    old, new = change.split(" to ")
    before = memory.add("I like tea", user_id="ana").items[0]
    memory.add([{"role": "user", "content": text} for text in texts], user_id="ana")
    assert [m.value for m in memory.list(user_id="ana", filters={"key": key}) if m.value] == [new]
    assert [m.value for m in memory.list(user_id="ana", statuses=["superseded"], filters={"key": key})] == [old]
    archived = [m.text for m in memory.list(user_id="ana", statuses=["archived"])]
    assert archived == texts[:-1]
    assert old not in memory.context("", user_id="ana").render()
    assert memory.audit.verify().reports == ()
    memory.rollback(user_id="ana", to=1)
    assert [m.id for m in memory.list(user_id="ana")] == [before.memory_id]


@pytest.mark.parametrize(
    "said",
    [
        [("assistant", "Your sister Anna works at Bosch?"), ("user", "No, Siemens")],
        [("user", "Book me a hotel in Paris"), ("user", "Lyon, not Paris")],  # what was replied was not stored
        [("user", "The call starts at 4"), ("user", "It's at 5, not 4")],
        [("user", "In my novel, I live in Rome, not Paris")],
    ],
)
def test_what_is_said_of_something_else_puts_nothing_right(memory: Memory, said: list[tuple[str, str]]):
    told = "I live in Paris. I work at Bosch. My birthday is on 4 June."
    memory.add([{"role": "user", "content": told}], user_id="ana")
    for role, text in said:
        memory.add([{"role": role, "content": text}], user_id="ana")
    values = {m.value for m in memory.list(user_id="ana") if m.key and m.key.startswith("user:")}
    assert values >= {"Paris", "Bosch", "4 June"}
    assert not list(memory.list(user_id="ana", statuses=["superseded", "archived"]))


def test_of_what_a_reply_claims_and_what_was_told_the_claim_is_meant(memory: Memory):
    memory.add([{"role": "user", "content": "My favourite colour is blue"}], user_id="ana")
    memory.add([{"role": "user", "content": "I'm allergic to peanuts"}], user_id="ana")
    memory.add([{"role": "assistant", "content": "So your favourite colour is blue."}], user_id="ana")
    memory.add([{"role": "user", "content": "No, green"}], user_id="ana")
    values = {m.key: m.value for m in memory.list(user_id="ana") if m.key}
    assert values == {"user:favourite_colour": "green", "user:allergy": "peanuts"}


@pytest.mark.parametrize(
    "text",
    ["It's Lyon, not Paris", "No, Lyon", "I never lived in Paris", "That's not where I live", "I don't have a dog"],
)
def test_somebody_else_puts_nothing_right_that_is_known_of_the_user(memory: Memory, text: str):
    memory.add([{"role": "user", "content": "I live in Paris. I have a dog named Rex."}], user_id="ana")
    memory.add([{"role": "user", "name": "Bob", "content": text}], user_id="ana")
    known = {(m.key, m.value) for m in memory.list(user_id="ana") if m.key and m.key.startswith("user:")}
    assert known == {("user:location", "Paris"), ("user:dog", "Rex")}


def test_somebody_else_puts_right_what_is_known_of_themselves(memory: Memory):
    for text in ("I live in Paris", "It's Lyon, not Paris"):
        memory.add([{"role": "user", "name": "Bob", "content": text}], user_id="ana")
    assert [m.value for m in memory.list(user_id="ana", filters={"key": "bob:location"})] == ["Lyon"]
