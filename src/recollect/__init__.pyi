"""What ``recollect`` offers, for type checkers; ``on_demand.py`` imports it when it is asked for."""

from recollect.client import AsyncMemory, Memory
from recollect.domain.packet import Packet
from recollect.domain.receipt import Outcome, Receipt
from recollect.domain.record import MemoryType, SourceType, Status, Tier
from recollect.domain.search import Hit, SearchResult
from recollect.errors import RecollectError

__all__ = [
    "AsyncMemory",
    "Hit",
    "Memory",
    "MemoryType",
    "Outcome",
    "Packet",
    "Receipt",
    "RecollectError",
    "SearchResult",
    "SourceType",
    "Status",
    "Tier",
]
