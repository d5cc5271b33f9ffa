"""Packing: all that ranking reads of one memory as bytes, and many of them as the arrays of a snapshot again.

A search reads some hundred memories; read from their texts anew they would cost a tenth of a millisecond each.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.ports.index import IndexRow
from recollect.recall.resident.columns import NO_CODE, RECORD, Codes, Vocabulary, audience_name, record_of
from recollect.recall.resident.postings import Postings
from recollect.recall.resident.reading import VERSION, Read, stems_of_key
from recollect.recall.resident.records import Records
from recollect.recall.resident.small_vectors import small
from recollect.recall.resident.snapshot import Snapshot

READER: Final = f"{VERSION}-{hashlib.sha256(repr(RECORD.descr).encode()).hexdigest()[:12]}"
"""Names the way in which memories are read and packed."""

_SIZES: Final = np.dtype([(name, "<u4") for name in ("passages", "words", "pieces", "facts", "vectors", "names")])
_NAMED: Final = ("conversation", "agent", "project", "source", "author", "channel", "audience", "speaker")
"""Fields of a record that stand for a text, whose numbers hold within one snapshot only."""
_HEAD: Final = _SIZES.itemsize + RECORD.itemsize
_SURE: Final = "+"
_PERHAPS: Final = "?"
"""Stands before the name of whoever a fact is about: he counts as its speaker if he speaks at all."""


class _Section(NamedTuple):
    """A stretch of a memory's bytes: which size tells how many entries it has, and of what type they are."""

    size: str
    type: np.dtype[Any]


_SECTIONS: Final = (
    _Section("passages", np.dtype("<i4")),  # lengths in stems
    _Section("words", np.dtype("<i8")),  # stem keys
    _Section("words", np.dtype("<i4")),  # the passages they stand in, counted within the memory
    _Section("words", np.dtype("<u2")),  # how often
    _Section("pieces", np.dtype("<i4")),  # word pieces, the same
    _Section("pieces", np.dtype("<i4")),
    _Section("pieces", np.dtype("<u2")),
    _Section("facts", np.dtype("<i8")),  # stem keys
    _Section("vectors", np.dtype("<f4")),  # scales
)


def packed(rows: Sequence[IndexRow], read: Read, passages: Sequence[int]) -> list[bytes]:
    """Packs memories.

    Args:
        rows: the memories.
        read: their passages, one after the other.
        passages: how many each has.
    """
    first = np.concatenate([[0], np.cumsum(passages)]).astype(np.int64)
    words, pieces = (list(_split(entries, first)) for entries in (read.words, read.pieces))
    keys, owners = stems_of_key(rows, 0)  # ordered by memory
    facts = np.split(keys, np.searchsorted(owners, np.arange(1, len(rows))))
    codes = Vocabulary(Codes(), Codes(), Codes(), Codes())
    return [
        _one(row, codes, (read.lengths[first[place] : first[place + 1]], *words[place], *pieces[place], facts[place]))
        for place, row in enumerate(rows)
    ]


def unpacked(memories: Mapping[UUID, bytes], before: Mapping[UUID, UUID], empty: Snapshot) -> Snapshot:
    """The memories as a snapshot.

    Args:
        memories: what ``packed`` gave of each.
        before: which turn was said just before which.
        empty: a snapshot without memories, whose other fields are kept.
    """
    ids = sorted(memories, key=lambda one: one.int)
    blobs = [memories[one] for one in ids]
    heads = np.frombuffer(b"".join(blob[:_HEAD] for blob in blobs), np.dtype([("sizes", _SIZES), ("record", RECORD)]))
    sizes, table = heads["sizes"], heads["record"].copy()
    ends = _ends(sizes, empty.vectors.shape[1])
    columns = [_joined(blobs, ends[place], section.type) for place, section in enumerate(_SECTIONS)]
    lengths, stems, stem_passages, stem_counts, pieces, piece_passages, piece_counts, facts, scales = columns
    slots = np.arange(len(ids), dtype=np.int32)
    passage = np.cumsum(sizes["passages"]) - sizes["passages"]  # each memory's first one
    vectors = _joined(blobs, ends[-2], np.dtype(np.int8)).reshape(len(scales), -1)
    table["vector_count"] = sizes["vectors"]
    table["vector_start"] = np.cumsum(sizes["vectors"]) - sizes["vectors"]
    speaking = (empty.corpus.speakers if empty.corpus is not None else None) or ()
    codes = _named(blobs, ends[-1], table, speaking)
    slot_of = {one: slot for slot, one in enumerate(ids)}
    earlier = [NO_CODE if said is None else slot_of.get(said, NO_CODE) for said in map(before.get, ids)]
    return replace(
        empty,
        records=Records({name: np.ascontiguousarray(table[name]) for name in RECORD.names or ()}),
        previous=np.array(earlier, np.int32),
        passage_slot=np.repeat(slots, sizes["passages"]),
        passage_length=lengths.astype(np.int32),
        words=_postings(stems, stem_passages + np.repeat(passage, sizes["words"]), stem_counts),
        pieces=_postings(pieces, piece_passages + np.repeat(passage, sizes["pieces"]), piece_counts),
        facts=_postings(facts, np.repeat(slots, sizes["facts"]), np.ones(len(facts), np.uint16)),
        vectors=vectors if len(scales) else empty.vectors,
        vector_scale=scales.astype(np.float32),
        vector_slot=np.repeat(slots, sizes["vectors"]),
        conversations=codes.conversations,
        scopes=codes.scopes,
        speakers=codes.speakers,
        audiences=codes.audiences,
    )


