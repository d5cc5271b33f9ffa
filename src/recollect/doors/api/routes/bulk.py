"""Bulk adds: a stream of lines in, a receipt or a problem for each line out, for as long as the client sends."""

import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any, cast

from fastapi import APIRouter, Request
from pydantic import ValidationError as PydanticValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive

from recollect import errors
from recollect.domain.receipt import Receipt
from recollect.doors.api import problem
from recollect.doors.api.adding import BulkLine, add
from recollect.doors.api.body import stream_body
from recollect.doors.api.caller import Caller, Writer
from recollect.doors.api.lines import MEDIA_TYPE, Line, LineResponse, check_media_type, read_lines, until
from recollect.doors.api.wire import wire_model
from recollect.ports.redaction import Redacted

router = APIRouter(prefix="/v1/memories", tags=["memories"])

_log = logging.getLogger(__name__)
_ReceiptOut = wire_model(Receipt)
_INVALID = problem.KINDS[errors.ValidationError]
_TOO_LARGE = problem.KINDS[errors.TooLarge]
_CLOSING = problem.KINDS[errors.UsageError]

_LINES = {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
_REQUEST = {"requestBody": {"required": True, "description": "A body of `POST /v1/memories` a line.", **_LINES}}


@router.post(
    "/bulk",
    status_code=200,  # FastAPI looks for it in the arguments of the response class, which has none
    response_class=LineResponse,
    openapi_extra=_REQUEST,
    responses={200: {"description": "For each line its number, and a receipt or a problem.", **_LINES}},
)
async def add_memories(caller: Writer, request: Request) -> Any:
    """Stores what comes line by line as NDJSON, any number of lines; answers each with a receipt or a problem.

    A line is a body of `POST /v1/memories`, and may have an `idempotency_key`. Its answer has `line`, its number from
    1 on, `status`, and `receipt` or `problem`. What was answered with a receipt is stored, whatever happens to the
    others; a line that cannot be used stops nothing. Read the answers while you send: the server reads no further when
    8 MB of them wait. Lines are stored in their order.
    """
    check_media_type(request)
    stream_body(request)
    bulk = Bulk(caller, request)
    return LineResponse(bulk.answers, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})


class Bulk:
    """One bulk add.

    Args:
        caller: who sends it. request: the request.
    """

    def __init__(self, caller: Caller, request: Request) -> None:
        self._caller = caller
        self._request = request

    async def answers(self, receive: Receive) -> AsyncGenerator[bytes]:
        """An answer a line."""
        state, last = self._request.app.state, 0
        try:
            async for line in until(read_lines(receive, state.options.max_body), state.closing):
                last = line.number
                await self._caller.check()
                yield await self._answer(line)
            if state.closing.is_set():
                yield self._problem(last + 1, _CLOSING, "the server is being shut down; go on with this line elsewhere")
        except errors.RecollectError as error:  # the key is not valid any more
            yield self._problem(last, problem.kind_of(error), str(error))
        except HTTPException as error:  # the body is not what gzip makes
            yield self._problem(last + 1, problem.MALFORMED, error.detail)

    async def _answer(self, line: Line) -> bytes:
        if line.content is None:
            most = self._request.app.state.options.max_body
            return self._problem(line.number, _TOO_LARGE, f"the line has more than {most:,} bytes")
        try:
            body = BulkLine.model_validate_json(line.content)
            receipt = await add(self._caller, body, body.idempotency_key)
        except PydanticValidationError as error:
            return self._misfit(line.number, error)
        except errors.RecollectError as error:
            field = error.field if isinstance(error, errors.ValidationError) else None
            return self._problem(line.number, problem.kind_of(error), str(error), field)
        except Exception as error:  # noqa: BLE001 - the other lines must not suffer from it
            _log.error("a line of a bulk add failed: %s", Redacted(error, frames=True))
            return self._problem(line.number, problem.UNEXPECTED, "something unforeseen happened; it was not stored")
        told = _ReceiptOut.model_validate(receipt).model_dump_json()
        return f'{{"line":{line.number},"status":201,"receipt":{told}}}'.encode()

    def _misfit(self, number: int, error: PydanticValidationError) -> bytes:
        first = cast(Mapping[str, Any], error.errors(include_url=False)[0])
        field = ".".join(map(str, first["loc"]))
        if not field:
            return self._problem(number, problem.MALFORMED, f"the line is no JSON object: {problem.said(first)}")
        return self._problem(number, _INVALID, f"{field}: {problem.said(first)}", field)

    def _problem(self, number: int, kind: problem.Kind, detail: str, field: str | None = None) -> bytes:
        told = bytes(problem.problem_response(self._request, kind, detail, field=field).body).decode()
        return f'{{"line":{number},"status":{kind.status},"problem":{told}}}'.encode()
