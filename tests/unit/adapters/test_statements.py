"""Every statement in ``sql/*.sql`` names the tenant in each of its branches, so that a cluster runs it on one shard."""

import re
from collections.abc import Iterator

import pytest
from psycopg import sql

from recollect.adapters.postgres.filters import page_query
from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.search import SearchFilter

TABLE = re.compile(
    r"\b(FROM|JOIN|UPDATE|INTO|,)\s+recollect\.(\w+)(?:\s+(?:AS\s+)?(?!WHERE\b|SET\b|ON\b|ORDER\b|JOIN\b)(\w+))?"
)
SPLIT = re.compile(r"\b(?:UNION(?:\s+ALL)?|INTERSECT|EXCEPT)\b")
VERB = re.compile(r"\s*(?:⟨subselect⟩|SELECT|INSERT|UPDATE|DELETE|WITH)\b")
WITHOUT_TENANT = {"alembic_version"}


def branches(statement: str) -> Iterator[str]:
    """The parts of a statement that each read or write by themselves; other parentheses are kept as ``⟨...⟩``."""
    while found := re.search(r"\(([^()]*)\)", statement):
        inside = found.group(1)
        if VERB.match(inside):
            yield from SPLIT.split(inside)
        kept = "⟨subselect⟩" if VERB.match(inside) else f"⟨{inside}⟩"
        statement = statement[: found.start()] + kept + statement[found.end() :]
    yield from SPLIT.split(statement)


def at_top(branch: str) -> str:
    """The branch without what stands in its parentheses."""
    shorter = re.sub(r"⟨[^⟨⟩]*⟩", " ", branch)
    return branch if shorter == branch else at_top(shorter)


def faults(statement: str) -> Iterator[str]:
    """Why a statement would visit more than one tenant's shard."""
    plain = re.sub(r"%\((\w+)\)s", r":\1", re.sub(r"--[^\n]*", "", statement))
    for branch in branches(re.sub(r"\s+", " ", plain)):
        own = at_top(branch)
        for verb, table, alias in TABLE.findall(own):
            if table in WITHOUT_TENANT:
                continue
            if verb == "INTO":
                columns = re.search(r"INTO recollect\.\w+ ⟨([^⟨⟩]*)⟩", branch)
                if columns is None or "tenant_id" not in re.split(r"\W+", columns.group(1)):
                    yield f"an INSERT into {table} does not name tenant_id"
                continue
            name = rf"(?:{alias}\.)" if alias else rf"(?:{table}\.)?"
            _, _, condition = own.partition(" WHERE ") if " ON " not in own else own.partition(" ON ")
            if not re.search(rf"(?:^|AND |WHERE ){name}tenant_id = (?::tenant_id|\w+\.tenant_id)\b", condition):
                yield f"{verb} {table} is not bound to a tenant"
            if re.search(r"\bOR\b", condition):
                yield f"{verb} {table} has an OR beside its tenant"


def test_there_are_statements():
    tables = {table for query in QUERIES.values() for _, table, _ in TABLE.findall(re.sub(r"\s+", " ", text(query)))}
    assert len(QUERIES) >= 30
    assert {"memory", "event", "embedding", "log_head", "access_log", "recalled"} <= tables


def text(query: sql.Composable) -> str:
    return query.as_string(None)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_statement_names_the_tenant_in_every_branch(name: str):
    assert list(faults(text(QUERIES[name]))) == []


@pytest.mark.parametrize(
    "chosen", [SearchFilter(), SearchFilter(agent_id="a", conversation_id="c", min_confidence=0.5)]
)
def test_a_composed_page_names_the_tenant_too(chosen: SearchFilter):
    statement = text(page_query(chosen)[0])
    assert "recollect.memory" in statement
    assert list(faults(statement)) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT 1 FROM recollect.memory WHERE id = %(id)s", "FROM memory is not bound"),
        ("SELECT 1 FROM recollect.memory", "FROM memory is not bound"),
        ("SELECT 1 FROM recollect.memory WHERE tenant_id = %(tenant_id)s OR id = %(id)s", "has an OR"),
        ("SELECT 1 FROM recollect.memory WHERE (tenant_id = %(tenant_id)s OR id = 1)", "FROM memory is not bound"),
        ("SELECT 1 FROM recollect.memory WHERE tenant_id = id", "FROM memory is not bound"),
        (
            "SELECT 1 FROM recollect.memory WHERE tenant_id = %(tenant_id)s UNION SELECT 1 FROM recollect.event",
            "FROM event is not bound",
        ),
        (
            "SELECT (SELECT 1 FROM recollect.event e WHERE e.seq = m.seq) FROM recollect.memory m"
            " WHERE m.tenant_id = %(tenant_id)s",
            "FROM event is not bound",
        ),
        (
            "SELECT 1 FROM recollect.memory m JOIN recollect.event e ON e.seq = 1 WHERE m.tenant_id = %(tenant_id)s",
            "JOIN event is not bound",
        ),
        (
            "WITH RECURSIVE a AS ((SELECT 1 FROM recollect.memory m WHERE m.tenant_id = %(tenant_id)s) UNION ALL"
            " SELECT (SELECT 1 FROM recollect.event e WHERE e.seq > 1) FROM a) SELECT 1 FROM a",
            "FROM event is not bound",
        ),
        ("UPDATE recollect.memory SET text = '' WHERE id = %(id)s", "UPDATE memory is not bound"),
        ("UPDATE recollect.memory SET tenant_id = %(tenant_id)s", "UPDATE memory is not bound"),
        ("DELETE FROM recollect.memory WHERE id IN (SELECT 1)", "FROM memory is not bound"),
        ("INSERT INTO recollect.memory (id) VALUES (%(tenant_id)s)", "does not name tenant_id"),
        (
            "WITH old AS (DELETE FROM recollect.memory RETURNING id) SELECT id FROM old",
            "FROM memory is not bound",
        ),
    ],
)
def test_a_branch_without_the_tenant_is_found(statement: str, fault: str):
    assert any(fault in found for found in faults(statement)), list(faults(statement))
