"""The options that say where something is said or answered, and who hears it."""

from typing import Annotated, Any

import typer

Here = Annotated[
    str | None, typer.Option("--channel", metavar="ID", help="The channel: only what may be told to all there.")
]
SaidIn = Annotated[str | None, typer.Option("--channel", metavar="ID", help="The channel in which it was said.")]
Aside = Annotated[
    list[str] | None, typer.Option("--to", metavar="USER", help="To whom, aside in --channel; may be repeated.")
]
Subject = Annotated[str | None, typer.Option(help="Whom or what it is about.")]
Mentioned = Annotated[bool, typer.Option("--mentioned", help="In --channel: the agent was spoken to.")]
Personal = Annotated[bool, typer.Option("--personal", help="In --channel, if mentioned: private memories too.")]


def heard_in(
    channel: str | None,
    to: list[str] | None = None,
    *,
    subject: str | None = None,
    mentioned: bool = False,
    personal: bool = False,
) -> dict[str, Any]:
    """The arguments that say where something is said or answered, and who hears it.

    Raises:
        typer.BadParameter: an option was used that says nothing without a channel.
    """
    alone = {"--to": to, "--mentioned": mentioned, "--personal": personal}
    for name, value in alone.items():
        if value and channel is None:
            raise typer.BadParameter("goes with --channel", param_hint=name)
    given = {"channel_id": channel, "audience": to, "subject": subject, "mentioned": mentioned, "personal": personal}
    return {name: value for name, value in given.items() if value}
