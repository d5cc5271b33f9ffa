"""Sessions and working memory, against a real Postgres."""

import asyncio
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.desk_checks import assert_log_gives_things

from recollect import AsyncMemory, Memory
from recollect.domain.hot import HotItem, HotKind, WorkingItem
from recollect.domain.scope import Scope
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory.background import LOOP
from recollect.memory.parts import Parts
from recollect.memory.session_keeping import keep_strong
from recollect.ports.hot_tier import HotWrite
from recollect.ports.store import NOBODY_ELSE

HIDES_SALARY = """package recollect.hides
import rego.v1
applies if input.action == "read"
filter := {"key": {"ne": "user:salary"}}
"""
REFUSES_EVENTS = """package recollect.refuses
import rego.v1
applies if { input.action == "write"; input.memory.type == "episodic_event" }
allow if false
deny contains "no events"
"""
JOY = "I got the job, I am so unbelievably happy, I cried with joy!!"


def parts_of(memory: Memory) -> Parts:
    """What the facade works with."""
    return LOOP.call(memory._inner.core.ready)  # pyright: ignore[reportPrivateUsage] - looks below the facade


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        return self.time

    def move(self, **given: float) -> None:
        self.time += timedelta(**given)


@pytest.fixture
def clock(memory: Memory) -> Clock:
    """The clock of ``memory``'s facade; the writer keeps its own."""
    clock, core = Clock(), memory._inner.core  # pyright: ignore[reportPrivateUsage] - sets its clock
    core._parts = replace(parts_of(memory), clock=clock)  # pyright: ignore[reportPrivateUsage]
    return clock


def hold(memory: Memory, user_id: str, text: str, emotion: float, **given: str) -> str:
    """Puts something into working memory that lives nowhere else; returns its name."""
    parts, name = parts_of(memory), str(uuid4())
    said = WorkingItem(text=text, emotion=emotion, reason="salience 0.10 is below 0.30", **given)  # pyright: ignore[reportArgumentType]
    now = parts.clock.now()
    write = HotWrite(kind=HotKind.WORKING, name=name, value=asdict(said), at=now, expires_at=now + timedelta(hours=6))
    LOOP.call(lambda: parts.hot.write(Scope(tenant_id=parts.tenant_id, user_id=user_id), [write], now))
    return name


# --- sessions


def test_a_session_begins_goes_on_and_ends(memory: Memory):
    began = memory.sessions.start(user_id="ana", state={"current_topic": "Peru", "mood": None}, agent_id="clara")
    assert (dict(began.session.state), began.session.agent_id, began.ended) == (
        {"current_topic": "Peru"},
        "clara",
        None,
    )
    changed = memory.sessions.update(user_id="ana", state={"current_topic": None, "task": {"steps": [1]}})
    assert dict(changed.state) == {"task": {"steps": [1]}}
    assert memory.sessions.update(user_id="ana", conversation_id="monday").conversation_id == "monday"
    assert memory.sessions.update(user_id="ana", conversation_id="").conversation_id is None
    assert memory.sessions.get(user_id="ana") == memory.sessions.list(user_id="ana")[0]
    ended = memory.sessions.end(user_id="ana", reason="she went home")
    assert ended.session.ended_because == "she went home"
    assert ended.session.ended_at is not None
    assert memory.sessions.get(user_id="ana") is None
    memory.sessions.start(user_id="ana")
    assert_log_gives_things(memory, "ana")
    types = [event.type.value for event in memory.events.list(user_id="ana")][:-1]
    assert types == ["session_started", *["session_updated"] * 3, "session_ended"]


def test_without_a_session_there_is_nothing_to_change_or_end(memory: Memory):
    assert memory.sessions.get(user_id="ana") is None
    with pytest.raises(NotFound, match="no open session; start one"):
        memory.sessions.update(user_id="ana", state={"a": 1})
    with pytest.raises(NotFound, match="no open session"):
        memory.sessions.end(user_id="ana")


