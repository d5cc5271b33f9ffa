"""What mem0's client can ask for and this server does not do: 404 with the reason, which the client shows."""

from typing import Final

from fastapi import APIRouter, Depends

from recollect.doors.api.caller import caller
from recollect.doors.api.mem0.answering import Mem0Route
from recollect.errors import NotFound

router = APIRouter(tags=["mem0"], route_class=Mem0Route, include_in_schema=False)

METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
REASONS: Final = {
    "/v1/summary/": "summaries are not made over this interface; ask for context: POST /v1/context",
    "/v1/exports/{rest:path}": "exports by a schema need a model; everything as it is: GET /v1/export",
    "/v2/entities/user/{name:path}/profile/": "profiles are not generated; identity facts: GET /v1/identity",
    "/v2/profiles/{rest:path}": "profiles are not generated; identity facts: GET /v1/identity",
    "/api/v1/orgs/{rest:path}": "organisations and projects are the key's; POST /v1/projects makes shared projects",
    "/api/v1/webhooks/{rest:path}": "there are no webhooks; GET /v1/watch tells what happens as it happens",
    "/v1/event/{event_id}/": "nothing is pending: add answers when it is stored",
}


def _absent(path: str, reason: str) -> None:
    async def refuse() -> None:
        raise NotFound(reason)

    router.add_api_route(
        path, refuse, dependencies=[Depends(caller)], methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
    )


for _path, _reason in REASONS.items():
    _absent(_path, _reason)
