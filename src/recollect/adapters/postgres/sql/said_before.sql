-- The turns before a turn. What is deleted, quarantined or was heard by others is passed over.

-- name: last_said
SELECT m.speaker, m.text
FROM recollect.turn t JOIN recollect.memory m ON m.tenant_id = t.tenant_id AND m.id = t.memory_id
WHERE t.tenant_id = %(tenant_id)s AND t.user_id = %(user_id)s AND t.conversation_id = %(conversation_id)s
  AND m.status <> 'deleted' AND m.trust <> 'quarantined'
  AND m.channel_id IS NOT DISTINCT FROM %(channel_id)s::text AND m.audience = %(audience)s::jsonb
ORDER BY t.index DESC LIMIT %(turns)s

-- name: said_before
-- Latest first. A memory that was told several times was embedded when it was told first.
SELECT own.id, said.speaker, said.text
FROM (SELECT DISTINCT ON (memory_id) memory_id, user_id, conversation_id, index FROM recollect.turn
      WHERE tenant_id = %(tenant_id)s AND memory_id = ANY(%(ids)s) ORDER BY memory_id, written_at, index) AS first
JOIN recollect.memory own ON own.tenant_id = %(tenant_id)s AND own.id = first.memory_id
CROSS JOIN LATERAL (
    SELECT m.speaker, m.text, t.index
    FROM recollect.turn t JOIN recollect.memory m ON m.tenant_id = t.tenant_id AND m.id = t.memory_id
    WHERE t.tenant_id = %(tenant_id)s AND t.user_id = first.user_id AND t.conversation_id = first.conversation_id
      AND t.index < first.index AND m.status <> 'deleted' AND m.trust <> 'quarantined'
      AND m.channel_id IS NOT DISTINCT FROM own.channel_id AND m.audience = own.audience
    ORDER BY t.index DESC LIMIT %(turns)s) AS said
ORDER BY own.id, said.index DESC

-- name: said_after
-- A few more than can have been read in its light: some of those between may be passed over.
SELECT DISTINCT later.memory_id
FROM recollect.turn t JOIN recollect.turn later
  ON later.tenant_id = t.tenant_id AND later.user_id = t.user_id AND later.conversation_id = t.conversation_id
 AND later.index > t.index AND later.index <= t.index + %(reach)s
WHERE t.tenant_id = %(tenant_id)s AND t.user_id = %(user_id)s AND t.memory_id = %(memory_id)s
  AND later.memory_id <> t.memory_id

-- name: said_after_shared
-- The same of what a user put among the memories of projects: all of it, or only the copies of one memory.
SELECT DISTINCT later.user_id, later.memory_id
FROM recollect.memory m
JOIN recollect.turn t ON t.tenant_id = m.tenant_id AND t.user_id = m.user_id AND t.memory_id = m.id
JOIN recollect.turn later
  ON later.user_id = t.user_id AND later.tenant_id = t.tenant_id AND later.conversation_id = t.conversation_id
 AND later.index > t.index AND later.index <= t.index + %(reach)s
WHERE m.tenant_id = %(tenant_id)s AND m.author_id = %(author_id)s AND starts_with(m.user_id, %(prefix)s)
  AND (%(copy_of)s::text IS NULL OR m.provenance->'evidence' ? %(copy_of)s)
