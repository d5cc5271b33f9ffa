"""Things as rows: for each kind its table, its columns, and the statements that write, remove and read it.

The statements are composed once, from the schema's own tables and columns; no name in them comes from outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from psycopg import sql
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import JSONB

from recollect.adapters.postgres.tables import SCHEMA, Base
from recollect.domain.state import THINGS
from recollect.domain.thing import Thing
from recollect.errors import ValidationError

T = TypeVar("T", bound=Thing)
Statement = tuple[sql.Composed, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of thing is kept.

    Attributes:
        fields: its attributes in the order of the columns. columns: their names in the table.
        key: the columns that identify it, ``tenant_id`` first. json: fields that are JSON.
    """

    kind: type[Thing]
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...]
    json: frozenset[str]
    write: sql.Composed
    remove: sql.Composed
    adapter: TypeAdapter[Any]

    def parameters(self, thing: Thing) -> dict[str, Any]:
        """What ``write`` and ``remove`` need, by field."""
        values = {name: getattr(thing, name) for name in self.fields}
        as_json = self.adapter.dump_python(thing, mode="json")
        return {name: Jsonb(as_json[name]) if name in self.json else value for name, value in values.items()}

    def thing(self, row: Sequence[Any]) -> Thing:
        """A thing from a row of ``select``."""
        return self.adapter.validate_python(dict(zip(self.fields, row, strict=True)))

    def from_json(self, row: Mapping[str, Any]) -> Thing:
        """A thing from its row as ``to_jsonb`` gives it."""
        return self.adapter.validate_python({"extra" if name == "metadata" else name: row[name] for name in row})

    def select(
        self,
        tenant_id: str,
        where: Mapping[str, Any],
        *,
        limit: int | None,
        after: Sequence[Any] | None,
        newest: bool = False,
        lock: bool = False,
    ) -> Statement:
        """The statement that reads the things whose fields equal ``where``, in order of their key, or against it.

        Raises:
            ValidationError: the kind has no such field.
        """
        column_of = dict(zip(self.fields, self.columns, strict=True))
        conditions: list[sql.Composable] = [sql.SQL("tenant_id = %(tenant_id)s")]
        parameters: dict[str, Any] = {"tenant_id": tenant_id}
        for name, value in where.items():
            if name not in column_of:
                raise ValidationError(name, f"is not a field of {self.kind.KIND}")
            several = isinstance(value, list | tuple | set | frozenset)
            test = (
                "{} = ANY(%({})s)" if several else "{} IS NOT DISTINCT FROM %({})s" if value is None else "{} = %({})s"
            )
            place = f"where_{name}"
            conditions.append(
                sql.SQL(test).format(sql.Identifier(column_of[name]), sql.SQL(place))  # pyright: ignore[reportArgumentType]
            )
            parameters[place] = list(cast(Sequence[Any], value)) if several else value
        order = [column for column in self.key if column != "tenant_id"]
        keys = sql.SQL(", ").join(map(sql.Identifier, order))
        if after is not None:
            conditions.append(
                sql.SQL("({}) < ({})" if newest else "({}) > ({})").format(
                    keys, sql.SQL(", ").join(sql.Placeholder(f"after_{c}") for c in order)
                )
            )
            parameters |= {f"after_{column}": value for column, value in zip(order, after, strict=True)}
        query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            sql.Identifier(SCHEMA, self.kind.KIND),
            sql.SQL(" AND ").join(conditions),
            sql.SQL(", ").join(sql.SQL("{} DESC" if newest else "{}").format(sql.Identifier(c)) for c in order),
        )
        if limit is not None:
            query += sql.SQL(" LIMIT %(limit)s")
            parameters["limit"] = limit
        return query + sql.SQL(" FOR UPDATE" if lock else ""), parameters


def _shape(kind: type[Thing]) -> Shape:
    table = Base.metadata.tables[f"{SCHEMA}.{kind.KIND}"]
    columns = tuple(column.name for column in table.columns)
    fields = tuple("extra" if column == "metadata" else column for column in columns)
    key = tuple(column.name for column in table.primary_key.columns)
    name, listed = sql.Identifier(SCHEMA, kind.KIND), sql.SQL(", ").join(map(sql.Identifier, columns))
    values = sql.SQL(", ").join(map(sql.Placeholder, fields))
    keys = sql.SQL(", ").join(map(sql.Identifier, key))
    changed = [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in columns if column not in key]
    write = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}").format(
        name, listed, values, keys, sql.SQL(", ").join(changed)
    )
    identified = [sql.SQL("{} = {}").format(sql.Identifier(column), sql.Placeholder(column)) for column in key]
    remove = sql.SQL("DELETE FROM {} WHERE {}").format(name, sql.SQL(" AND ").join(identified))
    return Shape(
        kind=kind,
        fields=fields,
        columns=columns,
        key=key,
        json=frozenset(f for f, column in zip(fields, table.columns, strict=True) if isinstance(column.type, JSONB)),
        write=write,
        remove=remove,
        adapter=TypeAdapter(kind),
    )


SHAPES: dict[str, Shape] = {thing.KIND: _shape(thing) for thing in THINGS}
"""Each kind's shape, by its name."""
