"""Spreads the schema over a Citus cluster: every table by its tenant, all of them colocated.

A tenant's rows of all tables then lie together on one node, so its foreign keys, its transactions and its row-level
security work as on one server. The plan is read from the catalogue: what is distributed already is left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import psycopg

from recollect.adapters.postgres.faults import translated
from recollect.adapters.postgres.migrate import MIGRATION_LOCK
from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.errors import SchemaMismatch, StoreError

BY = "tenant_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the catalogue says of the tables.

    Attributes:
        distributed: by table, the column it is distributed by, and its group of colocated tables.
        holding_rows: tables with rows of their own on the coordinator, which distributing copies but does not remove.
    """

    distributed: Mapping[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    holding_rows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What there is to do.

    Attributes:
        statements: in the order in which they must run. tables: that they distribute.
        present: tables that are distributed already.
    """

    statements: Sequence[str]
    tables: Sequence[str]
    present: Sequence[str]


NO_EXTENSION = (
    "the database has no extension citus; put citus into shared_preload_libraries of every node, restart them, "
    "run CREATE EXTENSION citus in this database, and call citus_add_node for each worker"
)


def distribute(owner_conninfo: str, *, dry_run: bool) -> Plan:
    """Distributes what is not distributed yet, as the tables' owner, on the coordinator. Safe to call again.

    Args:
        owner_conninfo: how to connect.
        dry_run: only say what would be done; without the extension, as for tables of which none is distributed.

    Raises:
        SchemaMismatch: a table is missing, or distributed in another way.
        StoreError: the extension is missing, or the server refused.
    """
    with translated(), psycopg.connect(owner_conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        clustered = _has_extension(connection)
        if not clustered and not dry_run:
            raise StoreError(NO_EXTENSION)
        plan = plan_for(_shape(connection, clustered=clustered))
        if not dry_run:
            for statement in plan.statements:  # each on its own: what is done stays done, and the rest can be repeated
                connection.execute(statement.encode())
            _check_colocated(_shape(connection, clustered=True))
        return plan


def plan_for(shape: Shape) -> Plan:
    """What brings tables of this shape to where they belong.

    Raises:
        SchemaMismatch: a table is distributed in another way.
    """
    _check_colocated(shape)
    order = [table.name for table in Base.metadata.sorted_tables]  # what a foreign key refers to comes first
    present = [name for name in order if name in shape.distributed]
    missing = [name for name in order if name not in shape.distributed]
    anchor = (present or order)[0]
    statements = [_distribute(name, "none" if name == anchor else f"{SCHEMA}.{anchor}") for name in missing]
    # Only when all are distributed: removing the coordinator's own rows cascades along the foreign keys.
    statements += [_remove_local_rows(name) for name in order if name in shape.holding_rows]
    return Plan(statements=statements, tables=missing, present=present)


def _distribute(table: str, colocate_with: str) -> str:
    return f"SELECT create_distributed_table('{SCHEMA}.{table}', '{BY}', colocate_with => '{colocate_with}')"


def _remove_local_rows(table: str) -> str:
    return f"SELECT truncate_local_data_after_distributing_table('{SCHEMA}.{table}')"


def _has_extension(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'").fetchone() is not None


def _shape(connection: psycopg.Connection, *, clustered: bool) -> Shape:
    names = [table.name for table in Base.metadata.sorted_tables]
    rows = connection.execute(
        "SELECT c.relname, pg_relation_size(c.oid) > 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = ANY(%s)",
        (SCHEMA, names),
    ).fetchall()
    if absent := sorted(set(names) - {name for name, _ in rows}):
        raise SchemaMismatch(f"the table {SCHEMA}.{absent[0]} is missing; run `recollect db migrate` first")
    holding_rows = frozenset(name for name, holds in rows if holds)
    if not clustered:
        return Shape(distributed={}, holding_rows=holding_rows)
    distributed = connection.execute(
        "SELECT c.relname, coalesce(column_to_column_name(p.logicalrelid, p.partkey), ''), p.colocationid"
        " FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = ANY(%s)",
        (SCHEMA, names),
    ).fetchall()
    return Shape(
        distributed={name: (column, group) for name, column, group in distributed},
        holding_rows=holding_rows,
    )


def _check_colocated(shape: Shape) -> None:
    for name, (column, _) in sorted(shape.distributed.items()):
        if column != BY:
            how = f"distributed by {column}" if column else "a reference or local table of the cluster"
            raise SchemaMismatch(
                f"{SCHEMA}.{name} is {how}, but must be distributed by {BY}; "
                f"run SELECT undistribute_table('{SCHEMA}.{name}', cascade_via_foreign_keys => true) and try again"
            )
    groups = {group for _, group in shape.distributed.values()}
    if len(groups) > 1:
        raise SchemaMismatch(
            f"the tables of {SCHEMA} lie in {len(groups)} groups of shards, so a tenant's rows are not together; run "
            "undistribute_table on those outside the largest group (see colocation_id in citus_tables) and try again"
        )
