-- The statements of a write. The user's advisory lock is taken first; everything after it sees what the last writer left.

-- name: lock_user
SELECT set_config('app.tenant_id', %(tenant_id)s, true), pg_advisory_xact_lock(%(lock)s)

-- name: log_head
SELECT seq, hash FROM recollect.log_head WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: wanted
-- One branch a reason, so that each uses its own index. Superseded facts of the same words are wanted too: what was
-- told again at the same time, as in a repeated import, is no news.
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND content_hash = ANY(%(hashes)s) AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
UNION
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND key = ANY(%(keys)s) AND status <> 'deleted' AND (status <> 'superseded' OR content_hash = ANY(%(hashes)s))
UNION
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND (user_id || '') = %(user_id)s AND status <> 'deleted'
-- The concatenation keeps the planner from any index that begins with the user: the primary key is the right one.

-- name: citing
-- The facts that cite a memory; looks at all of the user's facts, and is asked only when a memory's words go.
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key IS NOT NULL AND provenance->'evidence' ?| %(citing)s
  AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])

-- name: insert_event
INSERT INTO recollect.event
    (tenant_id, user_id, seq, id, type, memory_id, payload, recorded_at, actor, previous_hash, hash)
VALUES (%(tenant_id)s, %(user_id)s, %(seq)s, %(id)s, %(type)s, %(memory_id)s, %(payload)s, %(recorded_at)s, %(actor)s,
        %(previous_hash)s, %(hash)s)

-- name: insert_memory
INSERT INTO recollect.memory
    (id, tenant_id, user_id, agent_id, project_id, conversation_id, type, tier, status, text, speaker, key, value,
     occurred_at, told_at, written_at, updated_at, valid_from, valid_to, confidence, importance, emotion, decay_rate,
     access_count, last_accessed_at, reinforcements, labile, version, supersedes, content_hash, source_type,
     provenance, entities, relations, metadata, changed_seq)
VALUES (%(id)s, %(tenant_id)s, %(user_id)s, %(agent_id)s, %(project_id)s, %(conversation_id)s, %(type)s, %(tier)s,
        %(status)s, %(text)s, %(speaker)s, %(key)s, %(value)s, %(occurred_at)s, %(told_at)s, %(written_at)s, %(updated_at)s,
        %(valid_from)s, %(valid_to)s, %(confidence)s, %(importance)s, %(emotion)s, %(decay_rate)s, %(access_count)s,
        %(last_accessed_at)s, %(reinforcements)s, %(labile)s, %(version)s, %(supersedes)s, %(content_hash)s,
        %(source_type)s, %(provenance)s, %(entities)s, %(relations)s, %(extra)s, %(changed_seq)s)

-- name: update_memory
UPDATE recollect.memory SET
    agent_id = %(agent_id)s, project_id = %(project_id)s, conversation_id = %(conversation_id)s, type = %(type)s,
    tier = %(tier)s, status = %(status)s, text = %(text)s, speaker = %(speaker)s, key = %(key)s, value = %(value)s,
    occurred_at = %(occurred_at)s, told_at = %(told_at)s, updated_at = %(updated_at)s, valid_from = %(valid_from)s, valid_to = %(valid_to)s,
    confidence = %(confidence)s, importance = %(importance)s, emotion = %(emotion)s, decay_rate = %(decay_rate)s,
    access_count = %(access_count)s, last_accessed_at = %(last_accessed_at)s, reinforcements = %(reinforcements)s,
    labile = %(labile)s, version = %(version)s, supersedes = %(supersedes)s, content_hash = %(content_hash)s,
    source_type = %(source_type)s, provenance = %(provenance)s, entities = %(entities)s, relations = %(relations)s,
    metadata = %(extra)s, changed_seq = %(changed_seq)s
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND id = %(id)s

-- name: delete_vectors
DELETE FROM recollect.embedding WHERE tenant_id = %(tenant_id)s AND memory_id = %(memory_id)s

-- name: insert_vector
INSERT INTO recollect.embedding (tenant_id, memory_id, model_id, chunk, user_id, vector)
VALUES (%(tenant_id)s, %(memory_id)s, %(model_id)s, %(chunk)s, %(user_id)s, %(vector)s)

-- name: set_log_head
INSERT INTO recollect.log_head (tenant_id, user_id, seq, hash)
VALUES (%(tenant_id)s, %(user_id)s, %(seq)s, %(hash)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash

-- name: register_model
INSERT INTO recollect.embedding_model (tenant_id, model_id, dimension, created_at)
VALUES (%(tenant_id)s, %(model_id)s, %(dimension)s, %(now)s)
ON CONFLICT (tenant_id, model_id) DO UPDATE SET model_id = excluded.model_id
RETURNING dimension
