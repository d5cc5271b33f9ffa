"""The synchronous face of ``recollect.memory.desks.goals``; made by tools/generate_sync.py, do not edit."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from recollect.domain.goal import GoalStatus
from recollect.domain.goal_tree import GoalNode, GoalStanding
from recollect.memory.background import LOOP
from recollect.memory.desks.goals import GoalsDesk
from recollect.memory.listing import Listing


class SyncGoalsDesk:
    """A user's goals. What is read from talk ("I want to run a marathon") stays a memory; a goal is set on purpose.

    A goal is open while it is active or paused. It is blocked, whatever its status, while a goal that it names as a
    blocker is open. A part of a closed goal is closed; nothing waits for itself.
    """

    def __init__(self, inner: GoalsDesk) -> None:
        self._inner = inner

    def add(  # noqa: PLR0913 - each field of the goal is an argument here
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
            >>> book = memory.goals.add("Book the flight", user_id="ana", priority=5)
            >>> pack = memory.goals.add("Pack", user_id="ana", blocked_by=[book.id])
            >>> pack.blocked
            True
        """
        return LOOP.call(
            partial(
                self._inner.add,
                title,
                user_id=user_id,
                description=description,
                priority=priority,
                deadline=deadline,
                parent_id=parent_id,
                blocked_by=blocked_by,
                project_id=project_id,
                metadata=metadata,
            )
        )

    def get(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Returns a goal.

        Raises:
            NotFound: the user has no such goal.
        """
        return LOOP.call(partial(self._inner.get, goal_id, user_id=user_id))

    def list(
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
        return LOOP.call(
            partial(self._inner.list, user_id=user_id, status=status, parent_id=parent_id, limit=limit, cursor=cursor)
        )

    def tree(self, *, user_id: str, include_closed: bool = False) -> tuple[GoalNode, ...]:
        """Returns the user's open goals as a hierarchy, each level in the order of ``list``.

        Args:
            user_id: whose.
            include_closed: show completed and abandoned ones too.

        Example:
            >>> trip = memory.goals.add("Go to Peru", user_id="ben")
            >>> _ = memory.goals.add("Book the flight", user_id="ben", parent_id=trip.id)
            >>> (memory.goals.tree(user_id="ben"))[0].parts[0].goal.title
            'Book the flight'
        """
        return LOOP.call(partial(self._inner.tree, user_id=user_id, include_closed=include_closed))

    def update(  # noqa: PLR0913 - each field of the goal is an argument here
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
        return LOOP.call(
            partial(
                self._inner.update,
                goal_id,
                user_id=user_id,
                title=title,
                description=description,
                priority=priority,
                deadline=deadline,
                parent_id=parent_id,
                blocked_by=blocked_by,
                project_id=project_id,
                metadata=metadata,
                clear=clear,
                expected_updated_at=expected_updated_at,
            )
        )

    def complete(
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
        return LOOP.call(
            partial(self._inner.complete, goal_id, user_id=user_id, outcome=outcome, with_children=with_children)
        )

    def abandon(
        self, goal_id: UUID | str, *, user_id: str, outcome: str | None = None, with_children: bool = False
    ) -> GoalStanding:
        """Gives a goal up; arguments and errors are those of ``complete``."""
        return LOOP.call(
            partial(self._inner.abandon, goal_id, user_id=user_id, outcome=outcome, with_children=with_children)
        )

    def pause(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Puts a goal aside for a while; it stays open, and its parts stay as they are.

        Raises:
            NotFound: the user has no such goal. Conflict: it is completed or abandoned.
        """
        return LOOP.call(partial(self._inner.pause, goal_id, user_id=user_id))

    def resume(self, goal_id: UUID | str, *, user_id: str) -> GoalStanding:
        """Takes a goal up again: one that was paused, completed or abandoned is active from now on.

        Raises:
            NotFound: the user has no such goal. Conflict: it is a part of a closed goal; resume that one first.
        """
        return LOOP.call(partial(self._inner.resume, goal_id, user_id=user_id))

    def remove(self, goal_id: UUID | str, *, user_id: str) -> None:
        """Takes a goal away; its parts move up to its parent, and goals that it blocked do not wait for it any more.

        Raises:
            NotFound: the user has no such goal.
        """
        return LOOP.call(partial(self._inner.remove, goal_id, user_id=user_id))
