"""The floor: what the same work costs with nothing around it, measured in the same run on the same texts.

Ranking: bare numpy arrays. Committing: one INSERT and its COMMIT on a plain connection.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql

from recollect.bench.timing import Stopwatch
from recollect.domain.words import stems

RANKING = (
    "stems of the question; dense = matrix (n x d, float32) @ question vector; BM25 (k1 0.9, b 0.4) as sums of "
    "impacts stored with the postings; both divided by their maximum, 0.55 / 0.45; top 10 by argpartition, sorted. "
    "No soft match, no time or speaker, no sessions, no filter, no freshness check, no records fetched."
)
COMMITTING = (
    "one row (uuid, 150 characters, 256 bytes) by one prepared INSERT on an autocommit connection; "
    "the same server, the same durability settings, no log, no lock, no vectors"
)
FETCHING = (
    "the ten records found, by one prepared SELECT of id, text, speaker and time on a plain connection: the round trip "
    "that no search can do without. No freshness check, no other columns, no pool, no event loop."
)
_FETCH = "SELECT id, text, speaker, occurred_at FROM recollect.memory WHERE tenant_id = %s AND id = ANY(%s)"
K1, B = 0.9, 0.4
DENSE_SHARE = 0.55

Floats = npt.NDArray[np.float32]


class Arrays:
    """One user's texts as bare arrays.

    Args:
        texts: n texts. vectors: float32, shape (n, d), unit rows.
    """

    def __init__(self, texts: Sequence[str], vectors: Floats) -> None:
        self._vectors = np.ascontiguousarray(vectors)
        counted = [Counter(stems(text)) for text in texts]
        lengths = np.array([sum(counts.values()) for counts in counted], np.float32)
        norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
        places: defaultdict[str, list[int]] = defaultdict(list)
        occurrences: defaultdict[str, list[int]] = defaultdict(list)
        for place, counts in enumerate(counted):
            for stem, count in counts.items():
                places[stem].append(place)
                occurrences[stem].append(count)
        self._postings: dict[str, tuple[npt.NDArray[np.int32], Floats]] = {}
        for stem, where in places.items():
            holders = np.array(where, np.int32)
            tf = np.array(occurrences[stem], np.float32)
            idf = np.log(1 + (len(texts) - len(where) + 0.5) / (len(where) + 0.5))
            self._postings[stem] = (holders, (idf * tf * (K1 + 1) / (tf + norms[holders])).astype(np.float32))

    def rank(self, question: str, vector: Floats, limit: int = 10) -> npt.NDArray[np.intp]:
        """The places of the best texts, best first."""
        dense = self._vectors @ vector
        words = np.zeros(len(dense), np.float32)
        for stem in stems(question):
            if stem in self._postings:
                holders, impacts = self._postings[stem]
                words[holders] += impacts
        score = DENSE_SHARE * dense / max(float(dense.max()), 1e-9)
        score += (1 - DENSE_SHARE) * words / max(float(words.max()), 1e-9)
        limit = min(limit, len(score))
        best = np.argpartition(-score, limit - 1)[:limit]
        return best[np.argsort(-score[best])]


def ranking_ms(arrays: Arrays, questions: Iterable[str], vectors: Floats) -> list[float]:
    """Milliseconds of ranking each question; ``vectors`` are theirs, in order."""
    timed: list[float] = []
    for question, vector in zip(questions, vectors, strict=True):
        watch = Stopwatch()
        arrays.rank(question, vector)
        timed.append(watch.ms)
    return timed


def fetch_ms(conninfo: str, tenant_id: str, wanted: Iterable[Sequence[UUID]]) -> list[float]:
    """Milliseconds of reading some memories by their ids, on a plain connection that sees the tenant's rows."""
    timed: list[float] = []
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, false)", (tenant_id,))
        for ids in wanted:
            watch = Stopwatch()
            cursor = connection.execute(_FETCH, (tenant_id, list(ids)), prepare=True, binary=True)
            cursor.fetchall()
            timed.append(watch.ms)
    return timed


def commit_ms(owner: str, calls: int) -> list[float]:
    """Milliseconds of inserting one row and committing it, in a table that is dropped at the end."""
    table = sql.Identifier(f"bench_floor_{uuid4().hex[:12]}")
    insert = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s)").format(table)
    timed: list[float] = []
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE TABLE {} (id uuid PRIMARY KEY, said text, vector bytea)").format(table))
        try:
            for _ in range(calls):
                row = (uuid4(), "x" * 150, bytes(256))
                watch = Stopwatch()
                connection.execute(insert, row, prepare=True)
                timed.append(watch.ms)
        finally:
            connection.execute(sql.SQL("DROP TABLE {}").format(table))
    return timed


def durability(owner: str) -> str:
    """The server's settings that decide what a commit costs."""
    with psycopg.connect(owner, autocommit=True) as connection:
        shown = (connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(n))).fetchone() for n in _DURABILITY)
        return ", ".join(f"{name} {row[0]}" for name, row in zip(_DURABILITY, shown, strict=True) if row)


_DURABILITY = ("synchronous_commit", "fsync", "wal_sync_method")
