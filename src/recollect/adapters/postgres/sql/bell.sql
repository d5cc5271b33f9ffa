-- The statements of the bell. It rings after the commit, never inside: a transaction that notifies holds a lock of the
-- whole server while its commit is flushed, and all others would stand in line behind it.

-- name: ring
SELECT pg_notify(channel, payload) FROM unnest(%(channels)s::text[], %(payloads)s::text[]) AS rung (channel, payload)
