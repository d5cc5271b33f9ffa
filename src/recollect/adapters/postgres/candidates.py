"""Candidates from Postgres: what may be among the best of a user too large for the resident index.

By nearness: the signs of each vector stand in a covering index, sorted into cells; the cells nearest to the question's
vector are read, and what differs from it in the fewest signs comes first. By words: an index of stems with what each is
worth in a memory gives BM25 by adding. Both are b-trees: their operators are leakproof, so row-level security lets them
be used by any role, which it does not let an inverted index. The filter stands in each statement, before its LIMIT.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import cos, pi
from typing import Any, LiteralString
from uuid import UUID

import numpy as np
from psycopg import sql

from recollect.adapters.postgres import search_rows
from recollect.adapters.postgres.codec import index_row
from recollect.adapters.postgres.filters import found_by_ranking, looked_at
from recollect.adapters.postgres.halfvec import vectors_from_halves
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.search_rows import code_of, totals_of
from recollect.adapters.postgres.store import PostgresStore
from recollect.domain.decision import Seen
from recollect.domain.scope import Scope
from recollect.errors import ModelSwitched
from recollect.ports.candidates import Around, Candidate, Floats, Gathered, Kept, Sought, Standing, Surroundings
from recollect.ports.index import IndexRow

Statement = tuple[sql.Composed, dict[str, Any]]

_NEAR = sql.SQL(
    "SELECT id, hamming_distance(code, %(code)s::varbit) AS differing, {} AS besides FROM recollect.search_row"
    " WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND {} ORDER BY {} LIMIT %(limit)s"
)
_NEWEST = sql.SQL(
    "SELECT id, NULL::float8 AS differing, {} AS besides FROM recollect.search_row"
    " WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND {} ORDER BY {} LIMIT %(limit)s"
)
# The sums come in order, best first, and each is looked up until enough have passed the filter: OFFSET 0 and LATERAL
# keep the planner from reading all of the user's rows instead. Of those the best are taken with their nearness.
_WORDED = sql.SQL(
    "SELECT id, differing, besides, worth FROM ("
    "SELECT summed.id, passing.differing, passing.besides, summed.worth FROM ("
    "SELECT t.id, sum(t.worth * asked.weight) AS worth"
    " FROM unnest(%(keys)s::bigint[], %(weights)s::real[]) AS asked (key, weight)"
    " JOIN recollect.search_term t ON t.tenant_id = %(tenant_id)s AND t.user_id = %(user_id)s AND t.key = asked.key"
    " GROUP BY t.id ORDER BY worth DESC, t.id) summed"
    " CROSS JOIN LATERAL (SELECT {} AS differing, {} AS besides FROM recollect.search_row"
    " WHERE tenant_id = %(tenant_id)s AND id = summed.id AND chunk = 0 AND (user_id || '') = %(user_id)s AND {}"
    " OFFSET 0) AS passing LIMIT %(limit)s) found"
    " ORDER BY worth + besides + {} DESC, id LIMIT %(best)s"
)
_EACH_CONVERSATION = sql.SQL(
    "SELECT mate.id FROM (SELECT DISTINCT r.conversation_id AS conversation FROM recollect.search_row r"
    " WHERE r.tenant_id = %(tenant_id)s AND r.id = ANY(%(mates_of)s::uuid[]) AND r.chunk = 0) joined"
    " CROSS JOIN LATERAL ({}) AS mate"
)
_LOOKS = sql.SQL(
    "SELECT DISTINCT {} FROM recollect.search_row"
    " WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND chunk = 0"
)


_NEARNESS = "%(meaning)s::float8 * coalesce(cos(pi() * {} / %(dimension)s::float8), 0)"
_NEAR_ROW = sql.SQL(_NEARNESS).format(sql.SQL("hamming_distance(code, %(code)s::varbit)"))
_NEAR_FOUND = sql.SQL(_NEARNESS).format(sql.SQL("differing"))
_VALUES: Mapping[str, LiteralString] = {
    "recency": "1 / (1 + ln(1 + greatest(0, extract(epoch FROM %(asked_at)s::timestamptz"
    " - coalesce(occurred_at, written_at)) / 3600)))",
    "importance": "least(1, greatest(0, importance))",
    "emotion": "least(1, greatest(0, emotion))",
    "reinforcement": "least(1, ln(1 + greatest(0, repeated)) / 10)",
}
"""``ports.candidates.BESIDES`` as their signals count them."""


class PostgresCandidates:
    """See ``recollect.ports.candidates.Candidates``.

    Args:
        store: for the embedding model whose vectors are compared.
        model_id: that model. dimension: the length of its vectors. reader: names what reads the memories.
    """

    def __init__(self, store: PostgresStore, model_id: str, dimension: int, reader: str) -> None:
        self._sessions = store.sessions
        self._model_id = model_id
        self._dimension = dimension
        self._reader = reader

    async def sizes(self, scopes: Sequence[Scope], limit: int) -> list[int]:
        """How many memories each user has, counted no further than ``limit``."""
        asked = [("user_size", {"user_id": scope.user_id, "limit": limit}) for scope in scopes]
        return [rows[0][0] for rows in await self._sessions.read(scopes[0].tenant_id, *asked)]

    async def standing(self, scope: Scope, terms: Collection[int]) -> Standing:
        """How far the user's rows have followed, and the counts of these terms."""
        owner = {"user_id": scope.user_id}
        log, heads, counts, models = await self._sessions.read(
            scope.tenant_id,
            ("log_head", owner),
            ("search_head", owner),
            ("search_counts", {**owner, "keys": list(terms)}),
            ("active_model", {}),
        )
        for (model_id,) in models:
            if model_id != self._model_id:
                raise ModelSwitched(f"the tenant's embedding model is {model_id} now, no longer {self._model_id}")
        log_seq, vanished_seq = (log[0][0], log[0][2]) if log else (0, 0)
        head = heads[0] if heads and self._usable(heads[0], log_seq, vanished_seq) else None
        centres = np.frombuffer(head[8] if head else b"", "<f2").astype(np.float32).reshape(-1, self._dimension)
        return Standing(
            seq=head[0] if head else 0,
            log_seq=log_seq,
            vanished_seq=vanished_seq,
            totals=totals_of(head),
            centres=centres,
            counts=dict(counts) if head else {},
            stale=bool(heads) and head is None,
        )

    def _usable(self, head: Sequence[Any], log_seq: int, vanished_seq: int) -> bool:
        """Not when the log went back, rows were taken out of it, or other vectors count by now."""
        seq, known_vanished, model_id, *_, reader = head
        same = (model_id, reader) == (self._model_id, self._reader)
        return same and seq <= log_seq and known_vanished == vanished_seq

    async def changed(self, scope: Scope, after: int, limit: int) -> list[tuple[int, IndexRow]]:
        """The memories that log lines after ``after`` touched last, in that order, with that line."""
        asked = {"user_id": scope.user_id, "model_id": self._model_id, "seq": after, "limit": limit}
        (rows,) = await self._sessions.read(scope.tenant_id, ("search_rows_behind", asked))
        return [(row[-1], index_row(row[:-1], self._dimension)) for row in rows]

    async def sample(self, scope: Scope, limit: int) -> Floats:
        """Vectors of the user's memories, drawn evenly."""
        asked = {"user_id": scope.user_id, "model_id": self._model_id, "limit": limit}
        (rows,) = await self._sessions.read(scope.tenant_id, ("search_sample", asked))
        return vectors_from_halves([half for (half,) in rows], self._dimension)

    async def keep(self, scope: Scope, kept: Kept) -> bool:
        """Keeps one step, in one transaction; False, and nothing kept, when somebody else was faster."""
        made_by = {"model_id": self._model_id, "reader": self._reader}
        return await search_rows.keep(self._sessions, scope, made_by, kept)

    async def forget(self, scope: Scope) -> None:
        """Drops all of the user's rows."""
        await search_rows.forget(self._sessions, scope)

    async def gather(self, scope: Scope, sought: Sought) -> Gathered:
        """Candidates that pass the filter; one round trip."""
        statements = list(_gathering(scope, sought))
        found = await self._sessions.rows_each(scope.tenant_id, [statement for _, statement in statements])
        near: dict[UUID, float] = {}
        worded: dict[UUID, float] = {}
        besides: dict[UUID, float] = {}
        for (by_words, _), rows in zip(statements, found, strict=True):
            for memory_id, differing, other, *worth in rows:
                besides[memory_id] = other
                # The share of signs that differ is about the angle between the vectors.
                alike = 0.0 if differing is None else cos(pi * differing / self._dimension)
                near[memory_id] = max(alike, near.get(memory_id, 0.0))
                if by_words:
                    worded[memory_id] = worded.get(memory_id, 0.0) + worth[0]
        candidates = [Candidate(key, alike, worded.get(key, 0.0), besides[key]) for key, alike in near.items()]
        return Gathered(candidates, complete=len(found[0]) < sought.near)

    async def surroundings(self, scope: Scope, around: Around, sought: Sought) -> Surroundings:
        """The candidates' rows, and those around them; two round trips."""
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        turns = (
            sql.Composed([QUERIES["search_turns_around"]]),
            {**owner, "ids": _listed(around.turns_of), "turns": around.turns},
        )
        mates = _mates(scope, sought, around)
        windows, beside = await self._sessions.rows_each(scope.tenant_id, [turns, mates])
        before = dict(_pairs(windows))
        ids = dict.fromkeys([*around.ids, *before, *before.values(), *(row[0] for row in beside)])
        (rows,) = await self._sessions.read(scope.tenant_id, ("search_rows_for_ranking", {"ids": _listed(ids)}))
        own = {memory_id: packed for memory_id, packed, user_id in rows if user_id == scope.user_id}
        return Surroundings(own, before)

    async def looks(self, scope: Scope, fields: Sequence[str]) -> list[Seen]:
        """The different things that reading policies see of the user's memories, when they look at these fields."""
        query = _LOOKS.format(looked_at(fields))
        owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
        return [tuple(row[0]) for row in await self._sessions.rows(scope.tenant_id, query, owner)]


