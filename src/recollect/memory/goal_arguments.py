"""Goal arguments: what callers say of a goal, checked, and the cursors of their list."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.goal import Goal
from recollect.domain.goal_tree import OrderKey, order_of
from recollect.domain.ids import parse_id
from recollect.domain.project import Role
from recollect.domain.scope import check_id
from recollect.domain.times import parse_time
from recollect.errors import ValidationError
from recollect.memory.arguments import scope_of
from recollect.memory.core import role_in
from recollect.memory.desk_arguments import json_object, several_ids, short_text, whole
from recollect.memory.parts import Parts

TITLE: Final = 500
"""Characters of a title."""
MOST_BLOCKERS: Final = 100
CLEARABLE: Final = ("description", "deadline", "parent_id", "blocked_by", "project_id", "outcome")
"""Fields that may be made empty again."""


async def fields_of(parts: Parts, user_id: str, given: Mapping[str, Any], *, new: bool = False) -> dict[str, Any]:
    """The values that are given, checked, by the field of the goal; a new goal needs a title.

    Raises:
        ValidationError: naming the argument at fault. NotAllowed: the user is no member of the project.
    """
    scope_of(parts.tenant_id, user_id, {})
    fields = {
        name: _CHECKS[name](value) for name, value in given.items() if value is not None or (new and name == "title")
    }
    if "metadata" in fields:
        fields["extra"] = fields.pop("metadata")
    if "project_id" in fields:
        await role_in(parts, fields["project_id"], user_id, Role.VIEWER)
    return fields


def emptied(clear: object, given: Mapping[str, Any]) -> dict[str, Any]:
    """The empty values of the fields that ``clear`` names.

    Raises:
        ValidationError: one of them cannot be empty, or is given a new value too.
    """
    names = [clear] if isinstance(clear, str) else clear
    if not isinstance(names, list | tuple | set | frozenset):
        raise ValidationError("clear", f"must be a list of names, not {type(clear).__name__}")
    empty: dict[str, Any] = {}
    for name in cast(Collection[object], names):
        if name not in CLEARABLE:
            raise ValidationError("clear", f"can name {', '.join(CLEARABLE)}, not {repr(name)[:60]}")
        if given.get(cast(str, name)) is not None:
            raise ValidationError("clear", f"names {name}, for which a new value is given too")
        empty[cast(str, name)] = () if name == "blocked_by" else None
    return empty


def cursor_after(last: Goal) -> str:
    """Where the page after this goal begins: by its place in the order, so that it may change or go meanwhile."""
    done, rank, deadline, created_at, goal_id = order_of(last)
    written = json.dumps([done, rank, deadline.isoformat(), created_at.isoformat(), str(goal_id)])
    return urlsafe_b64encode(written.encode()).decode()


def order_from(cursor: object) -> OrderKey:
    """The place that a cursor names.

    Raises:
        ValidationError: it is none.
    """
    try:
        done, rank, deadline, created_at, goal_id = json.loads(urlsafe_b64decode(cast(str, cursor)))
        return bool(done), int(rank), parse_time("cursor", deadline), parse_time("cursor", created_at), UUID(goal_id)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ValidationError("cursor", "is not one that goals.list() gave; begin without it") from None


def _blockers(value: object) -> tuple[UUID, ...]:
    if value in ([], (), set(), frozenset()):
        return ()
    ids = several_ids("blocked_by", value)
    if len(ids) > MOST_BLOCKERS:
        raise ValidationError("blocked_by", f"names {len(ids)} goals; at most {MOST_BLOCKERS} are allowed")
    return tuple(ids)


_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "title": lambda value: short_text("title", value, most=TITLE),
    "description": lambda value: short_text("description", value),
    "priority": lambda value: whole("priority", value, least=1, most=5),
    "deadline": lambda value: parse_time("deadline", value),
    "parent_id": lambda value: parse_id("parent_id", value),
    "blocked_by": _blockers,
    "project_id": lambda value: check_id("project_id", value),
    "metadata": lambda value: json_object("metadata", value),
}
