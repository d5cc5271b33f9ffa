"""Memories as rows that a query makes up, so that the SQL of filters is tried without storing anything."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from recollect.domain.record import Memory

_TEXTS = [
    "user_id",
    "agent_id",
    "project_id",
    "conversation_id",
    "channel_id",
    "type",
    "tier",
    "status",
    "text",
    "speaker",
    "subject",
    "key",
    "value",
    "source_id",
    "trust",
    "sensitivity",
    "author_id",
]
COLUMNS: Mapping[str, str] = {
    "id": "uuid",
    "metadata": "jsonb",
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(("occurred_at", "written_at", "valid_from", "valid_to"), "timestamptz"),
    **dict.fromkeys(("confidence", "importance", "emotion"), "float8"),
}


def places(
    connection: psycopg.Connection, records: Sequence[Memory], where: sql.Composable, parameters: Mapping[str, Any]
) -> list[int]:
    """The places of the records that the SQL is true of."""
    rows = [
        {"place": place, **{name: getattr(memory, "extra" if name == "metadata" else name) for name in COLUMNS}}
        for place, memory in enumerate(records)
    ]
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Identifier(kind))
        for name, kind in {"place": "int4", **COLUMNS}.items()
    )
    query = sql.SQL("SELECT place FROM jsonb_to_recordset(%(rows)s) AS memory({}) WHERE {} ORDER BY place").format(
        columns, where
    )
    stored = Jsonb(rows, dumps=lambda data: json.dumps(data, default=str))
    return [place for (place,) in connection.execute(query, {**parameters, "rows": stored})]
