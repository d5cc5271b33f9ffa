"""Edges of writing: times that lie ahead, and what a short answer is worth."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from recollect import Memory


def test_what_is_dated_ahead_stays_in_working_memory_no_longer_than_what_is_said_now(memory: Memory):
    memory.add("I live in Oslo", user_id="ana", at=datetime.now(UTC) + timedelta(days=300))
    memory.add("I work at Bosch", user_id="ana")
    items = memory.working.items(user_id="ana")
    assert [one.said.text for one in items] == ["I work at Bosch", "I live in Oslo"]
    assert max(one.seconds_left for one in items) <= 6 * 3600


FAILED = "I'm terrified, I failed my exam"
NOTED = {"stressor": True, "emotion": "fear", "category": "academic"}


def test_the_facts_of_a_text_that_weighs_on_somebody_are_no_stressors(memory: Memory):
    memory.add([{"role": "user", "content": f"{FAILED}. My sister Anna lives in Rome."}], user_id="ana")
    weighing = memory.list(user_id="ana", filters={"metadata.stressor": True})
    assert [m.key for m in weighing] == [None]
    assert len(list(memory.list(user_id="ana"))) > 1


def test_a_new_text_is_read_for_stressors_anew(memory: Memory):
    calm = memory.add("I like coffee", user_id="ana", metadata={"page": 3})
    grave = memory.add(FAILED, user_id="ben", metadata={"page": 4})
    assert calm.id is not None
    assert grave.id is not None
    assert memory.update(calm.id, user_id="ana", text=FAILED).extra == {"page": 3, **NOTED}
    assert memory.update(grave.id, user_id="ben", text="I like tea").extra == {"page": 4}
    own = memory.update(grave.id, user_id="ben", text=FAILED, metadata={"emotion": "mine"})
    assert own.extra == {"emotion": "mine"}


@pytest.mark.parametrize("batches", [[3], [1, 2], [2, 1], [1, 1, 1]])
def test_what_comes_up_again_is_promoted_whether_in_one_batch_or_several(home: str, batches: list[int]):
    with Memory(home=home, tenant_id=f"again{uuid4().hex}", gate_threshold=0.5) as memory:
        for several in batches:
            memory.add([{"role": "user", "content": "in the garage"}] * several, user_id="ana")
        items = memory.working.items(user_id="ana")
        (record,) = memory.list(user_id="ana")
        assert [(one.said.text, one.memory_id) for one in items] == [("in the garage", record.id)]
        memory.delete(record.id, user_id="ana")
        assert memory.working.items(user_id="ana") == ()


def test_what_was_promoted_is_told_again_like_any_record(memory: Memory):
    said = [memory.add("I see what you mean there", user_id="ana").items[0].outcome.value for _ in range(5)]
    assert said == ["working", "working", "accepted", "merged", "merged"]
    assert len(memory.working.items(user_id="ana")) == 1


def test_words_that_were_put_right_stay_out_of_packets_whatever_becomes_of_their_metadata(memory: Memory):
    long = "I live in Paris and the parks near the river are wonderful for running every morning"
    told = memory.add([{"role": "user", "content": long}], user_id="ana").items[0].memory_id
    assert told is not None
    memory.add([{"role": "user", "content": "No, I moved to Lyon"}], user_id="ana")
    memory.update(told, user_id="ana", metadata={"page": 3})
    assert "Paris" not in memory.context("Where does she run in the morning?", user_id="ana").render()
    new = memory.update(told, user_id="ana", text="The parks near the river are wonderful for running")
    assert new.extra == {"page": 3}
    assert "parks" in memory.context("Where does she run in the morning?", user_id="ana").render()
