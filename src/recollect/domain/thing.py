"""Thing: what a change of state may be about, beside a memory: anything with an id that the log can name."""

from typing import ClassVar, Protocol, runtime_checkable
from uuid import UUID, uuid5

NAMESPACE = UUID("7ec0113c-7000-4000-8000-000000000001")
"""Under which things that have names instead of UUIDs get one."""


@runtime_checkable
class Thing(Protocol):
    """An immutable dataclass of the domain whose fields are the columns of a table.

    Attributes:
        KIND: its name in the log's payloads, and its table's name.
        KEY: the fields that identify it within its tenant (and, where it has one, its user).
    """

    KIND: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]


def subject_id(thing: Thing) -> UUID:
    """The id under which the log speaks of the thing: its own, or one made from what identifies it."""
    key = tuple(getattr(thing, name) for name in thing.KEY)
    if len(key) == 1 and isinstance(key[0], UUID):
        return key[0]
    return uuid5(NAMESPACE, "\x1f".join([thing.KIND, *map(str, key)]))
