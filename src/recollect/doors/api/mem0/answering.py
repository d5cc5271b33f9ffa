"""Answering mem0's clients: errors as plain JSON with ``detail``, and the status codes that they know."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from recollect.doors.api import problem
from recollect.errors import RecollectError

STATUS: Final = {422: 400, 412: 409}
"""Where mem0's hosted service answers with another code."""


class Mem0Route(APIRoute):
    """A route whose errors are ``application/json``: of other types the client does not read ``detail``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What handles a request."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (RecollectError, RequestValidationError, HTTPException) as error:
                return _plain(await problem.respond(request, error))

        return answer


def _plain(response: JSONResponse) -> JSONResponse:
    said = json.loads(bytes(response.body))
    status = STATUS.get(response.status_code, response.status_code)
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return JSONResponse({**said, "status": status}, status, headers=kept)
