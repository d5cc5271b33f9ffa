-- Who there is in a tenant, and whose a memory is.

-- name: owner_of
SELECT user_id, agent_id, project_id, conversation_id
FROM recollect.memory
WHERE tenant_id = %(tenant_id)s AND id = %(memory_id)s
