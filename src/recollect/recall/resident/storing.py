"""Storing: the arrays of an index as one block of bytes, and back; numbers are read where they lie.

First a magic word, the checksum of all that follows and the length of a description, then the description as JSON, then
the arrays, each at a multiple of 64. A block that another version packed, or that is damaged, is refused, and whoever
wanted it reads the memories instead.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recollect.recall.resident.columns import CODES_DIGEST, RECORD
from recollect.recall.resident.reading import VERSION

_MAGIC: Final = b"RECOLLECT-ARRAYS"
_ALIGNED: Final = 64
_HEAD: Final = len(_MAGIC) + 8

Arrays = Mapping[str, npt.NDArray[Any]]
Names = Mapping[str, Sequence[str]]


class Unreadable(Exception):
    """The block is damaged, or of another version."""


def fingerprint(dimension: int, tokens: Sequence[str]) -> str:
    """Names how the arrays are laid out and how texts are read into them."""
    told = repr((VERSION, RECORD.descr, CODES_DIGEST, dimension, len(tokens), np.little_endian))
    return hashlib.sha256(told.encode()).hexdigest()


def packed(mark: str, arrays: Arrays, names: Names) -> bytes:
    """The block.

    Args:
        mark: the ``fingerprint``.
        arrays: by name.
        names: lists of texts, by name.
    """
    shapes: list[tuple[str, str, tuple[int, ...], int]] = []
    parts: list[bytes] = []
    place = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        content += bytes(-len(content) % _ALIGNED)
        shapes.append((name, array.dtype.str, array.shape, place))
        parts.append(content)
        place += len(content)
    told = json.dumps({"mark": mark, "arrays": shapes, "names": {key: list(given) for key, given in names.items()}})
    described = told.encode()
    described += b" " * (-(_HEAD + len(described)) % _ALIGNED)
    rest = b"".join((len(described).to_bytes(4, "little"), described, *parts))
    return b"".join((_MAGIC, zlib.crc32(rest).to_bytes(4, "little"), rest))


def unpacked(block: bytes, mark: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, list[str]]]:
    """The arrays, read-only, and the lists of texts.

    Raises:
        Unreadable: the block is damaged, or was packed with another mark.
    """
    whole = memoryview(block)
    if bytes(whole[: len(_MAGIC)]) != _MAGIC or len(block) < _HEAD:
        raise Unreadable("it is no block of arrays")
    checksum = int.from_bytes(whole[len(_MAGIC) : len(_MAGIC) + 4], "little")
    if zlib.crc32(whole[len(_MAGIC) + 4 :]) != checksum:
        raise Unreadable("its checksum is wrong")
    start = _HEAD + int.from_bytes(whole[_HEAD - 4 : _HEAD], "little")
    told = json.loads(bytes(whole[_HEAD:start]))
    if told["mark"] != mark:
        raise Unreadable("another version packed it")
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, kind, shape, place in told["arrays"]:
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(block, np.dtype(kind), count, start + place).reshape(shape)
    return arrays, told["names"]
