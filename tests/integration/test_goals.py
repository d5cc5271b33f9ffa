"""Goals: their order, what blocks them, what ends with them, and what the log says of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.desk_checks import assert_log_gives_things, types_of

import recollect
from recollect.errors import Conflict, NotAllowed, NotFound, ValidationError

SOON = datetime(2030, 5, 4, 9, tzinfo=UTC)


def test_a_goal_and_what_is_said_of_it(memory: recollect.Memory):
    made = memory.goals.add(
        "Run a marathon", user_id="ana", description="under four hours", priority=4, deadline=SOON, metadata={"km": 42}
    )
    found = memory.goals.get(made.id, user_id="ana")
    assert found == made
    assert (found.title, found.priority, found.deadline, dict(found.extra)) == ("Run a marathon", 4, SOON, {"km": 42})
    assert (found.status.value, found.blocked, found.closed_at) == ("active", False, None)
    changed = memory.goals.update(made.id, user_id="ana", title="Run two", clear=["deadline"], metadata={})
    assert (changed.title, changed.deadline, dict(changed.extra), changed.priority) == ("Run two", None, {}, 4)
    assert memory.goals.update(made.id, user_id="ana", title="Run two") == changed
    assert types_of(memory, "ana") == ["goal_added", "goal_updated"]
    assert_log_gives_things(memory, "ana")


def test_a_goal_that_changed_meanwhile_is_not_overwritten(memory: recollect.Memory):
    made = memory.goals.add("Read more", user_id="ana")
    changed = memory.goals.update(made.id, user_id="ana", priority=5, expected_updated_at=made.updated_at)
    with pytest.raises(Conflict, match="read it again"):
        memory.goals.update(made.id, user_id="ana", priority=1, expected_updated_at=made.updated_at)
    assert memory.goals.get(made.id, user_id="ana").priority == changed.priority == 5


def test_goals_are_listed_open_ones_first_in_order_and_in_pages(memory: recollect.Memory):
    late = memory.goals.add("late", user_id="ana", priority=5, deadline=SOON + timedelta(days=9))
    low = memory.goals.add("low", user_id="ana", priority=1)
    done = memory.goals.add("done", user_id="ana", priority=5)
    early = memory.goals.add("early", user_id="ana", priority=5, deadline=SOON)
    aside = memory.goals.add("aside", user_id="ana", priority=5)
    memory.goals.complete(done.id, user_id="ana")
    memory.goals.pause(aside.id, user_id="ana")
    memory.goals.add("another's", user_id="ben", priority=5)
    wanted = [early.id, late.id, aside.id, low.id, done.id]
    assert [goal.id for goal in memory.goals.list(user_id="ana")] == wanted
    seen: list[UUID] = []
    cursor = None
    for _ in wanted:
        page = memory.goals.list(user_id="ana", limit=1, cursor=cursor)
        seen += [goal.id for goal in page]
        cursor = page.next_cursor
        if len(seen) == 2:  # what a cursor names may change
            memory.goals.complete(late.id, user_id="ana")
    assert (seen, cursor) == ([early.id, late.id, aside.id, low.id, late.id], cursor)
    assert [g.title for g in memory.goals.list(user_id="ana", status="paused")] == ["aside"]
    assert [g.title for g in memory.goals.list(user_id="ana", status=["active", "paused"])] == ["early", "aside", "low"]


def test_blocked_is_having_an_open_blocker(memory: recollect.Memory):
    first = memory.goals.add("Get a passport", user_id="ana")
    second = memory.goals.add("Book the flight", user_id="ana", blocked_by=[first.id])
    assert (second.blocked, second.open_blockers) == (True, (first.id,))
    memory.goals.pause(first.id, user_id="ana")
    assert memory.goals.get(second.id, user_id="ana").blocked
    memory.goals.complete(first.id, user_id="ana", outcome="it came by post")
    assert not memory.goals.get(second.id, user_id="ana").blocked
    memory.goals.resume(first.id, user_id="ana")
    assert memory.goals.list(user_id="ana", status="active")[1].blocked
    assert not memory.goals.update(second.id, user_id="ana", blocked_by=[]).blocked


def test_cycles_are_refused_and_named(memory: recollect.Memory):
    one = memory.goals.add("one", user_id="ana")
    two = memory.goals.add("two", user_id="ana", parent_id=one.id)
    three = memory.goals.add("three", user_id="ana", parent_id=two.id)
    with pytest.raises(Conflict) as parents:
        memory.goals.update(one.id, user_id="ana", parent_id=three.id)
    for goal in (one, two, three):
        assert f"{goal.title!r} ({goal.id})" in str(parents.value)
    wait = memory.goals.add("wait", user_id="ana", blocked_by=[three.id])
    with pytest.raises(Conflict, match=r"'three' .* waits for 'wait' .*'wait' .* waits for 'three'"):
        memory.goals.update(three.id, user_id="ana", blocked_by=[wait.id])
    with pytest.raises(Conflict, match="would wait for itself"):
        memory.goals.update(one.id, user_id="ana", parent_id=one.id)
    assert memory.goals.get(one.id, user_id="ana") == memory.goals.get(one.id, user_id="ana")
    assert memory.goals.get(three.id, user_id="ana").blocked_by == ()


def test_parents_and_blockers_must_be_the_users_own(memory: recollect.Memory):
    foreign = memory.goals.add("Ben's goal", user_id="ben")
    for wanted in (foreign.id, uuid4()):
        with pytest.raises(NotFound, match=str(wanted)):
            memory.goals.add("mine", user_id="ana", parent_id=wanted)
        with pytest.raises(NotFound, match=str(wanted)):
            memory.goals.add("mine", user_id="ana", blocked_by=[wanted])
        for call in (memory.goals.get, memory.goals.complete, memory.goals.remove, memory.goals.pause):
            with pytest.raises(NotFound):
                call(wanted, user_id="ana")
        with pytest.raises(NotFound):
            memory.goals.update(wanted, user_id="ana", title="mine now")
        with pytest.raises(NotFound):
            memory.goals.list(user_id="ana", parent_id=wanted)
    assert len(memory.goals.list(user_id="ana")) == 0


def test_a_goal_with_open_parts_ends_only_with_them(memory: recollect.Memory):
    trip = memory.goals.add("Go to Peru", user_id="ana")
    book = memory.goals.add("Book", user_id="ana", parent_id=trip.id)
    pay = memory.goals.add("Pay", user_id="ana", parent_id=book.id)
    with pytest.raises(Conflict, match=f"open parts: 'Book' \\({book.id}\\).*with_children"):
        memory.goals.complete(trip.id, user_id="ana")
    assert memory.goals.get(trip.id, user_id="ana").open_parts == 1
    done = memory.goals.complete(trip.id, user_id="ana", outcome="lovely", with_children=True)
    assert (done.status.value, done.outcome, done.open_parts) == ("completed", "lovely", 0)
    for part in (book, pay):
        found = memory.goals.get(part.id, user_id="ana")
        assert (found.status.value, found.closed_at) == ("completed", done.closed_at)
    assert memory.goals.complete(trip.id, user_id="ana") == done
    assert memory.goals.complete(trip.id, user_id="ana", outcome="too hot").outcome == "too hot"
    with pytest.raises(Conflict, match="completed already"):
        memory.goals.abandon(trip.id, user_id="ana")
    with pytest.raises(Conflict, match="resume it before"):
        memory.goals.resume(pay.id, user_id="ana")
    with pytest.raises(Conflict, match="resume it before"):
        memory.goals.add("Fly", user_id="ana", parent_id=trip.id)
    memory.goals.resume(trip.id, user_id="ana")
    memory.goals.resume(book.id, user_id="ana")
    assert memory.goals.resume(pay.id, user_id="ana").closed_at is None
    assert_log_gives_things(memory, "ana")


def test_a_goal_that_goes_leaves_its_parts_to_its_parent_and_blocks_nobody(memory: recollect.Memory):
    top = memory.goals.add("top", user_id="ana")
    middle = memory.goals.add("middle", user_id="ana", parent_id=top.id)
    low = memory.goals.add("low", user_id="ana", parent_id=middle.id)
    waits = memory.goals.add("waits", user_id="ana", blocked_by=[middle.id, low.id])
    (tree,) = [node for node in memory.goals.tree(user_id="ana") if node.goal.id == top.id]
    assert [part.goal.title for part in tree.parts[0].parts] == ["low"]
    memory.goals.remove(middle.id, user_id="ana")
    assert memory.goals.get(low.id, user_id="ana").parent_id == top.id
    assert memory.goals.get(waits.id, user_id="ana").blocked_by == (low.id,)
    with pytest.raises(NotFound):
        memory.goals.get(middle.id, user_id="ana")
    assert types_of(memory, "ana")[-3:] == ["goal_updated", "goal_updated", "goal_removed"]
    assert_log_gives_things(memory, "ana")


def test_a_rollback_brings_goals_back(memory: recollect.Memory):
    made = memory.goals.add("Learn Quechua", user_id="ana", metadata={"level": 1})
    part = memory.goals.add("Buy a book", user_id="ana", parent_id=made.id)
    memory.goals.complete(part.id, user_id="ana")
    memory.goals.remove(made.id, user_id="ana")
    memory.rollback(user_id="ana", to=2)
    found = memory.goals.get(part.id, user_id="ana")
    assert (found.parent_id, found.status.value) == (made.id, "active")
    assert memory.goals.get(made.id, user_id="ana").open_parts == 1
    assert_log_gives_things(memory, "ana")
    memory.erase(user_id="ana")
    assert len(memory.goals.list(user_id="ana")) == 0


def test_what_cannot_be_a_goal_is_refused_by_name(memory: recollect.Memory):
    made = memory.goals.add("fine", user_id="ana")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"priority": 6}, "priority"),
        ({"priority": True}, "priority"),
        ({"deadline": datetime(2030, 1, 1)}, "deadline"),  # noqa: DTZ001 - it is what is refused
        ({"parent_id": "x"}, "parent_id"),
        ({"blocked_by": 3}, "blocked_by"),
        ({"metadata": []}, "metadata"),
        ({"project_id": " "}, "project_id"),
        ({"description": 7}, "description"),
    ]
    for given, field in cases:
        with pytest.raises(ValidationError, match=field):
            memory.goals.add("no", user_id="ana", **given)
        with pytest.raises(ValidationError, match=field):
            memory.goals.update(made.id, user_id="ana", **given)
    for title in ("", " ", "x" * 501, None, 3):
        with pytest.raises(ValidationError, match="title"):
            memory.goals.add(title, user_id="ana")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValidationError, match="nothing to update"):
        memory.goals.update(made.id, user_id="ana")
    with pytest.raises(ValidationError, match="clear"):
        memory.goals.update(made.id, user_id="ana", clear=["title"])
    with pytest.raises(ValidationError, match="clear"):
        memory.goals.update(made.id, user_id="ana", clear=["deadline"], deadline=SOON)
    with pytest.raises(ValidationError, match="cursor"):
        memory.goals.list(user_id="ana", cursor="bm9wZQ==")
    with pytest.raises(ValidationError, match="status"):
        memory.goals.list(user_id="ana", status="open")
    assert len(memory.goals.list(user_id="ana")) == 1


def test_goals_are_at_most_so_many_levels_deep(memory: recollect.Memory):
    parent = None
    for level in range(32):
        parent = memory.goals.add(f"level {level}", user_id="ana", parent_id=parent).id
    with pytest.raises(Conflict, match="32 levels"):
        memory.goals.add("one more", user_id="ana", parent_id=parent)


def test_a_goal_of_a_shared_project_needs_membership(memory: recollect.Memory):
    memory.projects.create("atlas", user_id="ben")
    with pytest.raises(NotAllowed):
        memory.goals.add("Ship it", user_id="ana", project_id="atlas")
    assert memory.goals.add("Ship it", user_id="ben", project_id="atlas").project_id == "atlas"
    assert memory.goals.add("Tidy up", user_id="ana", project_id="a label").project_id == "a label"


def test_what_is_said_in_talk_stays_a_memory(memory: recollect.Memory):
    memory.add("I want to run a marathon next year", user_id="ana")
    assert len(memory.goals.list(user_id="ana")) == 0


@pytest.mark.anyio
async def test_two_changes_at_once_make_no_cycle(home: str):
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}") as memory:
        one, two = [await memory.goals.add(title, user_id="ana") for title in ("one", "two")]
        ended = await asyncio.gather(
            memory.goals.update(one.id, user_id="ana", parent_id=two.id),
            memory.goals.update(two.id, user_id="ana", parent_id=one.id),
            return_exceptions=True,
        )
        assert sum(isinstance(end, Conflict) for end in ended) == 1
        assert len(await memory.goals.tree(user_id="ana")) == 1


def test_what_ends_is_not_worked_on_any_more(memory: recollect.Memory):
    goal = memory.goals.add("Pack", user_id="ana")
    memory.sessions.start(user_id="ana")
    memory.sessions.update(user_id="ana", active_goal_id=goal.id)
    memory.goals.complete(goal.id, user_id="ana")
    session = memory.sessions.get(user_id="ana")
    assert session is not None
    assert session.active_goal_id is None
    assert_log_gives_things(memory, "ana")
