"""The store and the records read every condition alike: what SQL finds is what plain Python finds."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.types.json import Jsonb

from condition_cases import USER, conditions, memories, resident_comparisons, store_comparisons
from recollect import Memory as Face
from recollect.adapters.postgres.conditions import condition_sql
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.filters import ids_query, page_query
from recollect.domain.condition import Condition, matches
from recollect.domain.condition_parser import parse_condition
from recollect.domain.record import Memory
from recollect.domain.search import SearchFilter

TEXTS = ("user_id", "agent_id", "project_id", "conversation_id", "type", "tier", "status", "text", "speaker", "key")
COLUMNS = {
    "metadata": "jsonb",
    **dict.fromkeys((*TEXTS, "value", "source_id", "trust", "sensitivity", "author_id"), "text"),
    **dict.fromkeys(("occurred_at", "written_at", "valid_from", "valid_to"), "timestamptz"),
    **dict.fromkeys(("confidence", "importance", "emotion"), "float8"),
}
many = st.integers(1, 4).flatmap(lambda count: st.tuples(*(memories(number) for number in range(1, count + 1))))


@pytest.fixture(scope="module")
def connection(server: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.conninfo(user="recollect_app", dbname="recollect"), autocommit=True) as connection:
        yield connection


def found_by_sql(connection: psycopg.Connection, records: tuple[Memory, ...], condition: Condition) -> list[int]:
    """The places of the records that the condition's SQL is true of."""
    rows = [
        {"place": place, **{name: getattr(memory, "extra" if name == "metadata" else name) for name in COLUMNS}}
        for place, memory in enumerate(records)
    ]
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Identifier(kind))
        for name, kind in {"place": "int4", **COLUMNS}.items()
    )
    where, parameters = condition_sql(condition)
    query = sql.SQL("SELECT place FROM jsonb_to_recordset(%(rows)s) AS memory({}) WHERE {} ORDER BY place").format(
        columns, where
    )
    stored = Jsonb(rows, dumps=lambda data: json.dumps(data, default=str))
    return [place for (place,) in connection.execute(query, {**parameters, "rows": stored})]


@given(records=many, data=conditions(resident_comparisons | store_comparisons))
@settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_the_store_agrees_with_the_records(
    connection: psycopg.Connection, records: tuple[Memory, ...], data: dict[str, Any]
):
    condition = parse_condition(data)
    expected = [place for place, memory in enumerate(records) if matches(condition, memory)]
    assert found_by_sql(connection, records, condition) == expected


def test_what_is_filtered_for_is_never_read_as_sql(connection: psycopg.Connection):
    evil = "x') OR true --{}%(rows)s"
    data = {"OR": [{"text": {"contains": evil}}, {f"metadata.{evil}": evil}, {f"metadata.{evil}": {"gt": evil}}]}
    assert found_by_sql(connection, (), parse_condition(data)) == []


def test_a_page_and_the_ids_are_filtered_over_the_real_table(connection: psycopg.Connection, memory: Face):
    receipts = [memory.add(f"I like {what}", user_id=USER, metadata={"what": what}) for what in ("tea", "rain", "snow")]
    ids = [receipt.id for receipt in receipts]
    tenant = memory.list(user_id=USER)[0].tenant_id
    owner: dict[str, Any] = {"tenant_id": tenant, "user_id": USER, "limit": 10, "after": None}
    condition = parse_condition({"metadata.what": {"in": ["tea", "snow"]}})

    def run(query: sql.Composed, parameters: dict[str, Any]) -> set[UUID]:
        with connection.transaction():
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", [tenant])
            return {row[0] for row in connection.execute(query, {**parameters, **owner})}

    assert run(*ids_query(condition)) >= {ids[0], ids[2]}
    assert ids[1] not in run(*ids_query(condition))
    chosen = SearchFilter(condition=condition, only=frozenset({one for one in ids[1:] if one}))
    assert run(*page_query(chosen)) == {ids[2]}
