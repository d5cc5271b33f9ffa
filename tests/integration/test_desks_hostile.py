"""Every method of the desks, called with hostile ids: not found or refused, and never another's data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

import recollect
from recollect.errors import NotFound, ValidationError

WORDS = "The vault under the lighthouse opens with 4711"
HOSTILE = {
    "sql": "' OR 1=1",
    "sql comment": "x'; DROP TABLE recollect.memory; --",
    "path": "../../etc/passwd",
    "nul": "a\x00b",
    "emoji": "😀",
    "10 kB": "x" * 10_000,
    "surrogate": "\ud800",
    "blank": "  ",
    "reserved": "recollect:tenant",
    "no text": 7,
    "none": None,
    "list": ["a"],
    "unknown uuid": "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e",
}

USABLE = [HOSTILE[name] for name in ("sql", "sql comment", "path", "emoji", "unknown uuid")]
"""Odd, but any text may be a user's id."""


@dataclass(frozen=True)
class Theirs:
    """What another tenant's user has: ids that exist, but not here."""

    memory: UUID
    other: UUID
    collection: UUID


@pytest.fixture(scope="module")
def theirs(home: str) -> Iterator[Theirs]:
    """Another tenant, whose user has the same name, with one of everything."""
    with recollect.Memory(home=home, tenant_id=f"theirs {uuid4()}") as memory:
        one = memory.add(WORDS, user_id="ana", conversation_id="lighthouse").id
        two = memory.add("Mirko Vault keeps the lighthouse", user_id="ana").id
        assert one is not None
        assert two is not None
        memory.relationships.add(one, two, "supports", user_id="ana")
        box = memory.collections.create("lighthouse", user_id="ana", description=WORDS)
        memory.collections.add(box.id, [one, two], user_id="ana")
        memory.tools.record("lighthouse", user_id="ana", output=WORDS)
        memory.profiles.update(user_id="ana", preferences={"secret": WORDS})
        memory.entities.describe("Lighthouse", user_id="ana", description=WORDS)
        yield Theirs(one, two, box.id)


@pytest.fixture(scope="module")
def ours(home: str) -> Iterator[recollect.Memory]:
    with recollect.Memory(home=home, tenant_id=f"ours {uuid4()}") as memory:
        yield memory


Call = Callable[[recollect.Memory, Any], object]

ABOUT_A_USER: Mapping[str, Call] = {
    "collections.list": lambda m, x: m.collections.list(user_id=x),
    "collections.create": lambda m, x: m.collections.create("box", user_id=x),
    "conversations.list": lambda m, x: m.conversations.list(user_id=x),
    "tools.list": lambda m, x: m.tools.list(user_id=x),
    "tools.record": lambda m, x: m.tools.record("t", user_id=x),
    "profiles.get": lambda m, x: m.profiles.get(user_id=x),
    "profiles.update": lambda m, x: m.profiles.update(user_id=x, preferences={"a": 1}),
    "entities.list": lambda m, x: m.entities.list(user_id=x),
    "events.list": lambda m, x: m.events.list(user_id=x),
}
"""Calls that name a user and nothing else: a user without memories is no error, and has nothing to show."""

