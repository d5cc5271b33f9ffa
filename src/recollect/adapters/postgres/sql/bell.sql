-- The statements of the bell. It rings after the commit, never inside: a transaction that notifies holds a lock of the
-- whole server while its commit is flushed, and all others would stand in line behind it.

-- name: ring
SELECT pg_notify(channel, payload) FROM unnest(%(channels)s::text[], %(payloads)s::text[]) AS rung (channel, payload)

-- name: watch_tenant
-- Held as long as somebody watches. It waits for those who write at this moment; what they commit is read afterwards, and
-- whoever writes later rings.
SELECT pg_advisory_lock_shared(hashtextextended(%(tenant_id)s::text, 7))
