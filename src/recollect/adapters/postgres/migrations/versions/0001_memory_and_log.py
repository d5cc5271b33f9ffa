"""The memory, its vectors and the log, walled off by tenant."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = ("embedding_model", "event", "log_head", "memory", "embedding")

CREATE = (
    """
CREATE TABLE recollect.embedding_model (
    tenant_id TEXT NOT NULL,
    model_id TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT embedding_model_pkey PRIMARY KEY (tenant_id, model_id),
    CONSTRAINT embedding_model_dimension_check CHECK (dimension > 0)
)
    """,
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
    """
CREATE INDEX event_memory_idx ON recollect.event (tenant_id, memory_id, seq)
    """,
    """
CREATE INDEX event_recorded_at_idx ON recollect.event USING brin (recorded_at)
    """,
    """
CREATE TABLE recollect.log_head (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT log_head_pkey PRIMARY KEY (tenant_id, user_id)
)
    """,
    """
CREATE TABLE recollect.memory (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    agent_id TEXT DEFAULT '' NOT NULL,
    project_id TEXT,
    conversation_id TEXT,
    type TEXT NOT NULL,
    tier TEXT NOT NULL,
    status TEXT NOT NULL,
    text TEXT NOT NULL,
    speaker TEXT,
    key TEXT,
    value TEXT,
    occurred_at TIMESTAMP WITH TIME ZONE,
    told_at TIMESTAMP WITH TIME ZONE,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE,
    confidence DOUBLE PRECISION NOT NULL,
    importance DOUBLE PRECISION NOT NULL,
    emotion DOUBLE PRECISION NOT NULL,
    decay_rate DOUBLE PRECISION NOT NULL,
    access_count INTEGER NOT NULL,
    last_accessed_at TIMESTAMP WITH TIME ZONE,
    reinforcements INTEGER NOT NULL,
    labile BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    supersedes UUID,
    content_hash TEXT NOT NULL,
    source_type TEXT NOT NULL,
    provenance JSONB NOT NULL,
    entities JSONB NOT NULL,
    relations JSONB NOT NULL,
    metadata JSONB NOT NULL,
    changed_seq BIGINT NOT NULL,
    CONSTRAINT memory_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT memory_type_check CHECK (type IN ('episodic_event', 'semantic_fact', 'preference', 'task_state', 'procedure', 'constraint', 'hypothesis', 'identity', 'goal', 'reflection', 'summary', 'turn')),
    CONSTRAINT memory_tier_check CHECK (tier IN ('personal', 'project', 'task')),
    CONSTRAINT memory_status_check CHECK (status IN ('active', 'silent', 'compressed', 'archived', 'superseded', 'deleted')),
    CONSTRAINT memory_source_type_check CHECK (source_type IN ('conversation', 'tool_output', 'document', 'observation', 'external')),
    CONSTRAINT memory_confidence_check CHECK (confidence >= 0 AND confidence <= 1),
    CONSTRAINT memory_importance_check CHECK (importance >= 0 AND importance <= 1),
    CONSTRAINT memory_emotion_check CHECK (emotion >= 0 AND emotion <= 1),
    CONSTRAINT memory_version_check CHECK (version > 0),
    CONSTRAINT memory_validity_check CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)
)
    """,
    """
CREATE INDEX memory_changed_idx ON recollect.memory (tenant_id, user_id, changed_seq)
    """,
    """
CREATE UNIQUE INDEX memory_content_key ON recollect.memory (tenant_id, user_id, agent_id, content_hash) WHERE status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
    """,
    """
CREATE INDEX memory_key_idx ON recollect.memory (tenant_id, user_id, key) WHERE key IS NOT NULL
    """,
    """
CREATE INDEX memory_listed_idx ON recollect.memory (tenant_id, user_id, id)
    """,
    """
CREATE INDEX memory_metadata_idx ON recollect.memory USING gin (metadata jsonb_path_ops)
    """,
    """
CREATE INDEX memory_written_at_idx ON recollect.memory USING brin (written_at)
    """,
    """
CREATE TABLE recollect.embedding (
    tenant_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    model_id TEXT NOT NULL,
    chunk SMALLINT NOT NULL,
    user_id TEXT NOT NULL,
    vector HALFVEC NOT NULL,
    CONSTRAINT embedding_pkey PRIMARY KEY (tenant_id, memory_id, model_id, chunk),
    CONSTRAINT embedding_tenant_id_memory_id_fkey FOREIGN KEY(tenant_id, memory_id) REFERENCES recollect.memory (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT embedding_tenant_id_model_id_fkey FOREIGN KEY(tenant_id, model_id) REFERENCES recollect.embedding_model (tenant_id, model_id) ON DELETE CASCADE
)
    """,
    """
CREATE INDEX embedding_user_idx ON recollect.embedding (tenant_id, user_id, model_id)
    """,
)


def upgrade() -> None:
    """Creates the tables and forces row-level security on each."""
    for statement in CREATE:
        op.execute(statement)
    for table in TABLES:
        op.execute(f"ALTER TABLE recollect.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE recollect.{table} FORCE ROW LEVEL SECURITY")
        # A setting that was local to a transaction reads as '' after it, never as a tenant.
        op.execute(
            f"CREATE POLICY tenant ON recollect.{table} "
            "USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')) "
            "WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''))"
        )


def downgrade() -> None:
    """Drops everything that ``upgrade`` made, with all its rows."""
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE recollect.{table}")
