"""The HNSW index of one embedding model, built and dropped by the tables' owner while everybody goes on working.

No statement of the program is served by it so far: a user's memories are ranked exactly, in the process. It is there
for searches over scopes too large for that, which name it by their condition.
"""

import hashlib

import psycopg
from psycopg import sql

from recollect.adapters.postgres.faults import translated
from recollect.adapters.postgres.tables import SCHEMA

M = 16
EF_CONSTRUCTION = 64


def index_name(model_id: str, dimension: int) -> str:
    """What the model's index is called; two models never share a name."""
    return f"embedding_hnsw_{hashlib.sha256(model_id.encode()).hexdigest()[:16]}_{dimension}"


def build_index(owner_conninfo: str, model_id: str, dimension: int) -> bool:
    """Builds the model's index unless it is there; one that an interrupted build left behind is built anew.

    Returns:
        Whether it was built now.

    Raises:
        StoreError: the server refused.
    """
    name = index_name(model_id, dimension)
    with translated(), psycopg.connect(owner_conninfo, autocommit=True) as connection:
        valid = _valid(connection, name)
        if valid:
            return False
        if valid is False:
            connection.execute(_drop(name))
        connection.execute(_create(name, model_id, dimension))
        return True


def drop_index(owner_conninfo: str, model_id: str, dimension: int) -> bool:
    """Drops the model's index; returns whether there was one.

    Raises:
        StoreError: the server refused.
    """
    name = index_name(model_id, dimension)
    with translated(), psycopg.connect(owner_conninfo, autocommit=True) as connection:
        if _valid(connection, name) is None:
            return False
        connection.execute(_drop(name))
        return True


def _valid(connection: psycopg.Connection, name: str) -> bool | None:
    """Whether the index is complete; None when there is none."""
    row = connection.execute(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (f"{SCHEMA}.{name}",)
    ).fetchone()
    return None if row is None else bool(row[0])


def _create(name: str, model_id: str, dimension: int) -> sql.Composed:
    # The dimension stands in the condition too: another tenant may have vectors of another length under this name.
    return sql.SQL(
        "CREATE INDEX CONCURRENTLY {name} ON {table} USING hnsw ((vector::halfvec({dimension})) halfvec_cosine_ops)"
        " WITH (m = {m}, ef_construction = {ef}) WHERE model_id = {model} AND vector_dims(vector) = {dimension}"
    ).format(
        name=sql.Identifier(name),
        table=sql.Identifier(SCHEMA, "embedding"),
        dimension=sql.Literal(dimension),
        m=sql.Literal(M),
        ef=sql.Literal(EF_CONSTRUCTION),
        model=sql.Literal(model_id),
    )


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(SCHEMA, name))
