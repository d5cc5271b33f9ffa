-- What happens beside the log: the access log and the marks of recall. Nothing here is state that the log vouches for.

-- name: commit_lazily
-- A crash may cost the last half second of entries, and nothing else: nobody waits for the disk.
SET LOCAL synchronous_commit = off

-- name: insert_access
-- An attempt whose answer was lost is made again with the same ids.
INSERT INTO recollect.access_log (tenant_id, id, at, user_id, actor, method, outcome, ms)
SELECT %(tenant_id)s, entry.id, entry.at, entry.user_id, entry.actor, entry.method, entry.outcome, entry.ms
FROM unnest(%(ids)s::uuid[], %(times)s::timestamptz[], %(users)s::text[], %(actors)s::text[], %(methods)s::text[],
            %(outcomes)s::text[], %(ms)s::float8[]) AS entry (id, at, user_id, actor, method, outcome, ms)
ON CONFLICT (tenant_id, id) DO NOTHING

-- name: mark_recalled
INSERT INTO recollect.recalled (tenant_id, user_id, memory_id, recalled_at)
SELECT %(tenant_id)s, mark.user_id, mark.memory_id, mark.recalled_at
FROM unnest(%(users)s::text[], %(memories)s::uuid[], %(times)s::timestamptz[]) AS mark (user_id, memory_id, recalled_at)
ON CONFLICT (tenant_id, user_id, memory_id)
DO UPDATE SET recalled_at = greatest(recalled.recalled_at, excluded.recalled_at)

-- name: recalled_at
SELECT recalled_at FROM recollect.recalled
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND memory_id = %(memory_id)s

-- name: access_entries
SELECT id, user_id, actor, method, outcome, at, ms
FROM recollect.access_log
WHERE tenant_id = %(tenant_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
  AND (%(method)s::text IS NULL OR method = %(method)s) AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: access_entries_of_user
-- A statement of its own, so that it keeps to the user's index whatever plan is cached.
SELECT id, user_id, actor, method, outcome, at, ms
FROM recollect.access_log
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
  AND (%(method)s::text IS NULL OR method = %(method)s) AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: expire_access
DELETE FROM recollect.access_log WHERE tenant_id = %(tenant_id)s AND at < %(before)s

-- name: expire_recalled
DELETE FROM recollect.recalled WHERE tenant_id = %(tenant_id)s AND recalled_at < %(before)s

-- name: forget_access
DELETE FROM recollect.access_log WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_recalled
DELETE FROM recollect.recalled
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND (%(memory_id)s::uuid IS NULL OR memory_id = %(memory_id)s)
