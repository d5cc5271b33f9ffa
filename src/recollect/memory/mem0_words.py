"""mem0's argument names in ours: ``run_id`` is ``conversation_id``, ``top_k`` ``limit``, ``threshold`` ``min_score``.

What is said in both vocabularies must agree. Nothing is swallowed: what mem0 takes and has no meaning here
(``prompt``, ``rerank``) is named in ``docs/mem0.md``, and a warning says so where it would have changed what is stored.
"""

import warnings
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypedDict
from uuid import UUID

from recollect.domain.ids import parse_id
from recollect.domain.mem0_form import parse_day, stand_in
from recollect.domain.record import FOUND_BY_DEFAULT, MemoryType, Status
from recollect.domain.scope import is_reserved
from recollect.domain.shown import shown
from recollect.errors import NotFound, ValidationError
from recollect.memory.arguments import AddArguments, SearchArguments, UpdateArguments, check_flag, check_known
from recollect.memory.mem0_filters import moment, names_somebody, read_filters
from recollect.memory.parts import Parts
from recollect.memory.recorded import on_behalf_of
from recollect.memory.said import Content

SAME: Final = {"run_id": "conversation_id", "top_k": "limit", "threshold": "min_score"}
PROCEDURAL: Final = "procedural_memory"


class Mem0AddArguments(AddArguments, total=False):
    """Also what mem0 calls it.

    Attributes:
        run_id: ``conversation_id``. messages: what is added, in place of the first argument.
        infer: False to store the text as it is and read no facts from it; True by default.
        timestamp: ``at``, as mem0 writes times. expiration_date: the last day (UTC) on which it is found.
        memory_type: None, or "procedural_memory". prompt: has no effect, and a warning says so.
    """

    run_id: str | None
    messages: Content
    infer: bool
    timestamp: datetime | str | float | None
    expiration_date: date | str | None
    memory_type: str | None
    prompt: str | None


class Mem0SearchArguments(SearchArguments, total=False):
    """Also what mem0 calls it.

    Attributes:
        run_id: ``conversation_id``. top_k: ``limit``. threshold: ``min_score``. reference_date: ``now``.
        rerank: True or False; hits are always in their best order.
        show_expired: also what has expired; False by default.
        latest_only: False to find also what a newer value took the place of; True by default.
    """

    run_id: str | None
    top_k: int | None
    latest_only: bool
    threshold: float | None
    rerank: bool
    show_expired: bool
    reference_date: datetime | date | str | float | None


class Mem0UpdateArguments(UpdateArguments, total=False):
    """Also what mem0 calls it.

    Attributes:
        data: the new text. expiration_date: the last day (UTC) on which it is found; None for no such day.
    """

    data: str | None
    expiration_date: date | str | None


class ListedArguments(TypedDict, total=False):
    """Which memories, in mem0's words.

    Attributes:
        agent_id, run_id: without a user, what was added for no user. filters: in mem0's grammar if they name the user.
        top_k, limit: how many at most; 100.
        show_expired: also what has expired; False by default.
        latest_only: False to list also what a newer value took the place of; True by default.
    """

    agent_id: str | None
    run_id: str | None
    filters: Mapping[str, Any] | None
    top_k: int | None
    limit: int | None
    show_expired: bool
    latest_only: bool


class Asked(NamedTuple):
    """Whom a call is about, and the other arguments in our words."""

    user_id: str
    given: dict[str, Any]


def adding(content: Content | None, user_id: str | None, given: Mapping[str, Any]) -> tuple[Content, Asked]:
    """What is added, for whom, and how.

    Raises:
        ValidationError: an argument is unknown, cannot be used, or contradicts another; or nobody is named.
    """
    check_known(given, Mem0AddArguments.__annotations__, "add")
    told = in_our_words(given)
    said = _either("messages", told.pop("messages", None), content, "content")
    if said is None:
        raise ValidationError("content", "is missing; there is nothing to remember")
    check_flag("infer", told.get("infer", True))
    if told.get("timestamp") is not None:
        told["at"] = _either("timestamp", moment("timestamp", told["timestamp"]), told.get("at"), "at")
    if told.get("expiration_date") is not None:
        told["expiration_date"] = parse_day("expiration_date", told["expiration_date"])
    if told.get("memory_type") is not None:
        told["type"] = _either("memory_type", _kind(told["memory_type"]), told.get("type"), "type")
    if told.pop("prompt", None) is not None:
        warnings.warn("prompt has no effect: no model reads what is added; rules do", stacklevel=4)
    told = {name: value for name, value in told.items() if name not in ("timestamp", "memory_type")}
    return said, Asked(owner_named(user_id, given), told)


