"""What every turn loads: sessions, goals, the hot state, and who heard what was said."""

from alembic import op

revision = "0003"
down_revision = "0002"

NEW_TABLES = (
    "channel",
    "session",
    "goal",
    "reflection",
    "hot_head",
    "hot_item",
    "hot_scratch",
)

CREATE = (
    """
CREATE TABLE recollect.channel (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    name TEXT,
    linked_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT channel_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT channel_tenant_id_project_id_fkey FOREIGN KEY(tenant_id, project_id) REFERENCES recollect.project (tenant_id, id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX channel_project_idx ON recollect.channel (tenant_id, project_id)
    """,
    """
CREATE TABLE recollect.session (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    agent_id TEXT DEFAULT '' NOT NULL,
    conversation_id TEXT,
    state JSONB NOT NULL,
    active_goal_id UUID,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_because TEXT,
    CONSTRAINT session_pkey PRIMARY KEY (tenant_id, id)
)
    """,
    """
CREATE INDEX session_listed_idx ON recollect.session (tenant_id, user_id, id)
    """,
    """
CREATE INDEX session_open_idx ON recollect.session (tenant_id, user_id) WHERE ended_at IS NULL
    """,
    """
CREATE TABLE recollect.goal (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    deadline TIMESTAMP WITH TIME ZONE,
    parent_id UUID,
    blocked_by JSONB NOT NULL,
    project_id TEXT,
    outcome TEXT,
    metadata JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT goal_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT goal_status_check CHECK (status IN ('active', 'paused', 'completed', 'abandoned')),
    CONSTRAINT goal_priority_check CHECK (priority >= 1 AND priority <= 5),
    CONSTRAINT goal_no_self_parent_check CHECK (parent_id <> id)
)
    """,
    """
CREATE INDEX goal_status_idx ON recollect.goal (tenant_id, user_id, status, id)
    """,
    """
CREATE TABLE recollect.reflection (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    conversation_id TEXT,
    goal_id UUID,
    task TEXT NOT NULL,
    succeeded BOOLEAN,
    outcome JSONB NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT,
    memory_ids JSONB NOT NULL,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT reflection_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT reflection_status_check CHECK (status IN ('queued', 'done', 'failed')),
    CONSTRAINT reflection_attempts_check CHECK (attempts >= 0)
)
    """,
    """
CREATE INDEX reflection_listed_idx ON recollect.reflection (tenant_id, user_id, id)
    """,
    """
CREATE INDEX reflection_queue_idx ON recollect.reflection (tenant_id, id) WHERE status = 'queued'
    """,
    """
CREATE TABLE recollect.hot_head (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT hot_head_pkey PRIMARY KEY (tenant_id, user_id)
)
    """,
    """
CREATE TABLE recollect.hot_item (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    memory_id UUID,
    value JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT hot_item_pkey PRIMARY KEY (tenant_id, user_id, kind, name),
    CONSTRAINT hot_item_kind_check CHECK (kind IN ('working', 'context', 'thought', 'sensed', 'recent'))
)
    """,
    """
CREATE INDEX hot_item_expires_idx ON recollect.hot_item (tenant_id, expires_at)
    """,
    """
CREATE UNLOGGED TABLE recollect.hot_scratch (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    memory_id UUID,
    value JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT hot_scratch_pkey PRIMARY KEY (tenant_id, user_id, kind, name),
    CONSTRAINT hot_scratch_kind_check CHECK (kind IN ('working', 'context', 'thought', 'sensed', 'recent'))
)
    """,
    """
CREATE INDEX hot_scratch_expires_idx ON recollect.hot_scratch (tenant_id, expires_at)
    """,
)

ALTER = (
    "ALTER TABLE recollect.memory ADD COLUMN channel_id TEXT",
    "ALTER TABLE recollect.memory ADD COLUMN audience JSONB DEFAULT '[]'::jsonb NOT NULL",
    "ALTER TABLE recollect.memory ADD COLUMN subject TEXT",
    "CREATE INDEX memory_always_idx ON recollect.memory (tenant_id, user_id) "
    "WHERE type = ANY (ARRAY['identity'::text, 'constraint'::text])",
)


def upgrade() -> None:
    """Creates the tables, walls them off by tenant, and lets the owner see all of them."""
    for statement in (*ALTER, *CREATE):
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
    for table in reversed(NEW_TABLES):
        op.execute(f"DROP TABLE recollect.{table}")
    op.execute("DROP INDEX recollect.memory_always_idx")
    for column in ("channel_id", "audience", "subject"):
        op.execute(f"ALTER TABLE recollect.memory DROP COLUMN {column}")
