"""Erasure: a memory goes for good, and a certificate says what went. Whole users are erased under ``/v1/users``."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from recollect.domain.certificate import Certificate, parse_certificate
from recollect.doors.api.caller import Reader, Writer
from recollect.doors.api.requests import EXAMPLE_ID, Actor, Body, UserBody
from recollect.doors.api.wire import Wire

router = APIRouter(prefix="/v1", tags=["erasure"])


class EraseRequest(Actor, UserBody):
    """Whose memory is erased."""

    project_id: str | None = Field(None, description="Where it is shared, if it is.")


class VerifyRequest(Body):
    """A certificate, as it was answered."""

    certificate: dict[str, Any]


class Verified(Wire):
    """Whether this server's master key signed the certificate, and nobody changed it since."""

    valid: bool


@router.post("/memories/{memory_id}/erase")
async def erase_memory(
    caller: Writer,
    memory_id: Annotated[UUID, Path(description="The memory's id; it may be deleted already.", examples=[EXAMPLE_ID])],
    body: EraseRequest,
) -> Certificate:
    """Erases a memory and the facts that rest on it alone, for good; answers with a signed certificate."""
    given = body.given("user_id", "project_id")
    user, project = caller.place(body.user_id, body.project_id)
    await caller.reach(user, memory_id)
    return await caller.memory.erasure.memory(memory_id, user_id=user, project_id=project, **given)


@router.post("/certificates/verify")
async def verify_certificate(caller: Reader, body: VerifyRequest) -> Verified:
    """Says whether a certificate of erasure is as this server signed it."""
    certificate = parse_certificate(json.dumps(body.certificate))
    return Verified(valid=await caller.memory.erasure.verify(certificate))