def searching(user_id: str | None, given: Mapping[str, Any], now: datetime) -> list[Asked]:
    """Whose memories are searched, and how: once for each user whom the filters name.

    Args:
        user_id: as named beside the filters.
        given: the arguments.
        now: the time.

    Raises:
        ValidationError: an argument is unknown, cannot be used, or contradicts another; or nobody is named.
    """
    check_known(given, Mem0SearchArguments.__annotations__, "search")
    told = in_our_words(given)
    check_flag("rerank", told.pop("rerank", False))
    if (day := told.pop("reference_date", None)) is not None:
        told["now"] = _either("reference_date", moment("reference_date", day), told.get("now"), "now")
    if told.get("statuses") or not {"show_expired", "latest_only"} & told.keys():
        return places(user_id, given, told)
    return in_all_states(user_id, given, told, now)


def in_all_states(user_id: str | None, given: Mapping[str, Any], told: Mapping[str, Any], now: datetime) -> list[Asked]:
    """As ``places``, where the arguments say whether what expired is meant, and what a newer value took the place of.

    Args:
        user_id: as named beside the filters.
        given: the arguments.
        told: the same, in our words.
        now: the time.
    """
    expired = check_flag("show_expired", told.get("show_expired", False))
    former = not check_flag("latest_only", told.get("latest_only", True))
    statuses = FOUND_BY_DEFAULT | ({Status.SUPERSEDED} if former else set[Status]())
    rest = {name: value for name, value in told.items() if name not in ("show_expired", "latest_only")}
    found = places(user_id, given, {**rest, "statuses": sorted(statuses)})  # asked for as they are, valid or not
    if expired:
        return found
    ended = {"AND": [{"valid_to": {"lte": now}}, {"status": {"ne": Status.SUPERSEDED}}]}
    return [Asked(user, {**one, "filters": _also({"NOT": ended}, one.get("filters"))}) for user, one in found]


def _also(condition: dict[str, Any], filters: Mapping[str, Any] | None) -> dict[str, Any]:
    return condition if filters is None else {"AND": [condition, filters]}


def places(user_id: str | None, given: Mapping[str, Any], told: Mapping[str, Any]) -> list[Asked]:
    """Whose memories are meant: the user's who is named, or those that the filters name, in mem0's grammar then.

    Args:
        user_id: as named beside the filters.
        given: the arguments.
        told: the same, in our words.
    """
    filters = told.get("filters")
    if user_id is not None or not names_somebody(filters):
        return [Asked(owner_named(user_id, given), dict(told))]
    read = read_filters(filters)
    for user in read.users:
        on_behalf_of(user)
    return [Asked(user, {**told, "filters": read.condition}) for user in read.users]


def updating(text: str | None, given: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The new text, and the other arguments.

    Raises:
        ValidationError: an argument is unknown or contradicts another.
    """
    check_known(given, Mem0UpdateArguments.__annotations__, "update")
    told = dict(given)
    return _either("data", told.pop("data", None), text, "text"), told


def in_our_words(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with our names for mem0's; None under one of mem0's names says nothing.

    Raises:
        ValidationError: two names of the same say different things.
    """
    told = {name: value for name, value in given.items() if name not in SAME}
    for theirs, ours in SAME.items():
        if given.get(theirs) is not None:
            told[ours] = _either(theirs, given[theirs], given.get(ours), ours)
    return told


def owner_named(user_id: str | None, given: Mapping[str, Any]) -> str:
    """The user, or the stand-in of the agent or run that is named without one.

    Raises:
        ValidationError: nobody is named.
    """
    if user_id is not None:
        return user_id
    found = stand_in({name: given.get(name) for name in ("agent_id", "run_id")})
    if found is None:
        raise ValidationError("user_id", "is missing; name the user (or, as in mem0, an agent_id or a run_id)")
    on_behalf_of(found)
    return found


async def owner_of(parts: Parts, memory_id: UUID | str, user_id: str | None) -> str:
    """The user who is named, or else the one whose memory it is.

    Raises:
        NotFound: there is no such memory of a user.
    """
    if user_id is not None:
        return user_id
    wanted = parse_id("memory_id", memory_id)
    scope = await parts.store.owner_of(parts.tenant_id, wanted)
    if scope is None or is_reserved(scope.user_id):  # what a project shares is found by its members
        raise NotFound(f"there is no memory {wanted}")
    on_behalf_of(scope.user_id)
    return scope.user_id


def _either(theirs: str, value: Any, other: Any, ours: str) -> Any:
    """What is said under either name."""
    if value is not None and other is not None and value != other:
        raise ValidationError(theirs, f"is another name of {ours}, and both are given; give one of them")
    return other if value is None else value


def _kind(value: object) -> MemoryType:
    if value != PROCEDURAL:
        raise ValidationError("memory_type", f"must be {PROCEDURAL!r}, or left out, not {shown(value)}")
    return MemoryType.PROCEDURE
