"""Policies decide on every write and read, from the moment they are saved."""

from uuid import uuid4

import pytest

import recollect
from recollect.domain.event import EventType
from recollect.domain.scope import TENANT_STREAM, Scope
from recollect.errors import Conflict, NotAllowed, NotFound, ValidationError
from recollect.ports.store import EventQuery

NO_PASSWORDS = """package recollect.no_passwords
import rego.v1
applies if input.action == "write"
allow if not contains(lower(input.memory.text), "password")
deny contains "passwords are not kept" if contains(lower(input.memory.text), "password")
test_a_password_is_denied if count(deny) == 1 with input as {"action": "write", "memory": {"text": "my password is x"}}
test_tea_is_fine if allow with input as {"action": "write", "memory": {"text": "I like tea"}}
"""
NOT_RESTRICTED = """package recollect.not_restricted
import rego.v1
applies if input.action == "read"
filter := {"sensitivity": {"in": ["normal", "sensitive"]}}
"""
ONLY_TURNS_LOOKED_AT = """package recollect.looks
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "sensitive"
"""


@pytest.fixture
def secrets(memory: recollect.Memory) -> recollect.Memory:
    memory.add("The door code of the house is 4711", user_id="ana", sensitivity="restricted")
    memory.add("The house has a green door", user_id="ana")
    memory.add("The house was bought with a loan", user_id="ana", sensitivity="sensitive")
    return memory


def texts(memory: recollect.Memory) -> set[str]:
    found = memory.search("What about the house and its door?", user_id="ana", limit=50)
    return {hit.memory.text for hit in found}


def test_a_write_that_a_policy_denies_leaves_nothing(memory: recollect.Memory):
    memory.policies.add("no_passwords", NO_PASSWORDS)
    with pytest.raises(NotAllowed, match="passwords are not kept"):
        memory.add("My password is swordfish", user_id="ana")
    assert not memory.list(user_id="ana").memories
    kept = memory.add("I like tea", user_id="ana").id
    assert kept is not None
    with pytest.raises(NotAllowed, match="passwords are not kept"):
        memory.update(kept, user_id="ana", text="My password is tea")
    assert memory.get(kept, user_id="ana").version == 1
    memory.policies.update("no_passwords", active=False)
    assert memory.add("My password is swordfish", user_id="ana").id is not None


@pytest.mark.parametrize(("name", "module", "hidden"), [
    ("not_restricted", NOT_RESTRICTED, "restricted"),
    ("looks", ONLY_TURNS_LOOKED_AT, "sensitive"),
])  # fmt: skip
def test_what_may_not_be_read_is_nowhere(secrets: recollect.Memory, name: str, module: str, hidden: str):
    records = {m.sensitivity.value: m for m in secrets.list(user_id="ana") if m.key is None}
    assert len(texts(secrets)) == 3
    secrets.policies.add(name, module)
    forbidden = records[hidden]
    assert texts(secrets) == {m.text for s, m in records.items() if s != hidden}
    assert forbidden.id not in [m.id for m in secrets.list(user_id="ana")]
    packet = secrets.context("What about the house?", user_id="ana")
    assert str(forbidden.id) not in {one for item in packet.items for one in item.origin.ids}
    assert forbidden.text not in packet.render()
    for call in (secrets.get, secrets.history, secrets.delete):
        with pytest.raises(NotFound):
            call(forbidden.id, user_id="ana")
    decided = secrets.policies.explain(forbidden.id, user_id="ana")
    assert not decided.allowed
    assert name in decided.explain()
    secrets.policies.remove(name)
    assert len(texts(secrets)) == 3


def test_identity_facts_obey_too(memory: recollect.Memory):
    memory.add("My name is Ana Silva", user_id="ana", sensitivity="restricted")
    assert "Ana Silva" in memory.context("", user_id="ana").render()
    memory.policies.add("not_restricted", NOT_RESTRICTED)
    assert "Ana Silva" not in memory.context("", user_id="ana").render()


def test_the_top_is_filled_with_forbidden_ones_and_the_rest_is_found(memory: recollect.Memory):
    for number in range(30):
        memory.add(f"The launch of Atlas is on day {number}", user_id="ana", sensitivity="restricted")
    memory.add("Someone said that Atlas would launch", user_id="ana")
    memory.policies.add("not_restricted", NOT_RESTRICTED)
    found = memory.search("When is the launch of Atlas?", user_id="ana", limit=5)
    assert [hit.memory.text for hit in found] == ["Someone said that Atlas would launch"]


def test_a_module_is_tested_by_its_own_rules_and_refused_when_wrong(memory: recollect.Memory):
    memory.policies.add("no_passwords", NO_PASSWORDS)
    results = {test.name: test.passed for test in memory.policies.test("no_passwords")}
    assert results == {"test_a_password_is_denied": True, "test_tea_is_fine": True}
    with pytest.raises(ValidationError, match="module"):
        memory.policies.add("broken", "package recollect.broken\nimport rego.v1\nallow if {")
    with pytest.raises(Conflict):
        memory.policies.add("no_passwords", NO_PASSWORDS)
    assert memory.policies.update("no_passwords", module=NO_PASSWORDS + "\n").version == 2


@pytest.mark.anyio
async def test_policies_are_versioned_by_events(home: str):
    async with recollect.AsyncMemory(home=home, tenant_id=f"policies {uuid4()}") as memory:
        await memory.policies.add("not_restricted", NOT_RESTRICTED)
        await memory.policies.update("not_restricted", active=False)
        await memory.policies.remove("not_restricted")
        parts = await memory.core.ready()
        stream = Scope(tenant_id=parts.tenant_id, user_id=TENANT_STREAM)
        events = [e.type for e in await parts.store.events(stream, EventQuery()) if e.type.value.startswith("policy")]
    assert events == [EventType.POLICY_ADDED, EventType.POLICY_UPDATED, EventType.POLICY_REMOVED]