ABOUT_A_THING: Mapping[str, Call] = {
    "relationships.add source": lambda m, x: m.relationships.add(x, uuid4(), "related", user_id="ana"),
    "relationships.add target": lambda m, x: m.relationships.add(uuid4(), x, "related", user_id="ana"),
    "relationships.add type": lambda m, x: m.relationships.add(uuid4(), uuid4(), x, user_id="ana"),
    "relationships.list": lambda m, x: m.relationships.list(x, user_id="ana"),
    "relationships.list user": lambda m, x: m.relationships.list(uuid4(), user_id=x),
    "relationships.list direction": lambda m, x: m.relationships.list(uuid4(), user_id="ana", direction=x),
    "relationships.list cursor": lambda m, x: m.relationships.list(uuid4(), user_id="ana", cursor=x),
    "relationships.remove": lambda m, x: m.relationships.remove(x, uuid4(), "related", user_id="ana"),
    "relationships.remove target": lambda m, x: m.relationships.remove(uuid4(), x, "related", user_id="ana"),
    "collections.get": lambda m, x: m.collections.get(x, user_id="ana"),
    "collections.get user": lambda m, x: m.collections.get(uuid4(), user_id=x),
    "collections.update": lambda m, x: m.collections.update(x, user_id="ana", name="n"),
    "collections.delete": lambda m, x: m.collections.delete(x, user_id="ana"),
    "collections.add": lambda m, x: m.collections.add(x, [uuid4()], user_id="ana"),
    "collections.add memory": lambda m, x: m.collections.add(uuid4(), x, user_id="ana"),
    "collections.remove": lambda m, x: m.collections.remove(x, [uuid4()], user_id="ana"),
    "collections.remove memory": lambda m, x: m.collections.remove(uuid4(), x, user_id="ana"),
    "collections.memories": lambda m, x: m.collections.memories(x, user_id="ana"),
    "collections.memories cursor": lambda m, x: m.collections.memories(uuid4(), user_id="ana", cursor=x),
    "conversations.get": lambda m, x: m.conversations.get(x, user_id="ana"),
    "conversations.get user": lambda m, x: m.conversations.get("lighthouse", user_id=x),
    "conversations.turns": lambda m, x: m.conversations.turns(x, user_id="ana"),
    "conversations.turns cursor": lambda m, x: m.conversations.turns("lighthouse", user_id="ana", cursor=x),
    "conversations.update": lambda m, x: m.conversations.update(x, user_id="ana", title="t"),
    "entities.get": lambda m, x: m.entities.get(x, user_id="ana"),
    "entities.get user": lambda m, x: m.entities.get("Lighthouse", user_id=x),
    "entities.merge": lambda m, x: m.entities.merge(x, "Lighthouse", user_id="ana"),
    "entities.merge into": lambda m, x: m.entities.merge("Lighthouse", x, user_id="ana"),
    "entities.unmerge": lambda m, x: m.entities.unmerge(x, user_id="ana"),
    "entities.relations": lambda m, x: m.entities.relations(x, user_id="ana"),
    "entities.relations cursor": lambda m, x: m.entities.relations("Lighthouse", user_id="ana", cursor=x),
    "entities.neighbours": lambda m, x: m.entities.neighbours(x, user_id="ana"),
    "events.list types": lambda m, x: m.events.list(user_id="ana", types=[x]),
    "events.list after": lambda m, x: m.events.list(user_id="ana", after_seq=str(x)),  # pyright: ignore[reportArgumentType]
    "events.list since": lambda m, x: m.events.list(user_id="ana", since=x if x is not None else ""),
    "tools.record arguments": lambda m, x: m.tools.record("t", user_id="ana", arguments=[x]),  # pyright: ignore[reportArgumentType]
    "profiles.update": lambda m, x: m.profiles.update(user_id="ana", preferences=x),
}
"""Calls about one thing that does not exist here, or with an argument that makes no sense."""


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("call", ABOUT_A_THING.values(), ids=ABOUT_A_THING)
@pytest.mark.usefixtures("theirs")
def test_hostile_ids_find_nothing(ours: recollect.Memory, call: Call, value: object):
    with pytest.raises((NotFound, ValidationError)) as refused:
        call(ours, value)
    assert WORDS not in str(refused.value)
    assert len(str(refused.value)) < 1_500


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("call", ABOUT_A_USER.values(), ids=ABOUT_A_USER)
@pytest.mark.usefixtures("theirs")
def test_hostile_users_have_nothing(ours: recollect.Memory, call: Call, value: object):
    if value in USABLE:
        assert WORDS not in repr(call(ours, value))
        return
    with pytest.raises(ValidationError, match="user_id"):
        call(ours, value)


