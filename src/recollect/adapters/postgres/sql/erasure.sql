-- The statements of an erasure: they run in one transaction under the locks of every stream that it touches.

-- name: resting_on
-- Every record, in whatever state, that cites one of these memories.
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND provenance->'evidence' ?| %(cited)s

-- name: conclusions_without_evidence
-- A fact that was deleted with the last memory it rested on does not name that one any more; its history does.
SELECT id FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND status = 'deleted'
  AND provenance->>'source' = 'agent_inferred' AND provenance->'evidence' = '[]'

-- name: lines_of_memories
SELECT e.subject_id, e.id, e.payload,
       (SELECT s.salt FROM recollect.content_salt s
        WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s AND s.memory_id = e.subject_id)
FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.subject_id = ANY(%(ids)s) AND e.user_id = %(user_id)s

-- name: shared_by_author
-- What a user put among the memories that projects share: all of it, or only the copies of one memory.
SELECT user_id, id FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND author_id = %(author_id)s AND starts_with(user_id, %(prefix)s)
  AND (%(copy_of)s::text IS NULL OR provenance->'evidence' ? %(copy_of)s)
ORDER BY user_id, id

-- name: readable_lines
-- Lines whose content can be read until the stream's key goes: those since the last one went, whose memory has its salt.
SELECT count(*) FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.user_id = %(user_id)s AND substr(e.payload, 1, 1) <> '\x00'::bytea
  AND e.seq > coalesce((SELECT max(u.seq) FROM recollect.event u WHERE u.tenant_id = %(tenant_id)s
                        AND u.user_id = %(user_id)s AND u.type = 'user_erased'), 0)
  AND (substr(e.payload, 1, 1) = '\x01'::bytea OR EXISTS (
       SELECT FROM recollect.content_salt s WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s
       AND s.memory_id = e.subject_id))

-- name: readable_lines_of
SELECT count(*) FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.subject_id = ANY(%(ids)s) AND e.user_id = %(user_id)s
  AND substr(e.payload, 1, 1) = '\x02'::bytea
  AND EXISTS (SELECT FROM recollect.content_salt s WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s
              AND s.memory_id = e.subject_id)

-- name: is_hot
-- Whether anything was ever kept in working memory or beside it: somebody may have said nothing worth a record.
SELECT count(*) FROM recollect.hot_head WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
