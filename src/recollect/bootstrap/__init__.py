"""The one place where concrete parts are chosen and wired; only its files import inside functions.

Drivers and models are imported when they are chosen, so that an optional package is needed only by those who use it.
"""

from recollect.bootstrap.choosing import (
    home_of,
    hot_limits,
    make_chat_model,
    make_embedder,
    make_embedder_named,
    make_hot_tier,
    make_rate_limiter,
    make_vault,
    pull_model,
)
from recollect.bootstrap.opening import APPLICATION_ROLE, DATABASE, migrate, migrate_embedded, open_store
from recollect.bootstrap.operating import (
    distribute_tables,
    downgrade_database,
    embedded_binaries,
    forget_tenant,
    index_model,
    inspect_database,
    inspect_server,
    knows_owner,
    location,
    migrate_database,
    new_home,
    operator,
    own_key_file_of,
    stop_database,
    table_counts,
    tenants_of,
)
from recollect.bootstrap.wiring import House, assemble, wire

__all__ = [
    "APPLICATION_ROLE",
    "DATABASE",
    "House",
    "assemble",
    "distribute_tables",
    "downgrade_database",
    "embedded_binaries",
    "forget_tenant",
    "home_of",
    "hot_limits",
    "index_model",
    "inspect_database",
    "inspect_server",
    "knows_owner",
    "location",
    "make_chat_model",
    "make_embedder",
    "make_embedder_named",
    "make_hot_tier",
    "make_rate_limiter",
    "make_vault",
    "migrate",
    "migrate_database",
    "migrate_embedded",
    "new_home",
    "open_store",
    "operator",
    "own_key_file_of",
    "pull_model",
    "stop_database",
    "table_counts",
    "tenants_of",
    "wire",
]
