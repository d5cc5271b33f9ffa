"""Goals as a tree: what waits for what, cycles told by name, and the order of a list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from recollect.domain.goal import Goal, GoalStatus
from recollect.domain.goal_tree import GoalTree, order_of

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def goal(number: int, **given: Any) -> Goal:
    fields: dict[str, Any] = {"title": f"goal {number}", "created_at": NOW, "updated_at": NOW, **given}
    return Goal(tenant_id="t", user_id="ana", id=UUID(int=number), **fields)


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def test_a_cycle_of_parents_is_told_by_titles_and_ids():
    tree = GoalTree([goal(1), goal(2, parent_id=UUID(int=1)), goal(3, parent_id=UUID(int=2))])
    assert tree.cycle(tree.goals[UUID(int=3)]) is None
    told = tree.cycle(replace(tree.goals[UUID(int=1)], parent_id=UUID(int=3)))
    assert told is not None
    for number in (1, 2, 3):
        assert f"'goal {number}' ({UUID(int=number)})" in told
    assert told.count("has the part") == 3


def test_a_cycle_of_blockers_is_told_and_a_mere_chain_is_none():
    tree = GoalTree([goal(1), goal(2, blocked_by=ids(1)), goal(3, blocked_by=ids(2, 1))])
    assert tree.cycle(tree.goals[UUID(int=3)]) is None
    told = tree.cycle(replace(tree.goals[UUID(int=1)], blocked_by=ids(3)))
    assert told is not None
    assert "'goal 1'" in told
    assert "'goal 3'" in told
    assert "waits for" in told
    assert "has the part" not in told
    assert tree.cycle(goal(9, blocked_by=ids(9))) is not None


def test_a_part_that_waits_for_its_whole_is_a_cycle_and_a_whole_that_waits_for_its_part_is_not():
    tree = GoalTree([goal(1), goal(2, parent_id=UUID(int=1))])
    assert tree.cycle(replace(tree.goals[UUID(int=2)], blocked_by=ids(1))) is not None
    assert tree.cycle(replace(tree.goals[UUID(int=1)], blocked_by=ids(2))) is None


def test_what_is_closed_blocks_nobody_and_what_is_gone_neither():
    done = goal(1, status=GoalStatus.COMPLETED)
    tree = GoalTree([done, goal(2), goal(3, blocked_by=ids(1, 2, 99)), goal(4, parent_id=UUID(int=3))])
    standing = tree.standing(tree.goals[UUID(int=3)])
    assert (standing.blocked, standing.open_blockers, standing.open_parts) == (True, ids(2), 1)
    finished = tree.standing(replace(tree.goals[UUID(int=3)], status=GoalStatus.ABANDONED))
    assert (finished.blocked, finished.open_blockers) == (False, ())


def test_the_order_of_a_list():
    goals = [
        goal(1, status=GoalStatus.COMPLETED, priority=5),
        goal(2, priority=5),
        goal(3, priority=5, deadline=NOW + timedelta(days=9)),
        goal(4, priority=5, deadline=NOW + timedelta(days=1)),
        goal(5, priority=5, created_at=NOW - timedelta(days=1)),
        goal(6, status=GoalStatus.PAUSED, priority=1),
    ]
    assert [found.id.int for found in sorted(goals, key=order_of)] == [4, 3, 5, 2, 6, 1]


def test_a_hierarchy_shows_each_goal_once_even_one_whose_parent_is_not_shown():
    tree = GoalTree(
        [goal(1), goal(2, parent_id=UUID(int=1)), goal(3, parent_id=UUID(int=2)), goal(4, parent_id=UUID(int=2))]
    )
    (top,) = tree.nested({UUID(int=n) for n in (1, 2, 3, 4)})
    assert [node.goal.id.int for node in top.parts[0].parts] == [3, 4]
    assert [node.goal.id.int for node in tree.nested({UUID(int=3), UUID(int=1)})] == [1, 3]
    assert [tree.levels(tree.goals[UUID(int=n)]) for n in (1, 2, 3)] == [3, 3, 3]


def test_goals_that_a_rollback_tied_in_a_ring_are_still_shown():
    ring = GoalTree([goal(1, parent_id=UUID(int=2)), goal(2, parent_id=UUID(int=1))])
    shown = ring.nested(set(ring.goals))
    assert [(node.goal.id.int, [part.goal.id.int for part in node.parts]) for node in shown] == [(1, [2])]
    assert {found.id.int for found in ring.open_below(UUID(int=1))} == {2}
