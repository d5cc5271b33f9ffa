"""What commands on lists and single things share: paging options, rows of names and values, the line after a page."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, cast

import typer
from rich.text import Text

from recollect.doors.cli.printing import emit, grid, visible

Limit = Annotated[int, typer.Option("--limit", "-k", help="How many on a page, 1 to 1000.")]
Cursor = Annotated[str | None, typer.Option(help="Where the page before ended; it is printed there.")]
Quarantined = Annotated[bool, typer.Option("--include-quarantined", help="Show quarantined memories too.")]
Metadata = Annotated[str | None, typer.Option(metavar="JSON", help="A JSON object of your own.")]


def print_rows(rows: Iterable[tuple[str, object]]) -> None:
    """Names and values, a line each; what is None, empty or "" is left out."""
    shown = [(name, value) for name, value in rows if value not in (None, "", (), {})]
    table = grid(max((len(name) for name, _ in shown), default=1), None)
    for name, value in shown:
        table.add_row(Text(name, "bold"), visible(as_text(value)))
    emit(table)


def as_text(value: object) -> str:
    """A value as one reads it: times in ISO 8601, lists with commas, objects as JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(str, cast(tuple[Any, ...], value)))
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def print_end(count: int, nothing: str, next_cursor: object = None, option: str = "--cursor") -> None:
    """The line after a page: that there is nothing, or how to get the next one."""
    if not count:
        emit(nothing, style="dim")
    if next_cursor is not None:
        cursor = visible(str(next_cursor))
        emit(f"more follow: {option} {repr(cursor) if ' ' in cursor else cursor}", style="dim", soft_wrap=True)
