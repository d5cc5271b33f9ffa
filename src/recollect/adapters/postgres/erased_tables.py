"""Which tables hold rows of one user, of one memory, and keys: what an erasure empties, and in which order."""

OF_USER = (
    "hot_head",
    "hot_item",
    "hot_scratch",
    "session",
    "goal",
    "reflection",
    "recalled",
    "access_log",
    "idempotency_key",
    "embedding",
    "relationship",
    "collection_member",
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
    ("turn", "memory_id"),
    ("memory", "id"),
    ("content_salt", "memory_id"),
)
KEYS = ("user_key", "content_salt")
