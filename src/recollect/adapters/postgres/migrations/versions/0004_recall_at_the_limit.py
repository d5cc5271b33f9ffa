"""Recall at the limit: stored arrays, what large users are searched by, the graph, traces, and what has gone stale."""

from alembic import op

from recollect.adapters.postgres.migrations.graph_fill import fill_graph

revision = "0004"
down_revision = "0003"

NEW_TABLES: tuple[str, ...] = (
    "stored_arrays",
    "derivation",
    "graph_mention",
    "graph_edge",
    "search_head",
    "search_row",
    "search_term",
    "search_count",
    "trace",
)

STORED_ARRAYS: tuple[str, ...] = (
    """
CREATE TABLE recollect.stored_arrays (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    model_id TEXT NOT NULL,
    part SMALLINT NOT NULL,
    parts SMALLINT NOT NULL,
    seq BIGINT NOT NULL,
    memories INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT stored_arrays_pkey PRIMARY KEY (tenant_id, user_id, model_id, part),
    CONSTRAINT stored_arrays_tenant_id_model_id_fkey FOREIGN KEY (tenant_id, model_id)
        REFERENCES recollect.embedding_model (tenant_id, model_id) ON DELETE CASCADE
)
    """,
    """
ALTER TABLE recollect.stored_arrays ALTER COLUMN content SET STORAGE EXTERNAL
    """,
)

LARGE_USERS: tuple[str, ...] = (
    """
CREATE TABLE recollect.search_head (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    vanished_seq BIGINT NOT NULL,
    model_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    memories INTEGER NOT NULL,
    passages BIGINT NOT NULL,
    stems BIGINT NOT NULL,
    unembedded INTEGER NOT NULL,
    speakers JSONB NOT NULL,
    centres BYTEA NOT NULL,
    CONSTRAINT search_head_pkey PRIMARY KEY (tenant_id, user_id)
)
    """,
    """
CREATE TABLE recollect.search_row (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    chunk SMALLINT NOT NULL,
    user_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    project_id TEXT,
    conversation_id TEXT,
    type TEXT NOT NULL,
    tier TEXT NOT NULL,
    status TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE,
    confidence DOUBLE PRECISION NOT NULL,
    importance DOUBLE PRECISION NOT NULL,
    emotion DOUBLE PRECISION NOT NULL,
    source_id TEXT,
    trust TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    author_id TEXT,
    channel_id TEXT,
    audience JSONB NOT NULL,
    speaker TEXT,
    told BOOLEAN NOT NULL,
    repeated INTEGER NOT NULL,
    passages SMALLINT NOT NULL,
    stems INTEGER NOT NULL,
    terms BIGINT[] NOT NULL,
    cell SMALLINT NOT NULL,
    code BIT VARYING,
    packed BYTEA NOT NULL,
    CONSTRAINT search_row_pkey PRIMARY KEY (tenant_id, id, chunk)
)
    """,
    """
CREATE INDEX search_row_near_idx
    ON recollect.search_row (tenant_id, user_id, cell) INCLUDE (id, status, trust, valid_from, valid_to, code)
    """,
    """
CREATE INDEX search_row_occurred_idx ON recollect.search_row (tenant_id, user_id, occurred_at)
    """,
    """
CREATE INDEX search_row_procedure_idx ON recollect.search_row (tenant_id, user_id) WHERE type = 'procedure'::text
    """,
    """
CREATE INDEX search_row_turn_idx
    ON recollect.search_row (tenant_id, user_id, conversation_id, id) WHERE told AND chunk = 0
    """,
    """
CREATE TABLE recollect.search_term (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key BIGINT NOT NULL,
    id UUID NOT NULL,
    worth REAL NOT NULL,
    CONSTRAINT search_term_pkey PRIMARY KEY (tenant_id, user_id, key, id, worth)
)
    """,
    """
CREATE TABLE recollect.search_count (
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key BIGINT NOT NULL,
    passages INTEGER NOT NULL,
    CONSTRAINT search_count_pkey PRIMARY KEY (tenant_id, user_id, key)
)
    """,
)