def _gathering(scope: Scope, sought: Sought) -> Iterator[tuple[bool, Statement]]:
    """The statements that give candidates, and for each whether it is by words."""
    cells = None if sought.cells is None else sql.SQL("cell = ANY(%(cells)s::smallint[])")
    yield False, _near(scope, sought, cells, sought.near, {"cells": list(sought.cells or ())})
    for first, after in sought.spans:
        within = sql.SQL("occurred_at >= %(first)s AND occurred_at < %(after)s")
        yield False, _near(scope, sought, within, sought.others, {"first": first, "after": after})
    if sought.procedures:
        yield False, _near(scope, sought, sql.SQL("type = 'procedure'::text"), sought.others, {})
    for weights, limit in ((sought.words, sought.worded), (sought.facts, sought.others)):
        if weights:
            yield True, _worded(scope, sought, weights, limit)


def _near(
    scope: Scope, sought: Sought, besides: sql.Composable | None, limit: int, given: Mapping[str, Any]
) -> Statement:
    clauses, parameters = found_by_ranking(sought.chosen, sought.now)
    if besides is not None:
        clauses.append(besides)
    if sought.vector is not None:
        parameters["code"] = code_of(sought.vector)
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id, "limit": limit}
    besides, weights = _besides(sought)
    if not weights:
        order = sql.SQL("id DESC" if sought.vector is None else "differing")
    else:
        near = _NEAR_ROW if sought.vector is not None else sql.SQL("0")
        order = sql.SQL("{} + {} DESC, id").format(near, besides)
        weights |= {"meaning": sought.meaning, "dimension": 0 if sought.vector is None else len(sought.vector)}
    template = _NEWEST if sought.vector is None else _NEAR
    query = template.format(besides, sql.SQL(" AND ").join(clauses), order)
    return query, {**parameters, **weights, **given, **owner}


