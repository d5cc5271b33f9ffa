"""Large index: one question put to a user whose memories are too many to be held: ranks what the database picks out.

It has the face of a resident index, but it lives for one question: ``prepare`` before the question is embedded,
``narrow`` before it is ranked. What it ranks are the candidates by each signal and what stands around them, with the
counts of all of the user's memories, so that a word weighs as much as it would among all of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from recollect.domain.decision import Seen
from recollect.domain.scope import Scope
from recollect.domain.search import SearchFilter
from recollect.domain.words import stem_key, word_key, words
from recollect.ports.candidates import BESIDES, Around, Candidates, Sought, Standing, Totals
from recollect.ports.word_pieces import WordPieces
from recollect.recall.large.cells import nearest_cells
from recollect.recall.large.following import Follower
from recollect.recall.large.packing import unpacked
from recollect.recall.large.terms import fact_term, piece_term
from recollect.recall.large.weighing import in_order, related_words, weighed_words
from recollect.recall.plan import Question
from recollect.recall.profile import RELEVANCE, Profile
from recollect.recall.resident.corpus import Corpus
from recollect.recall.resident.index import ResidentIndex
from recollect.recall.resident.meanings import meanings_of
from recollect.recall.signals.fact import WORD_OF_KEY
from recollect.recall.signals.meaning import SPAN

NEAR: Final = 400
"""Candidates by nearness, and at least three for each memory that is asked for."""
WORDED: Final = 400
"""Candidates by words, in the same way."""
SHARE: Final = 25
"""A twenty-fifth of all memories in each way, where that is more: what is middling in both may be best of all."""
MOST_NEAR: Final = 1_500
MOST_WORDED: Final = 4_000
READ: Final = 250
"""Candidates that are read, besides those around them."""
ALONE: Final = 1_000
"""Candidates that are read where nothing counts that stands around them."""
MATES_OF: Final = 4
"""Candidates whose conversations are looked into."""
MATES: Final = 20
"""Memories that are read of each of these conversations, the nearest ones."""
MOST_SPANS: Final = 3
BEFORE: Final = 3
AFTER: Final = 11
"""Days around a time named in which things are looked for: they are told of afterwards."""
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(9000, 1, 1)


class LargeIndex(ResidentIndex):
    """One question to one large user. Not to be shared.

    Args:
        candidates: the database. follower: brings the user's rows up to date.
        scope: the user. pieces: the word-piece table. dimension: of the stored vectors.
    """

    def __init__(
        self, candidates: Candidates, follower: Follower, scope: Scope, pieces: WordPieces, dimension: int
    ) -> None:
        super().__init__(pieces, dimension, scope.user_id)
        self._meanings, self._tokens = meanings_of(pieces), pieces.tokens
        self._related: dict[int, dict[int, float]] = {}
        self._candidates = candidates
        self._follower = follower
        self._scope = scope
        self._standing = Standing(
            seq=0, log_seq=0, vanished_seq=0, totals=Totals(), centres=np.zeros((0, dimension), np.float32), counts={}
        )

    @property
    def size(self) -> int:
        """How many memories the user has."""
        return self._standing.totals.memories

    async def prepare(self, query: str) -> None:
        """Brings the user's rows up to date and reads what is counted of the question's words.

        Raises:
            StoreError: the database cannot be asked.
        """
        keys = [key for word in words(query) if (key := word_key(word)) >= 0]
        pieces = self._question_pieces.of(query).telling
        self._related = dict(zip(pieces, related_words(pieces, self._meanings, self._tokens), strict=True))
        keys = list(dict.fromkeys([*keys, *(key for related in self._related.values() for key in related)]))
        standing = await self._follower.followed([*keys, *map(piece_term, pieces)])
        totals, counts = standing.totals, standing.counts
        corpus = Corpus(
            passages=totals.passages,
            average_length=totals.stems / max(1, totals.passages),
            with_stem={key: counts.get(key, 0) for key in keys},
            with_piece={piece: counts.get(piece_term(piece), 0) for piece in pieces},
            speakers=tuple(totals.speakers),
            unembedded=totals.unembedded,
        )
        self._standing, self._seq = standing, standing.seq
        self._snapshot = replace(self._snapshot, corpus=corpus)

    async def seen(self, fields: Sequence[str]) -> list[Seen]:
        """What ``looks`` gives of a resident index."""
        await self._follower.followed(())
        return await self._candidates.looks(self._scope, fields)

    async def narrow(
        self,
        question: Question,
        chosen: SearchFilter,
        *,
        now: datetime,
        limit: int,
        procedures: int,
        profile: Profile = RELEVANCE,
        watched: Collection[UUID] = (),
    ) -> None:
        """Reads the candidates, and those that are watched whether they are candidates or not; ``rank`` ranks them.

        Raises:
            StoreError: the database cannot be asked.
        """
        sought = self._sought(question, chosen, profile, now=now, limit=limit, procedures=procedures)
        gathered = await self._candidates.gather(self._scope, sought)
        if sought.cells is not None and gathered.complete:  # few pass the filter: then look everywhere
            sought = replace(sought, cells=None)
            gathered = await self._candidates.gather(self._scope, sought)
        ids = [one.memory_id for one in in_order(gathered.candidates, profile)]
        if gathered.complete:  # all that may be found is known, and is ranked
            around = Around(ids=[*ids, *watched], turns_of=[*ids, *watched])
        else:
            lending = _lends(profile)
            ids = ids[: max(READ if lending else ALONE, 3 * limit)]
            turns_of = [*ids, *watched] if lending else ()
            mates_of = ids[:MATES_OF] if profile.conversation else ()
            around = Around(ids=[*ids, *watched], turns_of=turns_of, mates_of=mates_of, mates=MATES)
        surroundings = await self._candidates.surroundings(self._scope, around, sought)
        if surroundings.packed:
            self._snapshot = unpacked(surroundings.packed, surroundings.before, self._snapshot)

    def _sought(
        self,
        question: Question,
        chosen: SearchFilter,
        profile: Profile,
        *,
        now: datetime,
        limit: int,
        procedures: int,
    ) -> Sought:
        corpus = self._snapshot.corpus
        assert corpus is not None  # noqa: S101 - prepared before
        pieces = self._question_pieces.of(question.topic or question.text).telling
        related = {piece: self._related.get(piece, {}) for piece in pieces}
        vector = question.vector
        besides = {name: weight for name in BESIDES if (weight := profile.weights.get(name, 0.0)) > 0}
        fact = profile.weights.get("fact", 0.0)
        facts = {fact_term(stem_key(stem)): WORD_OF_KEY * fact for stem in question.stems if fact}
        facts |= {fact_term(stem_key(key)): fact for key in question.facts if fact}
        return Sought(
            chosen=chosen,
            now=now,
            vector=vector,
            cells=None if vector is None or besides else nearest_cells(vector, self._standing.centres),
            words=weighed_words(question.stems, related, corpus, profile),
            facts=facts,
            spans=_times(question)[:MOST_SPANS],
            near=max(min(max(NEAR, self.size // SHARE), MOST_NEAR) if _lends(profile) else ALONE, 3 * limit),
            worded=max(min(max(WORDED, self.size // SHARE), MOST_WORDED), 3 * limit),
            best=max(WORDED, 3 * limit),
            procedures=procedures > 0,
            meaning=profile.weights.get("meaning", 0.0) / (SPAN[1] - SPAN[0]),
            besides=besides,
        )


def _lends(profile: Profile) -> bool:
    """Whether the turns around a memory count for it."""
    return bool(profile.weights.get("pieces") or profile.previous or profile.next or profile.reply)


def _times(question: Question) -> list[tuple[datetime, datetime]]:
    """The stretches of time that the question names, from and until; those of every year are left to other signals."""
    found: list[tuple[datetime, datetime]] = []
    for span in question.spans:
        if not span.recurring:
            first = max(span.first, _EARLIEST) - timedelta(days=BEFORE)
            after = min(span.last, _LATEST) + timedelta(days=AFTER)
            found.append((datetime.combine(first, time(), UTC), datetime.combine(after, time(), UTC)))
    return found
