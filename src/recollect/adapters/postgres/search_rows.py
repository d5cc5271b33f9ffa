"""Search rows: one step of following a user's log, written in one transaction."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import anyio.to_thread
import numpy as np
import numpy.typing as npt
from psycopg.types.json import Jsonb

from recollect.adapters.postgres.halfvec import vectors_from_halves
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.session import Connection, Sessions, name_tenant, note_round_trip
from recollect.domain.scope import Scope
from recollect.ports.candidates import Kept, Searchable, Totals

FORGOTTEN = ("search_row", "search_term", "search_count", "search_head")
COPIED = (
    "agent_id", "project_id", "conversation_id", "occurred_at", "written_at", "valid_from", "valid_to", "confidence",
    "importance", "emotion", "source_id", "author_id", "channel_id", "speaker",
)  # fmt: skip
"""Fields that are stored as they are."""
ENUMS = ("type", "tier", "status", "trust", "sensitivity")
AT_ONCE = 50
"""Memories that are made ready on the event loop; more on a worker thread."""
Parameters = dict[str, Any]


async def keep(sessions: Sessions, scope: Scope, made_by: Mapping[str, str], kept: Kept) -> bool:
    """Writes one step, by this embedding model and this reader; see ``recollect.ports.candidates.Candidates.keep``."""
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    ids = [*(one.row.id for one in kept.rows), *kept.gone]
    if len(kept.rows) <= AT_ONCE:
        written = _written(kept)
    else:
        written = await anyio.to_thread.run_sync(_written, kept)  # the event loop stays free
    async with sessions.connection() as connection:
        async with connection.pipeline():
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await name_tenant(connection, scope.tenant_id)
            await connection.execute(QUERIES["search_step_lock"], owner)
            log = await connection.execute(QUERIES["log_head"], owner)
            head = await connection.execute(QUERIES["search_head"], owner, binary=True)
            known = await connection.execute(QUERIES["search_row_totals"], {**owner, "ids": ids}, binary=True)
        note_round_trip()
        stood, stands = await head.fetchone(), await log.fetchone()
        erased_since = (0 if stands is None else stands[2]) != kept.vanished_seq  # what was read may be what went
        if erased_since or (0 if stood is None else stood[0]) != kept.since:
            await connection.rollback()
            return False
        after = _moved(totals_of(stood), await known.fetchone(), kept.rows)
        async with connection.pipeline():
            await _write(connection, owner, ids if kept.since else (), written)
            await connection.execute(QUERIES["set_search_head"], {**owner, **made_by, **_head(kept, after)})
            await connection.execute("COMMIT")
        note_round_trip()
    return True


async def forget(sessions: Sessions, scope: Scope) -> None:
    """Drops all of the user's rows, in one transaction."""
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    async with sessions.connection() as connection:
        async with connection.pipeline():
            await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            await name_tenant(connection, scope.tenant_id)
            await connection.execute(QUERIES["search_step_lock"], owner)
            for table in FORGOTTEN:
                await connection.execute(QUERIES[f"forget_{table}"], owner)
            await connection.execute("COMMIT")
        note_round_trip()


def totals_of(head: Sequence[Any] | None) -> Totals:
    """The totals that a row of ``search_head`` tells."""
    if head is None:
        return Totals()
    return Totals(memories=head[3], passages=head[4], stems=head[5], unembedded=head[6], speakers=head[7])


async def take_out(connection: Connection, owner: Mapping[str, Any], ids: Sequence[UUID]) -> dict[str, int]:
    """Takes memories out for good, in the caller's transaction, with whatever was counted or worked out of them.

    Returns how many rows of each table went. ``follow_vanished`` has to come after it, once the log has lost them too.
    """
    gone = {**owner, "ids": list(ids)}
    await connection.execute(QUERIES["search_step_lock"], owner)  # waits for whoever writes; who comes later won't
    stood = await (await connection.execute(QUERIES["search_head"], owner, binary=True)).fetchone()
    if stood is None:
        return {}
    out = await (await connection.execute(QUERIES["search_row_totals"], gone, binary=True)).fetchone()
    cells = await (await connection.execute(QUERIES["search_row_cells"], gone)).fetchall()
    terms = await connection.execute(QUERIES["search_terms_out"], gone)
    rows = await (await connection.execute(QUERIES["search_rows_out"], gone)).fetchone()
    asked = {**owner, "model_id": stood[2], "cells": [cell for (cell,) in cells]}
    left = await (await connection.execute(QUERIES["search_cells_left"], asked, binary=True)).fetchall()
    centres = _without(bytes(stood[8]), left)
    totals = {**owner, **_totals(_moved(totals_of(stood), out, ())), "centres": centres}
    await connection.execute(QUERIES["set_search_totals"], totals)
    return {"search_term": terms.rowcount, "search_row": rows[0] if rows else 0}


def _without(centres: bytes, left: Sequence[Sequence[Any]]) -> bytes:
    """The cells' middles, with those of some cells from what is left there: zeros where nothing is."""
    if not centres or not left:
        return centres
    middles = np.frombuffer(centres, "<f2").reshape(-1, left[0][1]).copy()
    for cell, dimension, half in left:
        middle = vectors_from_halves([] if half is None else [half], dimension).sum(axis=0)
        middles[cell] = middle / max(float(np.linalg.norm(middle)), 1e-9)
    return middles.tobytes()