def _worded(scope: Scope, sought: Sought, weights: Mapping[int, float], limit: int) -> Statement:
    clauses, parameters = found_by_ranking(sought.chosen, sought.now)
    asked = {"keys": list(weights), "weights": list(weights.values()), "limit": limit, "best": sought.best}
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    differing = sql.SQL("NULL::float8" if sought.vector is None else "hamming_distance(code, %(code)s::varbit)")
    if sought.vector is not None:
        parameters["code"] = code_of(sought.vector)
    besides, among = _besides(sought)
    order = sql.SQL("0")
    if sought.vector is not None:
        order, among = _NEAR_FOUND, {**among, "meaning": sought.meaning, "dimension": len(sought.vector)}
    query = _WORDED.format(differing, besides, sql.SQL(" AND ").join(clauses), order)
    return query, {**parameters, **among, **asked, **owner}


def _besides(sought: Sought) -> tuple[sql.Composable, dict[str, Any]]:
    """What ``BESIDES`` are worth together, and the parameters for that."""
    if not sought.besides:
        return sql.SQL("0::float8"), {}
    terms = [
        sql.SQL("{}::float8 * ({})::float8").format(sql.Placeholder(f"weight_{name}"), sql.SQL(_VALUES[name]))
        for name in sought.besides
    ]
    weights = {f"weight_{name}": weight for name, weight in sought.besides.items()}
    return sql.SQL("(") + sql.SQL(" + ").join(terms) + sql.SQL(")"), {**weights, "asked_at": sought.now}


def _mates(scope: Scope, sought: Sought, around: Around) -> Statement:
    """What is near the question in the conversation of each of some candidates."""
    within = sql.SQL("told AND chunk = 0 AND conversation_id = joined.conversation")
    near, parameters = _near(scope, sought, within, around.mates, {"mates_of": list(around.mates_of)})
    return _EACH_CONVERSATION.format(near), parameters


def _listed(ids: Iterable[UUID]) -> str:
    """Ids as Postgres reads an array: in half the time that handing over each of them takes."""
    return "{" + ",".join([f"{one.int:032x}" for one in ids]) + "}"


def _pairs(windows: Sequence[Sequence[Any]]) -> Iterator[tuple[UUID, UUID]]:
    """Each turn of a window with the one said just before it."""
    for turn, earlier, later in windows:
        said = [*reversed(earlier), turn, *later]
        yield from zip(said[1:], said, strict=False)
