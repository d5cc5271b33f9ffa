"""The past: what changed between two moments, and the way back to one of them.

How memories were at a time is asked where they are asked for now: ``as_of`` and ``known_at`` of get, list, search,
context and why-not.
"""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic_core import to_jsonable_python

from recollect.domain.difference import Difference, FieldChange, ItemChange
from recollect.domain.rollback import RollbackReport
from recollect.doors.api.caller import Reader, UserId, Writer
from recollect.doors.api.requests import EXAMPLE_ID, Moment, UserBody
from recollect.doors.api.wire import RENAMED, Wire, plain, wire_model

router = APIRouter(prefix="/v1", tags=["past"])

CHANGES = ("added", "changed", "superseded", "deleted")


class ChangedField(Wire):
    """One field's value before and after."""

    name: str
    old: Any
    new: Any


class Changed(Wire):
    """What became of one memory or another thing; null where it did not exist."""

    kind: str
    id: UUID
    name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    fields: list[ChangedField]
    event_ids: list[UUID]


class DifferenceOut(wire_model(Difference, without=CHANGES)):
    """What happened to a user's memory between two moments, as the store knew it."""

    added: list[Changed]
    changed: list[Changed]
    superseded: list[Changed]
    deleted: list[Changed]


class RollbackRequest(UserBody):
    """Where the way back leads: exactly one of `to`, `before` and `job_id`."""

    project_id: str | None = Field(None, description="What this project's members share, instead of the user's own.")
    to: UUID | int | None = Field(None, description="An event's id, or a line of the log: back to just after it.")
    before: Moment | None = Field(None, description="A time: back to just before it.")
    job_id: UUID | None = Field(None, description="A run: only what it changed is undone.", examples=[EXAMPLE_ID])
    dry_run: bool = Field(False, description="Only tell what would change.")


class RollbackOut(wire_model(RollbackReport, without=("changes",))):
    """What a rollback did, or would do; `from_seq` as `to` takes it back."""

    counts: dict[str, int]
    changes: list[Changed]


@router.get("/diff", response_model=DifferenceOut)
async def diff_memories(
    caller: Reader,
    t1: Annotated[Moment, Query(description="The earlier moment.", examples=["2026-05-04T00:00:00Z"])],
    t2: Annotated[Moment, Query(description="The later moment.", examples=["2026-05-05T00:00:00Z"])],
    user_id: UserId = None,
) -> Any:
    """Tells what the store learned between two moments: what was added, changed, superseded, deleted."""
    found = await caller.memory.diff(t1, t2, user_id=caller.user(user_id))
    told = {name: [_told(change) for change in getattr(found, name)] for name in CHANGES}
    return plain(wire_model(Difference, without=CHANGES), found) | told


@router.post("/rollback", response_model=RollbackOut)
async def rollback_memories(caller: Writer, body: RollbackRequest) -> Any:
    """Leads back to an earlier state by new events; nothing is taken out of the log."""
    user, project = caller.place(body.user_id, body.project_id)
    report = await caller.memory.rollback(
        user_id=user,
        project_id=project,
        to=body.to,
        before=body.before,
        job=body.job_id,
        dry_run=body.dry_run,
    )
    told = {"counts": report.counts, "changes": [_told(change) for change in report.changes]}
    return plain(wire_model(RollbackReport, without=("changes",)), report) | told


def _told(change: ItemChange) -> dict[str, Any]:
    """The change with its item in the form that the item has elsewhere."""
    return {
        "kind": change.kind,
        "id": change.id,
        "name": change.name,
        "before": _item(change.before),
        "after": _item(change.after),
        "fields": [_field(told) for told in change.fields],
        "event_ids": change.event_ids,
    }


def _item(item: Any) -> Any:
    return None if item is None else plain(wire_model(cast(type[Any], type(item))), item)


def _field(told: FieldChange) -> dict[str, Any]:
    old, new = (to_jsonable_python(value, bytes_mode="base64") for value in (told.old, told.new))
    return {"name": RENAMED.get(told.name, told.name), "old": old, "new": new}
