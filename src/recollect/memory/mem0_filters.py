"""mem0's filters: whose memories they are about, and the rest of them as a condition in our own grammar.

mem0 names the user, agent, app or run inside the filters, beside metadata under bare names: ``{"AND": [{"user_id":
"ana"}, {"topic": "food"}]}``. Every branch must name somebody. What belongs to an agent, an app or a run and to no user
lies with a stand-in user (``domain/mem0_form.py``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, cast

from recollect.domain.mem0_form import STAND_INS, is_stand_in
from recollect.domain.shown import shown
from recollect.errors import NotAllowed, ValidationError

MOST_PLACES: Final = 20
"""Users whose memories one question may go through."""
MOST_DEEP: Final = 10
IDENTITY: Final = ("user_id", *STAND_INS)
OURS: Final = {"run_id": "conversation_id", "app_id": "project_id", "created_at": "written_at"}
EITHER: Final = "either"
"""Users that the branches of an OR stand for, where these are not all named as users."""

Named = dict[str, frozenset[str]]
Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters, read.

    Attributes:
        users: whose memories; stand-ins for agents, apps and runs.
        condition: what else must hold, in our grammar; None if nothing.
    """

    users: tuple[str, ...]
    condition: dict[str, Any] | None


def read_filters(filters: object, path: str = "filters", *, own: str | None = None) -> Filters:
    """Reads mem0's filters.

    Args:
        filters: as given.
        path: what they are called in errors.
        own: the only user whose memories may be asked for, who need not be named then; None for any.

    Raises:
        ValidationError: they name nobody, everybody, or something that is not understood.
        NotAllowed: they name another user than ``own``.
    """
    named = _named(filters, path, 1)
    users = _users(named)
    if not named.get("user_id", users | {""}):
        raise ValidationError(path, "names different users that all must be meant; nothing can be theirs together")
    if own is not None:
        named_so = named.get("user_id", frozenset(user for user in users if not is_stand_in(user)))
        others = sorted(named_so - {own})
        if others:
            raise NotAllowed(f"this key acts for user {own!r} only, not for {others[0]!r}")
        users = frozenset((own,))
    if not users:
        raise ValidationError(
            path, "must name whose memories are meant, in every branch: user_id, agent_id, app_id or run_id"
        )
    if len(users) > MOST_PLACES:
        raise ValidationError(path, f"names {len(users)} users; at most {MOST_PLACES} are allowed")
    condition = _condition(cast(Node, filters), path, alone=len(users) == 1)
    return Filters(tuple(sorted(users)), condition or None)


def names_somebody(filters: object) -> bool:
    """Whether filters name a user, agent, app or run outside of AND, OR and NOT, or are joined by these."""
    return isinstance(filters, Mapping) and any(name in filters for name in (*IDENTITY, "AND", "OR", "NOT"))


def _users(named: Named) -> frozenset[str]:
    if "user_id" in named:
        return named["user_id"]
    for name, prefix in STAND_INS.items():
        if name in named:
            return frozenset(f"{prefix}{one}" for one in named[name])
    return named.get(EITHER, frozenset())


def _named(data: object, path: str, depth: int) -> Named:
    """Whom a condition names, so that only their memories can fulfil it."""
    if not isinstance(data, Mapping):
        raise ValidationError(path, f"must be an object such as {{'user_id': 'ana'}}, not {type(data).__name__}")
    if depth > MOST_DEEP:
        raise ValidationError(path, f"lies deeper than {MOST_DEEP} levels")
    found: Named = {}
    for name, value in cast(Node, data).items():
        here = f"{path}.{name}"
        if name == "AND":
            parts = [_named(part, here, depth + 1) for part in _listed(value, here)]
        elif name == "OR":
            parts = [_any_of([_named(part, here, depth + 1) for part in _listed(value, here)])]
        else:
            parts = [{name: _ids(value, here)}] if name in IDENTITY else []
        for part in parts:
            for who, ids in part.items():
                if ids or who == "user_id":
                    found[who] = found[who] & ids if who in found else ids
    return found


def _any_of(parts: Sequence[Named]) -> Named:
    """Whom the branches of an OR name together; nobody, if one of them names nobody."""
    if all("user_id" in part for part in parts):
        return {"user_id": frozenset[str]().union(*(part["user_id"] for part in parts))}
    users = [_users(part) for part in parts]
    return {EITHER: frozenset[str]().union(*users)} if all(users) else {}


