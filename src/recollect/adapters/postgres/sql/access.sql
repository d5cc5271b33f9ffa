-- What happens beside the log: the access log and the marks of recall. Nothing here is state that the log vouches for.

-- name: commit_lazily
-- A crash may cost the last half second of entries, and nothing else: nobody waits for the disk.
SET LOCAL synchronous_commit = off

-- name: insert_access
-- An attempt whose answer was lost is made again with the same ids.
INSERT INTO recollect.access_log (tenant_id, id, at, user_id, actor, method, outcome, ms, key_id)
SELECT %(tenant_id)s, entry.id, entry.at, entry.user_id, entry.actor, entry.method, entry.outcome, entry.ms,
       entry.key_id
FROM unnest(%(ids)s::uuid[], %(times)s::timestamptz[], %(users)s::text[], %(actors)s::text[], %(methods)s::text[],
            %(outcomes)s::text[], %(ms)s::float8[], %(key_ids)s::uuid[])
     AS entry (id, at, user_id, actor, method, outcome, ms, key_id)
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
SELECT id, user_id, actor, method, outcome, at, ms, key_id
FROM recollect.access_log
WHERE tenant_id = %(tenant_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
  AND (%(method)s::text IS NULL OR method = %(method)s) AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: access_entries_of_user
-- A statement of its own, so that it keeps to the user's index whatever plan is cached.
SELECT id, user_id, actor, method, outcome, at, ms, key_id
FROM recollect.access_log
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
  AND (%(key_id)s::uuid IS NULL OR key_id = %(key_id)s)
  AND (%(method)s::text IS NULL OR method = %(method)s) AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: access_entries_of_key
SELECT id, user_id, actor, method, outcome, at, ms, key_id
FROM recollect.access_log
WHERE tenant_id = %(tenant_id)s AND key_id = %(key_id)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
  AND (%(method)s::text IS NULL OR method = %(method)s) AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s

-- name: keys_last_used
-- The newest entry of each key; one step down the index a key, however often it was used.
SELECT asked.key_id, latest.at
FROM unnest(%(key_ids)s::uuid[]) AS asked (key_id), LATERAL (
    SELECT at FROM recollect.access_log
    WHERE tenant_id = %(tenant_id)s AND key_id = asked.key_id
    ORDER BY id DESC LIMIT 1) AS latest

-- name: expire_access
DELETE FROM recollect.access_log WHERE tenant_id = %(tenant_id)s AND at < %(before)s

-- name: expire_recalled
DELETE FROM recollect.recalled WHERE tenant_id = %(tenant_id)s AND recalled_at < %(before)s

-- name: forget_access
DELETE FROM recollect.access_log WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_recalled
DELETE FROM recollect.recalled
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND (%(memory_id)s::uuid IS NULL OR memory_id = %(memory_id)s)
