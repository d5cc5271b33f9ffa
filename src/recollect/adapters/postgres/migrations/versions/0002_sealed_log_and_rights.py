"""Everything that belongs to a record beside its words, the log sealed by keys, and the rights of a tenant."""

from alembic import op

revision = "0002"
down_revision = "0001"

WALLED_BEFORE = ("embedding_model", "log_head", "memory", "embedding")
NEW_TABLES = (
    "access_log",
    "collection",
    "content_salt",
    "conversation",
    "entity",
    "event",
    "idempotency_key",
    "policy",
    "profile",
    "project",
    "recalled",
    "source",
    "tool_invocation",
    "user_key",
    "collection_member",
    "project_member",
    "relationship",
    "turn",
)

CREATE = (
    """
CREATE TABLE recollect.access_log (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    user_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    method TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ms DOUBLE PRECISION NOT NULL,
    CONSTRAINT access_log_pkey PRIMARY KEY (tenant_id, id)
)
    """,
    """
CREATE INDEX access_log_at_idx ON recollect.access_log USING brin (at)
    """,
    """
CREATE INDEX access_log_user_idx ON recollect.access_log (tenant_id, user_id, id)
    """,
    """
CREATE TABLE recollect.collection (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    collection_type TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT collection_pkey PRIMARY KEY (tenant_id, id)
)
    """,
    """
CREATE UNIQUE INDEX collection_name_key ON recollect.collection (tenant_id, user_id, name)
    """,
    """
CREATE TABLE recollect.content_salt (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    CONSTRAINT content_salt_pkey PRIMARY KEY (tenant_id, user_id, memory_id)
)
    """,
    """
CREATE TABLE recollect.conversation (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    agent_id TEXT DEFAULT '' NOT NULL,
    project_id TEXT,
    title TEXT,
    started_at TIMESTAMP WITH TIME ZONE,
    last_turn_at TIMESTAMP WITH TIME ZONE,
    turn_count INTEGER NOT NULL,
    metadata JSONB NOT NULL,
    CONSTRAINT conversation_pkey PRIMARY KEY (tenant_id, user_id, id),
    CONSTRAINT conversation_turn_count_check CHECK (turn_count >= 0)
)
    """,
    """
CREATE INDEX conversation_last_turn_at_idx ON recollect.conversation USING brin (last_turn_at)
    """,
    """
CREATE TABLE recollect.entity (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    aliases JSONB NOT NULL,
    description TEXT,
    salience DOUBLE PRECISION,
    merged_into TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT entity_pkey PRIMARY KEY (tenant_id, user_id, name),
    CONSTRAINT entity_salience_check CHECK (salience >= 0 AND salience <= 1),
    CONSTRAINT entity_no_self_merge_check CHECK (merged_into <> name)
)
    """,
    """
CREATE TABLE recollect.event (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    subject_id UUID NOT NULL,
    payload BYTEA NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    job_id UUID,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (tenant_id, user_id, seq),
    CONSTRAINT event_seq_check CHECK (seq > 0)
)
    """,
    """
CREATE INDEX event_job_idx ON recollect.event (tenant_id, user_id, job_id) WHERE job_id IS NOT NULL
    """,
    """
CREATE INDEX event_recorded_at_idx ON recollect.event USING brin (recorded_at)
    """,
    """
CREATE INDEX event_subject_idx ON recollect.event (tenant_id, subject_id, seq)
    """,
    """
CREATE TABLE recollect.idempotency_key (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT idempotency_key_pkey PRIMARY KEY (tenant_id, user_id, key)
)
    """,
    """
CREATE TABLE recollect.policy (
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    module TEXT NOT NULL,
    version INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT policy_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT policy_version_check CHECK (version > 0)
)
    """,
    """
CREATE TABLE recollect.profile (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    preferences JSONB NOT NULL,
    expertise JSONB NOT NULL,
    communication_style JSONB NOT NULL,
    metadata JSONB NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT profile_pkey PRIMARY KEY (tenant_id, user_id)
)
    """,
    """
CREATE TABLE recollect.project (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    settings JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT project_pkey PRIMARY KEY (tenant_id, id)
)
    """,
    """
CREATE TABLE recollect.recalled (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    recalled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT recalled_pkey PRIMARY KEY (tenant_id, user_id, memory_id)
)
    """,
    """
CREATE INDEX recalled_at_idx ON recollect.recalled USING brin (recalled_at)
    """,
    """
CREATE TABLE recollect.source (
    tenant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    uri TEXT,
    trust TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    metadata JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT source_pkey PRIMARY KEY (tenant_id, name),
    CONSTRAINT source_kind_check CHECK (kind IN ('api', 'database', 'file_system', 'webhook', 'manual')),
    CONSTRAINT source_trust_check CHECK (trust IN ('trusted', 'known', 'quarantined', 'refused'))
)
    """,
    """
CREATE TABLE recollect.tool_invocation (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    conversation_id TEXT,
    turn_index INTEGER,
    tool TEXT NOT NULL,
    task TEXT,
    arguments JSONB NOT NULL,
    output JSONB,
    succeeded BOOLEAN,
    latency_ms DOUBLE PRECISION,
    error TEXT,
    invoked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT tool_invocation_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT tool_invocation_latency_ms_check CHECK (latency_ms >= 0)
)
    """,
    """
CREATE INDEX tool_invocation_invoked_at_idx ON recollect.tool_invocation USING brin (invoked_at)
    """,
    """
CREATE INDEX tool_invocation_tool_idx ON recollect.tool_invocation (tenant_id, user_id, tool, id)
    """,
    """
CREATE TABLE recollect.user_key (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    master_id TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT user_key_pkey PRIMARY KEY (tenant_id, user_id)
)
    """,
    """
CREATE TABLE recollect.collection_member (
    tenant_id TEXT NOT NULL,
    collection_id UUID NOT NULL,
    memory_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT collection_member_pkey PRIMARY KEY (tenant_id, collection_id, memory_id),
    CONSTRAINT collection_member_tenant_id_collection_id_fkey FOREIGN KEY(tenant_id, collection_id) REFERENCES recollect.collection (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT collection_member_tenant_id_memory_id_fkey FOREIGN KEY(tenant_id, memory_id) REFERENCES recollect.memory (tenant_id, id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX collection_member_memory_idx ON recollect.collection_member (tenant_id, memory_id)
    """,
    """
CREATE INDEX collection_member_user_idx ON recollect.collection_member (tenant_id, user_id)
    """,
    """
CREATE TABLE recollect.project_member (
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT project_member_pkey PRIMARY KEY (tenant_id, project_id, user_id),
    CONSTRAINT project_member_role_check CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    CONSTRAINT project_member_tenant_id_project_id_fkey FOREIGN KEY(tenant_id, project_id) REFERENCES recollect.project (tenant_id, id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX project_member_user_idx ON recollect.project_member (tenant_id, user_id)
    """,
    """
CREATE TABLE recollect.relationship (
    tenant_id TEXT NOT NULL,
    source_id UUID NOT NULL,
    target_id UUID NOT NULL,
    type TEXT NOT NULL,
    user_id TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT relationship_pkey PRIMARY KEY (tenant_id, source_id, target_id, type),
    CONSTRAINT relationship_type_check CHECK (type IN ('references', 'contradicts', 'supports', 'follows', 'related', 'derived_from')),
    CONSTRAINT relationship_confidence_check CHECK (confidence >= 0 AND confidence <= 1),
    CONSTRAINT relationship_no_self_reference_check CHECK (source_id <> target_id),
    CONSTRAINT relationship_tenant_id_source_id_fkey FOREIGN KEY(tenant_id, source_id) REFERENCES recollect.memory (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT relationship_tenant_id_target_id_fkey FOREIGN KEY(tenant_id, target_id) REFERENCES recollect.memory (tenant_id, id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX relationship_target_idx ON recollect.relationship (tenant_id, target_id)
    """,
    """
CREATE INDEX relationship_user_idx ON recollect.relationship (tenant_id, user_id)
    """,
    """
CREATE TABLE recollect.turn (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    index INTEGER NOT NULL,
    memory_id UUID NOT NULL,
    role TEXT NOT NULL,
    speaker TEXT,
    said_at TIMESTAMP WITH TIME ZONE,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tokens INTEGER NOT NULL,
    CONSTRAINT turn_pkey PRIMARY KEY (tenant_id, user_id, conversation_id, index),
    CONSTRAINT turn_index_check CHECK (index >= 0),
    CONSTRAINT turn_tenant_id_user_id_conversation_id_fkey FOREIGN KEY(tenant_id, user_id, conversation_id) REFERENCES recollect.conversation (tenant_id, user_id, id) ON DELETE CASCADE,
    CONSTRAINT turn_tenant_id_memory_id_fkey FOREIGN KEY(tenant_id, memory_id) REFERENCES recollect.memory (tenant_id, id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX turn_memory_idx ON recollect.turn (tenant_id, memory_id)
    """,
    """
CREATE INDEX turn_written_at_idx ON recollect.turn USING brin (written_at)
    """,
    """
CREATE UNIQUE INDEX embedding_model_active_key ON recollect.embedding_model (tenant_id) WHERE active
    """,
)

