"""Reading: what a row says, as passages, stems and word pieces with their counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recollect.domain.chunking import ROLE_NAMES, passages
from recollect.domain.words import stem_key, stems, word_key, words
from recollect.ports.index import IndexRow
from recollect.recall.resident.splits import Splits

Entries = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.uint16]]
"""Terms, passages and counts, ordered by passage."""


@dataclass(frozen=True, slots=True)
class Read:
    """The postings of new passages: ``words`` by stem key, ``pieces`` by id; ``lengths`` in stems, one a passage."""

    words: Entries
    pieces: Entries
    lengths: npt.NDArray[np.int32]


def content_hash(row: IndexRow) -> int:
    """A number that changes when what the row says does; good within this process only."""
    return hash((row.text, row.speaker, row.key))


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
    """The facts' keys and the stems of their words, and the slot of each; the first row's slot is ``first``."""
    terms = [({*stems(attribute(row.key)), row.key or ""} - {""}, slot) for slot, row in enumerate(rows, first)]
    found = [(stem_key(term), slot) for told, slot in terms for term in told]
    return np.array([key for key, _ in found], np.int64), np.array([slot for _, slot in found], np.int32)


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
