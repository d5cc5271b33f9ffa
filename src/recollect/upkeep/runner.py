"""Runner: one task that runs each job when it is due, for as long as a facade is open.

Jobs run one after the other, and none of them twice at once in one runner. Correctness does not rest on that: several
processes have runners of their own, and each job takes the user's lock for whatever it changes. Nothing here is needed
for an answer to be right: what a job would have done waits, durably, for the next one.
"""

import asyncio
import contextvars
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from recollect.domain.reflection import ReflectionQueue
from recollect.errors import ModelSwitched, RecollectError, UsageError, ValidationError
from recollect.ports.redaction import Redacted
from recollect.ports.telemetry import SILENT, JobRun, Readings, Telemetry
from recollect.upkeep.job import Job, JobReport, JobStatus, Work

LONGEST_FACTOR = 32
"""A job that breaks off again and again runs this much more rarely, at most."""
GRACE_S = 1.0
"""How long closing waits for a job that runs."""
COUNT_EVERY_S = 15.0
"""How often the queue is counted for whoever watches."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Record:
    """A job, and how it has done so far."""

    job: Job
    due: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    runs: int = 0
    failures: int = 0
    failed_in_a_row: int = 0
    processed: int = 0
    errors: int = 0
    last: JobReport | None = None
    last_run_at: datetime | None = None

    def note(self, report: JobReport) -> None:
        """Counts a run and says when the next is due."""
        broke_off = report.error is not None
        self.runs += 1
        self.failures += broke_off
        self.failed_in_a_row = self.failed_in_a_row + 1 if broke_off else 0
        self.processed += report.processed
        self.errors += report.errors
        self.last = report
        self.last_run_at = datetime.now(UTC)
        factor = min(2**self.failed_in_a_row, LONGEST_FACTOR)
        self.due = time.monotonic() + self.job.every.total_seconds() * factor


class Runner:
    """Runs jobs; ``serve`` says on what, ``start`` begins to run them by itself, ``close`` ends that.

    Args:
        jobs: which ones, in the order in which they run. telemetry: is told of each run.
    """

    def __init__(self, jobs: Sequence[Job], telemetry: Telemetry = SILENT) -> None:
        self._records = {job.name: _Record(job) for job in jobs}
        self._work: Work | None = None
        self._rewired: Callable[[], Awaitable[object]] | None = None
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._telemetry = telemetry
        self._queue = ReflectionQueue()
        self._count_at = 0.0

    @property
    def started(self) -> bool:
        """Whether jobs run by themselves."""
        return self._task is not None

    def serve(self, work: Work, rewired: Callable[[], Awaitable[object]]) -> None:
        """Says what the jobs work with from now on.

        Args:
            work: the parts.
            rewired: awaited when the tenant's embedding model was switched; it calls ``serve`` with the new parts.
        """
        self._work, self._rewired = work, rewired

    def start(self) -> None:
        """Begins to run jobs when they are due, each for the first time after its own interval."""
        if self._task is None:
            self._closing = False
            now = time.monotonic()
            for record in self._records.values():
                record.due = now + record.job.every.total_seconds()
            self._telemetry.watch(self.readings)
            # A context of its own: the caller's counts round trips, and would count this task's for ever.
            self._task = asyncio.get_running_loop().create_task(
                self._run_due(), name="recollect upkeep", context=contextvars.Context()
            )

    async def close(self) -> None:
        """Stops after the job that runs; one that takes longer is broken off, and what it was at is done later."""
        if self._task is None:
            return
        task, self._task = self._task, None
        self._closing = True
        self._telemetry.unwatch(self.readings)
        self._woken.set()
        ended, _ = await asyncio.wait({task}, timeout=GRACE_S)
        if not ended:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    def wake(self, name: str) -> None:
        """Makes a job due now, because there is something for it to do."""
        self._records[name].due = 0.0
        self._woken.set()

    async def run(self, name: str | None = None) -> tuple[JobReport, ...]:
        """Runs one job, or all of them, now; a run that is under way is waited for and followed by another.

        Raises:
            ValidationError: there is no such job.
        """
        if name is not None and name not in self._records:
            raise ValidationError("job", f"must be one of {', '.join(self._records)}, not {repr(name)[:60]}")
        chosen = list(self._records.values()) if name is None else [self._records[name]]
        return tuple([await self._run(record) for record in chosen])

    def status(self) -> tuple[JobStatus, ...]:
        """How each job has done so far."""
        return tuple(map(self._status, self._records.values()))

    def readings(self) -> Readings:
        """How the queue stood when it was last counted, and for how long its oldest waits by now."""
        oldest = self._queue.oldest_at
        now = datetime.now(UTC) if self._work is None else self._work.clock.now()
        waits = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
        return Readings(queued=self._queue.queued, failed=self._queue.failed, oldest_s=waits)

    async def _count(self) -> None:
        """Counts the queue from time to time, if anybody wants to know."""
        if not self._telemetry.listening or self._work is None or time.monotonic() < self._count_at:
            return
        self._count_at = time.monotonic() + COUNT_EVERY_S
        with suppress(RecollectError):  # the jobs tell loudly enough that the database is away
            self._queue = await self._work.store.reflection_queue(self._work.tenant_id)

    async def _run_due(self) -> None:
        while not self._closing:
            self._woken.clear()
            await self._count()
            for record in self._records.values():
                if record.due <= time.monotonic() and not self._closing:
                    await self._run(record)
            pause = min(record.due for record in self._records.values()) - time.monotonic()
            if not self._closing:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), max(pause, 0.0))

    async def _run(self, record: _Record) -> JobReport:
        async with record.lock:
            started, late_s = time.perf_counter(), max(0.0, time.monotonic() - record.due) if record.due else 0.0
            try:
                report = await self._attempt(record.job)
            except Exception as error:  # noqa: BLE001 - the others must go on: logged and counted
                _log.warning("upkeep: %s broke off: %s", record.job.name, Redacted(error))
                report = JobReport(errors=1, error=f"{type(error).__name__}: {error}")
            report = replace(report, job=record.job.name, ms=(time.perf_counter() - started) * 1000)
            record.note(report)
            self._tell(report, late_s)
        return report

    def _tell(self, report: JobReport, late_s: float) -> None:
        if self._telemetry.listening:
            run = JobRun(
                job=report.job,
                processed=report.processed,
                errors=report.errors,
                broke_off=report.error is not None,
                late_s=late_s,
                seconds=report.ms / 1000,
            )
            self._telemetry.ran(run)

    async def _attempt(self, job: Job) -> JobReport:
        if self._work is None or self._rewired is None:
            raise UsageError("upkeep has nothing to work with yet")
        try:
            return await job.run(self._work)
        except ModelSwitched:
            await self._rewired()
            return await job.run(self._work)

    def _status(self, record: _Record) -> JobStatus:
        last = record.last
        return JobStatus(
            name=record.job.name,
            every_s=record.job.every.total_seconds(),
            running=record.lock.locked(),
            runs=record.runs,
            failures=record.failures,
            processed=record.processed,
            errors=record.errors,
            last_run_at=record.last_run_at,
            last_ms=None if last is None else last.ms,
            last_error=None if last is None else last.error,
            next_in_s=max(record.due - time.monotonic(), 0.0) if self.started else None,
        )
