-- The statements of a write. The user's advisory lock is taken first; everything after it sees what the last writer left.

-- name: lock_user
-- Whoever watches the tenant's logs holds the last lock, see bell.sql: that it could be had means that nobody does.
SELECT set_config('app.tenant_id', %(tenant_id)s, true), pg_advisory_xact_lock_shared(%(models)s),
       pg_advisory_xact_lock(%(lock)s), pg_try_advisory_xact_lock(hashtextextended(%(tenant_id)s::text, 7))

-- name: active_model
SELECT model_id FROM recollect.embedding_model WHERE tenant_id = %(tenant_id)s AND active

-- name: log_head
SELECT seq, hash, rows_vanished_seq FROM recollect.log_head WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: memory_salt
(SELECT s.salt FROM recollect.content_salt s
 WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s AND s.memory_id = memory.id)

-- name: wanted
-- One branch a reason, so that each uses its own index. All records of a key are wanted, superseded ones too: a value
-- that arrives late has its place between them. Each row ends with the memory's salt.
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND content_hash = ANY(%(hashes)s) AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
UNION
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND key = ANY(%(keys)s) AND status <> 'deleted'
UNION
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND (user_id || '') = %(user_id)s
  AND (status <> 'deleted' OR %(deleted_too)s)
-- The concatenation keeps the planner from any index that begins with the user: the primary key is the right one.

-- name: citing
-- The facts that cite a memory, and every record of their keys, whose intervals meet theirs; and the rules that cite it,
-- which have no key. Looks at all of the user's facts, and is asked only when a memory's words go.
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key IS NOT NULL AND status <> 'deleted'
  AND (agent_id, key) IN (
    SELECT f.agent_id, f.key FROM recollect.memory f
    WHERE f.tenant_id = %(tenant_id)s AND f.user_id = %(user_id)s AND f.key IS NOT NULL
      AND f.provenance->'evidence' ?| %(citing)s AND f.status <> 'deleted')
UNION ALL
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND type = ANY (ARRAY['identity'::text, 'constraint'::text])
  AND type = 'constraint' AND key IS NULL AND provenance->'evidence' ?| %(citing)s AND status <> 'deleted'

-- name: conversation_now
SELECT agent_id, project_id, title, started_at, last_turn_at, turn_count, metadata FROM recollect.conversation
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND id = %(conversation_id)s

-- name: turns_told
-- Which of these times a conversation has a turn for already: a repeated import adds none.
SELECT memory_id, said_at FROM recollect.turn
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND conversation_id = %(conversation_id)s
  AND said_at = ANY(%(said_at)s)

-- name: insert_stream_key
INSERT INTO recollect.user_key (tenant_id, user_id, wrapped, master_id, created_at)
VALUES (%(tenant_id)s, %(user_id)s, %(wrapped)s, %(master_id)s, %(now)s)

-- name: insert_salt
INSERT INTO recollect.content_salt (tenant_id, user_id, memory_id, salt)
VALUES (%(tenant_id)s, %(user_id)s, %(memory_id)s, %(salt)s)

-- name: insert_event
INSERT INTO recollect.event
    (tenant_id, user_id, seq, id, type, subject_id, payload, recorded_at, actor, job_id, previous_hash, hash)
VALUES (%(tenant_id)s, %(user_id)s, %(seq)s, %(id)s, %(type)s, %(subject_id)s, %(payload)s, %(recorded_at)s, %(actor)s,
        %(job_id)s, %(previous_hash)s, %(hash)s)

-- name: idempotency_key
SELECT body_hash, answer FROM recollect.idempotency_key
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key = %(key)s AND created_at > %(kept_since)s

-- name: insert_idempotency_key
INSERT INTO recollect.idempotency_key (tenant_id, user_id, key, body_hash, answer, created_at)
VALUES (%(tenant_id)s, %(user_id)s, %(key)s, %(body_hash)s, %(answer)s, %(now)s)
ON CONFLICT (tenant_id, user_id, key) DO UPDATE
SET body_hash = excluded.body_hash, answer = excluded.answer, created_at = excluded.created_at

