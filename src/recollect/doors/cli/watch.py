"""``recollect watch``: a user's log as it grows, a line each."""

import json
import sys
from typing import Annotated

import typer

from recollect.domain.event import Event
from recollect.doors.cli.events import Types, subject_of
from recollect.doors.cli.options import QUIET, Call, shared_options
from recollect.doors.cli.printing import as_json, shortened

WIDTH = 80
INTERRUPTED = 130


@shared_options
def watch(
    call: Call,
    *,
    after: Annotated[
        int | None, typer.Option(min=0, help="Begin after this position of the log, 0 for its beginning; now if none.")
    ] = None,
    types: Types = None,
    project: Annotated[str | None, typer.Option(help="What this project's members share, as one of them.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0, help="End when nothing came for so many seconds.")] = None,
) -> None:
    """Print what happens to a user's memories as it happens, until Ctrl-C; with --json one object a line."""
    try:
        with call.memory() as memory:
            events = memory.watch(
                user_id=call.user_id, after_seq=after, types=types, project_id=project, timeout_s=timeout
            )
            for event in events:
                typer.echo(str(event.id) if QUIET.get() else _object(event) if call.json else _line(event))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _object(event: Event) -> str:
    escaped = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(as_json(event), ensure_ascii=escaped, allow_nan=False)


def _line(event: Event) -> str:
    line = f"{event.seq:>6}  {event.recorded_at:%Y-%m-%d %H:%M:%S}  {event.type.value:<18}  "
    return (line + shortened(subject_of(event), max(WIDTH - len(line), 20))).rstrip()
