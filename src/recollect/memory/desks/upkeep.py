"""Upkeep: what is done when nobody asks, done now, and how it has gone."""

from collections.abc import Mapping
from dataclasses import dataclass

from recollect.memory.core import Core
from recollect.memory.recorded import recorded
from recollect.upkeep.job import JobReport, JobStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepStatus:
    """How upkeep stands.

    Attributes:
        on: whether jobs run by themselves in this process.
        jobs: each job, and how it has done in this process.
        reflections: how many outcomes are ``queued`` and how many ``failed``, of all the tenant's users.
        oldest_s: for how many seconds the oldest of the queued ones has been waiting; 0 when none is.
    """

    on: bool
    jobs: tuple[JobStatus, ...]
    reflections: Mapping[str, int]
    oldest_s: float


class UpkeepDesk:
    """Jobs: ``sweep`` removes what has faded, ``reflect`` works off the queue of outcomes."""

    AREA: str = "upkeep."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def run(self, *, job: str | None = None) -> tuple[JobReport, ...]:
        """Runs one job, or all of them, now, for all of the tenant's users.

        Args:
            job: its name; all jobs when it is not given.

        Returns:
            What each did. One that broke off says why in ``error``; what it did not do is done by a later run.

        Raises:
            ValidationError: there is no such job.

        Example:
            >>> [report.job for report in await memory.upkeep.run()]
            ['sweep', 'reflect']
        """
        parts = await self.core.ready()
        return await parts.upkeep.run(job)

    @recorded
    async def status(self) -> UpkeepStatus:
        """Tells which jobs there are, how they have done in this process, and what waits.

        Example:
            >>> (await memory.upkeep.status()).reflections["queued"]
            0
        """
        parts = await self.core.ready()
        queue = await parts.store.reflection_queue(parts.tenant_id)
        waits = 0.0 if queue.oldest_at is None else max(0.0, (parts.clock.now() - queue.oldest_at).total_seconds())
        return UpkeepStatus(
            on=parts.upkeep.started,
            jobs=parts.upkeep.status(),
            reflections={"queued": queue.queued, "failed": queue.failed},
            oldest_s=waits,
        )
