"""Arrays: everything that the snapshots of one user are views of, and how it is stored as plain arrays by name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recollect.recall.resident.columns import RECORD
from recollect.recall.resident.growing import Growing
from recollect.recall.resident.postings import Postings
from recollect.recall.resident.records import GrowingRecords, Records

Stored = Mapping[str, npt.NDArray[Any]]
_POSTINGS: Final = tuple(field.name for field in fields(Postings))


@dataclass(slots=True)
class Arrays:
    """What the snapshots are views of; see ``Snapshot`` for what each holds."""

    records: GrowingRecords
    previous: Growing[np.int32]
    passage_slot: Growing[np.int32]
    passage_length: Growing[np.int32]
    vectors: Growing[np.int8]
    vector_scale: Growing[np.float32]
    vector_slot: Growing[np.int32]
    words: Postings
    pieces: Postings
    facts: Postings

    @staticmethod
    def empty(dimension: int) -> "Arrays":
        """Of nobody's memories."""
        none = np.zeros(0, np.int32)
        return Arrays(
            records=GrowingRecords.empty(RECORD),
            previous=Growing(none),
            passage_slot=Growing(none),
            passage_length=Growing(none),
            vectors=Growing(np.zeros((0, dimension), np.int8)),
            vector_scale=Growing(np.zeros(0, np.float32)),
            vector_slot=Growing(none),
            words=Postings.empty(),
            pieces=Postings.empty(),
            facts=Postings.empty(),
        )

    @property
    def nbytes(self) -> int:
        """Bytes held, spare room included."""
        vectors = (self.vectors, self.vector_scale, self.vector_slot)
        grown = (self.previous, self.passage_slot, self.passage_length, *vectors)
        inverted = (self.words, self.pieces, self.facts)
        return self.records.nbytes + sum(a.nbytes for a in grown) + sum(p.nbytes for p in inverted)

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """All of them by name, for ``restored``."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "previous": self.previous.rows,
            "passage_slot": self.passage_slot.rows,
            "passage_length": self.passage_length.rows,
            "vectors": self.vectors.rows,
            "vector_scale": self.vector_scale.rows,
            "vector_slot": self.vector_slot.rows,
        }
        arrays |= {f"records.{name}": column for name, column in self.records.rows.columns.items()}
        for name, postings in (("words", self.words), ("pieces", self.pieces), ("facts", self.facts)):
            arrays |= {f"{name}.{part}": getattr(postings, part) for part in _POSTINGS}
        return arrays

    @staticmethod
    def restored(stored: Stored) -> "Arrays":
        """What ``stored`` gave."""

        def postings(name: str) -> Postings:
            return Postings(**{part: stored[f"{name}.{part}"] for part in _POSTINGS})

        return Arrays(
            records=GrowingRecords(Records({name: stored[f"records.{name}"] for name in RECORD.names or ()})),
            previous=Growing(stored["previous"]),
            passage_slot=Growing(stored["passage_slot"]),
            passage_length=Growing(stored["passage_length"]),
            vectors=Growing(stored["vectors"]),
            vector_scale=Growing(stored["vector_scale"]),
            vector_slot=Growing(stored["vector_slot"]),
            words=postings("words"),
            pieces=postings("pieces"),
            facts=postings("facts"),
        )
