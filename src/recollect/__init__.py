"""Memory for LLM agents: stored in milliseconds without a model, found again, kept in a log that can be replayed."""

# The names in the list are there as soon as they are asked for.
# pyright: reportUnsupportedDunderAll=false

from recollect.on_demand import __getattr__ as __getattr__

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
