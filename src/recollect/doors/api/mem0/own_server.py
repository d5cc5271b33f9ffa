"""The routes of mem0's open-source server, for those who call it by HTTP: no prefix, and no slash at the end."""

from typing import Annotated

from fastapi import APIRouter, Query

from recollect.domain.mem0_form import Form, memory_form, receipt_rows
from recollect.doors.api.caller import Admin, Reader, Writer
from recollect.doors.api.mem0 import calls
from recollect.doors.api.mem0.answering import Mem0Route
from recollect.doors.api.mem0.bodies import (
    AddBody,
    DeleteAllQuery,
    ListBody,
    OwnListQuery,
    OwnSearchBody,
    UpdateBody,
)

router = APIRouter(tags=["mem0"], route_class=Mem0Route, include_in_schema=False)


@router.post("/memories")
async def add(caller: Writer, body: AddBody) -> Form:
    """Stores what was said."""
    return {"results": receipt_rows(await calls.add(caller, body))}


@router.get("/memories")
async def get_all(caller: Reader, query: Annotated[OwnListQuery, Query()]) -> Form:
    """Lists the memories of whom the query names, newest first."""
    body = ListBody(filters=dict(query.ids), show_expired=query.show_expired)
    return {"results": calls.listed_form(await calls.listed(caller, body, query.limit or query.top_k))}


@router.delete("/memories")
async def delete_all(caller: Writer, named: Annotated[DeleteAllQuery, Query()]) -> Form:
    """Deletes all memories of whom the query names."""
    return await caller.memory.delete_all(**calls.confined(caller, [named.named()]))


@router.get("/memories/{memory_id}")
async def get(caller: Reader, memory_id: str) -> Form:
    """One memory."""
    return memory_form(await calls.one(caller, memory_id))


@router.put("/memories/{memory_id}")
async def update(caller: Writer, memory_id: str, body: UpdateBody) -> Form:
    """Changes a memory."""
    changed = await calls.updated(caller, memory_id, body.model_dump(exclude_unset=True))
    return {**memory_form(changed), "message": "Memory updated successfully!"}


@router.delete("/memories/{memory_id}")
async def delete(caller: Writer, memory_id: str) -> Form:
    """Deletes a memory."""
    await calls.deleted(caller, memory_id)
    return {"message": calls.DELETED}


@router.get("/memories/{memory_id}/history")
async def history(caller: Reader, memory_id: str) -> list[Form]:
    """What happened to a memory, oldest first."""
    return await calls.history(caller, memory_id)


@router.post("/search")
async def search(caller: Reader, body: OwnSearchBody) -> Form:
    """Finds what is worth reading for a question."""
    return {"results": await calls.search(caller, body)}


@router.post("/reset")
async def reset(caller: Admin) -> Form:
    """Erases every user of the tenant for good."""
    return await caller.memory.reset()
