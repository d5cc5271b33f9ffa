"""Status: how a memory is, at a glance."""

from dataclasses import dataclass

from recollect.ports.store import StoreStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryStatus:
    """How a memory is: its store, its embedder and what it holds in the process.

    Attributes:
        store: the database. embedder: the model's name. dimension: of its vectors.
        resident_users, resident_bytes: the indexes held in this process.
    """

    store: StoreStatus
    embedder: str
    dimension: int
    resident_users: int
    resident_bytes: int
