"""Every public method, called by another tenant and with hostile ids: never data, never a crash.

The methods are found by looking, so a new one is tested from its first day; one with an argument that is not named
here fails until it is.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import recollect
from recollect.domain.knowledge_graph import GraphEntity, GraphRelation, Observed
from recollect.doors.cli.printing import as_json
from recollect.errors import RecollectError

MARKER = "zanzibarmarker"
HOSTILE = (
    "' OR 1=1 --",
    "../../etc/passwd",
    "nul\x00byte",
    "\ud800",
    "🦜" * 20,
    "x" * 10_000,
    "",
    "recollect:tenant",
    "recollect:project:atlas",
    str(UUID(int=0)),
)
IDS = frozenset(
    {
        "memory_id", "source_id", "target_id", "collection_id", "project_id", "conversation_id", "member_id", "user_id",
        "name", "into", "cursor", "to", "job", "job_id", "field",
        "goal_id", "parent_id", "strategy_id", "reflection_id", "blocked_by", "trace_id", "key_id",
    }
)  # fmt: skip
LEFT_OUT = frozenset({"open", "close", "from_config", "reset"})  # reset erases whole tenants, see test_mem0_library
MODULE = 'package recollect.p\nimport rego.v1\napplies if input.action == "write"\nallow if true\n'

Method = tuple[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Ours:
    """What tenant one has, by the name of the argument that would ask for it."""

    values: dict[str, Any]


def methods(memory: recollect.Memory) -> Iterator[Method]:
    """Every public method of the facade and of each desk on it."""
    for area, owner in [("", memory), *sorted((name, desk) for name, desk in vars(memory).items() if name[0] != "_")]:
        for name, method in inspect.getmembers(owner, inspect.ismethod):
            if not name.startswith("_") and name not in LEFT_OUT:
                yield f"{area}.{name}" if area else name, method


@pytest.fixture
def ours(home: str) -> Iterator[Ours]:
    """Tenant one, with something of every kind in it, all of it marked."""
    with recollect.Memory(home=home, tenant_id=f"one {uuid4()}") as one:
        text = f"My secret is {MARKER}, and Anna Schmidt knows it"
        first = one.add([{"role": "user", "content": text}], user_id="ana", conversation_id="c-1").id
        second = one.add(f"I live in {MARKER.title()} City", user_id="ana").id
        one.projects.create("atlas", user_id="ana", name=MARKER)
        one.add(f"The plan is {MARKER}", user_id="ana", project_id="atlas", share=True)
        one.sources.add(MARKER, uri=MARKER)
        doubted = one.add(f"Rumour: {MARKER}", user_id="ana", source="unknown").id
        assert first is not None
        assert second is not None
        collection = one.collections.create(MARKER, user_id="ana", description=MARKER)
        one.collections.add(collection.id, [first], user_id="ana")
        one.relationships.add(first, second, "related", user_id="ana")
        one.profiles.update(user_id="ana", preferences={"secret": MARKER})
        one.tools.record("tool", user_id="ana", arguments={"secret": MARKER})
        one.entities.describe("Anna Schmidt", user_id="ana", description=MARKER)
        one.sessions.start(user_id="ana", state={"secret": MARKER})
        one.identity.set("secret", {"word": MARKER}, user_id="ana")
        one.working.think(MARKER, user_id="ana")
        one.working.set("Anna Schmidt", MARKER, user_id="ana")
        one.working.sense(MARKER, user_id="ana")
        goal = one.goals.add(MARKER, user_id="ana", description=MARKER)
        strategy = one.procedures.learn(MARKER, user_id="ana", task="something harmless")
        reflection = one.procedures.reflect(MARKER, user_id="ana", outcome={"secret": MARKER})
        key = one.keys.create(MARKER, user_id="ana").key
        noted = GraphEntity(name="Anna Schmidt", type=MARKER, observations=(MARKER,))
        one.graph.create_entities([noted], user_id="ana")
        kept = one.search(MARKER, user_id="ana", trace=True)
        one.add("Here today", user_id="gone")
        yield Ours(
            {
                "memory_id": first,
                "source_id": first,
                "target_id": second,
                "memory_ids": [first, doubted],
                "collection_id": collection.id,
                "project_id": "atlas",
                "conversation_id": "c-1",
                "member_id": "ben",
                "name": "Anna Schmidt",
                "into": "Anna",
                "field": "secret",
                "goal_id": goal.id,
                "parent_id": goal.id,
                "blocked_by": [goal.id],
                "strategy_id": strategy.id,
                "reflection_id": reflection.id,
                "trace_id": kept.trace_id,
                "key_id": key.id,
                "result": kept,
                "user_id": "ana",
                "certificate": one.erasure.user(user_id="gone"),
            }
        )


def plain_values() -> dict[str, Any]:
    """A harmless value for every other argument that some method needs."""
    now = datetime.now(UTC)
    return {
        "content": "Something harmless",
        "lines": [{"text": "Something harmless", "at": None}],
        "query": "What is the secret?",
        "type": "related",
        "tool": "tool",
        "arguments": {},
        "evidence": "Something harmless",
        "module": MODULE,
        "t1": now - timedelta(hours=1),
        "t2": now,
        "action": "read",
        "trust": "known",
        "role": "member",
        "embedder": "static",
        "model_id": "no-such-model",
        "goal_id": str(UUID(int=0)),
        "strategy_id": str(UUID(int=0)),
        "reflection_id": str(UUID(int=0)),
        "trace_id": str(UUID(int=0)),
        "key_id": str(UUID(int=0)),
        "channel_id": "a-channel",
        "title": "Something harmless",
        "description": "Something harmless",
        "task": "something harmless",
        "succeeded": True,
        "field": "secret",
        "value": "harmless",
        "patch": {"part": "harmless"},
        "text": "Something harmless",
        "entities": [GraphEntity(name="harmless", type="thing", observations=("Something harmless",))],
        "relations": [GraphRelation(source="harmless", type="likes", target="harmless")],
        "observations": [Observed(name="harmless", contents=("Something harmless",))],
        "names": ["Anna Schmidt"],
    }


def called(method: Callable[..., Any], known: dict[str, Any]) -> tuple[Any, RecollectError | None]:
    """What the method answers, or the error it raises on purpose; any other error fails the test."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(method).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if parameter.default is inspect.Parameter.empty or name in IDS:
            if name in known:
                arguments[name] = known[name]
            elif parameter.default is inspect.Parameter.empty:
                pytest.fail(f"say in this test what {name} of {method.__qualname__} is")
    try:
        return method(**arguments), None
    except RecollectError as error:
        return None, error


