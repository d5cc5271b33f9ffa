"""Goal rules: what may become of a goal, decided over all of the user's goals as they are under the lock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from recollect.domain.event import EventType
from recollect.domain.goal import Goal, GoalStatus
from recollect.domain.goal_tree import MOST_LEVELS, GoalTree, closed, is_open
from recollect.domain.session import Session
from recollect.errors import Conflict, NotFound
from recollect.ports.store import ThingChange, WriteTransaction

MOST_OPEN = 1_000
"""Open goals of one user."""


def the_goal(tree: GoalTree, goal_id: UUID, user_id: str) -> Goal:
    """The user's goal of that id.

    Raises:
        NotFound: there is none; whether it is another's is not told.
    """
    if goal_id not in tree.goals:
        raise NotFound(f"user {user_id!r} has no goal {goal_id}")
    return tree.goals[goal_id]


def placed(tree: GoalTree, goal: Goal) -> Goal:
    """The new or changed goal, if its parent and its blockers are goals that it may have.

    Raises:
        NotFound: the user has no such goal. Conflict: an open goal would be a part of a closed one, a goal would wait
            for itself, or there would be too many goals or levels of them.
    """
    for wanted in filter(None, (goal.parent_id, *goal.blocked_by)):
        the_goal(tree, wanted, goal.user_id)
    if goal.parent_id is not None and is_open(goal) and not is_open(parent := tree.goals[goal.parent_id]):
        raise Conflict(f"goal {parent.id} is {parent.status.value}; resume it before an open goal becomes a part of it")
    cycle = tree.cycle(goal)
    if cycle is not None:
        raise Conflict(cycle)
    if tree.levels(goal) > MOST_LEVELS:
        raise Conflict(f"goals may be parts of goals {MOST_LEVELS} levels deep; this would be one too many")
    return goal


def added(tree: GoalTree, goal: Goal) -> list[ThingChange]:
    """What is written for a new goal; raises as ``placed`` does."""
    if sum(map(is_open, tree.goals.values())) >= MOST_OPEN:
        raise Conflict(f"user {goal.user_id!r} has {MOST_OPEN:,} open goals; complete or abandon some first")
    return [ThingChange(type=EventType.GOAL_ADDED, after=placed(tree, goal))]


def updated(tree: GoalTree, before: Goal, fields: Mapping[str, Any], now: datetime) -> list[ThingChange]:
    """What is written for new values of fields; raises as ``placed`` does."""
    after = replace(before, **fields)
    if after == before:
        return []
    return [_change(before, placed(tree, replace(after, updated_at=now)))]


def ended(
    tree: GoalTree, before: Goal, status: GoalStatus, now: datetime, outcome: str | None, *, with_children: bool
) -> list[ThingChange]:
    """What is written when a goal is completed or abandoned.

    A goal that waits for others may be completed all the same: what is done is done.

    Raises:
        Conflict: it ended in another way before, or parts of it are open and are not to end with it.
    """
    if not is_open(before):
        if before.status is not status:
            raise Conflict(f"goal {before.id} is {before.status.value} already; resume it first")
        return [] if outcome in (None, before.outcome) else [_change(before, replace(before, outcome=outcome))]
    below = tree.open_below(before.id)
    if below and not with_children:
        named = ", ".join(f"{part.title[:60]!r} ({part.id})" for part in below[:3])
        more = f" and {len(below) - 3} more" if len(below) > 3 else ""
        raise Conflict(f"goal {before.id} has open parts: {named}{more}; end them first, or give with_children=True")
    reason = f"{status.value} with {before.id}"
    parts = [_change(part, closed(part, status, now), reason) for part in below]
    return [_change(before, closed(before, status, now, outcome)), *parts]


def paused(before: Goal, now: datetime) -> list[ThingChange]:
    """What is written when a goal is put aside for a while.

    Raises:
        Conflict: it is completed or abandoned.
    """
    if before.status is GoalStatus.PAUSED:
        return []
    if not is_open(before):
        raise Conflict(f"goal {before.id} is {before.status.value} already; resume it first")
    return [_change(before, replace(before, status=GoalStatus.PAUSED, updated_at=now))]


def resumed(tree: GoalTree, before: Goal, now: datetime) -> list[ThingChange]:
    """What is written when a goal is taken up again, also one that was completed or abandoned.

    Raises:
        Conflict: it is a part of a goal that is completed or abandoned.
    """
    if before.status is GoalStatus.ACTIVE:
        return []
    return [_change(before, placed(tree, replace(before, status=GoalStatus.ACTIVE, closed_at=None, updated_at=now)))]


def removed(tree: GoalTree, before: Goal, now: datetime) -> list[ThingChange]:
    """What is written when a goal goes for good: its parts move up to its parent, and nothing waits for it any more."""
    changed: dict[UUID, Goal] = {}
    for part in tree.parts(before.id):
        changed[part.id] = replace(part, parent_id=before.parent_id, updated_at=now)
    for waiting in tree.waiting_for(before.id):
        known = changed.get(waiting.id, waiting)
        left = tuple(blocker for blocker in known.blocked_by if blocker != before.id)
        changed[waiting.id] = replace(known, blocked_by=left, updated_at=now)
    reason = f"goal {before.id} is gone"
    others = [_change(tree.goals[found], after, reason) for found, after in changed.items() if found != before.id]
    return [*others, ThingChange(type=EventType.GOAL_REMOVED, before=before)]


async def let_go(transaction: WriteTransaction, changes: Sequence[ThingChange], now: datetime) -> list[ThingChange]:
    """What is written of the open sessions that work on goals which end with these changes."""
    gone = [
        change.before.id
        for change in changes
        if isinstance(change.before, Goal) and not (isinstance(change.after, Goal) and is_open(change.after))
    ]
    if not gone:
        return []
    user_id = next(change.before.user_id for change in changes if isinstance(change.before, Goal))
    sessions = await transaction.things(Session, {"user_id": user_id, "active_goal_id": gone})
    return [
        ThingChange(
            type=EventType.SESSION_UPDATED,
            before=session,
            after=replace(session, active_goal_id=None, updated_at=now),
            reason=f"goal {session.active_goal_id} has ended",
        )
        for session in sessions
        if session.ended_at is None
    ]


def _change(before: Goal, after: Goal, reason: str = "") -> ThingChange:
    return ThingChange(type=EventType.GOAL_UPDATED, before=before, after=after, reason=reason)