@pytest.mark.parametrize("user_id", ["ana", "ben"])
def test_what_another_tenant_has_is_not_here(ours: recollect.Memory, theirs: Theirs, user_id: str):
    calls: list[Callable[[], object]] = [
        lambda: ours.relationships.add(theirs.memory, theirs.other, "supports", user_id=user_id),
        lambda: ours.relationships.list(theirs.memory, user_id=user_id),
        lambda: ours.relationships.remove(theirs.memory, theirs.other, "supports", user_id=user_id),
        lambda: ours.collections.get(theirs.collection, user_id=user_id),
        lambda: ours.collections.update(theirs.collection, user_id=user_id, name="mine"),
        lambda: ours.collections.delete(theirs.collection, user_id=user_id),
        lambda: ours.collections.add(theirs.collection, [theirs.memory], user_id=user_id),
        lambda: ours.collections.remove(theirs.collection, [theirs.memory], user_id=user_id),
        lambda: ours.collections.memories(theirs.collection, user_id=user_id),
        lambda: ours.conversations.get("lighthouse", user_id=user_id),
        lambda: ours.conversations.turns("lighthouse", user_id=user_id),
        lambda: ours.conversations.update("lighthouse", user_id=user_id, title="mine"),
        lambda: ours.entities.get("Lighthouse", user_id=user_id),
        lambda: ours.entities.merge("Mirko Vault", "Lighthouse", user_id=user_id),
        lambda: ours.entities.relations("Lighthouse", user_id=user_id),
        lambda: ours.entities.neighbours("Lighthouse", user_id=user_id, depth=3),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()
    box = ours.collections.create(f"lighthouse {uuid4()}", user_id=user_id)
    with pytest.raises(NotFound):
        ours.collections.add(box.id, [theirs.memory], user_id=user_id)
    assert WORDS not in repr(ours.profiles.get(user_id=user_id))
    assert [call.output for call in ours.tools.list(user_id=user_id, tool="lighthouse")] == []
    assert WORDS not in repr(ours.events.list(user_id=user_id, limit=1000))


@pytest.mark.parametrize("limit", [0, -1, 1001, True, "10", None, 1.5])
def test_limits_are_checked_everywhere(ours: recollect.Memory, limit: Any):
    calls: list[Callable[[], object]] = [
        lambda: ours.relationships.list(uuid4(), user_id="ana", limit=limit),
        lambda: ours.collections.list(user_id="ana", limit=limit),
        lambda: ours.collections.memories(uuid4(), user_id="ana", limit=limit),
        lambda: ours.conversations.list(user_id="ana", limit=limit),
        lambda: ours.conversations.turns("x", user_id="ana", limit=limit),
        lambda: ours.tools.list(user_id="ana", limit=limit),
        lambda: ours.entities.list(user_id="ana", limit=limit),
        lambda: ours.entities.relations("x", user_id="ana", limit=limit),
        lambda: ours.entities.neighbours("x", user_id="ana", limit=limit),
        lambda: ours.events.list(user_id="ana", limit=limit),
    ]
    for call in calls:
        with pytest.raises(ValidationError, match="limit: must be a whole number from 1 to 1000"):
            call()


def test_hostile_text_is_stored_as_it_is(ours: recollect.Memory):
    nasty = "Robert'); DROP TABLE recollect.collection; -- ../ 😀 \\u0000"
    box = ours.collections.create(nasty, user_id="eve", collection_type=nasty, description=nasty)
    assert ours.collections.get(box.id, user_id="eve").description == nasty
    assert ours.tools.record(nasty, user_id="eve", arguments={nasty: [nasty]}) == ours.tools.list(user_id="eve")[0]
    assert ours.entities.describe(nasty, user_id="eve", aliases=["' OR 1=1"]).name == nasty
    assert ours.entities.get("' or 1=1", user_id="eve").name == nasty
    ours.add("We went home early", user_id="eve", conversation_id=nasty)
    assert ours.conversations.turns(nasty, user_id="eve")[0].text == "We went home early"
