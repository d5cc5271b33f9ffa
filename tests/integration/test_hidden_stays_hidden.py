"""What policies hide, what is not believed and what others said stays so on every way to it: found by a review."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

import recollect
from recollect.errors import IdempotencyConflict, NotAllowed, NotFound, ValidationError

WALL = """package recollect.wall
import rego.v1

applies if input.action == "read"

filter := {"sensitivity": {"ne": "restricted"}}
"""
LOOKING = """package recollect.wall
import rego.v1

applies if input.action == "read"

allow if input.memory.sensitivity != "restricted"
"""
CODE = "The bank code is 4711"


def now() -> datetime:
    return datetime.now(UTC)


def said(receipt: recollect.Receipt) -> UUID:
    assert receipt.id is not None
    return receipt.id


def test_what_is_quarantined_and_hidden_is_not_listed(memory: recollect.Memory):
    memory.add(CODE, user_id="ana", source="web", sensitivity="restricted")
    memory.add("The bank is red", user_id="ana", source="web")
    assert len(memory.quarantine.list(user_id="ana")) == 2
    memory.policies.add("wall", WALL)
    assert [m.text for m in memory.quarantine.list(user_id="ana")] == ["The bank is red"]


def test_what_is_hidden_is_not_promoted(memory: recollect.Memory):
    secret = said(memory.add(CODE, user_id="ana", sensitivity="restricted"))
    memory.projects.create("house", user_id="ana")
    memory.policies.add("wall", WALL)
    with pytest.raises(NotFound):
        memory.projects.promote(secret, "house", user_id="ana")
    assert not memory.list(user_id="ana", project_id="house").memories


@pytest.mark.parametrize("module", [WALL, LOOKING])
def test_what_was_classified_since_is_hidden_in_the_past_too(memory: recollect.Memory, module: str):
    start = now()
    secret = said(memory.add(CODE, user_id="ana"))
    memory.add("The bank is red", user_id="ana")
    moment = now()
    memory.update(secret, user_id="ana", sensitivity="restricted")
    past = memory.at(known_at=moment)
    asked: list[Callable[[], Any]] = [
        lambda: past.list(user_id="ana", limit=1),
        lambda: past.list(user_id="ana"),
        lambda: past.search("What is the bank code?", user_id="ana"),
        lambda: past.context("What is the bank code?", user_id="ana"),
        lambda: memory.diff(start, moment, user_id="ana"),
    ]
    assert all("4711" in repr(ask()) for ask in asked[1:])
    memory.policies.add("wall", module)
    assert not [ask for ask in asked if "4711" in repr(ask())]
    assert [m.text for m in past.list(user_id="ana", limit=1)] == ["The bank is red"]
    with pytest.raises(NotFound):
        past.get(secret, user_id="ana")


def test_a_rollback_does_not_take_back_what_hides_a_memory(memory: recollect.Memory):
    secret = said(memory.add(CODE, user_id="ana"))
    moment = now()
    memory.update(secret, user_id="ana", sensitivity="restricted")
    memory.policies.add("wall", WALL)
    with pytest.raises(NotAllowed, match="hides from user 'ana'"):
        memory.rollback(user_id="ana", before=moment)
    with pytest.raises(NotFound):
        memory.get(secret, user_id="ana")
    assert "4711" not in repr(memory.rollback(user_id="ana", before=moment, dry_run=True))


def test_facts_are_handled_as_carefully_as_what_states_them(memory: recollect.Memory):
    told = memory.add(
        [{"role": "user", "content": "I moved. I live in Lyon now. Anna works at Siemens."}], user_id="ana"
    )
    spoken = told.items[0].memory_id
    assert spoken is not None
    memory.add([{"role": "user", "content": "By the way, Anna works at Siemens, as I said."}], user_id="ana")
    memory.update(spoken, user_id="ana", sensitivity="restricted")
    levels = {m.key: m.sensitivity.value for m in memory.list(user_id="ana") if m.key is not None}
    assert levels == {"user:location": "restricted", "anna:employer": "normal"}  # that was said openly, too
    memory.update(spoken, user_id="ana", text="I moved. I live in Rome now. Anna works at Siemens.")
    (place,) = (m for m in memory.list(user_id="ana") if m.key == "user:location")
    assert (place.value, place.sensitivity.value) == ("Rome", "restricted")
    assert memory.audit.verify(user_id="ana").ok


def test_what_is_said_again_in_confidence_is_confidential(memory: recollect.Memory):
    told = said(memory.add(CODE, user_id="ana"))
    memory.add(CODE, user_id="ana", sensitivity="restricted")
    memory.add(CODE, user_id="ana")
    assert memory.get(told, user_id="ana").sensitivity.value == "restricted"


def test_new_words_of_a_source_state_no_facts(memory: recollect.Memory):
    memory.sources.add("crm", trust="known")
    memory.add("I live in Lyon", user_id="ana")
    known = said(memory.add("Eve lives in Evilville", user_id="ana", source="crm"))
    doubted = said(memory.add("The weather is fine", user_id="ana", source="web"))
    assert memory.update(known, user_id="ana", text="I live in Evilville with my cat").key is None
    assert memory.update(doubted, user_id="ana", text="I live in Evilville and my name is Eve").key is None
    assert [m.text for m in memory.list(user_id="ana") if m.key == "user:location"] == ["I live in Lyon"]
    assert "Evilville" not in memory.context("", user_id="ana").render()


def test_a_models_words_state_no_facts_when_they_are_changed(memory: recollect.Memory):
    reply = memory.add([{"role": "assistant", "content": "The plan for the garden sounds good."}], user_id="ana")
    reply = said(reply)
    memory.update(reply, user_id="ana", text="I live in Evilville and my name is Eve")
    assert not [m for m in memory.list(user_id="ana") if m.key is not None]


def test_names_in_quarantine_mean_nobody(memory: recollect.Memory, home: str):
    memory.add("Anna Evilsson is a banker", user_id="ana", source="web")
    tea = said(memory.add("Anna came for tea", user_id="ana"))
    assert [e.name for e in memory.get(tea, user_id="ana").entities] == ["Anna"]
    with recollect.Memory(home=home, tenant_id=memory.get(tea, user_id="ana").tenant_id) as fresh:
        coffee = said(fresh.add("Anna came for coffee", user_id="ana"))
        assert [e.name for e in fresh.get(coffee, user_id="ana").entities] == ["Anna"]


def test_facts_of_changed_words_stay_in_their_project(memory: recollect.Memory):
    memory.projects.create("house", user_id="ana")
    roof = said(memory.add("We talk about the roof", user_id="ana", project_id="house", share=True))
    memory.update(roof, user_id="ana", project_id="house", text="The roof is fine. Anna works at Siemens.")
    facts = [m for m in memory.list(user_id="ana", project_id="house") if m.key == "anna:employer"]
    assert [(m.project_id, m.author_id) for m in facts] == [("house", "ana")]


def test_members_do_not_get_each_others_receipts(memory: recollect.Memory):
    memory.projects.create("house", user_id="ana")
    memory.projects.set_member("house", "ben", user_id="ana")
    first = memory.add("The roof is red", user_id="ana", project_id="house", share=True, idempotency_key="k")
    again = memory.add("The roof is red", user_id="ana", project_id="house", share=True, idempotency_key="k")
    assert first.event_ids == again.event_ids
    with pytest.raises(IdempotencyConflict):
        memory.add("The roof is red", user_id="ben", project_id="house", share=True, idempotency_key="k")


FAILING = """package recollect.wall
import rego.v1