GRAPH: tuple[str, ...] = (
    """
CREATE TABLE recollect.graph_mention (
    tenant_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    folded TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    said BOOLEAN NOT NULL,
    CONSTRAINT graph_mention_pkey PRIMARY KEY (tenant_id, memory_id, folded)
)
    """,
    """
CREATE INDEX graph_mention_name_idx ON recollect.graph_mention (tenant_id, user_id, folded) INCLUDE (memory_id, said)
    """,
    """
CREATE TABLE recollect.graph_edge (
    tenant_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    subject_folded TEXT NOT NULL,
    object_folded TEXT NOT NULL,
    subject TEXT NOT NULL,
    predicate TEXT NOT NULL,
    object TEXT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE,
    valid_to TIMESTAMP WITH TIME ZONE,
    superseded BOOLEAN NOT NULL,
    CONSTRAINT graph_edge_pkey PRIMARY KEY (tenant_id, memory_id, id),
    CONSTRAINT graph_edge_confidence_check CHECK (confidence >= 0 AND confidence <= 1)
)
    """,
    """
CREATE INDEX graph_edge_subject_idx ON recollect.graph_edge (tenant_id, user_id, subject_folded)
    """,
    """
CREATE INDEX graph_edge_object_idx ON recollect.graph_edge (tenant_id, user_id, object_folded)
    """,
)

TRACES: tuple[str, ...] = (
    """
CREATE TABLE recollect.trace (
    tenant_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id TEXT NOT NULL,
    query TEXT NOT NULL,
    arguments JSONB NOT NULL,
    weights JSONB NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seqs JSONB NOT NULL,
    model_id TEXT NOT NULL,
    hits JSONB NOT NULL,
    searched INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT trace_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT trace_searched_check CHECK (searched >= 0)
)
    """,
    """
CREATE INDEX trace_listed_idx ON recollect.trace (tenant_id, user_id, id)
    """,
)

STALE: tuple[str, ...] = (
    "ALTER TABLE recollect.memory ADD COLUMN stale_since TIMESTAMP WITH TIME ZONE",
    "ALTER TABLE recollect.memory ADD COLUMN stale_because UUID[] NOT NULL DEFAULT '{}'::uuid[]",
    """
CREATE INDEX memory_stale_idx ON recollect.memory (tenant_id, user_id) WHERE stale_since IS NOT NULL
    """,
    """
CREATE TABLE recollect.derivation (
    tenant_id TEXT NOT NULL,
    memory_id UUID NOT NULL,
    premise_id UUID NOT NULL,
    user_id TEXT NOT NULL,
    CONSTRAINT derivation_pkey PRIMARY KEY (tenant_id, memory_id, premise_id)
)
    """,
    """
CREATE INDEX derivation_premise_idx ON recollect.derivation (tenant_id, user_id, premise_id)
    """,
    """
INSERT INTO recollect.derivation (tenant_id, memory_id, premise_id, user_id)
SELECT DISTINCT m.tenant_id, m.id, cited.hex::uuid, m.user_id
FROM recollect.memory m, LATERAL (
    SELECT regexp_replace(lower(named.id), 'urn:|uuid:|[{}-]', '', 'g') AS hex
    FROM jsonb_array_elements_text(m.provenance->'evidence') AS named (id)) AS cited
WHERE cited.hex ~ '^[0-9a-f]{32}$' AND cited.hex <> replace(m.id::text, '-', '')
    """,
)

UNDO: tuple[str, ...] = (
    "DROP INDEX recollect.memory_stale_idx",
    "ALTER TABLE recollect.memory DROP COLUMN stale_because",
    "ALTER TABLE recollect.memory DROP COLUMN stale_since",
)
"""What takes the columns and indexes of old tables away again."""


def upgrade() -> None:
    """Creates the tables, walls them off by tenant, and lets the owner see all of them."""
    for statement in (*STORED_ARRAYS, *LARGE_USERS, *GRAPH, *TRACES, *STALE):
        op.execute(statement)
    fill_graph(op.get_bind())
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
