"""Metrics: what Prometheus reads."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials

from recollect.bootstrap.service import Service
from recollect.domain.credential import Access
from recollect.doors.api.caller import API_KEY, BEARER, caller
from recollect.errors import NotFound

router = APIRouter(tags=["health"])

TEXT = "text/plain"
OPEN_METRICS = "application/openmetrics-text"
_EXAMPLE = '# TYPE recollect_calls_total counter\nrecollect_calls_total{method="search",outcome="ok"} 12.0\n'


async def may_read(
    request: Request,
    response: Response,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    header: Annotated[str | None, Depends(API_KEY)],
) -> None:
    """Lets in whoever has an admin's key, and everybody where ``RECOLLECT_METRICS_OPEN`` says so.

    Raises:
        NotAuthenticated, NotAllowed, RateLimited: as for any route of admins.
    """
    service: Service = request.app.state.service
    if not service.settings.metrics_open:
        (await caller(request, response, bearer, header)).credential.require(Access.ADMIN)


@router.get(
    "/metrics",
    dependencies=[Depends(may_read)],
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "All metrics, for Prometheus; docs/observability.md lists them.",
            "content": {TEXT: {"example": _EXAMPLE}, OPEN_METRICS: {"schema": {"type": "string"}}},
        }
    },
)
async def metrics(request: Request) -> Response:
    """Shows what this process has counted, as Prometheus's text or, where that is accepted, as OpenMetrics.

    Needs a key with admin access, unless the server is open or `RECOLLECT_METRICS_OPEN` is set.
    """
    service: Service = request.app.state.service
    shown = service.telemetry.exposition(request.headers.get("accept", ""))
    if shown is None:
        raise NotFound("nothing is counted here: RECOLLECT_TELEMETRY switches it off")
    content, media_type = shown
    return Response(content, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
