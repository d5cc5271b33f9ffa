-- What a user's memories say about names. Deleted and quarantined ones say nothing; dates and numbers are no names.

-- name: entity_mentions
SELECT entity->>1, entity->>2, count(DISTINCT m.id), min(coalesce(m.told_at, m.written_at)),
       max(coalesce(m.told_at, m.written_at))
FROM recollect.memory m, jsonb_array_elements(m.entities) AS entity
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.status <> 'deleted' AND m.trust <> 'quarantined'
  AND entity->>2 = ANY (ARRAY['person', 'organisation', 'place', 'other'])
GROUP BY 1, 2

-- name: entity_statements
SELECT m.id, m.key, m.value, m.confidence, m.valid_from, m.valid_to, m.status, m.relations, m.entities
FROM recollect.memory m
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.status <> 'deleted' AND m.trust <> 'quarantined'
  AND ((m.key IS NOT NULL AND m.value IS NOT NULL) OR m.relations <> '[]'::jsonb)

-- name: entity_pairs
-- Only what was said: a fact that was derived from a text mentions the same names once more.
SELECT one->>1, other->>1, count(DISTINCT m.id)
FROM recollect.memory m, jsonb_array_elements(m.entities) AS one, jsonb_array_elements(m.entities) AS other
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.status <> 'deleted' AND m.trust <> 'quarantined'
  AND NOT (m.key IS NOT NULL AND m.provenance->>'source' = 'agent_inferred')
  AND one->>2 = ANY (ARRAY['person', 'organisation', 'place', 'other'])
  AND other->>2 = ANY (ARRAY['person', 'organisation', 'place', 'other'])
  AND one->>1 < other->>1
GROUP BY 1, 2
