"""The users desk: who there is, how much of theirs, and their end; other tenants and projects are never listed."""

from uuid import uuid4

import pytest

from recollect import Memory
from recollect.domain.person import PersonKind
from recollect.errors import NotAllowed, NotFound, ValidationError

SECRETS = """package recollect.secrets
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""


@pytest.fixture
def peopled(memory: Memory) -> Memory:
    """Three users, one with an agent and a conversation, and a project with a memory of its own."""
    memory.add("I like tea", user_id="ana")
    memory.add("I like coffee", user_id="ben", agent_id="helper")
    memory.add("I like milk", user_id="ben", agent_id="writer")
    memory.add([{"role": "user", "content": "My name is Cleo Weber"}], user_id="cleo", conversation_id="c-1")
    memory.projects.create("atlas", user_id="ana")
    memory.add("The plan is ready", user_id="ana", project_id="atlas", share=True)
    return memory


def test_users_are_listed_by_name_page_by_page(peopled: Memory):
    seen: list[str] = []
    cursor = None
    while True:
        page = peopled.users.list(limit=1, cursor=cursor)
        seen += [one.id for one in page]
        assert len(page) == 1
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["ana", "ben", "cleo"]


def test_a_summary_counts_the_living_and_knows_when(peopled: Memory):
    moved = peopled.add("I live in Paris", user_id="ana", at="2026-01-01T00:00:00+00:00")
    before = {one.id: one for one in peopled.users.list()}["ana"]
    assert before.memories == len(peopled.list(user_id="ana"))
    assert (before.kind, before.user_id) == (PersonKind.USER, "ana")
    assert moved.id is not None
    peopled.delete(moved.id, user_id="ana")
    after = {one.id: one for one in peopled.users.list()}["ana"]
    assert after.memories < before.memories
    assert after.memories == len(peopled.list(user_id="ana"))
    assert before.first_at == after.first_at
    assert before.last_at is not None
    assert after.last_at is not None
    assert after.last_at > before.last_at


def test_agents_and_conversations_are_listed_too(peopled: Memory):
    agents = peopled.users.list(kind="agent")
    assert [(one.id, one.user_id, one.memories > 0) for one in agents] == [
        ("helper", None, True),
        ("writer", None, True),
    ]
    first = peopled.users.list(kind="agent", limit=1)
    assert [one.id for one in peopled.users.list(kind="agent", cursor=first.next_cursor)] == ["writer"]
    peopled.add(
        [{"role": "user", "content": "My brother Karl works at Bosch"}], user_id="ben", conversation_id="a talk"
    )
    talks = peopled.users.list(kind="conversation", limit=1)
    assert [(one.user_id, one.id, one.memories) for one in talks] == [("ben", "a talk", 1)]
    rest = peopled.users.list(kind="conversation", cursor=talks.next_cursor)
    assert [(one.user_id, one.id) for one in rest] == [("cleo", "c-1")]


def test_a_user_in_numbers(peopled: Memory):
    receipt = peopled.add("I live in Paris", user_id="dora", at="2026-01-01T00:00:00+00:00")
    peopled.add("I live in Lyon", user_id="dora", at="2026-02-01T00:00:00+00:00")
    assert receipt.id is not None
    found = peopled.users.get(user_id="dora")
    assert found.by_status["superseded"] == 1
    assert found.memories == sum(found.by_type.values()) == sum(found.by_tier.values())
    peopled.delete(receipt.id, user_id="dora")
    after = peopled.users.get(user_id="dora")
    assert after.by_status["deleted"] >= 1
    assert after.memories < found.memories
    assert after.log_length == peopled.events.list(user_id="dora", limit=1000)[-1].seq


def test_who_was_erased_is_not_listed_and_get_says_so(peopled: Memory):
    certificate = peopled.users.delete(user_id="cleo")
    assert certificate.rows["memory"] >= 1
    assert [one.id for one in peopled.users.list()] == ["ana", "ben"]
    gone = peopled.users.get(user_id="cleo")
    assert (gone.erased, gone.memories, gone.by_status, gone.first_at) == (True, 0, {}, None)
    assert gone.erased_at is not None
    peopled.add("I live in Rome now", user_id="cleo")
    assert not peopled.users.get(user_id="cleo").erased
    assert "cleo" in [one.id for one in peopled.users.list()]
    with pytest.raises(NotFound, match="nothing of user 'nobody' was ever stored"):
        peopled.users.get(user_id="nobody")


def test_what_policies_hide_is_not_counted(peopled: Memory):
    peopled.add("The code is 1234", user_id="ana", sensitivity="restricted")
    before = peopled.users.get(user_id="ana")
    peopled.policies.add("secrets", SECRETS)
    hidden = peopled.users.get(user_id="ana")
    assert hidden.memories == len(peopled.list(user_id="ana")) < before.memories
    peopled.policies.add(
        "shut", 'package recollect.shut\nimport rego.v1\napplies if input.action == "read"\nallow if false\n'
    )
    with pytest.raises(NotAllowed):
        peopled.users.get(user_id="ana")


def test_another_tenant_lists_nobody_of_ours(peopled: Memory, home: str):
    with Memory(home=home, tenant_id=f"other {uuid4()}") as other:
        for kind in PersonKind:
            assert peopled.users.list(kind=kind).items
            assert not other.users.list(kind=kind).items
        with pytest.raises(NotFound):
            other.users.get(user_id="ana")


@pytest.mark.parametrize("cursor", ["{", "[]", '["a"]', '["a", 7]'])
def test_cursors_of_conversations_are_checked(memory: Memory, cursor: str):
    with pytest.raises(ValidationError, match="cursor"):
        memory.users.list(kind="conversation", cursor=cursor)
    with pytest.raises(ValidationError, match="kind"):
        memory.users.list(kind="dog")
