"""The filter builder: a ``SearchFilter`` as SQL. With ``conditions.py`` the only place where SQL is composed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from recollect.adapters.postgres.conditions import condition_sql, single_precision
from recollect.adapters.postgres.queries import QUERIES
from recollect.domain.condition import Condition, single
from recollect.domain.decision import OCCURRED_MONTH, WRITTEN_MONTH, Readable
from recollect.domain.record import FOUND_BY_DEFAULT, Status
from recollect.domain.search import SearchFilter

Clause = tuple[sql.Composable, dict[str, Any]]


def page_query(chosen: SearchFilter) -> tuple[sql.Composed, dict[str, Any]]:
    """The statement for one page of memories, newest first, and its parameters without owner, limit and cursor."""
    clauses, parameters = _owned()
    listed, values = listed_sql(chosen)
    clauses += listed
    parameters.update(values)
    clauses.append(sql.SQL("(%(after)s::uuid IS NULL OR id < %(after)s)"))
    query = sql.SQL("SELECT {} FROM recollect.memory WHERE {} ORDER BY id DESC LIMIT %(limit)s").format(
        QUERIES["memory_columns"], sql.SQL(" AND ").join(clauses)
    )
    return query, parameters


def listed_sql(chosen: SearchFilter) -> tuple[list[sql.Composable], dict[str, Any]]:
    """What must hold of a memory for a list to show it, valid or not, and the parameters."""
    clauses: list[sql.Composable] = []
    parameters: dict[str, Any] = {}
    for build in (_kinds, _scope, _times, _validity, _rights):
        _add(clauses, parameters, build(chosen))
    return clauses, parameters


def ids_query(condition: Condition) -> tuple[sql.Composed, dict[str, Any]]:
    """The statement for the ids of all memories that a condition holds of, and its parameters without the owner."""
    clauses, parameters = _owned()
    _add(clauses, parameters, [condition_sql(condition)])
    query = sql.SQL("SELECT id FROM recollect.memory WHERE {}").format(sql.SQL(" AND ").join(clauses))
    return query, parameters


def _owned() -> tuple[list[sql.Composable], dict[str, Any]]:
    return [sql.SQL("tenant_id = %(tenant_id)s AND user_id = %(user_id)s")], {}


def _add(clauses: list[sql.Composable], parameters: dict[str, Any], more: list[Clause]) -> None:
    for clause, values in more:
        clauses.append(clause)
        parameters.update(values)


def _rights(chosen: SearchFilter) -> list[Clause]:
    found: list[Clause] = []
    if not chosen.include_quarantined:
        found.append((sql.SQL("trust <> 'quarantined'"), {}))
    if chosen.condition is not None:
        found.append(condition_sql(chosen.condition))
    if chosen.only is not None:
        found.append((sql.SQL("id = ANY(%(only)s::uuid[])"), {"only": list(chosen.only)}))
    return found


def _kinds(chosen: SearchFilter) -> list[Clause]:
    statuses = chosen.statuses or FOUND_BY_DEFAULT
    statuses -= {Status.DELETED}  # what was deleted is in the history alone
    if chosen.as_of is not None and not chosen.statuses:
        statuses |= {Status.SUPERSEDED}  # what has been replaced since may have held then
    found: list[Clause] = [(sql.SQL("status = ANY(%(statuses)s)"), {"statuses": [status.value for status in statuses]})]
    if chosen.types:
        found.append((sql.SQL("type = ANY(%(types)s)"), {"types": [kind.value for kind in chosen.types]}))
    if chosen.tiers:
        found.append((sql.SQL("tier = ANY(%(tiers)s)"), {"tiers": [tier.value for tier in chosen.tiers]}))
    if chosen.min_confidence > 0:
        least = sql.SQL("{} >= %(min_confidence)s::float4").format(single_precision(sql.Identifier("confidence")))
        found.append((least, {"min_confidence": single(chosen.min_confidence)}))
    return found


def _scope(chosen: SearchFilter) -> list[Clause]:
    found: list[Clause] = []
    if chosen.agent_id is not None:
        found.append((sql.SQL("agent_id = %(agent_id)s"), {"agent_id": chosen.agent_id}))
    if chosen.project_id is not None:
        found.append((sql.SQL("project_id = %(project_id)s"), {"project_id": chosen.project_id}))
    if chosen.conversation_id is not None:
        found.append((sql.SQL("conversation_id = %(conversation_id)s"), {"conversation_id": chosen.conversation_id}))
    return found


def _times(chosen: SearchFilter) -> list[Clause]:
    found: list[Clause] = []
    if chosen.occurred_from is not None:
        found.append((sql.SQL("occurred_at >= %(occurred_from)s"), {"occurred_from": chosen.occurred_from}))
    if chosen.occurred_to is not None:
        found.append((sql.SQL("occurred_at < %(occurred_to)s"), {"occurred_to": chosen.occurred_to}))
    return found


def _validity(chosen: SearchFilter) -> list[Clause]:
    if chosen.as_of is None:
        return []
    valid = sql.SQL("(valid_from IS NULL OR valid_from <= %(as_of)s) AND (valid_to IS NULL OR valid_to > %(as_of)s)")
    return [(valid, {"as_of": chosen.as_of})]


def found_by_ranking(chosen: SearchFilter, now: datetime) -> tuple[list[sql.Composable], dict[str, Any]]:
    """What must hold of a memory for ranking to find it, as ``recall/filter.py`` judges it, and the parameters.

    The columns may be those of any table that names them as ``memory`` does.
    """
    clauses: list[sql.Composable] = []
    parameters: dict[str, Any] = {}
    former = chosen.with_former and chosen.as_of is None and not chosen.statuses
    at = chosen.as_of or (None if chosen.statuses else now)
    kinds = replace(chosen, statuses=FOUND_BY_DEFAULT | {Status.SUPERSEDED}) if former else chosen
    for clause in (*_kinds(kinds), *_scope(chosen), *_times(chosen), *_rights(chosen)):
        _add(clauses, parameters, [clause])
    for valid, values in _validity(replace(chosen, as_of=at)):
        held = sql.SQL("({} OR status = 'superseded')").format(valid) if former else valid
        _add(clauses, parameters, [(held, values)])
    if chosen.readable is not None:
        _add(clauses, parameters, [_readable(chosen.readable)])
    return clauses, parameters


def looked_at(fields: Sequence[str]) -> sql.Composable:
    """What reading policies see of a memory that look at these fields, as a JSON list."""
    return sql.SQL("jsonb_build_array({})").format(sql.SQL(", ").join(map(_look, fields)))


def _readable(readable: Readable) -> Clause:
    seen = [Jsonb(list(look)) for look in sorted(readable.seen, key=str)]
    return sql.SQL("{} = ANY(%(seen)s::jsonb[])").format(looked_at(readable.fields)), {"seen": seen}


def _look(field: str) -> sql.Composable:
    computed = _LOOKS.get(field)
    return sql.SQL("({})::text").format(sql.Identifier(field)) if computed is None else computed


_LOOKS: Final = {
    "owner": sql.SQL("coalesce(author_id, user_id)"),
    "agent_id": sql.SQL("nullif(agent_id, '')"),
    OCCURRED_MONTH: sql.SQL("to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM')"),
    WRITTEN_MONTH: sql.SQL("to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM')"),
}