applies if to_number(input.user) > 3

filter := {"sensitivity": "normal"}
"""
FAILING_FOR_NULL = """package recollect.wall
import rego.v1

applies if input.action == "read"

allow := true

deny contains "not from the web" if startswith(input.memory.source_id, "web")
"""


def test_a_function_that_fails_denies(memory: recollect.Memory):
    with pytest.raises(ValidationError, match="cannot be evaluated"):
        memory.policies.add("wall", FAILING)
    memory.add(CODE, user_id="ana")
    memory.policies.add("wall", FAILING_FOR_NULL)
    assert not memory.list(user_id="ana").memories
    assert not memory.search("What is the bank code?", user_id="ana").hits


def test_a_receipt_does_not_quote_what_is_hidden(memory: recollect.Memory):
    memory.add("I live in Evilville", user_id="ana", sensitivity="restricted")
    memory.policies.add("wall", WALL)
    early = memory.add("I live in Rome", user_id="ana", at="2020-01-01T00:00:00+00:00")
    late = memory.add("I live in Lyon", user_id="ana", idempotency_key="k")
    again = memory.add("I live in Lyon", user_id="ana", idempotency_key="k")
    assert late.items[0].outcome.value == "superseded"
    assert "Evilville" not in repr([early, late, again]) + "".join(
        i.reason for r in (early, late, again) for i in r.items
    )


OWNERS_READ = """package recollect.wall
import rego.v1

applies if input.action == "read"

allow if input.projects.house == "owner"
"""


def test_roles_end_with_the_user_who_is_erased(memory: recollect.Memory):
    memory.projects.create("house", user_id="ana")
    memory.add(CODE, user_id="ana")
    memory.policies.add("wall", OWNERS_READ)
    assert len(memory.list(user_id="ana")) == 1
    memory.erase(user_id="ana")
    with pytest.raises(NotAllowed):
        memory.list(user_id="ana")
