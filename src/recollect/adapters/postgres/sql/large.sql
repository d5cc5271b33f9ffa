-- The statements that large users are searched by; what carries a filter is composed in candidates.py.

-- name: user_size
-- Every memory has a line of its own, so a short log tells without counting.
SELECT CASE WHEN coalesce((SELECT seq FROM recollect.log_head
                           WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s), 0) < %(limit)s THEN 0
       ELSE (SELECT count(*) FROM (
             SELECT FROM recollect.memory
             WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND status <> 'deleted'
             LIMIT %(limit)s) counted) END

-- name: search_head
SELECT seq, vanished_seq, model_id, memories, passages, stems, unembedded, speakers, centres, reader
FROM recollect.search_head WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: search_counts
SELECT key, passages FROM recollect.search_count
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND key = ANY(%(keys)s::bigint[])

-- name: search_rows_behind
SELECT {ranking_columns}, {ranking_vectors}, m.changed_seq
FROM recollect.memory m
WHERE m.tenant_id = %(tenant_id)s AND m.user_id = %(user_id)s AND m.changed_seq > %(seq)s
ORDER BY m.changed_seq LIMIT %(limit)s

-- name: search_rows_for_ranking
-- By the primary key alone; the caller drops what is another user's.
SELECT id, packed, user_id FROM recollect.search_row
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND chunk = 0

-- name: search_sample
SELECT halfvec_send(vector) FROM recollect.embedding
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s AND model_id = %(model_id)s AND chunk = 0
ORDER BY hashtextextended(memory_id::text, 0) LIMIT %(limit)s

-- name: search_turns_around
-- For each of these turns those next to it, itself among them, in the order of its conversation.
SELECT r.id, ARRAY(
    SELECT b.id FROM recollect.search_row b
    WHERE b.tenant_id = %(tenant_id)s AND b.user_id = %(user_id)s AND b.conversation_id = r.conversation_id
      AND b.told AND b.chunk = 0 AND b.id < r.id ORDER BY b.id DESC LIMIT %(turns)s), ARRAY(
    SELECT a.id FROM recollect.search_row a
    WHERE a.tenant_id = %(tenant_id)s AND a.user_id = %(user_id)s AND a.conversation_id = r.conversation_id
      AND a.told AND a.chunk = 0 AND a.id > r.id ORDER BY a.id LIMIT %(turns)s)
FROM recollect.search_row r
WHERE r.tenant_id = %(tenant_id)s AND r.id = ANY(%(ids)s::uuid[]) AND r.chunk = 0 AND r.told
  AND r.conversation_id IS NOT NULL

-- name: search_step_lock
-- One step at a time; whoever comes late finds that the head has moved.
SELECT pg_advisory_xact_lock(hashtextextended(%(tenant_id)s::text || ':' || %(user_id)s::text, 11))

-- name: search_row_totals
SELECT count(*), coalesce(sum(passages), 0)::bigint, coalesce(sum(stems), 0)::bigint, count(*) FILTER (WHERE cell < 0),
       array_agg(speaker) FILTER (WHERE speaker IS NOT NULL)
FROM recollect.search_row WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND chunk = 0

-- name: search_row_cells
SELECT DISTINCT cell FROM recollect.search_row
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND cell >= 0

-- name: search_cells_left
-- For each of these cells the middle of the vectors that lie in it.
SELECT c.cell, m.dimension,
       (SELECT halfvec_send(avg(e.vector)::halfvec) FROM recollect.search_row r
        JOIN recollect.embedding e ON e.tenant_id = %(tenant_id)s AND e.memory_id = r.id AND e.chunk = r.chunk
         AND e.model_id = %(model_id)s
        WHERE r.tenant_id = %(tenant_id)s AND r.user_id = %(user_id)s AND r.cell = c.cell)
FROM unnest(%(cells)s::smallint[]) AS c (cell)
JOIN recollect.embedding_model m ON m.tenant_id = %(tenant_id)s AND m.model_id = %(model_id)s

-- name: search_terms_out
-- Each is looked up by its key, which the memory's row tells: no index by memory is to be kept up for this.
DELETE FROM recollect.search_term t
USING (SELECT DISTINCT r.id, term.key FROM recollect.search_row r, unnest(r.terms) AS term (key)
       WHERE r.tenant_id = %(tenant_id)s AND r.id = ANY(%(ids)s::uuid[]) AND r.chunk = 0) gone
WHERE t.tenant_id = %(tenant_id)s AND t.user_id = %(user_id)s AND t.key = gone.key AND t.id = gone.id

-- name: search_rows_out
-- Takes memories out of the rows and of the counts, after their terms; a term that stands nowhere leaves no count.
WITH gone AS (
    DELETE FROM recollect.search_row WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) RETURNING terms),
less AS (
    SELECT term.key, count(*)::int AS passages FROM gone, unnest(gone.terms) AS term (key) GROUP BY term.key),
last AS (
    DELETE FROM recollect.search_count c USING less
    WHERE c.tenant_id = %(tenant_id)s AND c.user_id = %(user_id)s AND c.key = less.key AND c.passages <= less.passages),