def test_a_state_is_a_json_object_that_fits(memory: Memory):
    memory.sessions.start(user_id="ana", state={"one": "x" * 40_000})
    with pytest.raises(ValidationError, match=r"state: has .* at most 64,000"):
        memory.sessions.update(user_id="ana", state={"two": "x" * 40_000})
    with pytest.raises(ValidationError, match="state: must be an object"):
        memory.sessions.start(user_id="ana", state=["a"])  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValidationError, match="nothing to update"):
        memory.sessions.update(user_id="ana")
    assert list(memory.sessions.list(user_id="ana")[0].state) == ["one"]


def test_a_new_session_ends_the_one_before_it(memory: Memory):
    first = memory.sessions.start(user_id="ana").session
    hold(memory, "ana", JOY, 0.9)
    second = memory.sessions.start(user_id="ana")
    assert second.ended is not None
    assert (second.ended.session.id, second.ended.session.ended_because) == (first.id, "another session was started")
    assert [item.text for item in second.ended.kept] == [JOY]
    page = memory.sessions.list(user_id="ana", limit=1)
    rest = memory.sessions.list(user_id="ana", limit=1, cursor=page.next_cursor)
    assert [[one.id for one in page], [one.id for one in rest]] == [[second.session.id], [first.id]]


def test_starting_at_the_same_time_leaves_one_open(home: str):
    async def start_many() -> list[str | None]:
        async with AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
            await asyncio.gather(*(memory.sessions.start(user_id="ana") for _ in range(3)))
            return [one.ended_because for one in await memory.sessions.list(user_id="ana")]

    ended = asyncio.run(start_many())
    assert sorted(map(str, ended)) == ["None", "another session was started", "another session was started"]


def test_a_session_lives_a_day_after_its_last_use(memory: Memory, clock: Clock):
    first = memory.sessions.start(user_id="ana").session
    clock.move(hours=23, minutes=59)
    assert memory.sessions.get(user_id="ana") == first
    clock.move(hours=23, minutes=59)
    assert memory.sessions.get(user_id="ana") == first
    used_at = clock.now()
    clock.move(hours=24)
    assert memory.sessions.get(user_id="ana") is None
    with pytest.raises(NotFound):
        memory.sessions.update(user_id="ana", state={"a": 1})
    ended = memory.sessions.start(user_id="ana").ended
    assert ended is not None
    assert ended.session.ended_because == "it was not used for 24 hours"
    assert ended.session.ended_at == used_at + timedelta(hours=24)


def test_ending_keeps_what_was_felt_strongly(memory: Memory):
    memory.sessions.start(user_id="ana")
    hold(memory, "ana", JOY, 0.82, agent_id="clara", conversation_id="monday")
    hold(memory, "ana", "The train was late again, what a shame", 0.6)
    known = memory.add("My daughter Eve was born this morning, I am overwhelmed with joy!!!", user_id="ana")
    hold(memory, "ana", "ok then", 0.0)
    ended = memory.sessions.end(user_id="ana")
    (new, old) = ended.kept
    assert (new.text, new.outcome.value, new.reason) == (
        JOY,
        "accepted",
        "felt at 0.82, over 0.6, when the session ended",
    )
    assert (old.memory_id, old.reason.endswith("is a record already")) == (known.id, True)
    assert ended.faded == 2
    assert memory.working.items(user_id="ana") == ()
    assert new.memory_id is not None
    record = memory.get(new.memory_id, user_id="ana")
    assert (record.type.value, record.tier.value, record.emotion) == ("episodic_event", "personal", 0.82)
    assert (record.agent_id, record.conversation_id) == ("clara", "monday")
    assert memory.search("Did she get the job?", user_id="ana")[0].memory.id == record.id
    assert memory.audit.verify(user_id="ana").ok


def test_ending_again_after_a_crash_in_the_middle_doubles_nothing(memory: Memory):
    memory.sessions.start(user_id="ana")
    hold(memory, "ana", JOY, 0.82)
    parts = parts_of(memory)
    scope = Scope(tenant_id=parts.tenant_id, user_id="ana")

    async def crash() -> None:  # what is kept is written, and the process dies before the session ends
        state = await parts.hot.load(scope, parts.clock.now())
        assert state is not None
        await keep_strong(parts, scope, state.items, NOBODY_ELSE)

    LOOP.call(crash)
    assert memory.sessions.get(user_id="ana") is not None
    (item,) = memory.sessions.end(user_id="ana").kept
    assert item.reason.endswith("is a record already")
    (record,) = memory.list(user_id="ana")
    assert (record.text, record.reinforcements, record.version) == (JOY, 0, 1)


