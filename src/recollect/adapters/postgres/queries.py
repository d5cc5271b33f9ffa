"""Named SQL statements: ``QUERIES["name"]`` is the block under ``-- name: name`` in one of ``sql/*.sql``."""

from importlib import resources

from psycopg import sql

from recollect.adapters.postgres import sql as sql_files

PARTS = ("memory_columns", "memory_salt", "event_columns", "hot_newer", "ranking_columns", "ranking_vectors")
"""Blocks that are spliced in where another one says ``{name}``."""


def _load() -> dict[str, sql.SQL]:
    bodies: dict[str, str] = {}
    for file in sorted(resources.files(sql_files).iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        for block in file.read_text(encoding="utf-8").split("-- name: ")[1:]:
            name, _, body = block.partition("\n")
            lines = (line for line in body.splitlines() if not line.lstrip().startswith("--"))
            bodies[name.strip()] = "\n".join(lines).strip()
    for part in PARTS:
        bodies = {name: body.replace(f"{{{part}}}", bodies[part]) for name, body in bodies.items()}
    return {name: sql.SQL(body) for name, body in bodies.items()}  # pyright: ignore[reportArgumentType] - our own files


QUERIES = _load()