ALTER = (
    "ALTER TABLE recollect.log_head ADD COLUMN rows_vanished_seq BIGINT DEFAULT 0 NOT NULL",
    "ALTER TABLE recollect.memory ADD COLUMN source_id TEXT",
    "ALTER TABLE recollect.memory ADD COLUMN trust TEXT DEFAULT 'trusted' NOT NULL",
    "ALTER TABLE recollect.memory ADD COLUMN sensitivity TEXT DEFAULT 'normal' NOT NULL",
    "ALTER TABLE recollect.memory ADD COLUMN author_id TEXT",
    "ALTER TABLE recollect.memory ADD CONSTRAINT memory_trust_check "
    "CHECK (trust IN ('trusted', 'known', 'quarantined', 'refused'))",
    "ALTER TABLE recollect.memory ADD CONSTRAINT memory_sensitivity_check "
    "CHECK (sensitivity IN ('normal', 'sensitive', 'restricted'))",
    "ALTER TABLE recollect.embedding_model ADD COLUMN embedder TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE recollect.embedding_model ADD COLUMN active BOOLEAN DEFAULT false NOT NULL",
)

REFUSE_OLD_LOG = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM recollect.event) THEN
        RAISE EXCEPTION 'the log was written before its payloads were sealed (by version 0.1.0) and cannot be carried '
            'over; start with an empty database (RECOLLECT_HOME names another place for the embedded one), '
            'or stay with the version that wrote it';
    END IF;
