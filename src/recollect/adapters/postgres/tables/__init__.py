"""The schema's one definition, as SQLAlchemy models; Alembic migrates to it and a test proves that both agree.

Rules that hold for every table (Citus distributes them by tenant): every primary, unique and foreign key starts with
``tenant_id``; no triggers, no sequences; row-level security is forced (see ``migrations``).
"""

from recollect.adapters.postgres.tables import (
    access,
    aims,
    arrays,
    conversations,
    embeddings,
    graph,
    hot,
    keys,
    knowledge,
    large,
    log,
    memories,
    rights,
    traces,
)
from recollect.adapters.postgres.tables.declarative import SCHEMA, Base

__all__ = [
    "SCHEMA",
    "Base",
    "access",
    "aims",
    "arrays",
    "conversations",
    "embeddings",
    "graph",
    "hot",
    "keys",
    "knowledge",
    "large",
    "log",
    "memories",
    "rights",
    "traces",
]
