"""The worker: runs the upkeep of all tenants in one process, until it is told to end."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from recollect.bootstrap import knows_owner, tenants_of
from recollect.bootstrap.service import Service
from recollect.bootstrap.watching import start_logs
from recollect.doors.worker.metrics import metrics_served
from recollect.errors import RecollectError
from recollect.ports.redaction import Redacted
from recollect.settings import Settings
from recollect.upkeep.job import JobReport

LOOK_EVERY_S = 60.0
"""How often it looks whether there are new tenants."""

_log = logging.getLogger("recollect.worker")


def main(
    settings: Settings,
    *,
    tenants: Sequence[str] = (),
    once: bool = False,
    metrics_port: int | None = None,
    log_level: str | None = None,
    as_json: bool = False,
) -> int:
    """Runs until SIGTERM or SIGINT, or with ``once`` each job once; returns the exit code.

    Args:
        settings: as for any process; upkeep is on whatever they say.
        tenants: whose upkeep; all that there are if the database's owner is known, else the settings' own.
        once: run every job once and end; 1 if one broke off.
        metrics_port: where Prometheus asks, on loopback; None for nowhere.
        log_level: of the lines on standard error; the settings' own by default.
        as_json: print reports as JSON lines.
    """
    start_logs(settings, log_level)
    worker = Worker(settings.model_copy(update={"upkeep": True}), tenants, metrics_port)
    if once:
        return _told(asyncio.run(worker.run_once()), as_json=as_json)
    asyncio.run(worker.run_until_told())
    return 0


class Worker:
    """The upkeep of several tenants over one service."""

    def __init__(self, settings: Settings, tenants: Sequence[str], metrics_port: int | None = None) -> None:
        self._settings = settings
        self._named = tuple(dict.fromkeys(tenants))
        self._metrics_port = metrics_port
        self._served: dict[str, None] = {}

    async def run_once(self) -> dict[str, tuple[JobReport, ...]]:
        """Every job of every tenant, once; its report by tenant."""
        quiet = self._settings.model_copy(update={"upkeep": False})
        service = await Service.open(quiet)
        try:
            return {one: await _run(service, one) for one in await self._tenants()}
        finally:
            await service.aclose()

    async def run_until_told(self) -> None:
        """Serves every tenant, also those that come later, until SIGTERM or SIGINT."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, ended.set)
        service = await Service.open(self._settings)
        try:
            with metrics_served(service.telemetry, self._metrics_port):
                while not ended.is_set():
                    await self._serve_new(service)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(ended.wait(), LOOK_EVERY_S)
            _log.info("ending, after the jobs that run")
        finally:
            await service.aclose()

    async def _serve_new(self, service: Service) -> None:
        """Opens the tenants that are not served yet; with that their jobs begin to run by themselves."""
        before = len(self._served)
        try:
            found = [one for one in await self._tenants() if one not in self._served]
        except RecollectError as error:
            _log.warning("cannot look for new tenants: %s", Redacted(error))
            return
        for one in found:
            try:
                await service.of_tenant(one).open()
                self._served[one] = None
            except RecollectError as error:  # the others must go on; it is tried again in a minute
                _log.warning("cannot look after a tenant: %s", Redacted(error))
        if len(self._served) > before:
            _log.info("tenants looked after: %d, new among them: %d", len(self._served), len(self._served) - before)

    async def _tenants(self) -> Sequence[str]:
        if self._named:
            return self._named
        own = self._settings.tenant_id
        if not knows_owner(self._settings):
            return (own,)
        return tuple(dict.fromkeys([own, *await asyncio.to_thread(tenants_of, self._settings)]))


async def _run(service: Service, tenant_id: str) -> tuple[JobReport, ...]:
    """Every job of one tenant; the others go on when it cannot even be opened, as when its model is missing here."""
    try:
        return await service.of_tenant(tenant_id).upkeep.run()
    except RecollectError as error:
        return (JobReport(job="open", errors=1, error=f"{type(error).__name__}: {error}"),)


def _told(reports: dict[str, tuple[JobReport, ...]], *, as_json: bool) -> int:
    """Prints what each job did, a line each; 1 if one broke off."""
    broken = False
    for tenant, done in reports.items():
        for one in done:
            broken = broken or one.error is not None
            entry = {"tenant": tenant, "job": one.job, "done": one.processed, "errors": one.errors, "error": one.error}
            why = f", broke off: {one.error}" if one.error else ""
            line = f"{tenant}: {one.job}: {one.processed} done, {one.errors} errors{why}"
            sys.stdout.write((json.dumps(entry) if as_json else line) + "\n")
    return int(broken)
