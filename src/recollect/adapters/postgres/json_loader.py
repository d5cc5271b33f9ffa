"""Reads ``jsonb`` in its binary form; most values are an empty list or object, which take no parsing.

What psycopg does by itself guesses the encoding of every value first; Postgres sends UTF-8 here.
"""

import json
from typing import Any, Final

from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

_EMPTY_LIST: Final = b"\x01[]"
_EMPTY_OBJECT: Final = b"\x01{}"
"""With the one byte before them that names the format's version."""


class JsonbLoader(Loader):
    """From the bytes of a binary ``jsonb`` to Python's values."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Any:
        """The value."""
        if data == _EMPTY_LIST:
            return []
        if data == _EMPTY_OBJECT:
            return {}
        return json.loads(str(data[1:], "utf-8"))
