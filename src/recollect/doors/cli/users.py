"""``recollect user``: who has memories here, how much, and their end."""

from collections.abc import Mapping
from typing import Annotated

import typer

from recollect.domain.person import PersonKind
from recollect.doors.cli import erase
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_json, visible

app = typer.Typer(help="Who has memories here: users, agents, conversations.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="USER", help="Whose.")]


@app.command(
    "list",
    epilog=examples("recollect user list", "recollect user list --kind agent --json", "recollect user list -k 100"),
)
@shared_options
def list_users(
    call: Call,
    *,
    kind: Annotated[
        PersonKind, typer.Option(help="Users, agents, or conversations with whose they are.")
    ] = PersonKind.USER,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List users by name, with the number of living memories of each; of a conversation, its turns."""
    with call.memory() as memory:
        page = memory.users.list(kind=kind, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"users": page.items, "next_cursor": page.next_cursor})
        return
    of = ("of",) if kind is PersonKind.CONVERSATION else ()
    table = columns(kind.value, *of, ">turns" if of else ">memories", "=since", "=last")
    for one in page:
        owner = (visible(one.user_id or ""),) if of else ()
        table.add_row(visible(one.id), *owner, f"{one.memories:,}", day(one.first_at), day(one.last_at))
    if page.items:
        emit(table)
    print_end(len(page), f"there are no {kind.value}s yet", page.next_cursor)


@app.command(epilog=examples("recollect user show ana"))
@shared_options
def show(call: Call, user_id: Who) -> None:
    """Show a user in numbers: memories by kind, tier and status, the log's length, whether erased."""
    with call.memory() as memory:
        found = memory.users.get(user_id=user_id)
    if call.as_json:
        print_json(found)
        return
    print_rows(
        [
            ("user", found.user_id),
            ("memories", f"{found.memories:,}"),
            ("by kind", _counted(found.by_type)),
            ("by tier", _counted(found.by_tier)),
            ("by status", _counted(found.by_status)),
            ("lines of the log", f"{found.log_length:,}"),
            ("first stored", found.first_at),
            ("last changed", found.last_at),
            ("erased", found.erased_at),
        ]
    )


app.command("delete", epilog=examples("recollect user delete ana --dry-run", "recollect user delete ana --yes"))(
    erase.user
)


def _counted(counts: Mapping[str, int]) -> str:
    """``3 turn, 1 identity``, the most frequent first."""
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1]))
