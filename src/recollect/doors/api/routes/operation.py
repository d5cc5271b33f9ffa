"""Operation: models, jobs, the hot tier, the log's soundness, and users as a whole. For admins."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, status
from pydantic import Field

from recollect.domain.audit import LogAudit
from recollect.domain.certificate import Certificate
from recollect.domain.embedding_model import EmbeddingModel
from recollect.doors.api.caller import Admin
from recollect.doors.api.paging import items_model
from recollect.doors.api.requests import Actor, Body
from recollect.doors.api.wire import Wire, wire_model
from recollect.memory.desks.hot import HotRebuilt, HotStatus
from recollect.memory.desks.upkeep import UpkeepStatus
from recollect.ports.hot_tier import Swept
from recollect.ports.model_registry import ModelState
from recollect.upkeep.job import JobReport

router = APIRouter(prefix="/v1", tags=["operation"])

ModelName = Annotated[str, Path(description="static, minilm or openai, or a model's id.", examples=["static"])]
OneUser = Annotated[str | None, Query(description="Only this user; every user if left out.", examples=["ana"])]


class ModelRequest(Actor):
    """A model whose vectors are to be kept beside those of the active one."""

    name: str = Field(examples=["static"])
    fill: bool = Field(True, description="Embed what is stored already.")


class ReembedRequest(Actor):
    """What is embedded anew."""

    name: str | None = Field(None, description="The model; the active one if left out.", examples=["static"])
    every: bool = Field(False, description="Also what has vectors of it.")


class SwitchRequest(Actor):
    """The model that is to answer from now on."""

    name: str = Field(examples=["static"])


class RunRequest(Body):
    """Which job is run now; all of them if none is named."""

    job: str | None = Field(None, examples=["sweep"])


class Count(Wire):
    """How many there were."""

    count: int


@router.get("/models", response_model=items_model(ModelState))
async def list_models(caller: Admin) -> Any:
    """Lists the tenant's embedding models and how full they are."""
    return {"items": await caller.memory.models.list()}


@router.post("/models", status_code=status.HTTP_201_CREATED, response_model=wire_model(ModelState))
async def add_model(caller: Admin, body: ModelRequest) -> Any:
    """Registers a model beside the active one, and fills it."""
    return await caller.memory.models.add(body.name, **body.given("name"))


@router.post("/models/reembed", response_model=Count)
async def reembed(caller: Admin, body: ReembedRequest) -> Any:
    """Embeds what has no vectors of a model."""
    return {"count": await caller.memory.models.reembed(**body.given())}


@router.post("/models/switch", response_model=wire_model(EmbeddingModel))
async def switch_model(caller: Admin, body: SwitchRequest) -> Any:
    """Makes a model the active one; the old one answers until the new one is full."""
    return await caller.memory.models.switch(body.name, **body.given("name"))


@router.delete("/models/{name:path}", response_model=Count)
async def drop_model(caller: Admin, name: ModelName) -> Any:
    """Drops a model that is not the active one, and its vectors."""
    return {"count": await caller.memory.models.drop(name)}


@router.get("/jobs", response_model=wire_model(UpkeepStatus))
async def list_jobs(caller: Admin) -> Any:
    """Lists the jobs of upkeep and how they have done in this process."""
    return await caller.memory.upkeep.status()


@router.post("/jobs/run", response_model=items_model(JobReport))
async def run_jobs(caller: Admin, body: RunRequest) -> Any:
    """Runs a job, or all of them, now."""
    return {"items": await caller.memory.upkeep.run(job=body.job)}


@router.get("/hot", response_model=wire_model(HotStatus))
async def hot_status(caller: Admin) -> Any:
    """Says how the hot tier is: what every turn loads."""
    return await caller.memory.hot.status()


@router.post("/hot/rebuild", response_model=wire_model(HotRebuilt))
async def rebuild_hot(caller: Admin, user_id: OneUser = None) -> Any:
    """Writes the hot tier's copies anew from the database."""
    return await caller.memory.hot.rebuild(user_id=user_id)


@router.post("/hot/sweep", response_model=wire_model(Swept))
async def sweep_hot(caller: Admin) -> Any:
    """Removes what has faded."""
    return await caller.memory.hot.sweep()


@router.get("/audit", response_model=wire_model(LogAudit))
async def verify_log(caller: Admin, user_id: OneUser = None) -> Any:
    """Proves the log's chain of hashes, and tells what was altered or is missing."""
    return await caller.memory.audit.verify(user_id=user_id)


@router.delete("/users", response_model=wire_model(Certificate, whole=True))
async def erase_user(caller: Admin, user_id: Annotated[str, Query(examples=["ana"])]) -> Any:
    """Destroys all that is stored of a user, for good; the answer is a signed certificate."""
    return await caller.memory.erase(user_id=user_id)
