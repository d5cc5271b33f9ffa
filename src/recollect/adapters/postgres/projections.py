"""Projections: the tables that can be dropped and rebuilt from the log, and the rows that a log adds up to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import sql

from recollect.adapters.postgres.codec import FIELDS, memory_values
from recollect.adapters.postgres.derivation_rows import derivation_row
from recollect.adapters.postgres.graph_rows import edge_row, mention_row
from recollect.adapters.postgres.queries import QUERIES
from recollect.adapters.postgres.sealing import Keyring
from recollect.adapters.postgres.session import Connection
from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.adapters.postgres.things import SHAPES
from recollect.adapters.postgres.writing import opened
from recollect.domain.conversation import Conversation, ToolInvocation, Turn
from recollect.domain.event import Event
from recollect.domain.goal import Goal
from recollect.domain.graph import support_of
from recollect.domain.reflection import Reflection
from recollect.domain.scope import TENANT_STREAM, Scope
from recollect.domain.session import Session
from recollect.domain.staleness import premises_of
from recollect.domain.state import State
from recollect.domain.trace import Trace

LINES_AT_ONCE = 1_000
GRAPH = ("graph_mention", "graph_edge", "derivation")
"""What memories add to the graph of names, and what they cite: the log speaks of it in its lines of memories."""
OF_TENANT = ("source", "project", "project_member", "channel", "policy", "embedding_model", "api_key")
"""What the tenant's own stream speaks of; what is in their column ``user_id`` does not say whose log it is."""
OF_USER = (
    "memory",
    *GRAPH,
    "entity",
    "profile",
    "collection",
    Conversation.KIND,
    ToolInvocation.KIND,
    Session.KIND,
    Goal.KIND,
    Reflection.KIND,
    Trace.KIND,
    "relationship",
    "collection_member",
    Turn.KIND,
)
"""What users' and projects' streams speak of; what refers to others comes after them."""

Row = dict[str, Any]
"""A row's values by column."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One table.

    Attributes:
        table: its name. columns: all of them. key: those that identify a row, the tenant first.
        write: inserts a row or overwrites the one of that key. remove: deletes the row of a key.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    write: sql.Composed
    remove: sql.Composed

    def owned(self, scope: Scope) -> sql.Composed:
        """The condition for the rows of a stream."""
        condition = sql.SQL("tenant_id = {}").format(sql.Literal(scope.tenant_id))
        if self.table in OF_USER:
            condition += sql.SQL(" AND user_id = {}").format(sql.Literal(scope.user_id))
        return condition


def _memory() -> Projection:
    columns = (*(("metadata" if name == "extra" else name) for name in FIELDS), "changed_seq")
    key = ("tenant_id", "id")
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    changed = [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in columns if column not in key]
    write = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (tenant_id, id) DO UPDATE SET {}").format(
        sql.Identifier(SCHEMA, "memory"),
        listed,
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
        sql.SQL(", ").join(changed),
    )
    remove = sql.SQL("DELETE FROM {} WHERE tenant_id = %(tenant_id)s AND id = %(id)s").format(
        sql.Identifier(SCHEMA, "memory")
    )
    return Projection("memory", columns, key, write, remove)


def _of_graph(table: str, merge: str) -> Projection:
    columns = tuple(column.name for column in Base.metadata.tables[f"{SCHEMA}.{table}"].columns)
    key = tuple(column.name for column in Base.metadata.tables[f"{SCHEMA}.{table}"].primary_key.columns)
    identified = [sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder(column)) for column in key]
    remove = sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(SCHEMA, table), sql.SQL(" AND ").join(identified))
    return Projection(table, columns, key, sql.Composed([QUERIES[merge]]), remove)


def _projections() -> dict[str, Projection]:
    found = {"memory": _memory()}
    for table, merge in zip(GRAPH, ("merge_mention", "merge_edge", "merge_derivation"), strict=True):
        found[table] = _of_graph(table, merge)
    for kind, shape in SHAPES.items():
        found[kind] = Projection(kind, shape.columns, shape.key, shape.write, shape.remove)
    return found


PROJECTIONS = _projections()


def projections_of(scope: Scope) -> list[Projection]:
    """The tables that a stream speaks of, what refers to others after them."""
    names = (*OF_TENANT, *OF_USER) if scope.user_id == TENANT_STREAM else OF_USER
    return [PROJECTIONS[name] for name in names]


@dataclass(slots=True)
class Rebuilt:
    """A stream's state as its log gives it.

    Attributes:
        changed: by memory, the line that last touched it. events: lines applied. erased: lines that were skipped.
        problem: why it could not be applied to its end, or "".
    """

    state: State = field(default_factory=State)
    changed: dict[UUID, int] = field(default_factory=dict[UUID, int])
    events: int = 0
    erased: int = 0
    problem: str = ""

    def apply(self, event: Event) -> None:
        """Takes in the next event."""
        self.events += 1
        self.erased += event.payload is None
        try:
            self.state.apply(event)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.problem = f"line {event.seq} ({event.type.value}) cannot be applied: {type(error).__name__}: {error}"
        if event.payload is not None and "memory" in event.payload:
            self.changed[event.subject_id] = event.seq

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row that it adds up to, with its table."""
        for memory in self.state.memories.values():
            values = memory_values(memory, self.changed[memory.id])
            values["metadata"] = values.pop("extra")
            yield "memory", values
            support, owner = support_of(memory), (memory.tenant_id, memory.user_id)
            for mention in support.mentions:
                yield "graph_mention", mention_row(*owner, mention)
            for edge in support.edges:
                yield "graph_edge", edge_row(*owner, edge)
            for premise in premises_of(memory):
                yield "derivation", derivation_row(*owner, memory.id, premise)
        for (kind, _), thing in self.state.things.items():
            shape = SHAPES[kind]
            values = shape.parameters(thing)
            yield kind, {column: values[name] for name, column in zip(shape.fields, shape.columns, strict=True)}


async def rebuilt(
    connection: Connection, keyring: Keyring, scope: Scope, progress: Callable[[int], None] | None = None
) -> Rebuilt:
    """Replays a stream within the connection's transaction, a batch of lines at a time."""
    built = Rebuilt()
    owner = {"tenant_id": scope.tenant_id, "user_id": scope.user_id}
    keys = await (await connection.execute(QUERIES["stream_key"], owner)).fetchall()
    sealer = await keyring.sealer_of(scope.tenant_id, scope.user_id, keys)
    seq = 0
    nothing = {"until_seq": None, "types": None, "since": None, "until": None, "limit": LINES_AT_ONCE}
    while not built.problem:
        parameters = {**owner, **nothing, "after_seq": seq}
        rows = await (await connection.execute(QUERIES["events"], parameters, binary=True)).fetchall()
        for event in opened(rows, sealer):
            built.apply(event)
            if built.problem:
                break
        if progress is not None:
            progress(len(rows))
        if len(rows) < LINES_AT_ONCE:
            break
        seq = rows[-1][0]
    return built


def key_values(projection: Projection, row: Sequence[Any]) -> Row:
    """The part of a row, in the order of the columns, that identifies it."""
    values = dict(zip(projection.columns, row, strict=True))
    return {column: values[column] for column in projection.key}