def _split(
    entries: tuple[npt.NDArray[Any], ...], first: npt.NDArray[np.int64]
) -> Iterator[tuple[npt.NDArray[Any], ...]]:
    """Entries ordered by passage, as those of each memory, with the passages counted within it."""
    terms, owners, counts = entries
    bounds = pairwise(np.searchsorted(owners, first).tolist())
    for (start, end), offset in zip(bounds, first.tolist(), strict=False):
        yield terms[start:end], owners[start:end] - offset, counts[start:end]


def _one(row: IndexRow, known: Vocabulary, columns: Sequence[Any]) -> bytes:
    codes, scales = small(row.vectors) if len(row.vectors) else (np.zeros((0, 0), np.int8), np.zeros(0, np.float32))
    names = _names(row)
    sizes = np.zeros(1, _SIZES)
    for section, column in zip(_SECTIONS, (*columns, scales), strict=True):
        sizes[section.size] = len(column)
    sizes["names"] = len(names)
    record = np.array([record_of(row, 0, known)], RECORD)
    sections = [
        np.asarray(column, section.type).tobytes()
        for section, column in zip(_SECTIONS, (*columns, scales), strict=True)
    ]
    return b"".join([sizes.tobytes(), record.tobytes(), *sections, codes.tobytes(), names])


def _names(row: IndexRow) -> bytes:
    """The texts of ``_NAMED``: each with a sign before it, nothing for none; Postgres has no text with NUL in it."""
    given = (
        row.conversation_id,
        row.agent_id,
        row.project_id,
        row.source_id,
        row.author_id,
        row.channel_id,
        audience_name(row.audience),
        row.speaker,
    )
    texts = ["" if name is None else _SURE + name for name in given]
    if row.speaker is None and row.key is not None:
        subject = row.key.partition(":")[0]
        texts[-1] = _SURE + subject if subject == "user" else _PERHAPS + subject.title()
    return "\x00".join(texts).encode()


def _ends(sizes: npt.NDArray[np.void], dimension: int) -> list[tuple[list[int], list[int]]]:
    """Where each section of each memory begins and ends; the last two are its vectors and its names."""
    start = np.full(len(sizes), _HEAD, np.int64)
    found: list[tuple[list[int], list[int]]] = []
    lengths = [sizes[section.size].astype(np.int64) * section.type.itemsize for section in _SECTIONS]
    for length in (*lengths, sizes["vectors"].astype(np.int64) * dimension, sizes["names"].astype(np.int64)):
        found.append((start.tolist(), (start + length).tolist()))
        start = start + length
    return found


def _joined(blobs: Sequence[bytes], ends: tuple[list[int], list[int]], kind: np.dtype[Any]) -> npt.NDArray[Any]:
    return np.frombuffer(b"".join(b[start:end] for b, start, end in zip(blobs, *ends, strict=True)), kind)


def _named(
    blobs: Sequence[bytes], ends: tuple[list[int], list[int]], table: npt.NDArray[np.void], speaking: Sequence[str]
) -> Vocabulary:
    """Gives the texts numbers, first those who speak anywhere at all, and writes these into the records."""
    codes = Vocabulary(Codes(), Codes(), Codes(), Codes())
    for name in speaking:
        codes.speakers.code(name)
    of_field = dict.fromkeys(_NAMED, codes.scopes)
    of_field |= {"conversation": codes.conversations, "audience": codes.audiences, "speaker": codes.speakers}
    given = [blob[start:end] for blob, start, end in zip(blobs, *ends, strict=True)]
    # Most memories share all of their texts with others: those of one speaker in one conversation.
    texts = {one: one.decode().split("\x00") for one in dict.fromkeys(given)}
    for place, field in enumerate(_NAMED):
        for names in texts.values():
            if names[place][:1] == _SURE:
                of_field[field].code(names[place][1:])
    numbers = {one: [_number(of_field[f], name) for f, name in zip(_NAMED, texts[one], strict=True)] for one in texts}
    rows = np.array([numbers[one] for one in given], np.int32).reshape(-1, len(_NAMED))
    for place, field in enumerate(_NAMED):
        table[field] = rows[:, place]
    return codes


def _number(known: Codes, name: str) -> int:
    code = known.find(name[1:]) if name else None
    return NO_CODE if code is None else code


def _postings(keys: npt.NDArray[Any], owners: npt.NDArray[Any], counts: npt.NDArray[Any]) -> Postings:
    return Postings.empty().extended(keys.astype(np.int64), owners.astype(np.int32), counts.astype(np.uint16))
