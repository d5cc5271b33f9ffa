"""``recollect relationship``: typed ties between two memories."""

from typing import Annotated

import typer

from recollect.domain.relationship import Direction, RelationshipType
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import given
from recollect.doors.cli.listed import Cursor, Limit, print_end
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_json, visible

app = typer.Typer(
    help="Ties between two memories: references, contradicts, supports, follows, related, derived_from.",
    no_args_is_help=True,
)

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The memory that the tie comes from, by its id.")]
Target = Annotated[str, typer.Argument(metavar="TARGET", help="The memory that it goes to.")]
Kind = Annotated[RelationshipType, typer.Argument(metavar="TYPE", help=f"One of {', '.join(RelationshipType)}.")]


@app.command(
    epilog=examples(
        "recollect relationship add 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6f supports"
    )
)
@shared_options
def add(
    call: Call,
    source: Source,
    target: Target,
    kind: Kind,
    *,
    confidence: Annotated[float, typer.Option(help="How sure that is, 0 to 1.")] = 1.0,
) -> None:
    """Tie two memories, or change the confidence of a tie."""
    with call.memory() as memory:
        tie = memory.relationships.add(source, target, kind, user_id=call.user_id, confidence=confidence)
    if call.as_json:
        print_json(tie)
    else:
        emit(f"{tie.source_id} {tie.type.value} {tie.target_id}, confidence {tie.confidence:.2f}", soft_wrap=True)


@app.command("list")
@shared_options
def list_relationships(
    call: Call,
    memory_id: Annotated[str, typer.Argument(metavar="ID", help="The memory's id.")],
    *,
    direction: Annotated[Direction, typer.Option(help="Which of its ties.")] = "both",
    types: Annotated[
        list[RelationshipType] | None, typer.Option("--type", metavar="TYPE", help="Only this type; may be repeated.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List a memory's ties."""
    with call.memory() as memory:
        page = memory.relationships.list(
            memory_id, user_id=call.user_id, direction=direction, limit=limit, cursor=cursor, **given(types=types)
        )
    if call.as_json:
        print_json({"relationships": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("tie", "other memory", ">confidence")
    for tie in page:
        outgoing = str(tie.source_id) == memory_id.lower()
        shown = f"{tie.type.value} →" if outgoing else f"← {tie.type.value}"
        table.add_row(shown, str(tie.target_id if outgoing else tie.source_id), f"{tie.confidence:.2f}")
    emit(table)
    print_end(len(page), "the memory has no ties like that", page.next_cursor)


@app.command()
@shared_options
def remove(
    call: Call, source: Source, target: Target, kind: Kind, *, yes: Yes = False, dry_run: DryRun = False
) -> None:
    """Remove a tie."""
    named = f"the tie {visible(source)} {kind.value} {visible(target)}"
    if not agreed(call, "remove", named, yes=yes, dry_run=dry_run):
        return
    with call.memory() as memory:
        memory.relationships.remove(source, target, kind, user_id=call.user_id)
    if call.as_json:
        print_json({"removed": {"source_id": source, "target_id": target, "type": kind}})
    else:
        emit(f"removed: {source} {kind.value} {target}", soft_wrap=True)