def test_what_is_erased_while_a_session_ends_does_not_come_back_as_a_record(memory: Memory):
    hold(memory, "ana", JOY, 0.82)
    name = hold(memory, "ana", "I passed the exam, I am so unbelievably happy!!", 0.9)
    parts = parts_of(memory)
    scope = Scope(tenant_id=parts.tenant_id, user_id="ana")

    async def read() -> tuple[HotItem, ...]:
        state = await parts.hot.load(scope, parts.clock.now())
        assert state is not None
        return state.items

    items = LOOP.call(read)
    gone = HotWrite(kind=HotKind.WORKING, name=name, value=None, at=parts.clock.now())
    LOOP.call(lambda: parts.hot.write(scope, [gone], gone.at))  # one goes by itself, then everything goes
    kept, _ = LOOP.call(lambda: keep_strong(parts, scope, items, NOBODY_ELSE))
    assert [item.text for item in kept.values()] == [JOY]
    hold(memory, "ana", "Grandma died, I am devastated and cry all day!!", 0.9)
    items = LOOP.call(read)
    memory.erase(user_id="ana")
    assert LOOP.call(lambda: keep_strong(parts, scope, items, NOBODY_ELSE))[0] == {}
    assert list(memory.list(user_id="ana")) == []


def test_a_goal_in_hand_belongs_to_the_session(memory: Memory):
    goal = memory.goals.add("Learn Spanish", user_id="ana")
    session = memory.working.focus(goal.id, user_id="ana")
    in_hand = memory.working.focused(user_id="ana")
    assert in_hand is not None
    assert session.active_goal_id == in_hand.id == goal.id
    assert memory.working.focus(None, user_id="ana").active_goal_id is None
    assert memory.working.focused(user_id="ana") is None
    assert memory.sessions.update(user_id="ana", active_goal_id=goal.id).id == session.id
    with pytest.raises(NotFound, match="there is no goal"):
        memory.working.focus(uuid4(), user_id="ana")
    with pytest.raises(NotFound, match="there is no goal"):
        memory.working.focus(goal.id, user_id="ben")
    assert memory.sessions.get(user_id="ben") is None
    memory.goals.complete(goal.id, user_id="ana")
    assert memory.working.focused(user_id="ana") is None
    with pytest.raises(Conflict, match="is completed"):
        memory.working.focus(goal.id, user_id="ana")


def test_policies_decide_what_is_read_kept_and_set(memory: Memory):
    memory.identity.set("location", "Paris", user_id="ana")
    memory.identity.set("salary", 50_000, user_id="ana")
    memory.sessions.start(user_id="ana")
    hold(memory, "ana", JOY, 0.9)
    memory.policies.add("hides", HIDES_SALARY)
    assert list(memory.identity.get(user_id="ana")) == ["location"]
    assert memory.identity.history("salary", user_id="ana") == ()
    memory.policies.add("refuses", REFUSES_EVENTS)
    ended = memory.sessions.end(user_id="ana")
    (refused,) = ended.kept
    assert (refused.outcome.value, refused.memory_id) == ("rejected", None)
    assert "no events" in refused.reason
    assert (ended.session.ended_at is not None, ended.faded) == (True, 1)


# --- working memory


def test_working_memory_tells_how_long_and_why(memory: Memory):
    stored = memory.add("I moved to Lyon in May", user_id="ana")
    hold(memory, "ana", "hm", 0.5)
    reminder = next(one for one in memory.working.items(user_id="ana") if one.memory_id == stored.id)
    (alone,) = [one for one in memory.working.items(user_id="ana") if one.memory_id is None]
    assert (reminder.said.text, reminder.said.reason) == ("I moved to Lyon in May", "")
    assert 1_700 <= reminder.seconds_left <= 6 * 3600
    assert (alone.said.text, alone.said.reason) == ("hm", "salience 0.10 is below 0.30")
    assert len(memory.working.items(user_id="ana", limit=1)) == 1
    assert memory.working.recent(user_id="ana")[0] == memory.list(user_id="ana", limit=1)[0].id
    assert memory.working.clear(user_id="ana") == 2
    assert memory.working.items(user_id="ana") == ()
    assert memory.get(reminder.memory_id or "", user_id="ana").text == "I moved to Lyon in May"


