"""Audit: proof that nobody changed the log behind Recollect's back."""

import time

from recollect.domain.audit import LogAudit, StreamAudit
from recollect.domain.scope import Scope
from recollect.memory.arguments import scope_of
from recollect.memory.core import Core
from recollect.memory.recorded import recorded


class AuditDesk:
    """Walks the hash chains of the log. It reads without locks, so writers go on meanwhile."""

    AREA: str = "audit."

    def __init__(self, core: Core) -> None:
        self.core = core

    @recorded
    async def verify(self, *, user_id: str | None = None) -> LogAudit:
        """Walks a user's hash chain, or those of all the tenant's streams, and names the first break of each.

        Args:
            user_id: whose; None checks every user, every project and the tenant's own stream.

        Example:
            >>> (await memory.audit.verify(user_id="ben")).ok
            True
        """
        parts = await self.core.ready()
        started = time.perf_counter()
        if user_id is not None:
            reports = [await parts.log.audit(scope_of(parts.tenant_id, user_id, {}))]
            return _summed(reports, reports, started)
        broken: list[StreamAudit] = []
        streams = events = 0
        async for name in parts.log.streams(parts.tenant_id):
            report = await parts.log.audit(Scope(tenant_id=parts.tenant_id, user_id=name))
            streams, events = streams + 1, events + report.events
            if report.first_break is not None:
                broken.append(report)
        seconds = time.perf_counter() - started
        return LogAudit(streams=streams, events=events, seconds=seconds, reports=tuple(broken))


def _summed(checked: list[StreamAudit], reports: list[StreamAudit], started: float) -> LogAudit:
    return LogAudit(
        streams=len(checked),
        events=sum(report.events for report in checked),
        seconds=time.perf_counter() - started,
        reports=tuple(reports),
    )
