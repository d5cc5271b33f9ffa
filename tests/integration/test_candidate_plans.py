"""Every statement that a large user is searched by is served by an index, row-level security included."""

from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.row_search import connect
from tests.two_ways import sentences

import recollect
from recollect.adapters.postgres.embedded import EmbeddedPostgres
from recollect.adapters.postgres.session import Sessions
from recollect.bootstrap import APPLICATION_ROLE, DATABASE

Statement = tuple[sql.Composed, dict[str, object]]
QUESTION = "What did Anna say in Lisbon about pottery in May 2025?"


@pytest.fixture
def statements(home: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[Statement]]:
    """The tenant, and the composed statements of one search."""
    seen: list[Statement] = []
    asked = Sessions.rows_each

    async def rows_each(self: Sessions, tenant_id: str, given: list[Statement]) -> list[list[tuple[object, ...]]]:
        seen.extend(given)
        return await asked(self, tenant_id, given)

    tenant_id = f"tenant-{uuid4()}"
    with recollect.Memory(home=home, tenant_id=tenant_id, resident_rows=0, upkeep=False) as memory:
        memory.add([{"role": "user", "content": text} for text in sentences(40)], user_id="ana", conversation_id="one")
        monkeypatch.setattr(Sessions, "rows_each", rows_each)
        assert memory.search(QUESTION, user_id="ana")
    return tenant_id, seen


def test_every_statement_is_served_by_an_index(statements: tuple[str, list[Statement]], server: EmbeddedPostgres):
    tenant_id, seen = statements
    with connect(server) as owner:  # as autovacuum does after a while: then the index alone is read
        owner.autocommit = True
        owner.execute("VACUUM (ANALYZE) recollect.search_row, recollect.search_term")
    conninfo = server.conninfo(user=APPLICATION_ROLE, dbname=DATABASE)
    plans: list[str] = []
    with psycopg.connect(conninfo, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, false)", (tenant_id,))
        connection.execute("SET enable_seqscan = off")  # of so few rows it would be the cheapest
        for query, parameters in seen:
            explained = connection.execute(sql.SQL("EXPLAIN ") + query, parameters).fetchall()
            plans.append("\n".join(line for (line,) in explained))
    assert len(plans) >= 6
    for plan in plans:
        assert "Seq Scan" not in plan, plan
    assert "Index Only Scan using search_row_near_idx" in plans[0]
    assert any("Index Only Scan using search_term_pkey" in plan for plan in plans)
    assert any("Index Only Scan using search_row_turn_idx" in plan for plan in plans)
    assert any("Index Only Scan Backward using search_row_turn_idx" in plan for plan in plans)
