"""mem0's entities: the users, agents, apps and runs that have memories, and their end."""

from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

from fastapi import APIRouter

from recollect.domain.credential import Access
from recollect.domain.mem0_form import STAND_INS, Form
from recollect.domain.person import PersonKind, UserSummary
from recollect.doors.api.caller import Admin, Caller, Reader
from recollect.doors.api.mem0.answering import Mem0Route
from recollect.errors import NotFound

router = APIRouter(tags=["mem0"], route_class=Mem0Route, include_in_schema=False)

Kind = Literal["user", "agent", "app", "run"]
ORDER: Final[tuple[Kind, ...]] = ("run", "agent", "app", "user")
"""Users last: the client deletes in this order, and with a user goes all that is the user's."""
NAMED: Final[dict[Kind, str]] = {"agent": "agent_id", "app": "app_id", "run": "run_id"}
PAGE: Final = 1_000
DELETED: Final = "Entity deleted successfully!"


@router.get("/v1/entities/")
async def users(caller: Reader) -> Form:
    """Lists who has memories: for administrators; with a key of one user, that user alone."""
    found = await _entities(caller)
    rows = [row for kind in ORDER for row in found[kind].values()]
    totals = {f"total_{kind}s": len(found[kind]) for kind in reversed(ORDER)}
    return {"count": len(rows), "next": None, "previous": None, "results": rows, **totals}


@router.delete("/v2/entities/{kind}/{name:path}/")
async def delete_entity(caller: Admin, kind: Kind, name: str) -> Form:
    """Erases a user for good; of an agent, app or run, deletes all memories, also those that users have with it."""
    if kind == "user":
        await caller.memory.erase(user_id=name)
        return {"message": DELETED}
    with suppress(NotFound):
        await caller.memory.erase(user_id=STAND_INS[NAMED[kind]] + name)
    for user_id in [user.id async for user in _all(caller, PersonKind.USER)]:
        await caller.memory.delete_all(filters={"AND": [{"user_id": user_id}, {NAMED[kind]: name}]})
    return {"message": DELETED}


async def _entities(caller: Caller) -> dict[Kind, dict[str, Form]]:
    """By kind and name, who has memories."""
    found: dict[Kind, dict[str, Form]] = {kind: {} for kind in ORDER}
    own = caller.credential.user_id
    if own is not None:
        with suppress(NotFound):
            known = await caller.memory.users.get(user_id=own)
            if not known.erased:
                found["user"][own] = _row("user", own, known.first_at, known.last_at)
        return found
    caller.credential.require(Access.ADMIN)
    async for user in _all(caller, PersonKind.USER):
        kind, name = _unmasked(user.id)
        found[kind][name] = _row(kind, name, user.first_at, user.last_at)
    async for agent in _all(caller, PersonKind.AGENT):
        found["agent"].setdefault(agent.id, _row("agent", agent.id, agent.first_at, agent.last_at))
    async for run in _all(caller, PersonKind.CONVERSATION):
        found["run"].setdefault(run.id, _row("run", run.id, run.first_at, run.last_at))
    return found


async def _all(caller: Caller, kind: PersonKind) -> AsyncGenerator[UserSummary]:
    cursor: str | None = None
    while True:
        page = await caller.memory.users.list(kind=kind, limit=PAGE, cursor=cursor)
        for one in page:
            yield one
        cursor = page.next_cursor
        if cursor is None:
            return


def _unmasked(user_id: str) -> tuple[Kind, str]:
    """What a user's id stands for: a user, or what was added for an agent, an app or a run alone."""
    for kind, name in NAMED.items():
        if user_id.startswith(STAND_INS[name]):
            return kind, user_id.removeprefix(STAND_INS[name])
    return "user", user_id


def _row(kind: Kind, name: str, first: datetime | None, last: datetime | None) -> Form:
    return {
        "id": name,
        "name": name,
        "type": kind,
        "created_at": None if first is None else first.isoformat(),
        "updated_at": None if last is None else last.isoformat(),
        "owner": None,
        "metadata": None,
    }
