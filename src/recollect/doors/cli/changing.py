"""``recollect update`` and ``recollect revise``: a memory's next version."""

from typing import Annotated, cast

import typer

from recollect.domain.record import Memory, Sensitivity
from recollect.doors.cli.finding import given
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.keeping import MemoryId, SharedIn
from recollect.doors.cli.message_file import text_or_stdin
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import emit, print_json, said
from recollect.memory.arguments import UpdateArguments


@shared_options
def update(
    call: Call,
    memory_id: MemoryId,
    *,
    text: Annotated[str | None, typer.Option(help="The new text, read and scored anew; - for standard input.")] = None,
    metadata: Annotated[
        str | None, typer.Option(metavar="JSON", help="A JSON object of your own, in place of the old one.")
    ] = None,
    sensitivity: Annotated[Sensitivity | None, typer.Option(help="How carefully it is to be handled.")] = None,
    expected_version: Annotated[
        int | None, typer.Option(metavar="N", help="Refuse if it is at another version by now.")
    ] = None,
    project: SharedIn = None,
) -> None:
    """Change a memory's text, metadata or sensitivity; the old version stays in its history."""
    arguments = given(
        metadata=json_object(metadata, "--metadata"),
        sensitivity=sensitivity,
        expected_version=expected_version,
        project_id=project,
    )
    if text is None and metadata is None and sensitivity is None:
        raise typer.BadParameter(
            "give --text, --metadata or --sensitivity; there is nothing to change", param_hint="ID"
        )
    with call.memory() as memory:
        changed = memory.update(memory_id, user_id=call.user_id, text=_given(text), **cast(UpdateArguments, arguments))
    _answer(call, changed)


@shared_options
def revise(
    call: Call,
    memory_id: MemoryId,
    evidence: Annotated[str, typer.Argument(help="What was learned; it is stored too. - for standard input.")],
    *,
    text: Annotated[str | None, typer.Option(help="The memory's new words, if they are to change.")] = None,
) -> None:
    """Merge new evidence into a memory that was recalled within the last hour."""
    with call.memory() as memory:
        changed = memory.revise(memory_id, text_or_stdin(evidence), user_id=call.user_id, text=text)
    _answer(call, changed)


def _given(text: str | None) -> str | None:
    return None if text is None else text_or_stdin(text)


def _answer(call: Call, record: Memory) -> None:
    if call.as_json:
        print_json(record)
        return
    emit(said(record))
    emit(f"version {record.version}, confidence {record.confidence:.2f}, {record.id}", style="dim")
