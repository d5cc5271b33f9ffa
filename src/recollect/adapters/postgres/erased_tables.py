"""Which tables hold rows of one user, of one memory, and keys: what an erasure empties, and in which order."""

OF_USER = (
    "hot_head",
    "hot_item",
    "hot_scratch",
    "session",
    "goal",
    "reflection",
    "trace",
    "recalled",
    "access_log",
    "idempotency_key",
    "stored_arrays",
    "search_head",
    "search_row",
    "search_term",
    "search_count",
    "embedding",
    "relationship",
    "collection_member",
    "graph_mention",
    "graph_edge",
    "derivation",
    "turn",
    "memory",
    "conversation",
    "collection",
    "tool_invocation",
    "profile",
    "entity",
    "content_salt",
    "user_key",
)
"""Every table whose rows belong to one user; what refers to others comes first, so that each row is counted."""
OF_MEMORY = (
    ("hot_item", "memory_id"),
    ("hot_scratch", "memory_id"),
    ("recalled", "memory_id"),
    ("embedding", "memory_id"),
    ("relationship", "source_id"),
    ("relationship", "target_id"),
    ("collection_member", "memory_id"),
    ("derivation", "memory_id"),
    ("derivation", "premise_id"),
    ("graph_mention", "memory_id"),
    ("graph_edge", "memory_id"),
    ("turn", "memory_id"),
    ("memory", "id"),
    ("content_salt", "memory_id"),
)
HOLDING = ("idempotency_key", "stored_arrays")
"""What may hold an erased memory's words among those of others, and is emptied: answers and arrays."""
KEYS = ("user_key", "content_salt")
