"""The calls that mem0's hosted API and its open-source server have in common, on our facade.

A key that belongs to a user reaches that user's memories and no others, by id and through any filter; what is named
without a user is then that user's too. A key that belongs to a project reaches what has that project as its app.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from recollect.domain.mem0_form import Form, history_rows, memory_form, stand_in
from recollect.domain.receipt import Receipt
from recollect.domain.record import Memory
from recollect.doors.api.caller import Caller
from recollect.doors.api.mem0.bodies import AddBody, Asking, Ids, ListBody, Messages, SearchBody
from recollect.errors import NotFound, ValidationError
from recollect.memory.mem0_filters import read_filters
from recollect.memory.mem0_methods import MOST_LISTED
from recollect.memory.mem0_words import Mem0UpdateArguments

IDENTITY: Final = ("user_id", "agent_id", "app_id", "run_id")
DELETED: Final = "Memory deleted successfully!"


async def add(caller: Caller, body: AddBody) -> Receipt:
    """Stores what was said.

    Raises:
        ValidationError: nobody is named, or something cannot be stored.
        NotAllowed: the key is another user's or another project's.
    """
    ids = {**_ids_in(body.filters), **body.ids}
    project = caller.credential.acting_in(ids.get("app_id"))
    user_id = ids.get("user_id")
    if user_id is None and caller.credential.user_id is None:
        user_id = stand_in({**ids, "app_id": project})
    if user_id is None and caller.credential.user_id is None:
        raise ValidationError("user_id", "is missing; name a user_id, agent_id, app_id or run_id")
    said: dict[str, Any] = body.given("metadata", "infer", "timestamp", "expiration_date", "memory_type")
    place = {name: ids[name] for name in ("agent_id", "run_id") if name in ids}
    if project is not None:
        place["project_id"] = project
    return await caller.memory.add(
        _messages(body.messages), user_id=caller.credential.acting_for(user_id), **place, **said
    )


async def search(caller: Caller, body: SearchBody) -> list[Form]:
    """The rows that answer a question, with those fields that were asked for."""
    options = body.given(
        "top_k", "limit", "threshold", "show_expired", "latest_only", "explain", "reference_date", "rerank"
    )
    found = await caller.memory.search(body.query, **whose(caller, body), **options)
    rows = [hit.mem0_form() for hit in found]
    return rows if body.fields is None else [_only(row, body.fields) for row in rows]


async def listed(caller: Caller, body: ListBody, most: int = MOST_LISTED) -> list[Memory]:
    """The memories that are meant, newest first."""
    options = body.given("show_expired", "latest_only")
    return list(await caller.memory.get_all(**whose(caller, body), **options, limit=most))


def whose(caller: Caller, body: Asking) -> dict[str, Any]:
    """Whose memories are meant, as arguments of the facade.

    Raises:
        ValidationError: nobody is named. NotAllowed: the key is another user's.
    """
    return confined(caller, [*([body.filters] if body.filters else []), *body.restrictions()])


def confined(caller: Caller, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """What all of these filters name, as arguments of the facade, within what the key reaches.

    Raises:
        ValidationError: nobody is named. NotAllowed: the key is another user's.
    """
    own, project = caller.credential.user_id, caller.credential.project_id
    if project is not None:
        parts = [*parts, {"app_id": project}]
    if not parts and own is None:
        raise ValidationError("filters", "must name a user_id, agent_id, app_id or run_id")
    if own is None:
        return {"filters": {"AND": parts}}
    condition = read_filters({"AND": parts}, own=own).condition if parts else None
    return {"user_id": own, "filters": condition}


async def one(caller: Caller, memory_id: UUID | str) -> Memory:
    """A memory that the key reaches.

    Raises:
        NotFound: there is none of this id.
    """
    found = await caller.memory.get(memory_id, user_id=caller.credential.user_id)
    if caller.credential.project_id not in (None, found.project_id):
        raise NotFound(f"there is no memory {memory_id}")
    return found


async def updated(caller: Caller, memory_id: str, change: Mapping[str, Any], job_id: UUID | None = None) -> Memory:
    """A memory after a change; metadata is added to what is there, as mem0 does.

    Raises:
        NotFound: there is none. ValidationError: nothing is to change.
    """
    before = await one(caller, memory_id)
    given = Mem0UpdateArguments(job_id=job_id)
    if "expiration_date" in change:
        given["expiration_date"] = change["expiration_date"]
    if change.get("data") is not None:
        given["data"] = change["data"]
    if change.get("metadata") is not None:
        given["metadata"] = {**before.extra, **change["metadata"]}
        given["expected_version"] = before.version
    return await caller.memory.update(before.id, change.get("text"), user_id=before.user_id, **given)


async def deleted(caller: Caller, memory_id: str, *, linked: bool = False, job_id: UUID | None = None) -> int:
    """Deletes a memory, and on request those whose place it took; says how many these were.

    Raises:
        NotFound: there is none.
    """
    found = await one(caller, memory_id)
    older: list[Memory] = []
    before = found.supersedes
    while linked and before is not None:
        try:
            older.append(await one(caller, before))
        except NotFound:
            break
        before = older[-1].supersedes
    for memory in (*reversed(older), found):
        await caller.memory.delete(memory.id, user_id=memory.user_id, job_id=job_id)
    return len(older)


async def history(caller: Caller, memory_id: str) -> list[Form]:
    """What happened to a memory, oldest first; also to one that was deleted."""
    events = await caller.memory.history(memory_id, user_id=caller.credential.user_id)
    first: Mapping[str, Any] = (events[0].payload or {}).get("memory", {})
    if caller.credential.project_id not in (None, first.get("project_id")):
        raise NotFound(f"there is no memory {memory_id}")
    run_id = first.get("conversation_id")
    place: Form = {
        "agent_id": first.get("agent_id") or None,
        "app_id": first.get("project_id"),
        "run_id": run_id,
        "session_id": run_id,
        "metadata": first.get("extra"),
        "categories": None,
    }
    return [row | place for row in history_rows(events)]


def listed_form(memories: list[Memory]) -> list[Form]:
    """The rows of a list."""
    return [memory_form(memory) for memory in memories]


def _ids_in(filters: Mapping[str, Any] | None) -> Ids:
    """The ids that ``add`` may have in its filters instead of beside them."""
    for name in filters or {}:
        if name not in IDENTITY:
            raise ValidationError(f"filters.{name}", f"is not known here; add takes {', '.join(IDENTITY)}")
    return {name: str(value) for name, value in (filters or {}).items() if value is not None}


def _messages(messages: Messages) -> Any:
    if not isinstance(messages, list):
        return messages
    for place, message in enumerate(messages):
        if "role" not in message or "content" not in message:
            raise ValidationError(f"messages[{place}]", "must have role and content")
    return messages


def _only(row: Form, fields: list[str]) -> Form:
    unknown = [name for name in fields if name not in row]
    if unknown:
        raise ValidationError("fields", f"has {unknown[0][:60]!r}; a memory has {', '.join(row)}")
    return {name: row[name] for name in dict.fromkeys(("id", *fields))}
