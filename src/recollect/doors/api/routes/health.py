"""Health: whether the process lives, whether it can serve, and how each part of it is."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from recollect.bootstrap.service import Service
from recollect.doors.api.caller import Reader
from recollect.doors.api.wire import wire_model
from recollect.memory.status import MemoryStatus

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


@router.get("/health/live")
async def live() -> Alive:
    """Says that the process runs; nothing else is asked. For liveness probes."""
    return Alive()


@router.get("/health/ready")
async def ready(request: Request) -> Alive:
    """Says that requests can be served: the database answers. For readiness probes; 503 otherwise."""
    service: Service = request.app.state.service
    await service.of_tenant(service.settings.tenant_id).status()
    return Alive()


@router.get("/v1/status", response_model=wire_model(MemoryStatus))
async def status(caller: Reader) -> Any:
    """Says how the database, the vector extension and the embedder are, and how many rows there are."""
    return await caller.memory.status()
