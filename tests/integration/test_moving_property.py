"""Whatever happened to a user: exported, read in elsewhere and exported again, it is the same; and the log says so."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recollect import Memory
from recollect.domain.scope import Scope
from recollect.domain.state import memory_json, replayed
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.ports.store import EventQuery

MAY = datetime(2024, 5, 1, tzinfo=UTC)
TEXTS = (
    "I live in Lyon", "I live in Oslo", "I no longer live in Oslo", "I like tea", "Ok", "Anna works at Bosch now",
    "My sister Anna works at Siemens", "We met Ben in Rome", "Always answer in French", "break \u2028 and 🦜 \\u0041",
)  # fmt: skip
NAMES = ("Anna", "Ben", "Rome", "Siemens")
VALUES: tuple[dict[str, Any], ...] = ({"a": 1.5}, {"a": [None, {"b": -0.0}]}, {"x": "y", "n": 1e16})


@dataclass(frozen=True)
class Step:
    """Something that happens to a user; what the numbers and words mean depends on what it is."""

    what: str
    one: int
    other: int
    text: str
    value: dict[str, Any]

    def __call__(self, memory: Memory, user: str) -> None:
        """Makes it happen, unless there is nothing yet that it could happen to."""
        with suppress(NotFound, Conflict, ValidationError):
            getattr(self, self.what)(memory, user)

    def say(self, memory: Memory, user: str) -> None:
        when = None if self.one == 0 else MAY + timedelta(days=self.one)
        agent, talk = ("", "helper")[self.other % 2], (None, "c", "d/é")[self.other % 3]
        memory.add(self.text, user_id=user, at=when, agent_id=agent, conversation_id=talk, metadata=self.value)

    def rumour(self, memory: Memory, user: str) -> None:
        memory.add(self.text, user_id=user, source="rumours")

    def tie(self, memory: Memory, user: str) -> None:
        kind = ("derived_from", "supports")[self.one % 2]
        ends = self.at(memory, user, self.one), self.at(memory, user, self.other)
        memory.relationships.add(*ends, kind, user_id=user, confidence=0.25)

    def group(self, memory: Memory, user: str) -> None:
        name = NAMES[self.other % 2]
        with suppress(Conflict):
            memory.collections.create(name, user_id=user)
        (group,) = [one for one in memory.collections.list(user_id=user) if one.name == name]
        memory.collections.add(group.id, [self.at(memory, user, self.one)], user_id=user)

    def aim(self, memory: Memory, user: str) -> None:
        others = memory.goals.list(user_id=user)
        parent = others[0].id if self.one % 2 and len(others) else None
        memory.goals.add(self.text, user_id=user, parent_id=parent)

    def describe(self, memory: Memory, user: str) -> None:
        memory.entities.describe(NAMES[self.one % 4], user_id=user, description=self.text, aliases=["A", "B"])

    def merge(self, memory: Memory, user: str) -> None:
        memory.entities.merge(NAMES[self.one % 4], NAMES[self.other % 4], user_id=user)

    def delete(self, memory: Memory, user: str) -> None:
        memory.delete(self.at(memory, user, self.one), user_id=user)

    def use(self, memory: Memory, user: str) -> None:
        memory.used([self.at(memory, user, self.one)], user_id=user)

    def update(self, memory: Memory, user: str) -> None:
        memory.update(self.at(memory, user, self.one), user_id=user, text=self.text)

    def prefer(self, memory: Memory, user: str) -> None:
        memory.profiles.update(user_id=user, preferences=self.value)

    def call(self, memory: Memory, user: str) -> None:
        memory.tools.record("grep", user_id=user, arguments=self.value, output=[])

    def start(self, memory: Memory, user: str) -> None:
        memory.sessions.start(user_id=user, state=self.value)

    def learn(self, memory: Memory, user: str) -> None:
        memory.procedures.learn(self.text, user_id=user, task="searching")

    def reflect(self, memory: Memory, user: str) -> None:
        memory.procedures.reflect("tried", user_id=user, outcome=self.value)

    def know(self, memory: Memory, user: str) -> None:
        memory.identity.set("home", self.value, user_id=user)

    def put_aside(self, memory: Memory, user: str) -> None:
        memory.working.set("slot", self.value, user_id=user)

    def think(self, memory: Memory, user: str) -> None:
        memory.working.think(self.text, user_id=user)

    def at(self, memory: Memory, user: str, place: int) -> UUID:
        """One of the user's memories."""
        found = [one.id for one in memory.list(user_id=user, include_quarantined=True)]
        if not found:
            raise NotFound("none yet")
        return found[place % len(found)]


WHAT = [name for name, value in vars(Step).items() if callable(value) and name[0] != "_" and name != "at"]


def steps(*what: str) -> st.SearchStrategy[Step]:
    """Any of these."""
    return st.builds(
        Step,
        st.sampled_from(what),
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from(TEXTS),
        st.sampled_from(VALUES),
    )


def lines_of(memory: Memory, user: str) -> list[dict[str, Any]]:
    """The export without its header."""
    header, *lines = memory.export(user_id=user)
    assert header["kind"] == "header"
    return lines


def check_log(memory: Memory, user: str) -> None:
    """The user's log adds up to the memories that are stored."""

    async def look() -> tuple[list[Any], list[Any]]:
        parts = await memory._inner.core.ready()  # pyright: ignore[reportPrivateUsage]
        scope = Scope(tenant_id=parts.tenant_id, user_id=user)
        events = await parts.store.events(scope, EventQuery())
        stored = await parts.store.all_memories(scope, after=None, limit=1000)
        state = replayed(events)
        return [memory_json(one) for one in stored], [memory_json(state.memories[one.id]) for one in stored]

    stored, told = LOOP.call(look)
    assert stored == told
    assert memory.audit.verify(user_id=user).ok


def test_an_export_read_in_elsewhere_is_the_same_export(home: str):
    with Memory(home=home, tenant_id=f"one {uuid4()}") as one, Memory(home=home, tenant_id=f"two {uuid4()}") as two:

        @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(steps("say"), min_size=4, max_size=6), st.lists(steps(*WHAT), min_size=6, max_size=16))
        def run(said: list[Step], done: list[Step]) -> None:
            user = f"user {uuid4()}"
            for step in (*said, *done):
                step(one, user)
            one.upkeep.run()  # what waits to be thought over would go on by itself in both places
            there = lines_of(one, user)
            report = two.load(there, user_id=user)
            assert (report.imported, report.failed, report.merged) == (len(there), 0, 0), report
            assert lines_of(two, user) == there
            check_log(two, user)
            head = [event.seq for event in two.events.list(user_id=user, limit=1000)]
            again = two.load(there, user_id=user)
            assert (again.imported, again.skipped) == (0, len(there)), again
            assert [event.seq for event in two.events.list(user_id=user, limit=1000)] == head
            copied = one.load(there, user_id=f"{user} too")
            assert (copied.imported, copied.failed) == (len(there), 0), copied
            check_log(one, f"{user} too")
            if head:
                two.rollback(user_id=user, job=report.job_id)
                assert {line.get("status") for line in lines_of(two, user) if line["kind"] == "memory"} <= {"deleted"}
                assert {line["kind"] for line in lines_of(two, user)} <= {"memory", "context", "thought", "working"}

        run()
