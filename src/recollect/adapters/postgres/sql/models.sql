-- The statements that keep several models' vectors beside each other.

-- name: lock_models
-- As lock_user, but nobody else may write to the tenant. The models' lock comes first, as it does there: whoever waited
-- for it while holding the user's would keep those who share it waiting for each other.
SELECT set_config('app.tenant_id', %(tenant_id)s, true), pg_advisory_xact_lock(%(models)s),
       pg_advisory_xact_lock(%(lock)s)

-- name: model_states
SELECT m.model_id, m.dimension, m.created_at, m.embedder, m.active,
       (SELECT count(*) FROM recollect.memory r WHERE r.tenant_id = %(tenant_id)s AND r.status <> 'deleted'),
       coalesce(e.memories, 0), coalesce(e.vectors, 0), coalesce(e.bytes, 0)
FROM recollect.embedding_model m
LEFT JOIN (SELECT model_id, count(DISTINCT memory_id) AS memories, count(*) AS vectors,
                  sum(pg_column_size(vector))::bigint AS bytes
           FROM recollect.embedding WHERE tenant_id = %(tenant_id)s GROUP BY model_id) e ON e.model_id = m.model_id
WHERE m.tenant_id = %(tenant_id)s ORDER BY m.model_id

-- name: words_page
-- The subquery instead of an anti-join: one look into the primary key for each memory that is passed, so that a batch
-- costs what it reads, wherever in a large table it stands.
SELECT m.user_id, m.id, m.version, m.content_hash, m.speaker, m.text
FROM recollect.memory m
WHERE m.tenant_id = %(tenant_id)s AND m.status <> 'deleted'
  AND (%(after_user)s::text IS NULL OR (m.user_id, m.id) > (%(after_user)s, %(after_id)s::uuid))
  AND (%(every)s OR (SELECT e.chunk FROM recollect.embedding e
                     WHERE e.tenant_id = %(tenant_id)s AND e.memory_id = m.id AND e.model_id = %(model_id)s
                     LIMIT 1) IS NULL)
ORDER BY m.user_id, m.id LIMIT %(limit)s

-- name: model_held
-- Keeps the model from being dropped, not from being read.
SELECT active FROM recollect.embedding_model
WHERE tenant_id = %(tenant_id)s AND model_id = %(model_id)s FOR SHARE

-- name: words_held
-- Which of these memories still have these words; they keep them until the transaction ends. A memory that somebody is
-- writing to is passed over, so that a batch never waits for a writer and two never wait for each other.
SELECT m.id
FROM unnest(%(ids)s::uuid[], %(versions)s::int[], %(hashes)s::text[]) AS read (id, version, content_hash)
JOIN recollect.memory m ON m.tenant_id = %(tenant_id)s AND m.id = read.id
WHERE m.version = read.version AND m.content_hash = read.content_hash AND m.status <> 'deleted'
FOR SHARE OF m SKIP LOCKED

-- name: fill_vector
INSERT INTO recollect.embedding (tenant_id, memory_id, model_id, chunk, user_id, vector)
VALUES (%(tenant_id)s, %(memory_id)s, %(model_id)s, %(chunk)s, %(user_id)s, %(vector)s)
ON CONFLICT (tenant_id, memory_id, model_id, chunk) DO UPDATE SET vector = excluded.vector

-- name: hnsw_indexes
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'recollect' AND c.relname LIKE 'embedding_hnsw_%%' AND i.indisvalid
