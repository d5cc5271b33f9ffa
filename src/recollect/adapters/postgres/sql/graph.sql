-- The graph of names: what supports it, by memory, and the ties that a walk asks for.

-- name: merge_mention
INSERT INTO recollect.graph_mention (tenant_id, memory_id, folded, user_id, name, type, at, said)
VALUES (%(tenant_id)s, %(memory_id)s, %(folded)s, %(user_id)s, %(name)s, %(type)s, %(at)s, %(said)s)
ON CONFLICT (tenant_id, memory_id, folded) DO UPDATE
SET user_id = excluded.user_id, name = excluded.name, type = excluded.type, at = excluded.at, said = excluded.said

-- name: merge_edge
INSERT INTO recollect.graph_edge (tenant_id, memory_id, id, user_id, subject_folded, object_folded, subject, predicate,
                                  object, confidence, valid_from, valid_to, superseded)
VALUES (%(tenant_id)s, %(memory_id)s, %(id)s, %(user_id)s, %(subject_folded)s, %(object_folded)s, %(subject)s,
        %(predicate)s, %(object)s, %(confidence)s, %(valid_from)s, %(valid_to)s, %(superseded)s)
ON CONFLICT (tenant_id, memory_id, id) DO UPDATE
SET user_id = excluded.user_id, subject_folded = excluded.subject_folded, object_folded = excluded.object_folded,
    subject = excluded.subject, predicate = excluded.predicate, object = excluded.object,
    confidence = excluded.confidence, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    superseded = excluded.superseded

-- name: remove_mentions
DELETE FROM recollect.graph_mention WHERE tenant_id = %(tenant_id)s AND memory_id = %(memory_id)s

-- name: remove_edges
DELETE FROM recollect.graph_edge WHERE tenant_id = %(tenant_id)s AND memory_id = %(memory_id)s

-- name: clear_mentions
DELETE FROM recollect.graph_mention WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: clear_edges
DELETE FROM recollect.graph_edge WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: graph_mentions
SELECT memory_id, name, type, at, said FROM recollect.graph_mention
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: graph_edges
SELECT memory_id, subject, predicate, object, confidence, valid_from, valid_to, superseded FROM recollect.graph_edge
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s ORDER BY memory_id, id

-- name: graph_together
-- Which names are mentioned with these, and in how many texts. Only what was said counts.
SELECT one.folded, other.folded, count(*)
FROM recollect.graph_mention one
JOIN recollect.graph_mention other
  ON other.tenant_id = %(tenant_id)s AND other.user_id = %(user_id)s AND other.memory_id = one.memory_id
WHERE one.tenant_id = %(tenant_id)s AND one.user_id = %(user_id)s AND one.folded = ANY(%(names)s)
  AND one.said AND other.said AND other.folded <> ALL (%(known)s) AND one.folded <> other.folded
GROUP BY 1, 2

-- name: graph_stated
-- What is said of these names that holds.
SELECT subject, predicate, object, confidence FROM recollect.graph_edge
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND subject_folded = ANY(%(names)s) AND NOT superseded
  AND (valid_from IS NULL OR valid_from <= %(now)s) AND (valid_to IS NULL OR valid_to > %(now)s)
  AND object_folded <> ALL (%(known)s)
UNION ALL
SELECT subject, predicate, object, confidence FROM recollect.graph_edge
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND object_folded = ANY(%(names)s) AND NOT superseded
  AND (valid_from IS NULL OR valid_from <= %(now)s) AND (valid_to IS NULL OR valid_to > %(now)s)
  AND subject_folded <> ALL (%(known)s) AND subject_folded <> ALL (%(names)s)

-- name: graph_spellings
SELECT name, count(*) FROM recollect.graph_mention
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND folded = ANY(%(names)s) GROUP BY name

-- name: graph_ranked_mentions
-- The ends of every tie of a memory and a name, as two arrays.
SELECT array_agg(name), array_agg(memory_id) FROM recollect.graph_mention
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: graph_ranked_edges
SELECT subject, object, confidence FROM recollect.graph_edge
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND NOT superseded
  AND (valid_from IS NULL OR valid_from <= %(now)s) AND (valid_to IS NULL OR valid_to > %(now)s)
