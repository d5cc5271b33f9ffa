"""Upkeeping: the jobs that run when nobody asks, on the parts of an open facade."""

from recollect.memory.parts import Parts
from recollect.memory.rights import Guard, guard
from recollect.ports.telemetry import SILENT, Telemetry
from recollect.upkeep.job import Work
from recollect.upkeep.jobs import JOBS
from recollect.upkeep.runner import Runner


def new_upkeep(telemetry: Telemetry = SILENT) -> Runner:
    """The jobs of one facade, with nothing to work with yet; ``telemetry`` is told of each run."""
    return Runner(JOBS, telemetry)


def serve_upkeep(parts: Parts) -> None:
    """Lets the jobs work with these parts from now on: those of the tenant's active embedding model."""

    async def guarded(user_id: str) -> Guard:
        return await guard(parts, user_id, "reflect")

    work = Work(
        tenant_id=parts.tenant_id,
        store=parts.store,
        hot=parts.hot,
        embedder=parts.embedder,
        clock=parts.clock,
        guard=guarded,
    )
    parts.upkeep.serve(work, parts.rewired)


def start_upkeep(parts: Parts) -> Runner:
    """Begins to run the jobs by themselves; ``close`` of what is returned ends that."""
    parts.upkeep.start()
    return parts.upkeep
