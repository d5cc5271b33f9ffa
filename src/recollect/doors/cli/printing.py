"""How the command line looks: one console for answers, one for everything else, and the shapes of JSON.

Answers go to standard output, progress and errors to standard error. Rich leaves out colour when the output is piped.
What users once said is never read as markup, and control characters in it are made visible, so that a memory cannot
write to the terminal.
"""

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from recollect.domain.record import Memory
from recollect.doors.cli.options import QUIET
from recollect.doors.cli.quiet import essence

JOINERS = "\u00ad\u200c\u200d"
"""Invisible characters that words and emoji are made with."""


def out() -> Console:
    """The console on standard output."""
    return Console(highlight=False, markup=False, emoji=False)


def err() -> Console:
    """The console on standard error."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def emit(*parts: RenderableType, style: str | None = None, soft_wrap: bool = False) -> None:
    """Prints texts and tables on standard output, without the spaces that pad a table's rows."""
    console = out()
    with console.capture() as captured:
        console.print(*parts, style=style, soft_wrap=soft_wrap)
    typer.echo("\n".join(line.rstrip() for line in captured.get().split("\n")), nl=False)


def print_error(message: str) -> None:
    """One line on standard error; it is not wrapped, so that a program can read it."""
    typer.echo(f"error: {visible(message)}", err=True)


def print_degraded(problems: Iterable[str]) -> None:
    """What could not be done just now, a line each on standard error."""
    for problem in problems:
        err().print(f"degraded: {visible(problem)}", style="yellow")


def print_json(value: object) -> None:
    """One JSON document on standard output; with ``--quiet`` no more than the ids in it."""
    if QUIET.get():
        for line in essence(as_json(value)):
            typer.echo(line)
        return
    escaped = not (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(as_json(value), indent=2, ensure_ascii=escaped, allow_nan=False))


def as_json(value: object) -> Any:
    """Values of the domain as JSON: objects by field name, times in ISO 8601, ids and enumerations as text, bytes hex.

    A memory's ``extra`` is called ``metadata``, as the caller gave it.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (UUID, Path)):
        return str(value)
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {"metadata" if name == "extra" else name: as_json(getattr(value, name)) for name in names}
    return _collection_as_json(value)


def _collection_as_json(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): as_json(entry) for key, entry in cast(Mapping[object, object], value).items()}
    if isinstance(value, Set):
        return sorted(as_json(entry) for entry in cast(Set[object], value))
    if isinstance(value, Sequence):
        return [as_json(entry) for entry in cast(Sequence[object], value)]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def visible(text: str) -> str:
    """The text on one line, its control characters and unpaired surrogates as U+FFFD."""
    joined = " ".join(text.split())
    return "".join(c if c.isprintable() or c in JOINERS else "\ufffd" for c in joined)


def shortened(text: str, length: int) -> str:
    """The text on one line of at most ``length`` characters."""
    line = visible(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def columns(*headers: str) -> Table:
    """A table without rules; other columns make room for those with a mark before their header, which stay whole.

    ``>`` marks numbers, set to the right, and ``=`` what nobody could use in part: ids, times.
    """
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for header in headers:
        number = header.startswith(">")
        whole = number or header.startswith("=")
        name = header[1:] if whole else header
        table.add_column(name, justify="right" if number else "left", no_wrap=whole, overflow="fold")
    return table


def grid(*widths: int | None) -> Table:
    """Columns without headers; None takes what is left."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in widths:
        table.add_column(width=width, no_wrap=width is not None, ratio=1 if width is None else None, overflow="fold")
    return table


def day(at: datetime | None) -> str:
    """The day of a time, or a dash."""
    return "-" if at is None else f"{at:%Y-%m-%d}"


def said(memory: Memory, *, length: int = 1_000) -> Text:
    """Speaker and text."""
    text = Text()
    if memory.speaker:
        text.append(f"{visible(memory.speaker)}: ", style="bold")
    return text.append(shortened(memory.text, length))


def facts_line(memory: Memory) -> Text:
    """Kind, day and id of a memory, on one line."""
    doubt = f"may be outdated since {day(memory.stale_since)}" if memory.stale_since else "active"
    marks = [memory.status.value, memory.trust.value, doubt]
    state = ", ".join(mark for mark in marks if mark not in ("active", "trusted"))
    parts = [f"{memory.type.value} ({state})" if state else memory.type.value, day(memory.occurred_at), str(memory.id)]
    return Text("  ".join(part for part in parts if part != "-"), style="dim")


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 memory``, ``2 memories``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
