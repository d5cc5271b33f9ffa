"""Idempotency keys: a request that is sent again has the effect of one; where that is not offered, a key is refused.

A key that is taken and not heeded would be a promise that is broken when it counts.
"""

from typing import Annotated

from fastapi import Header, Request, status
from fastapi.routing import APIRoute

from recollect.errors import ValidationError

HEADER = "Idempotency-Key"

IdempotencyKey = Annotated[
    str | None,
    Header(alias=HEADER, description="Sent again within 24 hours, the same request gets the same answer."),
]


def check_idempotency(request: Request) -> None:
    """Refuses a key that would not be heeded, where something is created.

    Raises:
        ValidationError: the route creates something, and takes no key.
    """
    route = request.scope.get("route")
    if HEADER not in request.headers or not isinstance(route, APIRoute) or route.status_code != status.HTTP_201_CREATED:
        return
    if not any(parameter.alias == HEADER for parameter in route.dependant.header_params):
        raise ValidationError(HEADER, "is not heeded by this route; send the request without it")
