"""Random histories through the public API: whatever happens, the log is the state, and every past can be seen again."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import recollect
from recollect.domain.difference import MOVING
from recollect.domain.event import GENESIS, Event
from recollect.domain.record import Status
from recollect.domain.scope import Scope
from recollect.domain.state import THINGS, State, memory_json, replayed, thing_json
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.memory.page import Page
from recollect.ports.store import EventQuery

MAY = datetime(2024, 5, 1, tzinfo=UTC)
SAID = (
    "I live in Lyon", "I live in Oslo", "I no longer live in Oslo", "I like tea", "I no longer like tea", "Ok",
    "My sister Anna works at Siemens", "Anna works at Bosch now", "We met Ben in Rome", "The shed is painted green",
)  # fmt: skip
NAMES = ("Anna", "Ben", "Rome", "Siemens", "Ann")
RUNS = (None, None, UUID(int=1), UUID(int=2))
OWNED = [kind for kind in THINGS if "user_id" in {field.name for field in fields(cast(Any, kind))}]
LIVING = [status for status in Status if status is not Status.DELETED]

texts = st.sampled_from(SAID)
places = st.integers(0, 30)
conversations = st.sampled_from([None, "c", "d"])
runs = st.sampled_from(RUNS)


class Histories(RuleBasedStateMachine):
    """One user's history; every example has a user of its own."""

    memory: recollect.Memory
    most_events: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.user = f"user {uuid4()}"
        self.seen: list[tuple[datetime, list[dict[str, Any]]]] = []
        self.stops: list[tuple[int, dict[str, Any]]] = [(0, {})]
        self.collections: list[UUID] = []

    @rule(said=st.lists(st.tuples(texts, places), min_size=1, max_size=3), where=conversations, job=runs)
    def add(self, said: list[tuple[str, int]], where: str | None, job: UUID | None) -> None:
        for text, day in said:
            self.memory.add(text, user_id=self.user, at=MAY + timedelta(days=day), conversation_id=where, job_id=job)
        self.remember()

    @rule(which=places, text=texts)
    def update(self, which: int, text: str) -> None:
        self.perhaps(lambda target: self.memory.update(target, user_id=self.user, text=text), which)

    @rule(which=places)
    def delete(self, which: int) -> None:
        self.perhaps(lambda target: self.memory.delete(target, user_id=self.user), which)

    @rule(one=places, two=places)
    def relate(self, one: int, two: int) -> None:
        known = self.records()
        if len(known) > 1:
            ends = known[one % len(known)].id, known[two % len(known)].id
            self.attempt(lambda: self.memory.relationships.add(*ends, "supports", user_id=self.user))

    @rule(which=places, name=st.sampled_from(["trips", "food"]))
    def collect(self, which: int, name: str) -> None:
        self.attempt(lambda: self.collections.append(self.memory.collections.create(name, user_id=self.user).id))
        if self.collections:
            group = self.collections[which % len(self.collections)]
            self.perhaps(lambda target: self.memory.collections.add(group, [target], user_id=self.user), which)

    @rule(which=places, rename=st.booleans())
    def change_collection(self, which: int, rename: bool) -> None:
        if self.collections:
            group = self.collections[which % len(self.collections)]
            if rename:
                name = ["trips", "food", "other"][which % 3]
                self.attempt(lambda: self.memory.collections.update(group, user_id=self.user, name=name))
            else:
                self.attempt(lambda: self.memory.collections.delete(group, user_id=self.user))

    @rule(name=st.sampled_from(NAMES), into=st.sampled_from(NAMES))
    def merge(self, name: str, into: str) -> None:
        self.attempt(lambda: self.memory.entities.merge(name, into, user_id=self.user))

    @rule(name=st.sampled_from(NAMES))
    def unmerge(self, name: str) -> None:
        self.attempt(lambda: self.memory.entities.unmerge(name, user_id=self.user))

    @rule()
    def remember(self) -> None:
        seen = [memory_json(record) for record in self.records()]
        self.seen.append((datetime.now(UTC), seen))
        state = self.state()
        self.stops.append((state.seq, contents(state)))

    @rule(which=places)
    def go_back(self, which: int) -> None:
        """A rollback leads to the state that was remembered; taking it back, to the one before."""
        seq, wanted = self.stops[which % len(self.stops)]
        before = contents(self.state())
        report = self.memory.rollback(user_id=self.user, to=seq)
        assert contents(self.state()) == wanted
        if which % 2:
            self.memory.rollback(user_id=self.user, to=report.from_seq)
            assert contents(self.state()) == before

    @rule(job=st.sampled_from([run for run in RUNS if run]))
    def undo(self, job: UUID) -> None:
        self.attempt(lambda: self.memory.rollback(user_id=self.user, job=job))

    @invariant()
    def one_living_record_for_each_content(self) -> None:
        if hasattr(self, "user"):
            living = [r for r in self.records() if r.status is not Status.SUPERSEDED]
            assert max(Counter((r.agent_id, r.content_hash) for r in living).values(), default=1) == 1

    def teardown(self) -> None:
        if not hasattr(self, "user"):
            return
        state = self.state()
        type(self).most_events = max(self.most_events, state.seq)
        for moment, seen in self.seen:
            page = self.memory.at(known_at=moment).list(user_id=self.user, limit=1000, statuses=LIVING)
            assert [memory_json(record) for record in page] == seen

    def records(self) -> Page:
        return self.memory.list(user_id=self.user, limit=1000, statuses=LIVING)

    def perhaps(self, act: Callable[[UUID], object], which: int) -> None:
        known = self.records()
        if len(known):
            self.attempt(lambda: act(known[which % len(known)].id))

    def attempt(self, act: Callable[[], object]) -> None:
        """What the rules forbid is refused in words, and changes nothing."""
        with suppress(Conflict, NotFound, ValidationError):
            act()

    def state(self) -> State:
        """What the log adds up to; that it is chained and that the rows say the same is asserted on the way."""
        return LOOP.call(self._state)

    async def _state(self) -> State:
        parts = await self.memory._inner.core.ready()  # pyright: ignore[reportPrivateUsage]
        scope = Scope(tenant_id=parts.tenant_id, user_id=self.user)
        events = await parts.store.events(scope, EventQuery())
        assert_chained(events)
        state = replayed(events)
        stored = await parts.store.fetch(scope, list(state.memories))
        assert {i: memory_json(m) for i, m in stored.items()} == {i: memory_json(m) for i, m in state.memories.items()}
        vectors = await parts.store.vectors(scope, list(state.memories))
        shown = {i for i, m in state.memories.items() if m.status is not Status.DELETED}
        assert set(vectors) == shown
        for kind in OWNED:
            rows = await parts.store.things(kind, parts.tenant_id, {"user_id": self.user})
            told = [thing for (name, _), thing in state.things.items() if name == kind.KIND]
            assert sorted(map(str, map(thing_json, rows))) == sorted(map(str, map(thing_json, told)))
        return state


def contents(state: State) -> dict[str, Any]:
    """Everything a state holds, without deleted records, versions and times of change."""
    memories = {str(i): memory_json(m) for i, m in state.memories.items() if m.status is not Status.DELETED}
    things = {str(place): thing_json(thing) for place, thing in state.things.items()}
    rows = memories | things
    return {name: {key: value for key, value in row.items() if key not in MOVING} for name, row in rows.items()}


def assert_chained(events: list[Event]) -> None:
    previous = GENESIS
    for seq, event in enumerate(events, start=1):
        assert (event.seq, event.previous_hash) == (seq, previous)
        assert event.expected_hash() == event.hash
        previous = event.hash


def test_random_histories(memory: recollect.Memory):
    class Machine(Histories):
        pass

    Machine.memory = memory
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
    assert Machine.most_events > 30
