"""The runner: due jobs run, failures are counted and do not stop the others, closing ends everything."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from recollect.errors import ModelSwitched, StoreUnavailable, ValidationError
from recollect.upkeep.job import JobReport, Work
from recollect.upkeep.runner import Runner

WORK = cast(Work, object())


@dataclass
class Counting:
    """A job that counts, takes its time, and fails as often as it is told to."""

    name: str
    every: timedelta = timedelta(hours=1)
    fails: list[Exception] = field(default_factory=list[Exception])
    takes_s: float = 0.0
    ran: int = 0
    at_once: int = 0
    most_at_once: int = 0
    works: list[Any] = field(default_factory=list[Any])

    async def run(self, work: Work) -> JobReport:
        self.ran += 1
        self.works.append(work)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.at_once -= 1
        if self.fails:
            raise self.fails.pop(0)
        return JobReport(processed=2, errors=1)


async def nothing() -> None:
    return None


def runner_of(*jobs: Counting) -> Runner:
    runner = Runner(jobs)
    runner.serve(WORK, nothing)
    return runner


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - it waits for what has no event
            await asyncio.sleep(0.005)


@pytest.mark.anyio
async def test_run_runs_all_or_one_and_reports():
    one, two = Counting("one"), Counting("two")
    runner = runner_of(one, two)
    reports = await runner.run()
    assert [(report.job, report.processed, report.errors, report.error) for report in reports] == [
        ("one", 2, 1, None),
        ("two", 2, 1, None),
    ]
    assert all(report.ms >= 0 for report in reports)
    (report,) = await runner.run("two")
    assert (report.job, one.ran, two.ran) == ("two", 1, 2)
    with pytest.raises(ValidationError, match="one, two"):
        await runner.run("three")
    assert [(status.runs, status.processed, status.errors) for status in runner.status()] == [(1, 2, 1), (2, 4, 2)]
    assert runner.status()[0].next_in_s is None


@pytest.mark.anyio
async def test_a_job_that_breaks_off_is_counted_and_the_others_go_on(caplog: pytest.LogCaptureFixture):
    broken, fine = Counting("broken", fails=[StoreUnavailable("away"), ZeroDivisionError("x")]), Counting("fine")
    runner = runner_of(broken, fine)
    with caplog.at_level(logging.WARNING):
        first, second = await runner.run()
    assert (first.error, second.error) == ("StoreUnavailable: away", None)
    assert "broken broke off" in caplog.text
    (again,) = await runner.run("broken")
    assert again.error == "ZeroDivisionError: x"
    (status, _) = runner.status()
    assert (status.runs, status.failures, status.last_error) == (2, 2, "ZeroDivisionError: x")
    await runner.run("broken")
    assert runner.status()[0].last_error is None


@pytest.mark.anyio
async def test_never_two_of_the_same_at_once():
    job = Counting("slow", takes_s=0.02)
    runner = runner_of(job)
    await asyncio.gather(*(runner.run("slow") for _ in range(4)))
    assert (job.ran, job.most_at_once) == (4, 1)


@pytest.mark.anyio
async def test_a_started_runner_runs_what_is_due_or_woken_until_it_is_closed():
    often, rarely = Counting("often", every=timedelta(milliseconds=5)), Counting("rarely")
    runner = runner_of(often, rarely)
    runner.start()
    await until(lambda: often.ran >= 3)
    assert rarely.ran == 0
    runner.wake("rarely")
    await until(lambda: rarely.ran == 1)
    assert runner.started
    await runner.close()
    ran = often.ran
    runner.wake("rarely")
    await asyncio.sleep(0.03)
    assert (often.ran, rarely.ran, runner.started) == (ran, 1, False)
    await runner.close()


@pytest.mark.anyio
async def test_closing_lets_a_short_job_finish():
    job = Counting("short", every=timedelta(milliseconds=1), takes_s=0.1)
    runner = runner_of(job)
    runner.start()
    await until(lambda: job.at_once == 1)
    await runner.close()
    assert (job.at_once, job.ran, runner.status()[0].processed) == (0, 1, 2)


@pytest.mark.anyio
async def test_closing_ends_a_job_in_the_middle():
    job = Counting("slow", every=timedelta(milliseconds=1), takes_s=60)
    runner = runner_of(job)
    runner.start()
    await until(lambda: job.at_once == 1)
    async with asyncio.timeout(3):
        await runner.close()
    assert (job.at_once, runner.status()[0].processed) == (0, 0)


@pytest.mark.anyio
async def test_a_failing_job_is_tried_more_and_more_rarely():
    job = Counting("broken", every=timedelta(seconds=1), fails=[StoreUnavailable("away") for _ in range(9)])
    runner = runner_of(job)
    runner.start()
    waits: list[float] = []
    for _ in range(9):
        await runner.run()
        waits.append(runner.status()[0].next_in_s or 0)
    await runner.close()
    assert [round(wait) for wait in waits] == [2, 4, 8, 16, 32, 32, 32, 32, 32]


@pytest.mark.anyio
async def test_a_switched_model_is_followed():
    job = Counting("job", fails=[ModelSwitched("another")])
    runner, new = Runner([job]), cast(Work, object())

    async def rewired() -> None:
        runner.serve(new, rewired)

    runner.serve(WORK, rewired)
    (report,) = await runner.run()
    assert report.error is None
    assert job.works == [WORK, new]
