-- What every turn loads. The version is read first: a record that changes after it comes again with the next version.

-- name: plan_hot_once
-- Planning what follows for each call took 0.8 ms, running it 0.4; and the plan is the same: each branch has its index.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true)

-- name: hot_newer
-- Whether the state is another than the one that is asked about; without a question it always is.
(%(unless)s::bigint IS NULL OR NOT EXISTS (
   SELECT FROM recollect.hot_head h
   WHERE h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s AND h.version = %(unless)s))

-- name: hot_state
-- One statement, so that one moment is seen: version, last use, session, goals, newest memories, what has not faded,
-- and the profile.
SELECT h.version, h.used_at,
  CASE WHEN {hot_newer} THEN (
    SELECT to_jsonb(s) FROM recollect.session s
    WHERE s.tenant_id = %(tenant_id)s AND s.user_id = %(user_id)s AND s.ended_at IS NULL
    ORDER BY s.started_at DESC, s.id DESC LIMIT 1) END,
  CASE WHEN {hot_newer} THEN (
    SELECT jsonb_agg(to_jsonb(g)) FROM (
      SELECT * FROM recollect.goal o
      WHERE o.tenant_id = %(tenant_id)s AND o.user_id = %(user_id)s AND o.status = ANY (ARRAY['active'::text, 'paused'::text])
      ORDER BY o.priority DESC, o.deadline NULLS LAST, o.id LIMIT %(most_goals)s) g) END,
  CASE WHEN {hot_newer} THEN ARRAY(
    SELECT m.id FROM recollect.memory m
    WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.status <> 'deleted'
    ORDER BY m.id DESC LIMIT %(most_recent)s) END,
  CASE WHEN {hot_newer} THEN (
    SELECT jsonb_agg(jsonb_build_array(i.kind, i.name, i.value, i.memory_id, i.at, i.expires_at) ORDER BY i.at, i.name COLLATE "C", i.kind)
    FROM (
      SELECT kind, name, value, memory_id, at, expires_at FROM recollect.hot_item
      WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND expires_at > %(now)s
      UNION ALL
      SELECT kind, name, value, memory_id, at, expires_at FROM recollect.hot_scratch
      WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND expires_at > %(now)s) i) END,
  CASE WHEN {hot_newer} THEN (
    SELECT to_jsonb(p) FROM recollect.profile p
    WHERE p.tenant_id = %(tenant_id)s AND p.user_id = %(user_id)s) END
FROM (SELECT) nothing LEFT JOIN recollect.hot_head h ON h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s

-- name: hot_always
-- What is not valid yet comes too: who reads later decides by the time of reading. A branch an index.
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key = ANY(%(keys)s) AND value IS NOT NULL
  AND status = 'active' AND (valid_to IS NULL OR valid_to > %(now)s) AND {hot_newer}
UNION
SELECT {memory_columns}
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND type = ANY (ARRAY['identity'::text, 'constraint'::text])
  AND (type = 'constraint' OR value IS NOT NULL)
  AND status = 'active' AND (valid_to IS NULL OR valid_to > %(now)s) AND {hot_newer}
ORDER BY importance DESC, id LIMIT %(most_always)s

-- name: hot_items
-- Asked under the user's lock: what was erased or deleted meanwhile is not there any more.
SELECT kind, name, value, memory_id, at, expires_at
FROM recollect.hot_item
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
ORDER BY at, name COLLATE "C", kind

-- name: put_hot_item
INSERT INTO recollect.hot_item (tenant_id, user_id, kind, name, memory_id, value, at, expires_at)
VALUES (%(tenant_id)s, %(user_id)s, %(kind)s, %(name)s, %(memory_id)s, %(value)s, %(at)s, %(expires_at)s)
ON CONFLICT (tenant_id, user_id, kind, name) DO UPDATE
SET memory_id = excluded.memory_id, value = excluded.value, at = excluded.at, expires_at = excluded.expires_at

