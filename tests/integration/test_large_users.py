"""A user too large for the resident index: every call works, and nothing forbidden comes first or at all."""

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from tests.row_search import connect
from tests.two_ways import TwoWays, sentences, two_ways

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres

HIDING = """package recollect.wall
import rego.v1
applies if input.action == "read"
filter := {"sensitivity": {"ne": "restricted"}}
"""
LOOKING = """package recollect.wall
import rego.v1
applies if input.action == "read"
allow if input.memory.sensitivity != "restricted"
"""
QUESTION = "What does the violin class of Anna in Lisbon cost?"
FORBIDDEN = 150
ALLOWED = 30
FEW = 40
"""Candidates by each signal in these tests: a third of the forbidden ones would take all of their places."""
ROWS = int(os.environ.get("RECOLLECT_TEST_ROWS", "100000"))
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'recollect' AND table_name = %s ORDER BY ordinal_position
"""
TABLES = ("search_head", "search_row", "search_term", "search_count")

WAYS_TO_BE_FORBIDDEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "superseded": ("status = 'superseded', valid_to = now()", {}, ""),
    "deleted": ("status = 'deleted'", {}, ""),
    "expired": ("valid_to = now() - interval '1 day'", {}, ""),
    "not valid yet": ("valid_from = now() + interval '1 day'", {}, ""),
    "quarantined": ("trust = 'quarantined'", {}, ""),
    "of another project": ("project_id = 'elsewhere'", {"filters": {"project_id": {"ne": "elsewhere"}}}, ""),
    "of another agent": ("agent_id = 'other'", {"filters": {"agent_id": {"ne": "other"}}}, ""),
    "denied by a condition": ("sensitivity = 'restricted'", {}, HIDING),
    "denied by their looks": ("sensitivity = 'restricted'", {}, LOOKING),
}
"""What the rows become, what is asked besides, and the policy in force."""


@pytest.fixture
def ways(home: str) -> Iterator[TwoWays]:
    with two_ways(home) as ways:
        yield ways


def said(memory: recollect.Memory, text: str, **given: Any) -> UUID:
    receipt = memory.add(text, user_id="ana", **given)
    assert receipt.id is not None, receipt
    return receipt.id


def search_rows(server: EmbeddedPostgres, tenant_id: str) -> list[int]:
    """How many rows of the tenant each table has that large users are searched by."""
    with connect(server) as connection:
        found: list[int] = []
        for table in TABLES:
            query = sql.SQL("SELECT count(*) FROM recollect.{} WHERE tenant_id = %s").format(sql.Identifier(table))
            row = connection.execute(query, (tenant_id,)).fetchone()
            found.append(row[0] if row else -1)
        return found


def test_every_call_of_a_large_user(ways: TwoWays):
    memory = ways.sought
    assert not memory.search(QUESTION, user_id="ana").hits
    first = said(memory, "The violin class costs 40 euros")
    said(memory, "My dog is called Rex")
    assert [hit.memory.id for hit in memory.search(QUESTION, user_id="ana", limit=1)] == [first]
    assert "40 euros" in memory.context(QUESTION, user_id="ana").render()
    memory.update(first, user_id="ana", text="The violin class costs 65 euros")
    texts = [hit.memory.text for hit in memory.search(QUESTION, user_id="ana")]
    assert texts[0] == "The violin class costs 65 euros"
    assert "The violin class costs 40 euros" not in texts
    ways.held.add("The violin class is on Mondays", user_id="ana")  # as another process would
    assert any("Mondays" in hit.memory.text for hit in memory.search("When is the violin class?", user_id="ana"))
    for hit in memory.search("What does the class cost?", user_id="ana"):
        if "65" in hit.memory.text:
            memory.delete(hit.memory.id, user_id="ana")
    assert all("65" not in hit.memory.text for hit in memory.search(QUESTION, user_id="ana"))
    rex = next(hit.memory for hit in memory.search("What is my dog called?", user_id="ana") if "Rex" in hit.memory.text)
    memory.erase(user_id="ana", memory_id=rex.id)
    assert all("Rex" not in hit.memory.text for hit in memory.search("What is my dog called?", user_id="ana"))
    assert len(memory.search("the violin class", user_id="ana")) == len(
        ways.held.search("the violin class", user_id="ana")
    )


def test_erasing_a_user_leaves_no_row(home: str, server: EmbeddedPostgres):
    tenant_id = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant_id, resident_rows=0, upkeep=False) as memory:
        said(memory, "The violin class costs 40 euros")
        assert memory.search(QUESTION, user_id="ana")
        assert all(search_rows(server, tenant_id))
        memory.erase(user_id="ana")
        assert search_rows(server, tenant_id) == [0, 0, 0, 0]


def test_counts_are_those_of_the_rows_whatever_happened(home: str, server: EmbeddedPostgres):
    tenant_id = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant_id, resident_rows=0, upkeep=False) as memory:
        ids = [said(memory, text) for text in sentences(12)]
        memory.search(QUESTION, user_id="ana")
        memory.update(ids[0], user_id="ana", text="Nothing but the violin")
        memory.delete(ids[1], user_id="ana")
        memory.search(QUESTION, user_id="ana")
    with connect(server) as connection:
        counted = connection.execute(
            "SELECT key, passages FROM recollect.search_count WHERE tenant_id = %s AND passages <> 0 ORDER BY key",
            (tenant_id,),
        ).fetchall()
        there = connection.execute(
            "SELECT term.key, count(*) FROM recollect.search_row r, unnest(r.terms) AS term (key)"
            " WHERE r.tenant_id = %s GROUP BY 1 ORDER BY 1",
            (tenant_id,),
        ).fetchall()
        head = connection.execute(
            "SELECT h.memories, (SELECT count(*) FROM recollect.memory m WHERE m.tenant_id = h.tenant_id"
            " AND m.status <> 'deleted') FROM recollect.search_head h WHERE h.tenant_id = %s",
            (tenant_id,),
        ).fetchone()
    assert counted == there
    assert len(counted) > 50
    assert head is not None
    assert head[0] == head[1]


@pytest.mark.parametrize("name", WAYS_TO_BE_FORBIDDEN)
def test_a_top_full_of_forbidden_ones_hides_nothing(
    ways: TwoWays, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, name: str
):
    for limit in ("NEAR", "WORDED"):
        monkeypatch.setattr(f"recollect.recall.large.index.{limit}", FEW)
    changes, given, policy = WAYS_TO_BE_FORBIDDEN[name]
    secrets = [f"The violin class of Anna in Lisbon costs {number} euros" for number in range(FORBIDDEN)]
    ways.held.add([{"role": "user", "content": text} for text in secrets], user_id="ana", conversation_id="secret")
    allowed = {said(ways.held, text) for text in sentences(ALLOWED, seed=3)}
    with connect(server) as connection:
        query = sql.SQL("UPDATE recollect.memory SET {} WHERE id <> ALL (%s) AND tenant_id ="
                        " (SELECT tenant_id FROM recollect.memory WHERE id = %s)")  # fmt: skip
        parts = query.format(sql.SQL(changes))  # pyright: ignore[reportArgumentType] - our own words
        assert connection.execute(parts, (list(allowed), next(iter(allowed)))).rowcount >= FORBIDDEN
    if policy:
        ways.held.policies.add("wall", policy)
    for limit in (ALLOWED + 5, 5):
        held, sought = ways.both(QUESTION, limit=limit, **given)
        assert len(sought) == min(limit, len(allowed))
        assert {hit.memory.id for hit in sought} <= allowed
        assert [hit.memory.id for hit in sought] == [hit.memory.id for hit in held]


def test_lists_are_complete_among_a_million_rows_of_others(home: str, server: EmbeddedPostgres):
    """The others' rows are copies of a real one; ``RECOLLECT_TEST_ROWS`` says how many, 1,000,000 take some minutes."""
    others = ROWS
    tenant_id = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant_id, resident_rows=0, upkeep=False) as memory:
        wanted = {said(memory, text) for text in sentences(60)}
        memory.add("The violin class of Anna in Lisbon costs 40 euros", user_id="ben")
        memory.search(QUESTION, user_id="ben")
        with connect(server) as connection:
            columns = connection.execute(COLUMNS, ("search_row",)).fetchall()
            copied = sql.SQL(", ").join(
                sql.SQL("gen_random_uuid()") if name == "id" else sql.SQL("'user ' || number % 50") if name == "user_id"
                else sql.Identifier(name)
                for (name,) in columns
            )  # fmt: skip
            query = sql.SQL(
                "INSERT INTO recollect.search_row SELECT {} FROM recollect.search_row, generate_series(1, {}) AS number"
                " WHERE tenant_id = {} AND user_id = 'ben'"
            ).format(copied, sql.Literal(others), sql.Literal(tenant_id))
            assert connection.execute(query).rowcount == others
        for query_text in (QUESTION, "Where did my dog go?"):
            found = memory.search(query_text, user_id="ana", limit=50)
            assert len(found) == 50
            assert {hit.memory.id for hit in found} <= wanted
