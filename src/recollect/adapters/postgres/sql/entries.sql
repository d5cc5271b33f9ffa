-- Entries that callers keep under names of their own, see domain/entry.py.

-- name: entries_named
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND content_hash = ANY(%(hashes)s) AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
  AND (valid_to IS NULL OR valid_to > %(now)s)

-- name: entries_under
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND metadata @> %(mark)s::jsonb AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
  AND (valid_to IS NULL OR valid_to > %(now)s)
ORDER BY id
LIMIT %(limit)s OFFSET %(offset)s

-- name: entry_values
-- No more of each than a filter looks at: reading whole memories takes ten times as long.
SELECT id, mark -> 'path', mark ->> 'name', mark -> 'part', mark ->> 'value'
FROM recollect.memory, LATERAL (SELECT metadata -> %(marked)s::text AS mark) AS entry
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND metadata @> %(mark)s::jsonb AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
  AND (valid_to IS NULL OR valid_to > %(now)s)
ORDER BY id

-- name: entry_ids
SELECT id
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND metadata @> %(mark)s::jsonb AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
  AND (valid_to IS NULL OR valid_to > %(now)s)

-- name: entry_paths
SELECT DISTINCT metadata #> %(path)s::text[]
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND metadata @> %(mark)s::jsonb AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
  AND (valid_to IS NULL OR valid_to > %(now)s)

-- name: entry_ids_ever
-- A list contains another when it has all of its entries, whatever their order: the path is compared as a whole.
SELECT id
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND metadata @> %(mark)s::jsonb AND metadata #> %(at)s::text[] = %(path)s::jsonb

-- name: expired_entries
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND agent_id = %(agent_id)s
  AND valid_to <= %(now)s AND metadata @> %(mark)s::jsonb
  AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
LIMIT %(limit)s

-- name: users_with_expired_entries
-- Looks at all of the tenant's memories; asked by a sweep alone.
SELECT DISTINCT user_id, agent_id
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND valid_to <= %(now)s AND metadata @> %(mark)s::jsonb
  AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