fewer AS (
    UPDATE recollect.search_count c SET passages = c.passages - less.passages FROM less
    WHERE c.tenant_id = %(tenant_id)s AND c.user_id = %(user_id)s AND c.key = less.key AND c.passages > less.passages)
SELECT count(*) FROM gone

-- name: search_head_vanished
-- The rows have lost what the log has lost, unless they had fallen behind before.
UPDATE recollect.search_head h SET vanished_seq = l.rows_vanished_seq FROM recollect.log_head l
WHERE h.tenant_id = %(tenant_id)s AND h.user_id = %(user_id)s AND h.vanished_seq = %(vanished_seq)s
  AND l.tenant_id = %(tenant_id)s AND l.user_id = %(user_id)s

-- name: search_rows_in
-- Lists travel as text, lists of lists of different lengths as lists of texts.
INSERT INTO recollect.search_row (
    tenant_id, user_id, id, chunk, agent_id, project_id, conversation_id, type, tier, status, occurred_at, written_at,
    valid_from, valid_to, confidence, importance, emotion, source_id, trust, sensitivity, author_id, channel_id,
    audience, speaker, told, repeated, passages, stems, terms, cell, code, packed)
SELECT
    %(tenant_id)s, %(user_id)s, f.id, f.chunk, f.agent_id, f.project_id, f.conversation_id, f.type, f.tier, f.status,
    f.occurred_at, f.written_at, f.valid_from, f.valid_to, f.confidence, f.importance, f.emotion, f.source_id,
    f.trust, f.sensitivity, f.author_id, f.channel_id, f.audience, f.speaker, f.told, f.repeated, f.passages, f.stems,
    f.terms::bigint[], f.cell, f.code::varbit, f.packed
FROM unnest(
    %(id)s::text::uuid[], %(chunk)s::text::smallint[], %(agent_id)s::text::text[], %(project_id)s::text::text[], %(conversation_id)s::text::text[],
    %(type)s::text::text[], %(tier)s::text::text[], %(status)s::text::text[], %(occurred_at)s::text::timestamptz[],
    %(written_at)s::text::timestamptz[], %(valid_from)s::text::timestamptz[], %(valid_to)s::text::timestamptz[],
    %(confidence)s::text::float8[], %(importance)s::text::float8[], %(emotion)s::text::float8[], %(source_id)s::text::text[],
    %(trust)s::text::text[], %(sensitivity)s::text::text[], %(author_id)s::text::text[], %(channel_id)s::text::text[], %(audience)s::text::jsonb[],
    %(speaker)s::text::text[], %(told)s::text::boolean[], %(repeated)s::text::int[], %(passages)s::text::smallint[], %(stems)s::text::int[], %(terms)s::text::text[],
    %(cell)s::text::smallint[], %(code)s::text::text[], %(packed)s::bytea[]
) AS f (
    id, chunk, agent_id, project_id, conversation_id, type, tier, status, occurred_at, written_at, valid_from,
    valid_to, confidence, importance, emotion, source_id, trust, sensitivity, author_id, channel_id, audience,
    speaker, told, repeated, passages, stems, terms, cell, code, packed)

-- name: search_terms_in
-- Numbers travel as text, and each memory's id once: its place among the ids stands for it.
INSERT INTO recollect.search_term (tenant_id, user_id, key, id, worth)
SELECT %(tenant_id)s, %(user_id)s, f.key, (%(ids)s::uuid[])[f.place], f.worth
FROM unnest(%(keys)s::text::bigint[], %(places)s::text::int[], %(worths)s::text::real[]) AS f (key, place, worth)

-- name: search_counts_in
INSERT INTO recollect.search_count (tenant_id, user_id, key, passages)
SELECT %(tenant_id)s, %(user_id)s, * FROM unnest(%(keys)s::text::bigint[], %(passages)s::text::int[])
ON CONFLICT (tenant_id, user_id, key) DO UPDATE SET passages = search_count.passages + excluded.passages

-- name: set_search_head
INSERT INTO recollect.search_head
    (tenant_id, user_id, seq, vanished_seq, model_id, reader, memories, passages, stems, unembedded, speakers, centres)
VALUES (%(tenant_id)s, %(user_id)s, %(seq)s, %(vanished_seq)s, %(model_id)s, %(reader)s, %(memories)s, %(passages)s,
        %(stems)s, %(unembedded)s, %(speakers)s, %(centres)s)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET seq = excluded.seq, vanished_seq = excluded.vanished_seq,
    model_id = excluded.model_id, reader = excluded.reader, memories = excluded.memories, passages = excluded.passages, stems = excluded.stems,
    unembedded = excluded.unembedded, speakers = excluded.speakers, centres = excluded.centres

-- name: set_search_totals
UPDATE recollect.search_head SET memories = %(memories)s, passages = %(passages)s, stems = %(stems)s,
    unembedded = %(unembedded)s, speakers = %(speakers)s, centres = %(centres)s
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_search_row
DELETE FROM recollect.search_row WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_search_term
DELETE FROM recollect.search_term WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_search_count
DELETE FROM recollect.search_count WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s

-- name: forget_search_head
DELETE FROM recollect.search_head WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
