-- Who there is in a tenant, and whose a memory is.

-- name: owner_of
SELECT user_id, agent_id, project_id, conversation_id
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = %(memory_id)s

-- name: owners_of
SELECT id, user_id FROM recollect.memory WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s)

-- name: users
-- A stream has a key while something of it can be read; erasing takes it. Only living memories are counted: those that
-- the unique index of contents holds, so that it answers alone.
SELECT k.user_id, m.living, k.created_at, e.recorded_at
FROM (SELECT user_id, created_at FROM recollect.user_key
      WHERE tenant_id = %(tenant_id)s AND user_id > %(after)s AND user_id NOT LIKE 'recollect:%%'
      ORDER BY user_id LIMIT %(limit)s) AS k
CROSS JOIN LATERAL (
    SELECT count(*) AS living FROM recollect.memory
    WHERE tenant_id = %(tenant_id)s AND user_id = k.user_id
      AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])) AS m
LEFT JOIN LATERAL (
    SELECT recorded_at FROM recollect.event
    WHERE tenant_id = %(tenant_id)s AND user_id = k.user_id ORDER BY seq DESC LIMIT 1) AS e ON true
ORDER BY k.user_id

-- name: agents
-- From one agent to the next by the index of agents, however many memories each has.
WITH RECURSIVE named AS (
    (SELECT agent_id, 1 AS place FROM recollect.memory
     WHERE tenant_id = %(tenant_id)s AND agent_id <> ''::text AND agent_id > %(after)s
       AND status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
     ORDER BY agent_id LIMIT 1)
    UNION ALL
    SELECT (SELECT m.agent_id FROM recollect.memory m
            WHERE m.tenant_id = %(tenant_id)s AND m.agent_id <> ''::text AND m.agent_id > named.agent_id
              AND m.status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
            ORDER BY m.agent_id LIMIT 1), place + 1
    FROM named WHERE named.agent_id IS NOT NULL AND place < %(limit)s)
SELECT named.agent_id, counted.living, first.written_at, last.updated_at
FROM named
CROSS JOIN LATERAL (
    SELECT count(*) AS living FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.agent_id = named.agent_id AND m.agent_id <> ''::text
      AND m.status <> ALL (ARRAY['superseded'::text, 'deleted'::text])) AS counted
CROSS JOIN LATERAL (
    SELECT m.written_at FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.agent_id = named.agent_id AND m.agent_id <> ''::text
      AND m.status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
    ORDER BY m.id LIMIT 1) AS first
CROSS JOIN LATERAL (
    SELECT m.updated_at FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.agent_id = named.agent_id AND m.agent_id <> ''::text
      AND m.status <> ALL (ARRAY['superseded'::text, 'deleted'::text])
    ORDER BY m.id DESC LIMIT 1) AS last
WHERE named.agent_id IS NOT NULL
ORDER BY named.agent_id

-- name: talks
SELECT user_id, id, turn_count, started_at, last_turn_at
FROM recollect.conversation
WHERE tenant_id = %(tenant_id)s AND (user_id, id) > (%(after_user)s, %(after_id)s)
  AND user_id NOT LIKE 'recollect:%%'
ORDER BY user_id, id LIMIT %(limit)s

-- name: standing
SELECT h.seq,
       (SELECT e.recorded_at FROM recollect.event e
        WHERE e.tenant_id = %(tenant_id)s AND e.user_id = %(user_id)s ORDER BY e.seq DESC LIMIT 1),
       (SELECT k.created_at FROM recollect.user_key k WHERE k.tenant_id = %(tenant_id)s AND k.user_id = %(user_id)s)
FROM recollect.log_head h
WHERE h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s

-- name: memory_counts
SELECT type, tier, status, count(*) FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
GROUP BY type, tier, status

-- name: memories_after
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND id > %(after)s
ORDER BY id LIMIT %(limit)s
