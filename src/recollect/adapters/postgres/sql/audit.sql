-- What walking the hash chains reads. No locks are taken; one snapshot a stream keeps writers from causing alarm.

-- name: begin_snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: audit_lines
SELECT e.seq, e.id, e.tenant_id, e.user_id, e.type, e.subject_id, e.payload, e.recorded_at, e.actor, e.job_id,
       e.previous_hash, e.hash
FROM recollect.event e
WHERE e.tenant_id = %(tenant_id)s AND e.user_id = %(user_id)s AND e.seq > %(after_seq)s
ORDER BY e.seq LIMIT %(limit)s

-- name: streams_after
-- Also streams whose head or whose lines are gone. The recursion hops from user to user over the log's primary key.
WITH RECURSIVE logged AS (
    (SELECT e.user_id FROM recollect.event e WHERE e.tenant_id = %(tenant_id)s AND e.user_id > %(after)s
     ORDER BY e.user_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.user_id FROM recollect.event e WHERE e.tenant_id = %(tenant_id)s AND e.user_id > logged.user_id
            ORDER BY e.user_id LIMIT 1)
    FROM logged WHERE logged.user_id IS NOT NULL
)
(SELECT user_id FROM logged WHERE user_id IS NOT NULL LIMIT %(limit)s)
UNION
(SELECT user_id FROM recollect.log_head WHERE tenant_id = %(tenant_id)s AND user_id > %(after)s
 ORDER BY user_id LIMIT %(limit)s)
UNION
(SELECT user_id FROM recollect.user_key WHERE tenant_id = %(tenant_id)s AND user_id > %(after)s
 ORDER BY user_id LIMIT %(limit)s)
ORDER BY user_id LIMIT %(limit)s

