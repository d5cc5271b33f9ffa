"""Users: who has memories here, in numbers. Erasing one is a matter of operation: ``DELETE /v1/users``."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from recollect.domain.person import PersonKind, UserDetail, UserSummary
from recollect.doors.api.caller import Admin, Cursor, Limit, Reader
from recollect.doors.api.paging import page_model
from recollect.doors.api.wire import wire_model

router = APIRouter(prefix="/v1/users", tags=["operation"])


@router.get("", response_model=page_model(UserSummary))
async def list_users(
    caller: Admin,
    kind: Annotated[PersonKind, Query(description="Users, agents or conversations.")] = PersonKind.USER,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    """Lists users, agents or conversations by name, with the number of living memories of each."""
    return await caller.memory.users.list(kind=kind, limit=limit, cursor=cursor)


@router.get("/{user_id:path}", response_model=wire_model(UserDetail))
async def get_user(caller: Reader, user_id: Annotated[str, Path(description="Whose.", examples=["ana"])]) -> Any:
    """Returns a user in numbers: memories by type, tier and status, the log's length, whether erased."""
    return await caller.memory.users.get(user_id=caller.user(user_id))
