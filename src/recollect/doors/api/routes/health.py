"""Health: whether the process lives, whether it can serve, and how each part of it is."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field

from recollect.bootstrap.service import Service
from recollect.doors.api.caller import Reader
from recollect.doors.api.wire import wire_model
from recollect.errors import RecollectError
from recollect.memory.memory import AsyncFacade
from recollect.memory.status import MemoryStatus

router = APIRouter(tags=["health"])

LATE_S = 300.0
"""What waits in the queue for longer is reported."""
Verdict = Literal["ok", "degraded", "failed"]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class PartHealth(BaseModel):
    """How one part is.

    `failed`: requests cannot be served without it. `degraded`: they are served, slower or with less.
    """

    name: str = Field(examples=["database"])
    status: Verdict
    detail: str = Field(examples=["PostgreSQL 18.4, schema 0005, 4 users"])
    ms: float


class Health(BaseModel):
    """How the service is: as bad as its worst part."""

    status: Verdict
    parts: list[PartHealth]


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


@router.get("/health/deep")
async def deep(caller: Reader, response: Response) -> Health:
    """Asks every part: database, vector extension, embedder, hot tier, queue. 503 when one that is needed fails."""
    parts = [await _asked(name, check, caller.memory) for name, check in CHECKS]
    verdicts = {part.status for part in parts}
    worst: Verdict = "failed" if "failed" in verdicts else "degraded" if "degraded" in verdicts else "ok"
    if worst == "failed":
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Health(status=worst, parts=parts)


@router.get("/v1/status", response_model=wire_model(MemoryStatus))
async def get_status(caller: Reader) -> Any:
    """Says how the database, the vector extension and the embedder are, and how many rows there are."""
    return await caller.memory.status()


async def _asked(
    name: str, check: Callable[[AsyncFacade], Awaitable[tuple[Verdict, str]]], memory: AsyncFacade
) -> PartHealth:
    started = time.perf_counter()
    try:
        verdict, detail = await check(memory)
    except RecollectError as error:
        verdict, detail = "failed", str(error)
    return PartHealth(name=name, status=verdict, detail=detail, ms=round((time.perf_counter() - started) * 1000, 3))


async def _database(memory: AsyncFacade) -> tuple[Verdict, str]:
    store = (await memory.status()).store
    return "ok", f"{store.server}, schema {store.revision}, {store.query_ms:.1f} ms a query"


async def _vectors(memory: AsyncFacade) -> tuple[Verdict, str]:
    """The extension is asked for a distance by ``status``, and not only whether it is installed."""
    return "ok", f"pgvector {(await memory.status()).store.vector_extension} answers"


async def _embedder(memory: AsyncFacade) -> tuple[Verdict, str]:
    """Without it what is added is stored, and questions are ranked by words alone."""
    embedder = (await memory.core.ready()).embedder
    try:
        vector = await embedder.embed_question("health", None)
    except RecollectError as error:
        return "degraded", str(error)
    return "ok", f"{embedder.model_id}, {len(vector)} dimensions"


async def _hot(memory: AsyncFacade) -> tuple[Verdict, str]:
    found = await memory.hot.status()
    return ("degraded", "; ".join(found.degraded)) if found.degraded else ("ok", f"{found.adapter} answers")


async def _queue(memory: AsyncFacade) -> tuple[Verdict, str]:
    """Reflections wait in it; the jobs that work it off are due at fixed times."""
    found = await memory.upkeep.status()
    waiting, failed = found.reflections.get("queued", 0), found.reflections.get("failed", 0)
    problems = [f"{job.name} broke off: {job.last_error}" for job in found.jobs if job.last_error]
    if found.oldest_s > LATE_S:
        problems.append("nothing works it off")
    jobs = "jobs run in this process" if found.on else "no jobs run in this process"
    said = f"{waiting} waiting, the oldest for {found.oldest_s:.0f} s; {failed} failed; {jobs}"
    return ("degraded" if problems else "ok"), "; ".join([said, *problems])


CHECKS: tuple[tuple[str, Callable[[AsyncFacade], Awaitable[tuple[Verdict, str]]]], ...] = (
    ("database", _database),
    ("vector extension", _vectors),
    ("embedder", _embedder),
    ("hot tier", _hot),
    ("queue", _queue),
)
