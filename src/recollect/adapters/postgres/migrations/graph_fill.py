"""Graph fill: the graph of the memories that were stored before there was one; run by migration 0004."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from recollect.adapters.postgres.graph_rows import edge_row, mention_row
from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.graph import Support, support_of
from recollect.domain.record import (
    EntityMention,
    EntityType,
    Memory,
    MemoryType,
    Provenance,
    ProvenanceSource,
    Relation,
    Status,
    Trust,
)

AT_ONCE = 1_000
_NEXT = text("""
SELECT tenant_id, id, user_id, status, trust, key, value, confidence, valid_from, valid_to, told_at, written_at,
       entities, relations, provenance->>'source'
FROM recollect.memory WHERE (tenant_id, id) > (:tenant_id, :id) AND status <> 'deleted' AND trust <> 'quarantined'
ORDER BY tenant_id, id LIMIT :limit
""")
_FIRST = ("", "00000000-0000-0000-0000-000000000000")


def fill_graph(connection: Connection) -> None:
    """Writes what every living memory adds to the graph, a batch at a time."""
    after = _FIRST
    while True:
        wanted = {"tenant_id": after[0], "id": after[1], "limit": AT_ONCE}
        rows = connection.execute(_NEXT, wanted).fetchall()
        _write(connection, rows)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1][0], str(rows[-1][1]))


def _write(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    mentions: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for row in rows:
        support, owner = _support(row), (row[0], row[2])
        mentions += [mention_row(*owner, one) for one in support.mentions]
        edges += [edge_row(*owner, one) for one in support.edges]
    cursor = connection.connection.cursor()  # the driver's own: the statements are written for it
    for name, found in (("merge_mention", mentions), ("merge_edge", edges)):
        if found:
            cursor.executemany(QUERIES[name], found)
    cursor.close()


def _support(row: Sequence[Any]) -> Support:
    tenant_id, memory_id, user_id, status, trust, key, value, confidence, valid_from, valid_to = row[:10]
    told_at, written_at, entities, relations, source = row[10:]
    memory = Memory(
        id=memory_id,
        tenant_id=tenant_id,
        user_id=user_id,
        type=MemoryType.TURN,
        status=Status(status),
        trust=Trust(trust),
        text="",
        key=key,
        value=value,
        confidence=confidence,
        valid_from=valid_from,
        valid_to=valid_to,
        told_at=told_at,
        written_at=written_at,
        updated_at=written_at,
        content_hash="",
        provenance=Provenance(source=ProvenanceSource(source)),
        entities=tuple(EntityMention(said, name, EntityType(kind), at, end) for said, name, kind, at, end in entities),
        relations=tuple(Relation(*relation) for relation in relations),
    )
    return support_of(memory)