def _ids(value: object, path: str) -> frozenset[str]:
    """The ids that a comparison lets pass; none where it names no ids."""
    if isinstance(value, Mapping):
        wanted = cast(Node, value)
        if path.endswith(".user_id") and [*wanted] not in (["eq"], ["in"]):
            raise ValidationError(path, "must name users, by eq or in; an exclusion is a condition for NOT")
        chosen = wanted.get("eq", wanted.get("in", ()))
    else:
        chosen = value
    several = cast("Sequence[object]", chosen) if isinstance(chosen, (list, tuple)) else (chosen,)
    ids = frozenset(_id(one, path) for one in several)
    if path.endswith(".user_id") and ("*" in ids or not ids):
        raise ValidationError(path, "must name users; it cannot be a wildcard or an exclusion")
    return ids - {"*"}


def _id(value: object, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValidationError(path, f"must be an id, not {shown(value)}")
    return str(value).strip()


def _listed(value: object, path: str) -> Sequence[object]:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValidationError(path, "must be a list of at least one condition")
    return cast("Sequence[object]", value)


def _condition(data: Node, path: str, *, alone: bool) -> dict[str, Any]:
    """The same in our grammar; without the user where there is but one, whose memories alone are looked at.

    Args:
        data: the filters.
        path: where they stand.
        alone: whether there is one user, and this must hold whatever else holds.
    """
    said: list[dict[str, Any]] = []
    for name, value in data.items():
        here = f"{path}.{name}"
        if name in ("AND", "OR", "NOT"):
            joined = _joined(name, value, here, alone=alone)
            said += [joined] if joined else []
        elif name != "user_id" or not alone:
            said.append(_entry(name, value, here))
    return said[0] if len(said) == 1 else {"AND": said} if said else {}


def _joined(name: str, value: object, path: str, *, alone: bool) -> dict[str, Any]:
    one = name == "NOT" and isinstance(value, Mapping)
    given = [cast(object, value)] if one else _listed(cast(object, value), path)
    if any(not isinstance(part, Mapping) for part in given):
        raise ValidationError(path, "must hold objects such as {'user_id': 'ana'}")
    parts = [_condition(cast(Node, part), path, alone=alone and name == "AND") for part in given]
    kept = [part for part in parts if part]
    return {name: kept} if kept else {}


def _entry(name: str, value: object, path: str) -> dict[str, Any]:
    """One comparison; a list stands for any of its values."""
    if isinstance(value, (list, tuple)):
        value = {"in": list(cast("Sequence[object]", value))}
    if name == "updated_at":
        raise ValidationError(path, "cannot be filtered by; created_at can")
    if name == "created_at":
        return {OURS[name]: _each_value(value, path, _moment)}
    if name in IDENTITY:
        return {OURS.get(name, name): _each_value(value, path, _id)}
    if name == "categories":
        return _holding("metadata.categories", value, "contains")
    if name == "keywords":
        return _holding("text", value, "icontains")
    if name == "metadata" or name.startswith("metadata."):
        return {name: value}
    return {f"metadata.{name}": value}


def _each_value(value: object, path: str, read: Any) -> Any:
    """What it is compared with, each value read."""
    if not isinstance(value, Mapping):
        return value if value in ("*", None) else read(value, path)
    read_all: dict[str, Any] = {}
    for op, one in cast(Node, value).items():
        several = isinstance(one, (list, tuple))
        read_all[op] = [read(part, path) for part in cast("Sequence[object]", one)] if several else read(one, path)
    return read_all


def _holding(field: str, value: object, op: str) -> dict[str, Any]:
    """That a list or a text holds a value, or any of several."""
    if not isinstance(value, Mapping):
        return {field: {op: value}}
    wanted = cast(Node, value)
    if "in" in wanted and len(wanted) == 1:
        return {"OR": [{field: {op: one}} for one in _listed(wanted["in"], f"{field}.in")]}
    return {field: dict(wanted)}


def _moment(value: object, path: str) -> str:
    return moment(path, value).isoformat()


def moment(field: str, value: object) -> datetime:
    """mem0's times: a date, seconds since 1970, or ISO 8601, in UTC where it names no zone.

    Raises:
        ValidationError: naming ``field``.
    """
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(), UTC)
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(read, datetime):
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise ValidationError(field, f"must be a date, ISO 8601, or seconds since 1970, not {shown(value)}")
