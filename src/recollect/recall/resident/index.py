"""The resident index: one user's memories held ready for ranking, brought up to date row by row.

``apply`` makes a new snapshot and swaps it in; a ranking that has begun finishes on the snapshot it started with.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from recollect.domain.decision import Seen
from recollect.domain.search import SearchFilter
from recollect.ports.index import IndexRow
from recollect.ports.redaction import Redacted
from recollect.ports.stored_arrays import StoredArrays
from recollect.ports.word_pieces import WordPieces
from recollect.recall.condition import looks
from recollect.recall.conduct import UNHURRIED, Conduct
from recollect.recall.plan import Question
from recollect.recall.profile import Profile
from recollect.recall.rank import Ranking, Sought, rank
from recollect.recall.resident.builder import Builder
from recollect.recall.resident.question_pieces import QuestionPieces
from recollect.recall.resident.storing import Unreadable, fingerprint, packed, unpacked

_log = logging.getLogger(__name__)


class ResidentIndex:
    """One user's index. Safe to use from several threads.

    Args:
        pieces: the word-piece table, for the soft match and the weights of a question's tokens.
        dimension: of the stored vectors.
        user_id: whose memories.
    """

    def __init__(self, pieces: WordPieces, dimension: int, user_id: str = "") -> None:
        self._builder = Builder(pieces, dimension, user_id)
        self._question_pieces = QuestionPieces(pieces)
        self._snapshot = self._builder.snapshot()
        self._seq = 0
        self._mark = fingerprint(dimension, pieces.tokens)
        self._lock = threading.Lock()

    @property
    def seq(self) -> int:
        """The log position it reflects."""
        return self._seq

    @property
    def size(self) -> int:
        """How many memories it holds."""
        return self._snapshot.size

    @property
    def unembedded(self) -> int:
        """How many memories have no vectors under the model in use; they are found by their words alone."""
        return self._snapshot.unembedded

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return self._builder.nbytes

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everyone who has said something here."""
        return self._snapshot.present_speakers

    def apply(self, rows: Sequence[IndexRow], seq: int) -> None:
        """Takes in new and changed rows, by id; a row with status ``deleted`` is forgotten.

        Args:
            rows: each at most once.
            seq: the log position after them.
        """
        with self._lock:
            if rows:
                self._builder.apply(rows, seq)
                self._snapshot = self._builder.snapshot()
            self._seq = seq

    def stored(self) -> StoredArrays:
        """What it holds, to be given to ``restored`` in another process."""
        with self._lock:
            arrays, names = self._builder.stored()
            seq, size = self._seq, self._snapshot.size
        return StoredArrays(seq=seq, memories=size, content=packed(self._mark, arrays, names))

    def restore(self, stored: StoredArrays) -> bool:
        """Takes in what another index stored, in the place of everything; False when it cannot be read."""
        try:
            arrays, names = unpacked(stored.content, self._mark)
        except Unreadable as error:
            _log.info("stored arrays of a user are left alone: %s", Redacted(error))
            return False
        with self._lock:
            self._builder.restore(arrays, names, stored.seq)
            self._snapshot = self._builder.snapshot()
            self._seq = stored.seq
        return True

    def looks(self, fields: Sequence[str]) -> list[Seen]:
        """The different things that reading policies see of the memories, when they look at these fields."""
        return looks(self._snapshot, fields)

    def rank(
        self,
        question: Question,
        chosen: SearchFilter,
        *,
        limit: int,
        profile: Profile,
        now: datetime,
        procedures: int = 0,
        conduct: Conduct = UNHURRIED,
    ) -> Ranking:
        """The memories that pass the filter, best first, at most ``limit``, and beside them so many procedures."""
        pieces = self._question_pieces.of(question.topic or question.text)
        sought = Sought(limit, procedures, conduct)
        return rank(self._snapshot, question, pieces, chosen, sought=sought, profile=profile, now=now)

    def token_weights(self, text: str) -> dict[str, float]:
        """How telling each word piece of a question is: its rarity among this user's memories, 0 for stop words."""
        snapshot = self._snapshot
        asked = self._question_pieces.of(text)
        name = self._question_pieces.name
        weights = {name(piece): 0.0 for piece in asked.silent}
        weights.update((name(piece), snapshot.rarity_of_piece(piece)) for piece in asked.telling)
        return weights

    def __contains__(self, memory_id: UUID) -> bool:
        with self._lock:
            return self._builder.holds(memory_id)
