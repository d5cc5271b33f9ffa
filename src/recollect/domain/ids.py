"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import os
import time
from uuid import UUID

from recollect.errors import ValidationError


def new_id() -> UUID:
    """Returns a fresh UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (2**62 - 1)
    return UUID(int=value)


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
    shown = repr(value)[:60]
    raise ValidationError(field, f"must be a UUID such as 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e, not {shown}")
