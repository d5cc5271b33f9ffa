"""Reading: what a row says, as passages, stems and word pieces with their counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import ROLE_NAMES, passages
from recollect.domain.words import stem_key, stems, word_key, words
from recollect.ports.index import IndexRow
from recollect.recall.resident.splits import Splits

VERSION: Final = 3
"""To be raised when the same text is read in another way: other stems, word pieces, passages or signs of time."""

Entries = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.uint16]]
"""Terms, passages and counts, ordered by passage."""


@dataclass(frozen=True, slots=True)
class Read:
    """The postings of new passages: ``words`` by stem key, ``pieces`` by id; ``lengths`` in stems, one a passage."""

    words: Entries
    pieces: Entries
    lengths: npt.NDArray[np.int32]


def content_hash(row: IndexRow) -> int:
    """A number that changes when what the row says does; the same in every process."""
    said = f"{row.speaker}\x1f{row.key}\x1f{row.text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "little", signed=True)


def passages_of(row: IndexRow) -> tuple[str, ...]:
    """The row's passages as they are matched: each led by who said it (questions name people) and the fact's key."""
    named = row.speaker and row.speaker.casefold() not in ROLE_NAMES
    lead = f"{row.speaker if named else ''} {attribute(row.key)}".strip()
    return tuple(f"{lead} {passage}" if lead else passage for passage in passages(row.text))


def attribute(key: str | None) -> str:
    """The words of a fact's key without its subject: ``user:job_title`` gives ``job title``."""
    return key.rpartition(":")[2].replace("_", " ").replace(".", " ") if key else ""


def entries(texts: Sequence[str], splits: Splits, first: int) -> Read:
    """Reads passages; the first one has the number ``first``."""
    said = [words(text) for text in texts]
    keys = [[key for word in text if (key := word_key(word)) >= 0] for text in said]
    return Read(
        words=_counted(keys, first),
        pieces=_counted(splits.of(said), first),
        lengths=np.array([len(found) for found in keys], np.int32),
    )


def stems_of_key(rows: Sequence[IndexRow], first: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The facts' keys and the stems of their words, and the slot of each; the first row's slot is ``first``.

    The names that a memory mentions stand with them, by their ``name_key``, which is negative.
    """
    terms = [({*stems(attribute(row.key)), row.key or ""} - {""}, slot) for slot, row in enumerate(rows, first)]
    found = [(stem_key(term), slot) for told, slot in terms for term in told]
    found += [(key, slot) for slot, row in enumerate(rows, first) for key in name_keys(row.entities)]
    found.sort(key=itemgetter(1))
    return np.array([key for key, _ in found], np.int64), np.array([slot for _, slot in found], np.int32)


def name_keys(names: Iterable[str]) -> set[int]:
    """The keys of names; dates and numbers are none."""
    said = (" ".join(words(name)) for name in names)
    return {name_key(name) for name in said if any(map(str.isalpha, name))}


def name_key(name: str) -> int:
    """A name's words, set apart by spaces and in lower case, as an integer below 0: no stem has such a key."""
    return -1 - stem_key(name)


def _counted(terms: Sequence[Sequence[int]], first: int) -> Entries:
    keys = np.array([term for found in terms for term in found], np.int64)
    owners = np.repeat(np.arange(first, first + len(terms), dtype=np.int32), [len(found) for found in terms])
    order = np.lexsort((keys, owners))
    keys, owners = keys[order], owners[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(keys)))
    return keys[starts], owners[starts], np.minimum(counts, 65_535).astype(np.uint16)
