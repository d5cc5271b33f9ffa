-- What memories are derived from: what they cite, and their ties of type derived_from.

-- name: merge_derivation
INSERT INTO recollect.derivation (tenant_id, memory_id, premise_id, user_id)
VALUES (%(tenant_id)s, %(memory_id)s, %(premise_id)s, %(user_id)s)
ON CONFLICT (tenant_id, memory_id, premise_id) DO UPDATE SET user_id = excluded.user_id

-- name: remove_derivation
DELETE FROM recollect.derivation
WHERE tenant_id = %(tenant_id)s AND memory_id = %(memory_id)s AND premise_id = %(premise_id)s

-- name: hanging_ids
-- These memories and all that hangs on them, through however many others. UNION, not UNION ALL: a circle ends.
WITH RECURSIVE hanging(id) AS (
    SELECT wanted.id FROM unnest(%(ids)s::uuid[]) AS wanted (id)
    UNION
    SELECT below.id FROM hanging h CROSS JOIN LATERAL (
        SELECT d.memory_id AS id FROM recollect.derivation d
        WHERE d.tenant_id = %(tenant_id)s AND d.user_id = %(user_id)s AND d.premise_id = h.id
        UNION ALL
        SELECT r.source_id FROM recollect.relationship r
        WHERE r.tenant_id = %(tenant_id)s AND r.target_id = h.id AND r.type = 'derived_from'
    ) AS below
)
SELECT id FROM hanging

-- name: stale_because_of
-- What is stale because of one of these; there is little that is stale at all, which has an index of its own.
SELECT id FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND stale_since IS NOT NULL
  AND stale_because && %(ids)s::uuid[]

-- name: hanging
-- Memories by id, whatever their state, each with its salt.
SELECT {memory_columns}, {memory_salt}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s) AND (user_id || '') = %(user_id)s

-- name: ties_of_derivation
-- What these memories hang on.
SELECT memory_id, premise_id FROM recollect.derivation
WHERE tenant_id = %(tenant_id)s AND memory_id = ANY(%(ids)s)
UNION
SELECT source_id, target_id FROM recollect.relationship
WHERE tenant_id = %(tenant_id)s AND source_id = ANY(%(ids)s) AND type = 'derived_from'

-- name: leaned_on
-- Which of the wanted memories something hangs on, and because of which something is stale.
SELECT d.premise_id FROM recollect.derivation d
WHERE d.tenant_id = %(tenant_id)s AND d.user_id = %(user_id)s AND d.premise_id IN (
    SELECT m.id FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.key = ANY(%(keys)s)
    UNION ALL SELECT wanted.id FROM unnest(%(ids)s::uuid[]) AS wanted (id))
UNION
SELECT r.target_id FROM recollect.relationship r
WHERE r.tenant_id = %(tenant_id)s AND r.type = 'derived_from' AND r.target_id IN (
    SELECT m.id FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.key = ANY(%(keys)s)
    UNION ALL SELECT wanted.id FROM unnest(%(ids)s::uuid[]) AS wanted (id))
UNION
SELECT root FROM recollect.memory s CROSS JOIN LATERAL unnest(s.stale_because) AS root
WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s AND s.stale_since IS NOT NULL
