"""``recollect channel``: where several people talk, and the project whose members share what is said there."""

from typing import Annotated

import typer

from recollect.domain.channel import Channel
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.listed import Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_json, visible

app = typer.Typer(
    help="Channels, where several people talk. What members say in one that is linked to a project is shared there; "
    "linking needs the role admin. The one who acts is --user.",
    short_help="Channels: where several people talk, and the project that shares it.",
    no_args_is_help=True,
)

ChannelId = Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel's id, any of your own.")]
ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help="The project's id.")]


@app.command(
    epilog=examples(
        'recollect channel link discord-7 atlas --name "#atlas" -u ben', "recollect channel link discord-7 other -u ben"
    )
)
@shared_options
def link(
    call: Call,
    channel: ChannelId,
    project: ProjectId,
    *,
    name: Annotated[str | None, typer.Option(help="What the channel is called.")] = None,
) -> None:
    """Link a channel to a project, in place of any other; needs the role admin in both."""
    with call.memory() as memory:
        linked = memory.channels.link(channel, project, user_id=call.user_id, name=name)
    if call.as_json:
        print_json(linked)
    else:
        emit(f"channel {visible(linked.id)} is linked to project {visible(linked.project_id)}")


@app.command(epilog=examples("recollect channel unlink discord-7 --yes -u ben"))
@shared_options
def unlink(call: Call, channel: ChannelId, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """End a channel's link: what is said there is its author's alone from now on."""
    if not agreed(call, "unlink", f"channel {visible(channel)}", yes=yes, dry_run=dry_run, channel=channel):
        return
    with call.memory() as memory:
        memory.channels.unlink(channel, user_id=call.user_id)
    if call.as_json:
        print_json({"unlinked": channel})
    else:
        emit(f"channel {visible(channel)} is linked to no project any more")


@app.command(epilog=examples("recollect channel show discord-7 -u ben"))
@shared_options
def show(call: Call, channel: ChannelId) -> None:
    """Show which project a channel is linked to."""
    with call.memory() as memory:
        found = memory.channels.get(channel, user_id=call.user_id)
    if call.as_json:
        print_json(found)
    else:
        _print_channel(found)


@app.command("list", epilog=examples("recollect channel list atlas -u ben"))
@shared_options
def list_channels(
    call: Call,
    project: ProjectId,
    *,
    limit: Limit = 50,
    cursor: Annotated[str | None, typer.Option(help="The last id of the page before.")] = None,
) -> None:
    """List the channels that are linked to a project."""
    with call.memory() as memory:
        found = memory.channels.list(project, user_id=call.user_id, limit=limit, cursor=cursor)
    following = found[-1].id if len(found) == limit else None
    if call.as_json:
        print_json({"channels": found, "next_cursor": following})
        return
    table = columns("channel", "name", "linked by", "since")
    for channel in found:
        table.add_row(
            visible(channel.id), visible(channel.name or ""), visible(channel.linked_by), day(channel.updated_at)
        )
    if found:
        emit(table)
    print_end(len(found), f"no channel is linked to project {visible(project)}", following)


def _print_channel(channel: Channel) -> None:
    print_rows(
        [
            ("channel", channel.id),
            ("name", channel.name),
            ("project", channel.project_id),
            ("linked by", channel.linked_by),
            ("since", channel.created_at),
            ("changed", channel.updated_at),
        ]
    )