def written(answer: object) -> str:
    """Everything that an answer tells."""
    try:
        told = json.dumps(as_json(answer))
    except TypeError:
        told = ""
    return f"{told} {answer!r}".casefold()


def test_another_tenant_gets_nothing_from_any_method(ours: Ours, home: str):
    with recollect.Memory(home=home, tenant_id=f"two {uuid4()}") as two:
        seen = 0
        for name, method in methods(two):
            answer, error = called(method, plain_values() | ours.values)
            assert MARKER not in written(answer), name
            assert error is None or MARKER not in str(error).casefold(), name
            seen += 1
        assert seen >= 45


def test_hostile_ids_are_refused_or_find_nothing(ours: Ours, home: str):
    with recollect.Memory(home=home, tenant_id=f"three {uuid4()}") as three:
        for hostile in HOSTILE:
            for name, method in methods(three):
                for parameter in IDS & set(inspect.signature(method).parameters):
                    known = plain_values() | {**ours.values, parameter: hostile}
                    answer, _ = called(method, known)
                    assert MARKER not in written(answer), (name, parameter, hostile[:20])


def test_another_user_gets_nothing_from_any_method(home: str):
    tenant = f"four {uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant) as memory:
        text = f"My secret is {MARKER}"
        first = memory.add([{"role": "user", "content": text}], user_id="ana", conversation_id="c-1").id
        memory.projects.create("atlas", user_id="ana")
        doubted = memory.add("Here today", user_id="ana").id
        assert doubted is not None
        memory.add(text, user_id="ana", project_id="atlas", share=True)
        memory.sessions.start(user_id="ana", state={"secret": MARKER})
        memory.identity.set("secret", MARKER, user_id="ana")
        memory.working.think(MARKER, user_id="ana")
        memory.working.set("Anna", MARKER, user_id="ana")
        ids = {"memory_id": first, "source_id": first, "target_id": uuid4(), "memory_ids": [first]}
        certificate = {"certificate": memory.erasure.memory(doubted, user_id="ana")}
        names: dict[str, Any] = {
            "project_id": "atlas",
            "conversation_id": "c-1",
            "collection_id": uuid4(),
            "member_id": "ana",
        }
        goal = memory.goals.add(MARKER, user_id="ana")
        way = memory.procedures.learn(MARKER, user_id="ana", task="something harmless")
        outcome = memory.procedures.reflect(MARKER, user_id="ana")
        names |= {"goal_id": goal.id, "parent_id": goal.id, "blocked_by": [goal.id]}
        names |= {"strategy_id": way.id, "reflection_id": outcome.id}
        kept = memory.search(MARKER, user_id="ana", trace=True)
        names |= {"trace_id": kept.trace_id, "result": kept}
        for name, method in methods(memory):
            known = plain_values() | ids | names | certificate | {"user_id": "mallory", "name": "Anna", "into": "Bob"}
            answer, _ = called(method, known)
            assert MARKER not in written(answer), name
        assert memory.search("What is my secret?", user_id="ana").hits
