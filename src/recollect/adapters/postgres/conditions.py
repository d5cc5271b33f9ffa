"""A ``Condition`` as SQL over the columns of ``recollect.memory``: words of ours, and every value a parameter.

A comparison with NULL is NULL, which ``AND`` and ``OR`` treat as false; ``NOT`` is written ``IS NOT TRUE``, so that
it holds of what is absent, as ``domain/condition.py`` says it must. Equality with metadata is containment, so that
the GIN index can serve it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from recollect.domain.condition import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FieldKind,
    Not,
    Op,
    Scalar,
    kind_of,
    lower_case,
    path_of,
)

_SIGNS: Final[Mapping[Op, sql.SQL]] = {
    Op.EQ: sql.SQL("="),
    Op.GT: sql.SQL(">"),
    Op.GTE: sql.SQL(">="),
    Op.LT: sql.SQL("<"),
    Op.LTE: sql.SQL("<="),
}
_COMPUTED: Final[Mapping[str, sql.SQL]] = {
    "owner": sql.SQL("coalesce(author_id, user_id)"),
    "agent_id": sql.SQL("nullif(agent_id, '')"),
}
_BYTEWISE: Final = sql.SQL('{} COLLATE "C"')


def single_precision(score: sql.Composable) -> sql.Composable:
    """A score as the resident arrays hold it; what is too small for them is 0, where a cast alone would fail."""
    return sql.SQL("(CASE WHEN {0} > 7.006492321624085e-46 THEN {0} ELSE 0 END)::float4").format(score)


def condition_sql(condition: Condition, prefix: str = "c") -> tuple[sql.Composable, dict[str, Any]]:
    """The condition, true or not true of each row, and its parameters, whose names begin with ``prefix``."""
    writer = _Writer(prefix)
    return writer.condition(condition), writer.parameters


class _Writer:
    """Collects the parameters."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.parameters: dict[str, Any] = {}

    def condition(self, condition: Condition) -> sql.Composable:
        if isinstance(condition, Compare):
            return self._metadata(condition) if kind_of(condition.field) is FieldKind.METADATA else self._own(condition)
        if isinstance(condition, Not):
            return sql.SQL("(({}) IS NOT TRUE)").format(self.condition(condition.part))
        if not condition.parts:
            return sql.SQL("true" if isinstance(condition, AllOf) else "false")
        word = sql.SQL(" OR " if isinstance(condition, AnyOf) else " AND ")
        return sql.SQL("({})").format(word.join([self.condition(part) for part in condition.parts]))

    def _own(self, compare: Compare) -> sql.Composable:
        column: sql.Composable = _COMPUTED.get(compare.field) or sql.Identifier(compare.field)
        kind = kind_of(compare.field)
        if kind is FieldKind.IDS:
            if compare.op is Op.PRESENT:
                return sql.SQL("{} <> '[]'").format(column)
            return sql.SQL("{} @> {}::jsonb").format(column, self._parameter(Jsonb([compare.value])))
        if compare.op is Op.PRESENT:
            return sql.SQL("{} IS NOT NULL").format(column)
        if kind is FieldKind.NUMBER:
            column = single_precision(column)
        if compare.op is Op.IN:
            values = list(compare.value) if isinstance(compare.value, tuple) else []
            return sql.SQL("{} = ANY({}::{}[])").format(column, self._parameter(values), _type(kind))
        if compare.op in (Op.CONTAINS, Op.ICONTAINS):
            return self._found_in(column, compare)
        if kind is FieldKind.TEXT and compare.op is not Op.EQ:
            column = _BYTEWISE.format(column)
        return sql.SQL("{} {} {}::{}").format(column, _SIGNS[compare.op], self._parameter(compare.value), _type(kind))

    def _found_in(self, words: sql.Composable, compare: Compare) -> sql.Composable:
        value = str(compare.value)
        if compare.op is Op.ICONTAINS:
            words, value = sql.SQL("lower({})").format(words), lower_case(value)
        return sql.SQL("strpos({}, {}::text) > 0").format(words, self._parameter(value))

    def _metadata(self, compare: Compare) -> sql.Composable:
        path = path_of(compare.field)
        if compare.op is Op.EQ:
            return self._equals(path, compare.value)
        if compare.op is Op.IN:
            values = compare.value if isinstance(compare.value, tuple) else ()
            return sql.SQL("({})").format(
                sql.SQL(" OR ").join([self._equals(path, value) for value in values] or [sql.SQL("false")])
            )
        held: sql.Composable = sql.SQL("metadata")
        for name in path:
            held = sql.SQL("({} -> {}::text)").format(held, self._parameter(name))
        if compare.op is Op.PRESENT:
            return sql.SQL("jsonb_typeof({}) <> 'null'").format(held)
        if compare.op in (Op.CONTAINS, Op.ICONTAINS):
            return self._holds(held, compare)
        return self._orders(held, compare)

    def _equals(self, path: tuple[str, ...], value: object) -> sql.Composable:
        wanted: object = value
        for name in reversed(path):
            wanted = {name: wanted}
        return sql.SQL("metadata @> {}::jsonb").format(self._parameter(Jsonb(wanted)))

    def _orders(self, held: sql.Composable, compare: Compare) -> sql.Composable:
        sign = _SIGNS[compare.op]
        if isinstance(compare.value, str):
            return sql.SQL(
                "CASE jsonb_typeof({held}) WHEN 'string'"
                " THEN ({held} #>> '{{}}') COLLATE \"C\" {sign} {value}::text END"
            ).format(held=held, sign=sign, value=self._parameter(compare.value))
        value = Decimal(str(compare.value))  # by its digits, as jsonb keeps numbers
        return sql.SQL(
            "CASE jsonb_typeof({held}) WHEN 'number' THEN {held}::numeric {sign} {value}::numeric END"
        ).format(held=held, sign=sign, value=self._parameter(value))

    def _holds(self, held: sql.Composable, compare: Compare) -> sql.Composable:
        """Part of a text, or an entry of a list."""
        value: Scalar | tuple[Scalar, ...] | None = compare.value
        if not isinstance(value, str):
            return sql.SQL("CASE jsonb_typeof({held}) WHEN 'array' THEN {held} @> {value}::jsonb END").format(
                held=held, value=self._parameter(Jsonb(value))
            )
        words = sql.SQL("({} #>> '{{}}')").format(held)
        if compare.op is Op.CONTAINS:
            entry = sql.SQL("{} @> {}::jsonb").format(held, self._parameter(Jsonb(value)))
        else:
            entry = sql.SQL(
                "EXISTS (SELECT 1 FROM jsonb_array_elements({}) AS list(entry)"
                " WHERE jsonb_typeof(entry) = 'string' AND lower(entry #>> '{{}}') = {}::text)"
            ).format(held, self._parameter(lower_case(value)))
        return sql.SQL("CASE jsonb_typeof({held}) WHEN 'string' THEN {found} WHEN 'array' THEN {entry} END").format(
            held=held, found=self._found_in(words, compare), entry=entry
        )

    def _parameter(self, value: object) -> sql.Composable:
        name = f"{self._prefix}{len(self.parameters)}"
        self.parameters[name] = value
        return sql.Placeholder(name)


def _type(kind: FieldKind) -> sql.SQL:
    if kind is FieldKind.NUMBER:
        return sql.SQL("float4")
    return sql.SQL("timestamptz" if kind is FieldKind.TIME else "text")
