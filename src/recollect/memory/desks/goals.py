"""Goals: what a user wants to reach, in which order, and what stands in the way."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from recollect.domain.goal import Goal, GoalStatus
from recollect.domain.goal_tree import GoalNode, GoalStanding, GoalTree, is_open, order_of
from recollect.domain.ids import new_id, parse_id
from recollect.domain.times import parse_time
from recollect.errors import Conflict
from recollect.memory import goal_rules
from recollect.memory.arguments import check_flag, check_limit, members, scope_of
from recollect.memory.core import Core
from recollect.memory.desk_arguments import needs_one, short_text
from recollect.memory.goal_arguments import cursor_after, emptied, fields_of, order_from
from recollect.memory.goal_rules import the_goal
from recollect.memory.listing import Listing, listing
from recollect.memory.parts import Parts
from recollect.memory.recorded import recorded
from recollect.ports.store import ThingChange, Wanted

Changes = list[ThingChange]


class GoalsDesk:
    """A user's goals. What is read from talk ("I want to run a marathon") stays a memory; a goal is set on purpose.

    A goal is open while it is active or paused. It is blocked, whatever its status, while a goal that it names as a
    blocker is open. A part of a closed goal is closed; nothing waits for itself.
    """

    AREA: str = "goals."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def add(  # noqa: PLR0913 - each field of the goal is an argument here
        self,
        title: str,
        *,
        user_id: str,
        description: str | None = None,
        priority: int = 3,
        deadline: datetime | str | None = None,
        parent_id: UUID | str | None = None,
        blocked_by: Collection[UUID | str] = (),
        project_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> GoalStanding:
        """Sets a goal.

        Args:
            title: what is to be reached, in at most 500 characters.
            user_id: whose goal.
            description: more of it.
            priority: 1 (some day) to 5 (now).
            deadline: until when, timezone-aware.
            parent_id: the goal that it is a part of.
            blocked_by: up to 100 goals that must be reached first.
            project_id: the project that it belongs to.
            metadata: a JSON object of your own.

        Raises:
            NotFound: the user has no such parent or blocker.
            Conflict: the parent is closed, it would wait for itself, or the user has 1,000 open goals.
            NotAllowed: the user is no member of the project.

        Example:
            >>> book = await memory.goals.add("Book the flight", user_id="ana", priority=5)
            >>> pack = await memory.goals.add("Pack", user_id="ana", blocked_by=[book.id])
            >>> pack.blocked
            True
        """
        parts = await self.core.ready()
        given = {
            "title": title,
            "description": description,
            "priority": priority,
            "deadline": deadline,
            "parent_id": parent_id,
            "blocked_by": blocked_by or None,
            "project_id": project_id,
            "metadata": metadata,
        }
        fields = await fields_of(parts, user_id, given, new=True)
        now = parts.clock.now()
        goal = Goal(tenant_id=parts.tenant_id, user_id=user_id, id=new_id(), created_at=now, updated_at=now, **fields)
        return await _written(parts, user_id, goal.id, lambda tree: goal_rules.added(tree, goal))

    @recorded
    async def get(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Returns a goal.

        Raises:
            NotFound: the user has no such goal.
        """
        parts = await self.core.ready()
        wanted = parse_id("goal_id", goal_id)
        tree = await _tree(parts, user_id)
        return tree.standing(the_goal(tree, wanted, user_id))

    @recorded
    async def list(
        self,
        *,
        user_id: str,
        status: GoalStatus | str | Collection[GoalStatus | str] = (),
        parent_id: UUID | str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Listing[GoalStanding]:
        """Lists goals: open ones first, then by priority, deadline and age.

        Args:
            user_id: whose.
            status: only those that are ``active``, ``paused``, ``completed`` or ``abandoned``; one or several.
            parent_id: only the parts of this goal.
            limit: how many on a page, 1 to 1000.
            cursor: ``next_cursor`` of the page before.

        Raises:
            NotFound: the user has no goal ``parent_id``.
        """
        parts = await self.core.ready()
        chosen, most = members("status", GoalStatus, status), check_limit("limit", limit)
        parent = None if parent_id is None else parse_id("parent_id", parent_id)
        after = None if cursor is None else order_from(cursor)
        tree = await _tree(parts, user_id)
        among = tree.goals.values() if parent is None else tree.parts(the_goal(tree, parent, user_id).id)
        found = sorted(among, key=order_of)
        shown = [
            goal
            for goal in found
            if (not chosen or goal.status in chosen) and (after is None or order_of(goal) > after)
        ]
        return listing([tree.standing(goal) for goal in shown[: most + 1]], most, cursor_after)

    @recorded
    async def tree(self, *, user_id: str, include_closed: bool = False) -> tuple[GoalNode, ...]:
        """Returns the user's open goals as a hierarchy, each level in the order of ``list``.

        Args:
            user_id: whose.
            include_closed: show completed and abandoned ones too.

        Example:
            >>> trip = await memory.goals.add("Go to Peru", user_id="ben")
            >>> _ = await memory.goals.add("Book the flight", user_id="ben", parent_id=trip.id)
            >>> (await memory.goals.tree(user_id="ben"))[0].parts[0].goal.title
            'Book the flight'
        """
        parts = await self.core.ready()
        every = check_flag("include_closed", include_closed)
        tree = await _tree(parts, user_id)
        return tree.nested({goal.id for goal in tree.goals.values() if every or is_open(goal)})

    @recorded
    async def update(  # noqa: PLR0913 - each field of the goal is an argument here
        self,
        goal_id: UUID | str,
        *,
        user_id: str,
        title: str | None = None,
        description: str | None = None,
        priority: int | None = None,
        deadline: datetime | str | None = None,
        parent_id: UUID | str | None = None,
        blocked_by: Collection[UUID | str] | None = None,
        project_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        clear: Collection[str] = (),
        expected_updated_at: datetime | str | None = None,
    ) -> GoalStanding:
        """Changes what a goal says; ``complete``, ``abandon``, ``pause`` and ``resume`` change its status.

        Args:
            goal_id: which goal.
            user_id: whose.
            title: its new title; what is not given stays, here and below.
            description: its new description.
            priority: 1 (some day) to 5 (now).
            deadline: until when.
            parent_id: the goal that it is a part of from now on.
            blocked_by: the goals that must be reached first, in place of those named before; none with ``[]``.
            project_id: the project that it belongs to.
            metadata: a JSON object in place of the old one.
            clear: names of fields that are to be empty: description, deadline, parent_id, blocked_by, project_id,
                outcome.
            expected_updated_at: refuse if it was changed at another time than this.

        Raises:
            NotFound: the user has no such goal, parent or blocker.
            Conflict: it has changed since it was read, would wait for itself, or the parent is closed.
        """
        parts = await self.core.ready()
        given = {
            "title": title,
            "description": description,
            "priority": priority,
            "deadline": deadline,
            "parent_id": parent_id,
            "blocked_by": blocked_by,
            "project_id": project_id,
            "metadata": metadata,
        }
        empty = emptied(clear, given)
        needs_one("title", *given.values(), *empty)
        fields = {**await fields_of(parts, user_id, given), **empty}
        expected = None if expected_updated_at is None else parse_time("expected_updated_at", expected_updated_at)
        now = parts.clock.now()

        def decide(tree: GoalTree, goal: Goal) -> Changes:
            if expected is not None and goal.updated_at != expected:
                raise Conflict(f"goal {goal.id} was changed at {goal.updated_at.isoformat()}; read it again")
            return goal_rules.updated(tree, goal, fields, now)

        return await self._decided(goal_id, user_id, decide)

    @recorded
    async def complete(
        self, goal_id: UUID | str, *, user_id: str, outcome: str | None = None, with_children: bool = False
    ) -> GoalStanding:
        """Marks a goal as reached; one that is reached already stays as it is, with the new outcome if one is given.

        Args:
            goal_id: which goal.
            user_id: whose.
            outcome: what came of it.
            with_children: complete its open parts too, at every level.

        Raises:
            NotFound: the user has no such goal.
            Conflict: it has open parts and ``with_children`` is not given, or it was abandoned.
        """
        return await self._ended(goal_id, user_id, GoalStatus.COMPLETED, outcome, with_children=with_children)

    @recorded
    async def abandon(
        self, goal_id: UUID | str, *, user_id: str, outcome: str | None = None, with_children: bool = False
    ) -> GoalStanding:
        """Gives a goal up; arguments and errors are those of ``complete``."""
        return await self._ended(goal_id, user_id, GoalStatus.ABANDONED, outcome, with_children=with_children)

    @recorded
    async def pause(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Puts a goal aside for a while; it stays open, and its parts stay as they are.

        Raises:
            NotFound: the user has no such goal. Conflict: it is completed or abandoned.
        """
        now = (await self.core.ready()).clock.now()
        return await self._decided(goal_id, user_id, lambda _, goal: goal_rules.paused(goal, now))

    @recorded
    async def resume(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Takes a goal up again: one that was paused, completed or abandoned is active from now on.

        Raises:
            NotFound: the user has no such goal. Conflict: it is a part of a closed goal; resume that one first.
        """
        now = (await self.core.ready()).clock.now()
        return await self._decided(goal_id, user_id, lambda tree, goal: goal_rules.resumed(tree, goal, now))

    @recorded
    async def remove(self, goal_id: UUID | str, *, user_id: str) -> None:
        """Takes a goal away; its parts move up to its parent, and goals that it blocked do not wait for it any more.

        Raises:
            NotFound: the user has no such goal.
        """
        now = (await self.core.ready()).clock.now()
        await self._decided(goal_id, user_id, lambda tree, goal: goal_rules.removed(tree, goal, now))

    async def _ended(
        self, goal_id: UUID | str, user_id: str, status: GoalStatus, outcome: str | None, *, with_children: bool
    ) -> GoalStanding:
        told = None if outcome is None else short_text("outcome", outcome)
        below = check_flag("with_children", with_children)
        now = (await self.core.ready()).clock.now()
        return await self._decided(
            goal_id,
            user_id,
            lambda tree, goal: goal_rules.ended(tree, goal, status, now, told, with_children=below),
        )

    async def _decided(
        self, goal_id: UUID | str, user_id: str, decide: Callable[[GoalTree, Goal], Changes]
    ) -> GoalStanding:
        wanted = parse_id("goal_id", goal_id)
        parts = await self.core.ready()
        return await _written(parts, user_id, wanted, lambda tree: decide(tree, the_goal(tree, wanted, user_id)))


async def _tree(parts: Parts, user_id: str) -> GoalTree:
    scope = scope_of(parts.tenant_id, user_id, {})
    return GoalTree(await parts.store.things(Goal, scope.tenant_id, {"user_id": user_id}))


async def _written(parts: Parts, user_id: str, goal_id: UUID, decide: Callable[[GoalTree], Changes]) -> GoalStanding:
    """Decides over the user's goals under the lock, writes, and returns the goal as it stands then, or stood last."""
    scope = scope_of(parts.tenant_id, user_id, {})
    async with parts.store.writing(scope, Wanted()) as transaction:
        tree = GoalTree(await transaction.things(Goal, {"user_id": user_id}))
        changes = decide(tree)
        sessions = await goal_rules.let_go(transaction, changes, parts.clock.now())
        await transaction.commit([*changes, *sessions])
    if transaction.hot is not None:
        await parts.hot.follow(scope, transaction.hot)
    news = {change.after.id: change.after for change in changes if isinstance(change.after, Goal)}
    now = GoalTree({**tree.goals, **news}.values())
    return now.standing(now.goals[goal_id])
