"""The store and the records read every condition alike: what SQL finds is what plain Python finds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from condition_cases import USER, conditions, memories, resident_comparisons, store_comparisons
from filter_cases import NOW, filters, passes
from recollect import Memory as Face
from recollect.adapters.postgres.conditions import condition_sql
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.filters import found_by_ranking, ids_query, listed_sql, page_query
from recollect.domain.condition import Condition, lower_case, matches
from recollect.domain.condition_parser import parse_condition
from recollect.domain.record import Memory
from recollect.domain.search import SearchFilter
from recollect.memory.past_rows import listed
from recordset import places

patiently = settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
many = st.integers(1, 4).flatmap(lambda count: st.tuples(*(memories(number) for number in range(1, count + 1))))


@pytest.fixture(scope="module")
def connection(server: EmbeddedPostgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server.conninfo(user="recollect_app", dbname="recollect"), autocommit=True) as connection:
        yield connection


def found_by_sql(connection: psycopg.Connection, records: tuple[Memory, ...], condition: Condition) -> list[int]:
    """The places of the records that the condition's SQL is true of."""
    return places(connection, records, *condition_sql(condition))


@given(records=many, data=conditions(resident_comparisons | store_comparisons))
@patiently
def test_the_store_agrees_with_the_records(
    connection: psycopg.Connection, records: tuple[Memory, ...], data: dict[str, Any]
):
    condition = parse_condition(data)
    expected = [place for place, memory in enumerate(records) if matches(condition, memory)]
    assert found_by_sql(connection, records, condition) == expected


@given(records=many, data=st.data())
@patiently
def test_the_store_finds_what_ranking_may(
    connection: psycopg.Connection, records: tuple[Memory, ...], data: st.DataObject
):
    chosen = data.draw(filters(records, resident_comparisons | store_comparisons))
    clauses, parameters = found_by_ranking(chosen, NOW)
    expected = [place for place, memory in enumerate(records) if passes(memory, chosen, NOW)]
    assert places(connection, records, sql.SQL(" AND ").join(clauses), parameters) == expected


@given(records=many, data=st.data())
@patiently
def test_the_store_lists_what_a_replayed_past_lists(
    connection: psycopg.Connection, records: tuple[Memory, ...], data: st.DataObject
):
    chosen = replace(data.draw(filters(records, resident_comparisons | store_comparisons)), readable=None)
    clauses, parameters = listed_sql(chosen)
    expected = [place for place, memory in enumerate(records) if listed(memory, chosen)]
    assert places(connection, records, sql.SQL(" AND ").join(clauses), parameters) == expected


def test_every_letter_has_the_lower_case_that_postgres_gives_it(connection: psycopg.Connection):
    letters = [chr(code) for code in range(1, 0x11_0000) if not 0xD800 <= code <= 0xDFFF and chr(code).isalpha()]
    stored = connection.execute("SELECT lower(letter) FROM unnest(%s::text[]) AS letter", [letters]).fetchall()
    assert [(letter, low) for letter, (low,) in zip(letters, stored, strict=True) if lower_case(letter) != low] == []


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
