"""Goal tree: how a user's goals hang together: what is a part of what, what waits for what, and in which order."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from uuid import UUID

from recollect.domain.goal import OPEN_GOALS, Goal, GoalStatus

MOST_LEVELS = 32
"""How deep goals may be parts of goals."""
_LATEST = datetime.max.replace(tzinfo=UTC)
_FIELDS = tuple(field.name for field in fields(Goal))

OrderKey = tuple[bool, int, datetime, datetime, UUID]
"""Where a goal stands in a list: open ones first, then by priority, deadline and age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStanding(Goal):
    """A goal, and how it stands among the user's others; what is added here is computed, never stored.

    Attributes:
        blocked: it is open and waits for a goal that is open. open_blockers: those goals. open_parts: its open parts.
    """

    blocked: bool = False
    open_blockers: tuple[UUID, ...] = ()
    open_parts: int = 0


@dataclass(frozen=True, slots=True)
class GoalNode:
    """A goal and the goals that are parts of it, each in order."""

    goal: GoalStanding
    parts: "tuple[GoalNode, ...]" = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """One goal waits for another: for a blocker, or for a part of itself."""

    source: UUID
    target: UUID
    part: bool


class GoalTree:
    """All goals of one user, by id."""

    def __init__(self, goals: Iterable[Goal]) -> None:
        self.goals: dict[UUID, Goal] = {goal.id: goal for goal in goals}
        self._parts: dict[UUID, list[UUID]] = {}
        for goal in self.goals.values():
            if goal.parent_id is not None:
                self._parts.setdefault(goal.parent_id, []).append(goal.id)

    def parts(self, goal_id: UUID) -> list[Goal]:
        """The goals that are parts of this one."""
        return [self.goals[part] for part in self._parts.get(goal_id, ())]

    def open_below(self, goal_id: UUID) -> list[Goal]:
        """The open goals below this one, at any depth."""
        return [goal for goal in self._below(goal_id) if is_open(goal)]

    def waiting_for(self, goal_id: UUID) -> list[Goal]:
        """The goals that name this one as a blocker."""
        return [goal for goal in self.goals.values() if goal_id in goal.blocked_by]

    def standing(self, goal: Goal) -> GoalStanding:
        """The goal and how it stands."""
        blockers = [self.goals[found] for found in goal.blocked_by if found in self.goals]
        in_the_way = tuple(blocker.id for blocker in blockers if is_open(blocker)) if is_open(goal) else ()
        return GoalStanding(
            **{name: getattr(goal, name) for name in _FIELDS},
            blocked=bool(in_the_way),
            open_blockers=in_the_way,
            open_parts=sum(is_open(part) for part in self.parts(goal.id)),
        )

    def cycle(self, goal: Goal) -> str | None:
        """In one sentence how the goal, with these parents and blockers, would wait for itself; None if it would not.

        A goal waits for its blockers and for its own parts, so a part that is blocked by what it is a part of counts.
        """
        tree = GoalTree({**self.goals, goal.id: goal}.values())
        reached: dict[UUID, _Step] = {}
        queue = deque([goal.id])
        while queue:
            for step in tree._steps(queue.popleft()):
                if step.target not in reached:
                    reached[step.target] = step
                    queue.append(step.target)
            if goal.id in reached:
                return tree._told(_back(reached, goal.id))
        return None

    def levels(self, goal: Goal) -> int:
        """How many levels there are from the top down to the lowest part of the goal, with this parent."""
        above, seen, parent = 1, {goal.id}, goal.parent_id
        while parent is not None and parent in self.goals and parent not in seen:
            seen.add(parent)
            above, parent = above + 1, self.goals[parent].parent_id
        below, level = 0, self.parts(goal.id)
        while level and below <= MOST_LEVELS:
            below, level = below + 1, [part for one in level for part in self.parts(one.id)]
        return above + below

    def nested(self, shown: Collection[UUID]) -> tuple[GoalNode, ...]:
        """The goals among ``shown`` as a hierarchy; one whose parent is not shown stands at the top."""
        seen: set[UUID] = set()
        ordered = sorted((self.goals[found] for found in shown), key=order_of)
        top = [goal for goal in ordered if goal.parent_id not in shown]
        return tuple(self._node(goal, shown, seen) for goal in [*top, *ordered] if goal.id not in seen)

    def _node(self, goal: Goal, shown: Collection[UUID], seen: set[UUID]) -> GoalNode:
        seen.add(goal.id)
        below = sorted((part for part in self.parts(goal.id) if part.id in shown), key=order_of)
        return GoalNode(
            self.standing(goal), tuple(self._node(part, shown, seen) for part in below if part.id not in seen)
        )

    def _below(self, goal_id: UUID) -> Iterator[Goal]:
        seen, queue = {goal_id}, deque([goal_id])
        while queue:
            for part in self.parts(queue.popleft()):
                if part.id not in seen:
                    seen.add(part.id)
                    queue.append(part.id)
                    yield part

    def _steps(self, goal_id: UUID) -> Iterator[_Step]:
        for blocker in self.goals[goal_id].blocked_by:
            if blocker in self.goals:
                yield _Step(goal_id, blocker, part=False)
        for part in self.parts(goal_id):
            yield _Step(goal_id, part.id, part=True)

    def _told(self, steps: Iterable[_Step]) -> str:
        said = [
            f"{self._name(step.source)} {'has the part' if step.part else 'waits for'} {self._name(step.target)}"
            for step in steps
        ]
        return "it would wait for itself: " + ", ".join(said)

    def _name(self, goal_id: UUID) -> str:
        return f"{self.goals[goal_id].title[:80]!r} ({goal_id})"


def is_open(goal: Goal) -> bool:
    """Whether the goal is neither completed nor abandoned."""
    return goal.status in OPEN_GOALS


def order_of(goal: Goal) -> OrderKey:
    """The key that goals are listed by: open ones first, then by priority, deadline (none is last) and age."""
    return (not is_open(goal), -goal.priority, goal.deadline or _LATEST, goal.created_at, goal.id)


def closed(goal: Goal, status: GoalStatus, now: datetime, outcome: str | None = None) -> Goal:
    """The goal, completed or abandoned at ``now``."""
    return replace(
        goal, status=status, outcome=goal.outcome if outcome is None else outcome, closed_at=now, updated_at=now
    )


def _back(reached: Mapping[UUID, _Step], goal_id: UUID) -> list[_Step]:
    """The steps that lead from the goal to itself."""
    steps = [reached[goal_id]]
    while steps[-1].source != goal_id:
        steps.append(reached[steps[-1].source])
    return steps[::-1]
