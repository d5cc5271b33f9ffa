"""Moving: everything that is a user's as JSON lines, out and in, as streams of any length."""

import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from recollect.domain.move import LoadReport
from recollect.doors.api.body import stream_body
from recollect.doors.api.caller import Caller, Reader, Writer
from recollect.doors.api.lines import MEDIA_TYPE, check_media_type, read_lines, until
from recollect.doors.api.requests import Changing, UserBody
from recollect.doors.api.wire import wire_model
from recollect.errors import TooLarge, UsageError

router = APIRouter(prefix="/v1", tags=["moving"])

_LINES = {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
_REQUEST = {"requestBody": {"required": True, "description": "Lines of an export, or of one's own.", **_LINES}}
LONGEST = 16_000_000
"""Bytes of a line of an import: one memory with its vectors fits many times over."""


class ExportQuery(UserBody):
    """What is exported."""

    embeddings: bool = Field(False, description="Each memory's vectors too.")


class ImportQuery(Changing, UserBody):
    """How lines are taken."""

    user_id: str | None = Field(None, description="Whose they become; if left out, whose the lines say they are.")
    on_conflict: Literal["skip", "fail"] = Field("skip", description="What to do with other contents under one id.")
    dry_run: bool = Field(False, description="Only tell what would happen.")


@router.get("/export", response_class=StreamingResponse, responses={200: {"description": "A line a thing.", **_LINES}})
async def export_user(caller: Reader, asked: Annotated[ExportQuery, Query()]) -> Any:
    """Sends everything that is a user's as JSON lines: a header, memories of every status, all that is kept beside."""
    lines = caller.memory.export(user_id=caller.user(asked.user_id), embeddings=asked.embeddings)
    first = await anext(lines)  # what is refused has a status of its own
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_sent(first, lines), media_type=MEDIA_TYPE, headers=headers)


@router.post("/import", response_model=wire_model(LoadReport), openapi_extra=_REQUEST)
async def import_lines(caller: Writer, request: Request, asked: Annotated[ImportQuery, Query()]) -> Any:
    """Reads an export, or lines such as `{"text": ..., "at": ...}`, and says what became of them.

    Reading the same lines again changes nothing; the report's `job_id` is what `POST /v1/rollback` takes them back by.
    """
    check_media_type(request)
    stream_body(request)
    own = asked.user_id is None and caller.credential.user_id is None and caller.credential.project_id is None
    user, lines = None if own else caller.user(asked.user_id), _read(caller, request)
    return await caller.memory.load(lines, user_id=user, **asked.given("user_id"))


async def _sent(first: dict[str, Any], rest: AsyncGenerator[dict[str, Any]]) -> AsyncGenerator[bytes]:
    yield _line(first)
    async for one in rest:
        yield _line(one)


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"


async def _read(caller: Caller, request: Request) -> AsyncGenerator[bytes]:
    """The lines, blank ones too, so that they are counted as they are sent.

    Raises:
        TooLarge: one is too long. NotAuthenticated: the key is not valid any more. UsageError: the server closes.
    """
    counted, closing = 0, request.app.state.closing
    async for line in until(read_lines(request.receive, LONGEST), closing):
        await caller.check()
        for _ in range(line.number - counted - 1):
            yield b""
        counted = line.number
        if line.content is None:
            raise TooLarge("body", f"line {line.number} has more than {LONGEST:,} bytes; the lines before are stored")
        yield line.content
    if closing.is_set():
        raise UsageError("the server is being shut down; send it again, what is stored already is passed over")
