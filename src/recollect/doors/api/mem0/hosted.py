"""The routes of mem0's hosted API that its client calls for memories; all of them end with a slash."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request

from recollect.domain.ids import new_id
from recollect.domain.mem0_form import Form, memory_form, receipt_rows
from recollect.doors.api.caller import Reader, Writer
from recollect.doors.api.mem0 import calls
from recollect.doors.api.mem0.answering import Mem0Route
from recollect.doors.api.mem0.bodies import (
    AddBody,
    BatchDeleteBody,
    BatchUpdateBody,
    DeleteAllQuery,
    FeedbackBody,
    ListBody,
    PageQuery,
    SearchBody,
    UpdateBody,
)
from recollect.errors import ValidationError

router = APIRouter(tags=["mem0"], route_class=Mem0Route, include_in_schema=False)

PROJECT: Final = "default"
"""What stands for mem0's project where the key belongs to none of ours."""


@router.get("/v1/ping/")
async def ping(caller: Reader) -> Form:
    """Says that the key is valid: what the client's constructor asks."""
    project = caller.credential.project_id or PROJECT
    return {"status": "ok", "org_id": caller.credential.tenant_id, "project_id": project, "user_email": None}


@router.post("/v3/memories/add/")
async def add(caller: Writer, body: AddBody) -> Form:
    """Stores what was said; the answer comes when it is stored."""
    receipt = await calls.add(caller, body)
    rows = receipt_rows(receipt)
    event_id = receipt.event_ids[0] if receipt.event_ids else new_id()
    return {
        "message": f"{len(rows)} memories" if rows else "nothing in it was worth keeping",
        "status": "SUCCEEDED",
        "event_id": str(event_id),
        "results": rows,
    }


@router.post("/v3/memories/search/")
async def search(caller: Reader, body: SearchBody) -> Form:
    """Finds what is worth reading for a question."""
    return {"results": await calls.search(caller, body)}


@router.post("/v3/memories/")
async def get_all(caller: Reader, body: ListBody, page: Annotated[PageQuery, Query()], request: Request) -> Form:
    """Lists memories, newest first, a page at a time."""
    found = await calls.listed(caller, body)
    start = (page.page - 1) * page.page_size
    shown = found[start : start + page.page_size]

    def other(number: int) -> str:
        return str(request.url.include_query_params(page=number, page_size=page.page_size))

    return {
        "count": len(found),
        "next": other(page.page + 1) if start + len(shown) < len(found) and shown else None,
        "previous": other(page.page - 1) if page.page > 1 else None,
        "results": calls.listed_form(shown),
    }


@router.delete("/v1/memories/")
async def delete_all(caller: Writer, named: Annotated[DeleteAllQuery, Query()]) -> Form:
    """Deletes all memories of whom the query names; without a name nothing is deleted."""
    gone = await caller.memory.delete_all(**calls.confined(caller, [named.named()]))
    return {"message": gone["message"], "event_id": gone["job_id"], "deleted": gone["deleted"]}


@router.get("/v1/memories/{memory_id}/")
async def get(caller: Reader, memory_id: str) -> Form:
    """One memory."""
    return memory_form(await calls.one(caller, memory_id))


@router.put("/v1/memories/{memory_id}/")
async def update(caller: Writer, memory_id: str, body: UpdateBody) -> Form:
    """Changes a memory; a null ``expiration_date`` clears it."""
    return memory_form(await calls.updated(caller, memory_id, body.model_dump(exclude_unset=True)))


@router.delete("/v1/memories/{memory_id}/")
async def delete(caller: Writer, memory_id: str, delete_linked: bool = False) -> Form:
    """Deletes a memory, and with ``delete_linked`` those whose place it took."""
    older = await calls.deleted(caller, memory_id, linked=delete_linked)
    return {"message": calls.DELETED, **({"cascade_count": older} if delete_linked else {})}


@router.get("/v1/memories/{memory_id}/history/")
async def history(caller: Reader, memory_id: str) -> list[Form]:
    """What happened to a memory, oldest first."""
    return await calls.history(caller, memory_id)


@router.put("/v1/batch/")
async def batch_update(caller: Writer, body: BatchUpdateBody) -> Form:
    """Changes many memories, as one run; nothing is changed if one of them is not there."""
    for change in body.memories:
        await calls.one(caller, change.memory_id)
    job_id = new_id()
    for change in body.memories:
        await calls.updated(caller, change.memory_id, change.given("text", "metadata"), job_id)
    return _batch("updated", len(body.memories), job_id)


@router.delete("/v1/batch/")
async def batch_delete(caller: Writer, body: BatchDeleteBody) -> Form:
    """Deletes many memories, as one run; nothing is deleted if one of them is not there."""
    ids = list(dict.fromkeys(end.memory_id for end in body.memories))
    for memory_id in ids:
        await calls.one(caller, memory_id)
    job_id = new_id()
    for memory_id in ids:
        await calls.deleted(caller, memory_id, job_id=job_id)
    return _batch("deleted", len(ids), job_id)


@router.post("/v1/feedback/")
async def feedback(caller: Writer, body: FeedbackBody) -> Form:
    """Counts a memory as used when it was good; there is no way to say that one was not, but to change or delete it."""
    memory = await calls.one(caller, body.memory_id)
    if body.feedback != "POSITIVE":
        raise ValidationError("feedback", "must be POSITIVE; what is wrong can be updated or deleted")
    await caller.memory.used(memory.id, user_id=memory.user_id)
    return {"id": str(memory.id), "feedback": body.feedback, "feedback_reason": body.feedback_reason}


def _batch(done: str, count: int, job_id: UUID) -> dict[str, Any]:
    return {"message": f"Successfully {done} {count} memories", "job_id": str(job_id)}
