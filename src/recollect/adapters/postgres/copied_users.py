"""Copied users: many users with as many memories as the first one, made by the database in a fraction of the time.

Each has the first one's texts under ids of their own, so that ranking holds and reads as much for each of them. Their
log is not copied: they are searched, and nothing else is measured on them.
"""

import psycopg
from psycopg import sql

_ID = "md5(%s::text || %%(number)s::text)::uuid"
"""An id that belongs to the copy: the same one wherever the first one's is named."""
_TABLES = {"memory": ("id", "supersedes"), "embedding": ("memory_id",), "log_head": ()}


def copy_user(owner: str, tenant_id: str, user_id: str, copies: dict[int, str]) -> None:
    """Copies a user.

    Args:
        owner: how to connect as the database's owner.
        tenant_id: whose user.
        user_id: the user.
        copies: the copies' ids by their numbers.
    """
    with psycopg.connect(owner) as connection:
        for number, copy in copies.items():
            bound = {"tenant_id": tenant_id, "user_id": user_id, "copy": copy, "number": number}
            for table, ids in _TABLES.items():
                connection.execute(_statement(connection, table, ids), bound)


def _statement(connection: psycopg.Connection, table: str, ids: tuple[str, ...]) -> sql.Composed:
    names = [
        str(name)
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'recollect' AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
    ]
    values = [
        sql.SQL("%(copy)s")
        if name == "user_id"
        else sql.SQL(_ID.replace("%s", "{}", 1).replace("%%", "%")).format(sql.Identifier(name))
        if name in ids
        else sql.Identifier(name)
        for name in names
    ]
    return sql.SQL(
        "INSERT INTO recollect.{table} ({names}) SELECT {values} FROM recollect.{table}"
        " WHERE tenant_id = %(tenant_id)s AND user_id = %(user_id)s"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(values),
    )