-- name: put_hot_scratch
INSERT INTO recollect.hot_scratch (tenant_id, user_id, kind, name, memory_id, value, at, expires_at)
VALUES (%(tenant_id)s, %(user_id)s, %(kind)s, %(name)s, %(memory_id)s, %(value)s, %(at)s, %(expires_at)s)
ON CONFLICT (tenant_id, user_id, kind, name) DO UPDATE
SET memory_id = excluded.memory_id, value = excluded.value, at = excluded.at, expires_at = excluded.expires_at

-- name: remove_hot_item
DELETE FROM recollect.hot_item
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = %(kind)s AND name = %(name)s

-- name: remove_hot_scratch
DELETE FROM recollect.hot_scratch
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = %(kind)s AND name = %(name)s

-- name: trim_hot_item
-- What is beyond the limit of its kind, the oldest first, and what has faded.
DELETE FROM recollect.hot_item
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = %(kind)s
  AND (expires_at <= %(now)s OR name IN (
    SELECT i.name FROM recollect.hot_item i
    WHERE i.tenant_id = %(tenant_id)s AND i.user_id = %(user_id)s AND i.kind = %(kind)s AND i.expires_at > %(now)s
    ORDER BY i.at DESC, i.name COLLATE "C" DESC OFFSET %(most)s))
RETURNING kind, name

-- name: trim_hot_scratch
-- The same; a kind that is bounded by its tokens loses what begins beyond them.
DELETE FROM recollect.hot_scratch
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = %(kind)s
  AND (expires_at <= %(now)s OR name IN (
    SELECT s.name FROM (
      SELECT i.name, row_number() OVER newest AS place,
             sum(coalesce((i.value->>'tokens')::bigint, 0)) OVER newest AS tokens
      FROM recollect.hot_scratch i
      WHERE i.tenant_id = %(tenant_id)s AND i.user_id = %(user_id)s AND i.kind = %(kind)s AND i.expires_at > %(now)s
      WINDOW newest AS (ORDER BY i.at DESC, i.name COLLATE "C" DESC)) s
    WHERE s.place > %(most)s OR s.tokens > %(most_tokens)s))
RETURNING kind, name

-- name: forget_reminders
-- Working memory does not go on telling what its record no longer says.
DELETE FROM recollect.hot_item
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND memory_id = ANY(%(ids)s)

-- name: clear_hot_item
DELETE FROM recollect.hot_item WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = ANY(%(kinds)s)

-- name: clear_hot_scratch
DELETE FROM recollect.hot_scratch WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND kind = ANY(%(kinds)s)

-- name: bump_hot
-- Versions begin at the time, in microseconds, so that those of a user who was erased are never used again.
INSERT INTO recollect.hot_head (tenant_id, user_id, version)
VALUES (%(tenant_id)s, %(user_id)s, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET version = hot_head.version + 1
RETURNING version

-- name: touch_hot
-- Once a minute is enough for a life of 24 hours.
INSERT INTO recollect.hot_head (tenant_id, user_id, version, used_at)
VALUES (%(tenant_id)s, %(user_id)s, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, %(now)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE
SET used_at = excluded.used_at, version = hot_head.version + 1
WHERE hot_head.used_at IS NULL OR excluded.used_at >= hot_head.used_at + interval '60 seconds'
RETURNING version, used_at

-- name: sweep_hot_item
DELETE FROM recollect.hot_item WHERE tenant_id = %(tenant_id)s AND expires_at <= %(now)s RETURNING user_id

-- name: sweep_hot_scratch
DELETE FROM recollect.hot_scratch WHERE tenant_id = %(tenant_id)s AND expires_at <= %(now)s RETURNING user_id

-- name: hot_users
SELECT user_id FROM recollect.hot_head
WHERE tenant_id = %(tenant_id)s AND user_id > %(after)s ORDER BY user_id LIMIT %(limit)s
