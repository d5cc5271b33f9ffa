"""Telling: what whoever watches hears of a call that has ended: how it went, and what its answer says of itself."""

from collections import Counter
from collections.abc import Mapping

from recollect.domain.packet import Packet
from recollect.domain.receipt import Receipt
from recollect.domain.search import SearchResult
from recollect.memory.parts import Parts
from recollect.ports.access_log import AccessEntry
from recollect.ports.telemetry import Call

NO_ITEMS: Mapping[str, int] = {}


def begin(parts: Parts, method: str) -> object:
    """Tells that a call begins, if anybody listens; what is returned is for ``end``."""
    return parts.telemetry.began(method) if parts.telemetry.listening else None


def end(parts: Parts, begun: object, entry: AccessEntry, ended: float, answer: object) -> None:
    """Tells that it has ended, if anybody listens.

    Args:
        parts: whose ``telemetry`` is told.
        begun: what ``begin`` returned.
        entry: the call, as the access log has it.
        ended: when, by ``time.perf_counter``.
        answer: what it returned; None when it raised.
    """
    if not parts.telemetry.listening:
        return
    parts.telemetry.ended(
        begun,
        Call(
            method=entry.method,
            outcome=entry.outcome,
            tenant_id=entry.tenant_id,
            user_id=entry.user_id,
            started=ended - entry.ms / 1000,
            ended=ended,
            items=_items(answer),
            degraded=isinstance(answer, Receipt | SearchResult | Packet) and bool(answer.degraded),
        ),
    )


def _items(answer: object) -> Mapping[str, int]:
    """How many items have each outcome, if it is a receipt."""
    return Counter(item.outcome.value for item in answer.items) if isinstance(answer, Receipt) else NO_ITEMS
