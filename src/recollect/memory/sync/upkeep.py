"""The synchronous face of ``recollect.memory.desks.upkeep``; made by tools/generate_sync.py, do not edit."""

from functools import partial

from recollect.memory.background import LOOP
from recollect.memory.desks.upkeep import UpkeepDesk, UpkeepStatus
from recollect.upkeep.job import JobReport


class SyncUpkeepDesk:
    """Jobs: ``sweep`` removes what has faded, ``reflect`` works off the queue of outcomes."""

    def __init__(self, inner: UpkeepDesk) -> None:
        self._inner = inner

    def run(self, *, job: str | None = None) -> tuple[JobReport, ...]:
        """Runs one job, or all of them, now, for all of the tenant's users.

        Args:
            job: its name; all jobs when it is not given.

        Returns:
            What each did. One that broke off says why in ``error``; what it did not do is done by a later run.

        Raises:
            ValidationError: there is no such job.

        Example:
            >>> [report.job for report in memory.upkeep.run()]
            ['sweep', 'reflect']
        """
        return LOOP.call(partial(self._inner.run, job=job))

    def status(self) -> UpkeepStatus:
        """Tells which jobs there are, how they have done in this process, and what waits.

        Example:
            >>> memory.upkeep.status().reflections["queued"]
            0
        """
        return LOOP.call(partial(self._inner.status))