END $$
"""

OLD_EVENT = (
    """
CREATE TABLE recollect.event (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    type TEXT NOT NULL,
    memory_id UUID NOT NULL,
    payload JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (tenant_id, user_id, seq),
    CONSTRAINT event_type_check CHECK (type IN ('memory_added', 'memory_reinforced', 'memory_superseded', 'memory_updated', 'memory_deleted')),
    CONSTRAINT event_seq_check CHECK (seq > 0)
)
    """,
    "CREATE INDEX event_memory_idx ON recollect.event (tenant_id, memory_id, seq)",
    "CREATE INDEX event_recorded_at_idx ON recollect.event USING brin (recorded_at)",
)

OLD_COLUMNS = (
    ("log_head", "rows_vanished_seq"),
    ("memory", "source_id"),
    ("memory", "trust"),
    ("memory", "sensitivity"),
    ("memory", "author_id"),
    ("embedding_model", "embedder"),
    ("embedding_model", "active"),
)


def upgrade() -> None:
    """Creates the tables, walls them off by tenant, and lets the owner see all of them."""
    op.execute(REFUSE_OLD_LOG)
    op.execute("DROP TABLE recollect.event")
    for statement in (*ALTER, *CREATE):
        op.execute(statement)
    for table in NEW_TABLES:
        wall(table)
    for table in (*WALLED_BEFORE, *NEW_TABLES):
        # The owner looks after all tenants (audit, replay, erasure of a tenant); the application's role is another.
        op.execute(f"CREATE POLICY operator ON recollect.{table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def wall(table: str) -> None:
    """Forces row-level security on a table."""
    op.execute(f"ALTER TABLE recollect.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE recollect.{table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON recollect.{table} "
        "USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')) "
        "WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''))"
    )


def downgrade() -> None:
    """Drops what ``upgrade`` made, with all its rows; the sealed log cannot be carried back."""
    for table in WALLED_BEFORE:
        op.execute(f"DROP POLICY operator ON recollect.{table}")
    for table in reversed(NEW_TABLES):
        op.execute(f"DROP TABLE recollect.{table}")
    # Without their log the records would be state that nothing vouches for.
    for table in ("embedding", "memory", "log_head", "embedding_model"):
        op.execute(f"DELETE FROM recollect.{table}")  # noqa: S608 - our own names
    for table, column in OLD_COLUMNS:
        op.execute(f"ALTER TABLE recollect.{table} DROP COLUMN {column}")
    for statement in OLD_EVENT:
        op.execute(statement)
    wall("event")