-- name: expire_idempotency_keys
DELETE FROM recollect.idempotency_key
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND created_at <= %(kept_since)s

-- name: insert_memory
INSERT INTO recollect.memory
    (id, tenant_id, user_id, agent_id, project_id, conversation_id, type, tier, status, text, speaker, key, value,
     occurred_at, told_at, written_at, updated_at, valid_from, valid_to, confidence, importance, emotion, decay_rate,
     access_count, last_accessed_at, reinforcements, labile, version, supersedes, content_hash, source_type,
     provenance, entities, relations, metadata, changed_seq, source_id, trust, sensitivity, author_id,
     channel_id, audience, subject, stale_since, stale_because)
VALUES (%(id)s, %(tenant_id)s, %(user_id)s, %(agent_id)s, %(project_id)s, %(conversation_id)s, %(type)s, %(tier)s,
        %(status)s, %(text)s, %(speaker)s, %(key)s, %(value)s, %(occurred_at)s, %(told_at)s, %(written_at)s, %(updated_at)s,
        %(valid_from)s, %(valid_to)s, %(confidence)s, %(importance)s, %(emotion)s, %(decay_rate)s, %(access_count)s,
        %(last_accessed_at)s, %(reinforcements)s, %(labile)s, %(version)s, %(supersedes)s, %(content_hash)s,
        %(source_type)s, %(provenance)s, %(entities)s, %(relations)s, %(extra)s, %(changed_seq)s,
        %(source_id)s, %(trust)s, %(sensitivity)s, %(author_id)s, %(channel_id)s, %(audience)s, %(subject)s,
        %(stale_since)s, %(stale_because)s)

-- name: update_memory
UPDATE recollect.memory SET
    agent_id = %(agent_id)s, project_id = %(project_id)s, conversation_id = %(conversation_id)s, type = %(type)s,
    tier = %(tier)s, status = %(status)s, text = %(text)s, speaker = %(speaker)s, key = %(key)s, value = %(value)s,
    occurred_at = %(occurred_at)s, told_at = %(told_at)s, updated_at = %(updated_at)s, valid_from = %(valid_from)s, valid_to = %(valid_to)s,
    confidence = %(confidence)s, importance = %(importance)s, emotion = %(emotion)s, decay_rate = %(decay_rate)s,
    access_count = %(access_count)s, last_accessed_at = %(last_accessed_at)s, reinforcements = %(reinforcements)s,
    labile = %(labile)s, version = %(version)s, supersedes = %(supersedes)s, content_hash = %(content_hash)s,
    source_type = %(source_type)s, provenance = %(provenance)s, entities = %(entities)s, relations = %(relations)s,
    metadata = %(extra)s, changed_seq = %(changed_seq)s, source_id = %(source_id)s, trust = %(trust)s,
    sensitivity = %(sensitivity)s, author_id = %(author_id)s, channel_id = %(channel_id)s, audience = %(audience)s,
    subject = %(subject)s, stale_since = %(stale_since)s, stale_because = %(stale_because)s
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND id = %(id)s

-- name: delete_vectors
-- Under every model, or under one.
DELETE FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND memory_id = %(memory_id)s
  AND (%(model_id)s::text IS NULL OR model_id = %(model_id)s)

-- name: copy_vectors
INSERT INTO recollect.embedding (tenant_id, memory_id, model_id, chunk, user_id, vector)
SELECT tenant_id, %(memory_id)s, model_id, chunk, user_id, vector FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND memory_id = %(source)s

-- name: insert_vector
INSERT INTO recollect.embedding (tenant_id, memory_id, model_id, chunk, user_id, vector)
VALUES (%(tenant_id)s, %(memory_id)s, %(model_id)s, %(chunk)s, %(user_id)s, %(vector)s)

-- name: set_log_head
INSERT INTO recollect.log_head (tenant_id, user_id, seq, hash, rows_vanished_seq)
VALUES (%(tenant_id)s, %(user_id)s, %(seq)s, %(hash)s, %(vanished)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,
    rows_vanished_seq = greatest(log_head.rows_vanished_seq, excluded.rows_vanished_seq)
