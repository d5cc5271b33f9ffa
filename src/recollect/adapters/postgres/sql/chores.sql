-- Tools in numbers, and what waits for upkeep.

-- name: tool_stats
-- Looks at all of the user's calls: about 7 ms for 10,000, 70 ms for 100,000, most of it for the percentile.
SELECT tool, task, count(*), count(*) FILTER (WHERE succeeded), count(*) FILTER (WHERE NOT succeeded),
       avg(latency_ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms), max(invoked_at)
FROM recollect.tool_invocation
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND CASE WHEN %(task)s::text IS NULL THEN true ELSE task = %(task)s END
GROUP BY tool, task
ORDER BY count(*) DESC, tool, task NULLS FIRST
LIMIT %(limit)s

-- name: tool_stats_of_one
-- A statement of its own, so that the index on the tool serves it.
SELECT tool, task, count(*), count(*) FILTER (WHERE succeeded), count(*) FILTER (WHERE NOT succeeded),
       avg(latency_ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms), max(invoked_at)
FROM recollect.tool_invocation
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND tool = %(tool)s
  AND CASE WHEN %(task)s::text IS NULL THEN true ELSE task = %(task)s END
GROUP BY tool, task
ORDER BY count(*) DESC, tool, task NULLS FIRST
LIMIT %(limit)s

-- name: due_reflections
-- The partial index holds what is queued and nothing else. The first of each user come before anybody's second.
SELECT tenant_id, id, user_id, conversation_id, goal_id, task, succeeded, outcome, status, attempts, error, memory_ids,
       queued_at, processed_at
FROM (
    SELECT r.*, row_number() OVER (PARTITION BY r.user_id ORDER BY r.id) AS place
    FROM recollect.reflection AS r
    WHERE r.tenant_id = %(tenant_id)s AND r.status = 'queued'
      AND coalesce(r.processed_at + least(5 * power(6, r.attempts - 1), 3600) * interval '1 second', '-infinity')
          <= %(now)s
) AS due
ORDER BY place, id
LIMIT %(limit)s

-- name: idle_sessions
SELECT s.tenant_id, s.id, s.user_id, s.agent_id, s.conversation_id, s.state, s.active_goal_id, s.started_at,
       s.updated_at, s.ended_at, s.ended_because
FROM recollect.session AS s
LEFT JOIN recollect.hot_head AS h ON h.tenant_id = s.tenant_id AND h.user_id = s.user_id
WHERE s.tenant_id = %(tenant_id)s AND s.ended_at IS NULL AND greatest(s.updated_at, h.used_at) <= %(before)s
ORDER BY s.user_id
LIMIT %(limit)s

-- name: reflection_queue
SELECT count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'failed'),
       min(queued_at) FILTER (WHERE status = 'queued')
FROM recollect.reflection
WHERE tenant_id = %(tenant_id)s AND status <> 'done'
