"""Lists of UUIDs in the binary form of ``uuid[]``: sending ids one by one takes psycopg longer than fetching them."""

import struct
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from psycopg import pq
from psycopg.adapt import Dumper

_UUID: Final = 2950
_UUIDS: Final = 2951
"""The types' numbers, the same in every Postgres."""
_EMPTY: Final = struct.pack("!iii", 0, 0, _UUID)
_LENGTH: Final = struct.pack("!i", 16)


class Uuids(list[UUID]):
    """Ids as one parameter of a statement."""

    __slots__ = ()

    @classmethod
    def of(cls, ids: Iterable[UUID]) -> "Uuids":
        """The ids, each once, in order."""
        return cls(dict.fromkeys(ids))


class UuidsDumper(Dumper):
    """Sends an array of one dimension: its head, then each id's length and bytes."""

    format = pq.Format.BINARY
    oid = _UUIDS

    def dump(self, obj: Uuids) -> bytes:
        """The bytes to send."""
        if not obj:
            return _EMPTY
        head = struct.pack("!iiiii", 1, 0, _UUID, len(obj), 1)
        return head + b"".join([_LENGTH + one.bytes for one in obj])
