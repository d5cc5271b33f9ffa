"""Looks for a word in every column of every table, as the server's superuser sees them."""

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from recollect.adapters.postgres.embedded import EmbeddedPostgres

COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name, c.data_type
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def connect(server: EmbeddedPostgres) -> psycopg.Connection:
    """A connection of the superuser, who sees all tenants."""
    return psycopg.connect(make_conninfo(server.admin_conninfo, dbname="recollect"))


def places_of(server: EmbeddedPostgres, word: str) -> list[str]:
    """Where the word stands, in whatever case: ``table.column``, sorted."""
    found: list[str] = []
    with connect(server) as connection:
        columns = connection.execute(COLUMNS).fetchall()
        assert len(columns) > 100
        for schema, table, column, kind in columns:
            as_text = sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text").format(sql.Identifier(column))
            query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE position(%s IN lower({})) > 0)").format(
                sql.Identifier(schema, table), as_text
            )
            row = connection.execute(query, (word.lower(),)).fetchone()
            if row is not None and row[0]:
                found.append(f"{table}.{column}")
    return sorted(found)
