-- The resident arrays of large users, stored in parts.

-- name: stored_arrays
SELECT a.part, a.parts, a.seq, a.memories, a.content
FROM recollect.stored_arrays a
WHERE a.tenant_id = %(tenant_id)s AND a.user_id = %(user_id)s AND a.model_id = %(model_id)s
  AND a.seq >= (SELECT h.rows_vanished_seq FROM recollect.log_head h
                WHERE h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s)
ORDER BY a.part

-- name: may_store_arrays
-- Under the user's lock: no erasure is under way, and none that came after the arrays has been.
SELECT FROM recollect.log_head h, recollect.embedding_model m
WHERE h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s AND h.rows_vanished_seq <= %(seq)s AND h.seq >= %(seq)s
  AND m.tenant_id = %(tenant_id)s AND m.model_id = %(model_id)s

-- name: store_array
INSERT INTO recollect.stored_arrays (tenant_id, user_id, model_id, part, parts, seq, memories, content)
VALUES (%(tenant_id)s, %(user_id)s, %(model_id)s, %(part)s, %(parts)s, %(seq)s, %(memories)s, %(content)s)
ON CONFLICT (tenant_id, user_id, model_id, part) DO UPDATE
SET parts = excluded.parts, seq = excluded.seq, memories = excluded.memories, content = excluded.content

-- name: drop_later_arrays
DELETE FROM recollect.stored_arrays
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND model_id = %(model_id)s AND part >= %(parts)s