async def follow_vanished(connection: Connection, owner: Mapping[str, Any], vanished_seq: int) -> None:
    """Notes that what left the log since it stood at ``vanished_seq`` has left the rows as well."""
    await connection.execute(QUERIES["search_head_vanished"], {**owner, "vanished_seq": vanished_seq})


async def _write(
    connection: Connection, owner: Mapping[str, Any], ids: Sequence[UUID], written: Mapping[str, Parameters]
) -> None:
    if ids:
        gone = {**owner, "ids": list(ids)}
        await connection.execute(QUERIES["search_terms_out"], gone)
        await connection.execute(QUERIES["search_rows_out"], gone)
    for name, parameters in written.items():
        await connection.execute(QUERIES[name], {**owner, **parameters})


def _written(kept: Kept) -> dict[str, Parameters]:
    """The statements that put the rows in, by name, each with its parameters but the owner."""
    if not kept.rows:
        return {}
    counted = Counter(term for one in kept.rows for term in one.terms)
    ordered = sorted(counted)  # in one order whoever writes, and near each other in the index
    counts = {"keys": _listed(ordered), "passages": _listed([counted[term] for term in ordered])}
    return {"search_rows_in": _columns(kept.rows), "search_terms_in": _terms(kept.rows), "search_counts_in": counts}


def _moved(before: Totals, out: Sequence[Any] | None, rows: Sequence[Searchable]) -> Totals:
    """The totals, with some taken out and others put in."""
    memories, passages, stems, unembedded, speakers = out or (0, 0, 0, 0, None)
    said = Counter(before.speakers)
    said.subtract(speakers or ())
    said.update(one.row.speaker for one in rows if one.row.speaker is not None)
    return Totals(
        memories=before.memories - memories + len(rows),
        passages=before.passages - passages + sum(one.passages for one in rows),
        stems=before.stems - stems + sum(one.stems for one in rows),
        unembedded=before.unembedded - unembedded + sum(not len(one.row.vectors) for one in rows),
        speakers={name: count for name, count in said.items() if count > 0},
    )


def _head(kept: Kept, totals: Totals) -> Parameters:
    return {
        "seq": kept.until,
        "vanished_seq": kept.vanished_seq,
        **_totals(totals),
        "centres": kept.centres.astype("<f2").tobytes(),
    }


def _totals(totals: Totals) -> Parameters:
    return {
        "memories": totals.memories,
        "passages": totals.passages,
        "stems": totals.stems,
        "unembedded": totals.unembedded,
        "speakers": Jsonb(dict(totals.speakers)),
    }


def _columns(rows: Sequence[Searchable]) -> Parameters:
    """The columns of ``search_row``, each as a list: one entry a vector, or one for a memory without any."""
    entries = [(one, chunk, cell, code) for one in rows for chunk, cell, code in _vectors(one)]
    own = [one.row for one, *_ in entries]
    found: Parameters = {name: _texts([getattr(row, name) for row in own]) for name in ("id", *COPIED)}
    found |= {name: _texts([getattr(row, name).value for row in own]) for name in ENUMS}
    audiences: dict[tuple[str, ...], str] = {}
    found |= {
        "chunk": _listed([chunk for _, chunk, _, _ in entries]),
        "cell": _listed([cell for _, _, cell, _ in entries]),
        "code": _texts([code for *_, code in entries]),
        "audience": _texts([audiences.setdefault(row.audience, json.dumps(row.audience)) for row in own]),
        "repeated": _listed([row.reinforcements + row.access_count for row in own]),
        "told": _texts([not row.sources for row in own]),
        "packed": [one.packed if chunk == 0 else b"" for one, chunk, *_ in entries],
    }
    # What is counted stands with the first vector alone.
    found["passages"] = _listed([one.passages if chunk == 0 else 0 for one, chunk, *_ in entries])
    found["stems"] = _listed([one.stems if chunk == 0 else 0 for one, chunk, *_ in entries])
    found["terms"] = _texts([_listed(one.terms) if chunk == 0 else "{}" for one, chunk, *_ in entries])
    return found


def _vectors(one: Searchable) -> Iterator[tuple[int, int, str | None]]:
    if not len(one.row.vectors):
        yield 0, -1, None
    for chunk, (cell, vector) in enumerate(zip(one.cells, one.row.vectors, strict=True)):
        yield chunk, cell, code_of(vector)


def code_of(vector: npt.NDArray[np.float32]) -> str:
    """The signs of a vector's components as Postgres writes a bit string."""
    return (48 + (vector > 0).astype(np.uint8)).tobytes().decode("ascii")


def _terms(rows: Sequence[Searchable]) -> Parameters:
    found = sorted((key, place, worth) for place, one in enumerate(rows, 1) for key, worth in one.worths.items())
    return {
        "ids": [one.row.id for one in rows],
        "keys": _listed([key for key, _, _ in found]),
        "places": _listed([place for _, place, _ in found]),
        "worths": _listed([worth for _, _, worth in found]),
    }


def _listed(numbers: Sequence[float]) -> str:
    """Numbers as Postgres reads an array: many times as fast as handing over each of them."""
    return "{" + ",".join(map(repr, numbers)) + "}"


def _texts(values: Sequence[Any]) -> str:
    """Values as Postgres reads an array of them; many are the same, and are written once."""
    known: dict[Any, str] = {None: "NULL"}
    for value in values:
        if value not in known:
            said = value.isoformat() if isinstance(value, datetime) else str(value)
            known[value] = '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "{" + ",".join([known[value] for value in values]) + "}"
