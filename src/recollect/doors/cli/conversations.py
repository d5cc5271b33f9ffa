"""``recollect conversation``: what was said in which order."""

from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.conversation import Conversation, SpokenTurn
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Cursor, Limit, Metadata, Quarantined, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, grid, print_json, shortened, visible

app = typer.Typer(
    help="What was said in which order. A conversation comes to be with `recollect add --conversation ID`.",
    no_args_is_help=True,
)

ConversationId = Annotated[str, typer.Argument(metavar="CONVERSATION", help="The conversation's id.")]


@app.command("list")
@shared_options
def list_conversations(call: Call, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List conversations by id."""
    with call.memory() as memory:
        page = memory.conversations.list(user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"conversations": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("conversation", "title", ">turns", "last turn")
    for one in page:
        table.add_row(
            visible(one.id), shortened(one.title or "-", 40), str(one.turn_count), Text(day(one.last_turn_at))
        )
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no conversations", page.next_cursor)


@app.command()
@shared_options
def show(call: Call, conversation_id: ConversationId) -> None:
    """Show a conversation's title and length, and when it began."""
    with call.memory() as memory:
        found = memory.conversations.get(conversation_id, user_id=call.user_id)
    _answer(call, found)


@app.command(
    epilog=examples("recollect conversation turns monday", "recollect conversation turns monday --limit 10 --json")
)
@shared_options
def turns(
    call: Call,
    conversation_id: ConversationId,
    *,
    limit: Limit = 50,
    cursor: Cursor = None,
    quarantined: Quarantined = False,
) -> None:
    """Show what was said, in order."""
    with call.memory() as memory:
        page = memory.conversations.turns(
            conversation_id, user_id=call.user_id, limit=limit, cursor=cursor, include_quarantined=quarantined
        )
    if call.as_json:
        print_json({"turns": page.items, "next_cursor": page.next_cursor})
        return
    table = grid(6, None)
    for spoken in page:
        table.add_row(Text(str(spoken.turn.index), "dim"), _line(spoken))
    emit(table)
    print_end(len(page), "nothing was said", page.next_cursor)


@app.command(epilog=examples('recollect conversation update monday --title "About the move"'))
@shared_options
def update(
    call: Call,
    conversation_id: ConversationId,
    *,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    metadata: Metadata = None,
) -> None:
    """Give a conversation a title, or metadata in place of the old."""
    with call.memory() as memory:
        changed = memory.conversations.update(
            conversation_id, user_id=call.user_id, title=title, metadata=json_object(metadata, "--metadata")
        )
    _answer(call, changed)


def _line(spoken: SpokenTurn) -> Text:
    line = Text(f"{visible(spoken.turn.speaker or spoken.turn.role)}: ", "bold")
    if spoken.text is None:
        return line.append("(not shown)", "dim")
    return line.append(shortened(spoken.text, 300), "not bold")


def _answer(call: Call, conversation: Conversation) -> None:
    if call.as_json:
        print_json(conversation)
        return
    print_rows(
        [
            ("conversation", conversation.id),
            ("title", conversation.title),
            ("turns", conversation.turn_count),
            ("began", conversation.started_at),
            ("last turn", conversation.last_turn_at),
            ("project", conversation.project_id),
            ("agent", conversation.agent_id),
            ("metadata", conversation.extra),
        ]
    )
