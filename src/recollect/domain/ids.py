"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from recollect.domain.shown import shown
from recollect.errors import ValidationError


class _Ticks:
    """Milliseconds and their 4096ths since 1970, 60 bits; never the same twice in one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        nanoseconds = time.time_ns()
        milliseconds, rest = divmod(nanoseconds, 1_000_000)
        with self._lock:
            self._last = max(self._last + 1, milliseconds << 12 | rest * 4096 // 1_000_000)
            return self._last


_ticks = _Ticks()


def new_id() -> UUID:
    """Returns a fresh UUIDv7, greater than every one this process made before.

    48 bits of milliseconds and 12 of their fraction (RFC 9562, section 6.2, method 3), then 62 random bits.
    """
    milliseconds, fraction = divmod(_ticks.next(), 4096)
    random = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def parse_id(field: str, value: object) -> UUID:
    """Returns ``value`` as a UUID.

    Raises:
        ValidationError: naming ``field``, if it is neither a UUID nor its text form.
    """
    if isinstance(value, UUID):
        return value
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            pass
    raise ValidationError(field, f"must be a UUID such as 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e, not {shown(value)}")


def ids_among(references: Iterable[str]) -> tuple[UUID, ...]:
    """The ids among the references of an evidence; a caller's own ids of messages may be anything."""
    found: list[UUID] = []
    for reference in references:
        with suppress(ValueError):
            found.append(UUID(reference))
    return tuple(found)