def test_the_last_hundred_thoughts_are_kept_for_an_hour(memory: Memory, clock: Clock):
    for number in range(103):
        clock.move(seconds=1)
        memory.working.think(f"step {number}", user_id="ana", conversation_id="even" if number % 2 == 0 else None)
    found = memory.working.thoughts(user_id="ana", limit=1000)
    assert [len(found), found[0].text, found[-1].text] == [100, "step 102", "step 3"]
    assert [one.text for one in memory.working.thoughts(user_id="ana", conversation_id="even", limit=2)] == [
        "step 102",
        "step 100",
    ]
    clock.move(minutes=59, seconds=59)
    assert [one.text for one in memory.working.thoughts(user_id="ana")] == ["step 102"]
    clock.move(seconds=1)
    assert memory.working.thoughts(user_id="ana") == ()


def test_context_values_fade_to_the_second(memory: Memory, clock: Clock):
    memory.working.set("page", {"number": 3}, user_id="ana", ttl_s=60)
    memory.working.set("page", {"number": 4}, user_id="ana", ttl_s=90)
    memory.working.set("none", None, user_id="ana")
    assert memory.working.get("page", user_id="ana") == {"number": 4}
    assert memory.working.get("page", user_id="ben") is None
    assert list(memory.working.all(user_id="ana")) == ["none", "page"]
    assert memory.working.delete("none", user_id="ana") is True
    assert memory.working.delete("none", user_id="ana") is False
    clock.move(seconds=89)
    assert memory.working.get("page", user_id="ana") == {"number": 4}
    clock.move(seconds=1)
    assert memory.working.all(user_id="ana") == {}


@pytest.mark.parametrize("ttl_s", [0, -1, 604_801, float("nan"), float("inf"), True, "60"])
def test_times_to_live_are_checked(memory: Memory, ttl_s: float):
    with pytest.raises(ValidationError, match="ttl_s: must be a number of seconds from 1 to 604,800"):
        memory.working.set("page", 3, user_id="ana", ttl_s=ttl_s)


def test_context_values_are_bounded(memory: Memory):
    with pytest.raises(ValidationError, match="at most 8,000"):
        memory.working.set("page", "x" * 8_000, user_id="ana")
    for number in range(101):
        memory.working.set(f"name {number}", number, user_id="ana")
    names = list(memory.working.all(user_id="ana"))
    assert (len(names), names[0]) == (100, "name 1")


def test_the_senses_hold_half_a_minute_and_five_hundred_tokens(memory: Memory, clock: Clock):
    memory.working.sense("the doorbell rings", user_id="ana")
    clock.move(seconds=29)
    memory.working.sense("steps in the hall", user_id="ana")
    assert [one.text for one in memory.working.sensed(user_id="ana")] == ["the doorbell rings", "steps in the hall"]
    clock.move(seconds=1)
    assert [one.text for one in memory.working.sensed(user_id="ana")] == ["steps in the hall"]
    pieces = [memory.working.sense(" ".join(["rain"] * 80 + [str(number)]), user_id="ana") for number in range(9)]
    fitting = [one for number, one in enumerate(pieces) if sum(later.tokens for later in pieces[number:]) <= 500]
    assert 2 <= len(fitting) < 9
    assert [one.id for one in memory.working.sensed(user_id="ana")] == [one.id for one in fitting]
    whole = memory.working.sense(" ".join(["early"] * 3_000 + ["late"] * 100), user_id="ana")
    assert whole.text.endswith(" late")
    assert (450 < whole.tokens <= 500, whole.text.count("late"), "early" in whole.text) == (True, 100, True)
    with pytest.raises(ValidationError):
        memory.working.sense("  ", user_id="ana")
