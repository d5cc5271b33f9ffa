"""Doors: API keys, by which key each access was made, and the agents that a tenant has."""

from alembic import op

revision = "0005"
down_revision = "0004"

NEW_TABLES: tuple[str, ...] = ("api_key",)

API_KEYS: tuple[str, ...] = (
    """
CREATE TABLE recollect.api_key (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    access TEXT NOT NULL,
    user_id TEXT,
    project_id TEXT,
    requests_per_minute INTEGER,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT api_key_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT api_key_access_check CHECK (access IN ('read', 'write', 'admin')),
    CONSTRAINT api_key_requests_per_minute_check CHECK (requests_per_minute > 0)
)
    """,
    """
CREATE INDEX api_key_user_idx ON recollect.api_key (tenant_id, user_id) WHERE user_id IS NOT NULL
    """,
)

ACCESS: tuple[str, ...] = (
    "ALTER TABLE recollect.access_log ADD COLUMN key_id UUID",
    """
CREATE INDEX access_log_key_idx ON recollect.access_log (tenant_id, key_id, id) WHERE key_id IS NOT NULL
    """,
)

AGENTS: tuple[str, ...] = (
    """
CREATE INDEX memory_agent_idx ON recollect.memory (tenant_id, agent_id, id)
    WHERE agent_id <> ''::text AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
    """,
)

UNDO: tuple[str, ...] = (
    "DROP INDEX recollect.memory_agent_idx",
    "DROP INDEX recollect.access_log_key_idx",
    "ALTER TABLE recollect.access_log DROP COLUMN key_id",
)
"""What takes the columns and indexes of old tables away again."""


def upgrade() -> None:
    """Creates the table, walls it off by tenant, and lets the owner see all of it."""
    for statement in (*API_KEYS, *ACCESS, *AGENTS):
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
