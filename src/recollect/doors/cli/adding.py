"""``recollect add``: one text, standard input, or a file of chat messages."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from recollect.client import Memory
from recollect.domain.receipt import Cost, Outcome, Receipt, ReceiptItem
from recollect.domain.record import MemoryType, Sensitivity, SourceType, Tier
from recollect.doors.cli.finding import KINDS
from recollect.doors.cli.hearing import Aside, SaidIn, Subject, heard_in
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.message_file import read_messages, text_or_stdin
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import day, emit, err, grid, plural, print_json, shortened, visible
from recollect.errors import ValidationError
from recollect.memory.arguments import AddArguments

BATCH = 250
"""Messages in one call of ``add``, which is one transaction."""

SHOWN = 20
"""Items of a receipt that are shown one by one; of more there is a summary."""

COLOURS = {
    Outcome.ACCEPTED: "green",
    Outcome.MERGED: "cyan",
    Outcome.SUPERSEDED: "yellow",
    Outcome.REJECTED: "red",
    Outcome.WORKING: "blue",
    Outcome.QUEUED: "magenta",
}

Key = Annotated[str | None, typer.Option(metavar="KEY", help="Repeated within 24 hours, it gives the same receipt.")]


@shared_options
def add(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    text: Annotated[str | None, typer.Argument(help="What to remember; - reads it from standard input.")] = None,
    *,
    file: Annotated[
        Path | None, typer.Option(help="Chat messages: JSON lines or a JSON array with role, content, name, at.")
    ] = None,
    speaker: Annotated[str | None, typer.Option(help="Who said it; the user if nothing is said.")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="When it was said: ISO 8601 with an offset, 'now' (for a text) or 'unknown' (for a file)."),
    ] = None,
    kind: Annotated[
        MemoryType | None,
        typer.Option("--type", metavar="KIND", help=f"Its kind; by rules if nothing is said. {KINDS}."),
    ] = None,
    tier: Annotated[Tier | None, typer.Option(help="How long it is kept.")] = None,
    source_type: Annotated[
        SourceType | None, typer.Option(metavar="SOURCE", help=f"Where it came from. One of {', '.join(SourceType)}.")
    ] = None,
    conversation: Annotated[str | None, typer.Option(help="The conversation it belongs to.")] = None,
    metadata: Annotated[str | None, typer.Option(metavar="JSON", help="A JSON object of your own.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="The source it came from; see sources.")] = None,
    sensitivity: Annotated[Sensitivity | None, typer.Option(help="How carefully it is to be handled.")] = None,
    project: Annotated[str | None, typer.Option(help="The project it belongs to.")] = None,
    share: Annotated[bool, typer.Option("--share", help="For all members of --project to see.")] = False,
    channel: SaidIn = None,
    to: Aside = None,
    subject: Subject = None,
    idempotency_key: Key = None,
    job: Annotated[str | None, typer.Option(metavar="UUID", help="The run it belongs to, to roll back as one.")] = None,
) -> None:
    """Remember a text or a file of chat messages, and the facts in it."""
    if (text is None) == (file is None):
        raise typer.BadParameter("give one of the two: a text, or --file PATH", param_hint="TEXT")
    given: dict[str, Any] = {
        "speaker": speaker,
        "at": _told_at(at, from_file=file is not None),
        "type": kind,
        "tier": tier,
        "source_type": source_type,
        "conversation_id": conversation,
        "metadata": json_object(metadata, "--metadata"),
        "source": source,
        "sensitivity": sensitivity,
        "project_id": project,
        "share": share or None,
        **heard_in(channel, to, subject=subject),
        "idempotency_key": idempotency_key,
        "job_id": job,
    }
    # None is a value for ``at`` (unknown), and an option that was not used for all others.
    arguments = cast(AddArguments, {name: value for name, value in given.items() if value is not None or name == "at"})
    content: str | list[Any] = read_messages(file) if file is not None else text_or_stdin(text or "")
    with call.memory() as memory:
        receipt = _stored(memory, content, call.user_id, arguments)
    if call.as_json:
        print_json({"ids": receipt.ids, **{name: getattr(receipt, name) for name in receipt.__dataclass_fields__}})
    else:
        print_receipt(receipt)


def print_receipt(receipt: Receipt) -> None:
    """What became of each item; of many, how many had each outcome, and what was not stored."""
    items = receipt.items
    if len(items) <= SHOWN:
        emit(_item_table(items))
    else:
        counts = Counter(item.outcome for item in items)
        emit("  ".join(f"{count:,} {outcome.value}" for outcome, count in counts.items()))
        rejected = [item for item in items if item.outcome is Outcome.REJECTED]
        if rejected:
            emit(_item_table(rejected[:SHOWN]))
    cost = receipt.cost
    emit(
        f"{plural(len(items), 'item')} in {cost.ms:,.1f} ms, {plural(cost.round_trips, 'round trip')} to the database",
        style="dim",
    )
    for problem in receipt.degraded:
        emit(f"degraded: {problem}", style="yellow")


def _item_table(items: Sequence[ReceiptItem]) -> Table:
    table = grid(10, None)
    for item in items:
        when = f", {day(item.occurred_at)}" if item.occurred_at else ""
        fact = f", {item.key} = {item.value}" if item.key else ""
        table.add_row(Text(item.outcome.value, COLOURS[item.outcome]), shortened(item.text, 300))
        table.add_row("", Text(visible(f"{item.type.value}{when}{fact}"), "dim"))
        table.add_row("", Text(str(item.memory_id or "not stored"), "dim"))
        table.add_row("", Text(shortened(item.reason, 200), "dim"))
    return table


def _stored(memory: Memory, content: str | list[Any], user_id: str, given: AddArguments) -> Receipt:
    """Adds everything, a long list in batches and with a progress bar."""
    if isinstance(content, str) or len(content) <= BATCH:
        return memory.add(content, user_id=user_id, **given)
    receipts: list[Receipt] = []
    with progress_bar() as bar:
        task = bar.add_task("remembering", total=len(content))
        for start in range(0, len(content), BATCH):
            batch = content[start : start + BATCH]
            try:
                receipts.append(memory.add(batch, user_id=user_id, **_for_batch(given, start)))
            except ValidationError as error:
                raise _in_the_whole_file(error, start) from None
            bar.advance(task, len(batch))
    return joined(receipts)


def joined(receipts: Sequence[Receipt]) -> Receipt:
    """Several receipts as one."""
    costs = [receipt.cost for receipt in receipts]
    return Receipt(
        items=tuple(item for receipt in receipts for item in receipt.items),
        event_ids=tuple(event for receipt in receipts for event in receipt.event_ids),
        cost=Cost(
            ms=sum(cost.ms for cost in costs),
            round_trips=sum(cost.round_trips for cost in costs),
            model_calls=sum(cost.model_calls for cost in costs),
            tokens=sum(cost.tokens for cost in costs),
        ),
        degraded=tuple(dict.fromkeys(problem for receipt in receipts for problem in receipt.degraded)),
    )


def progress_bar() -> Progress:
    """A progress bar on standard error; silent unless that is a terminal."""
    console = err()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _for_batch(given: AddArguments, start: int) -> AddArguments:
    """The arguments of one batch: each has an idempotency key of its own."""
    key = given.get("idempotency_key")
    return given if key is None else {**given, "idempotency_key": f"{key}:{start}"}


def _in_the_whole_file(error: ValidationError, start: int) -> ValidationError:
    """The error with the message's place in the file instead of its place in the batch."""
    field = re.sub(r"^messages\[(\d+)\]", lambda match: f"messages[{int(match[1]) + start}]", error.field)
    stored = f" (the first {start:,} messages are stored; adding them again does no harm)" if start else ""
    return ValidationError(field, f"{error.problem}{stored}")


def _told_at(at: str | None, *, from_file: bool) -> str | None:
    at = at or ("unknown" if from_file else "now")
    return None if at == "unknown" else at
