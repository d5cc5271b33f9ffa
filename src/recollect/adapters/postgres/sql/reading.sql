-- The statements of reads. Each carries tenant_id in every branch, so that a cluster runs it on one shard.

-- name: set_tenant
SELECT set_config('app.tenant_id', %(tenant_id)s, true)

-- name: memory_columns
-- In the order of codec.FIELDS; spliced in where a statement says {memory_columns}.
id, tenant_id, user_id, agent_id, project_id, conversation_id, type, tier, status, text, speaker, key, value,
occurred_at, told_at, written_at, updated_at, valid_from, valid_to, confidence, importance, emotion, decay_rate,
access_count, last_accessed_at, reinforcements, labile, version, supersedes, content_hash, source_type,
provenance, entities, relations, metadata, source_id, trust, sensitivity, author_id,
channel_id, audience, subject, stale_since, stale_because

-- name: fetch
-- By the primary key alone; the caller drops what is another user's.
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s)

-- name: heads
-- Where several logs stand, and the active model beside each: whether what was ranked is what there is.
SELECT h.user_id, h.seq, h.rows_vanished_seq,
       (SELECT m.model_id FROM recollect.embedding_model m WHERE m.tenant_id = %(tenant_id)s AND m.active)
FROM recollect.log_head h
WHERE h.tenant_id = %(tenant_id)s AND h.user_id = ANY(%(users)s)

-- name: facts
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key IS NOT NULL AND value IS NOT NULL
  AND (status = 'active' OR (status = 'superseded' AND %(at)s::timestamptz IS NOT NULL))
  AND (valid_from IS NULL OR valid_from <= coalesce(%(at)s, %(now)s))
  AND (valid_to IS NULL OR valid_to > coalesce(%(at)s, %(now)s))
ORDER BY key, valid_from NULLS FIRST, id

-- name: ranking_columns
-- In the order of codec.index_row, which takes the vectors after them; spliced in where a statement says so.
m.id, m.type, m.tier, m.status, m.agent_id, m.project_id, m.conversation_id, m.text, m.speaker, m.key, m.value,
m.occurred_at, m.written_at, m.valid_from, m.valid_to, m.confidence, m.importance, m.emotion, m.access_count,
m.reinforcements, nullif(m.entities, '[]'),
CASE WHEN m.key IS NOT NULL AND m.provenance->>'source' = 'agent_inferred' THEN m.provenance->'evidence' END,
m.trust, m.source_id, m.sensitivity, m.author_id, m.channel_id, nullif(m.audience, '[]'), m.told_at

-- name: ranking_vectors
(SELECT array_agg(halfvec_send(e.vector) ORDER BY e.chunk) FROM recollect.embedding e
 WHERE e.tenant_id = m.tenant_id AND e.memory_id = m.id AND e.model_id = %(model_id)s)

-- name: memories_changed_since
SELECT {ranking_columns}, {ranking_vectors}
FROM recollect.memory m
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.changed_seq > %(seq)s

-- name: all_memories_for_ranking
-- The same rows for a user who is read for the first time. The vectors come in a statement of their own: a join would
-- leave it to the planner's statistics, which lag behind a bulk load, whether it takes milliseconds or minutes.
SELECT {ranking_columns}
FROM recollect.memory m
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.status <> 'deleted'

-- name: all_vectors
SELECT memory_id, chunk, halfvec_send(vector)
FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND model_id = %(model_id)s

-- name: vectors_of
SELECT memory_id, chunk, halfvec_send(vector)
FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND memory_id = ANY(%(ids)s) AND model_id = %(model_id)s AND (user_id || '') = %(user_id)s

-- name: stream_key
SELECT wrapped, master_id FROM recollect.user_key WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: event_columns
-- In the order of codec.event_from_row, with the salt of the memory that the event is about at the end.
e.seq, e.id, e.tenant_id, e.user_id, e.type, e.subject_id, e.payload, e.recorded_at, e.actor, e.job_id,
e.previous_hash, e.hash,
(SELECT s.salt FROM recollect.content_salt s
 WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s AND s.memory_id = e.subject_id)

-- name: events
SELECT {event_columns}
FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.user_id = %(user_id)s AND e.seq > %(after_seq)s
  AND (%(until_seq)s::bigint IS NULL OR e.seq <= %(until_seq)s)
  AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s))
  AND (%(since)s::timestamptz IS NULL OR e.recorded_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR e.recorded_at <= %(until)s)
ORDER BY e.seq LIMIT %(limit)s

-- name: events_of_memory
SELECT {event_columns}
FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.subject_id = %(memory_id)s AND e.user_id = %(user_id)s
  AND e.seq > %(after_seq)s
ORDER BY e.seq LIMIT %(limit)s

-- name: known_names
SELECT name, count(*) AS mentions FROM recollect.graph_mention
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND type IN ('person', 'organisation', 'place')
GROUP BY 1 ORDER BY mentions DESC, name LIMIT %(limit)s

-- name: counts
SELECT (SELECT count(*) FROM recollect.memory WHERE tenant_id = %(tenant_id)s AND status <> 'deleted'),
       (SELECT count(*) FROM recollect.event WHERE tenant_id = %(tenant_id)s),
       (SELECT count(*) FROM recollect.embedding WHERE tenant_id = %(tenant_id)s),
       (SELECT count(*) FROM recollect.log_head WHERE tenant_id = %(tenant_id)s AND user_id NOT LIKE 'recollect:%%')

-- name: server
SELECT version(), (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
       (SELECT version_num FROM recollect.alembic_version), pg_database_size(current_database())

-- name: vector_works
SELECT '[1,0,0]'::halfvec <=> '[0,1,0]'::halfvec
