-- What a user's memories say about names, from the graph that they support: see ``graph.sql``.

-- name: entity_mentions
SELECT name, type, count(*), min(at), max(at) FROM recollect.graph_mention
WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s
GROUP BY name, type
