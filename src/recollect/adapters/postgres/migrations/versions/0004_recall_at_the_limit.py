"""Recall at the limit: stored arrays, what large users are searched by, the graph, traces, and what has gone stale."""

from alembic import op

revision = "0004"
down_revision = "0003"

NEW_TABLES: tuple[str, ...] = ()

STORED_ARRAYS: tuple[str, ...] = ()

LARGE_USERS: tuple[str, ...] = ()

GRAPH: tuple[str, ...] = ()

TRACES: tuple[str, ...] = ()

STALE: tuple[str, ...] = ()

UNDO: tuple[str, ...] = ()
"""What takes the columns and indexes of old tables away again."""


def upgrade() -> None:
    """Creates the tables, walls them off by tenant, and lets the owner see all of them."""
    for statement in (*STORED_ARRAYS, *LARGE_USERS, *GRAPH, *TRACES, *STALE):
        op.execute(statement)
    for table in NEW_TABLES:
        op.execute(f"ALTER TABLE recollect.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE recollect.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON recollect.{table} "
            "USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')) "
            "WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''))"
        )
        op.execute(f"CREATE POLICY operator ON recollect.{table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def downgrade() -> None:
    """Drops what ``upgrade`` made, with all its rows."""
    for statement in UNDO:
        op.execute(statement)
    for table in reversed(NEW_TABLES):
        op.execute(f"DROP TABLE recollect.{table}")
