"""Groups of commands that are imported when they are used, and the one-line helps by which they are listed.

A group knows of its commands only what its help screen says; the module behind a command is imported when the command
is called. So ``recollect --help`` and completion do not wait for the database's driver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption

from recollect.doors.cli.starting import resolve

WIDTH = 80
FRAME = 6
"""Columns of a help screen's row that are no text: the frame, and the space between the two columns."""

KINDS = {
    "<bool>": "",
    "<str>": "TEXT",
    "<list[str]>": "TEXT",
    "<path>": "FILE",
    "<int>": "N",
    "<int range>": "N",
    "<float>": "X",
    "<float range>": "X",
}
"""Short words for the kinds of values; they leave room for what an option does."""

SECOND_NAMES = {"--limit": ("--top-k", "-n"), "--most-per-conversation": ("--per-conversation",)}
"""Further names of options, which the help does not show."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a group's help screen.

    Attributes:
        name: of the command or group.
        target: its function or typer application, as "module:attribute", the module within this package.
        help: what it does, on one line. panel: under which title.
        examples: commands to try, a line each; of a group, they stand with its commands.
        aliases: names that it had before; they work and are not shown.
        parts: of a group whose commands are entries themselves; it has no target.
    """

    name: str
    target: str
    help: str
    panel: str | None = None
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    parts: tuple["Entry", ...] = ()

    def listed(self, name: str) -> TyperCommand:
        """What stands for it in a list of commands."""
        return TyperCommand(
            name, short_help=self.help, help=self.help, rich_help_panel=self.panel, hidden=name != self.name
        )

    def load(self, name: str) -> Any:
        """The command itself."""
        if self.parts:
            return Group(name=name, help=self.help, entries=self.parts, no_args_is_help=True, rich_markup_mode="rich")
        module, _, attribute = self.target.rpartition(":")
        found = resolve(f"{module if '.' in module else f'recollect.doors.cli.{module}'}:{attribute}")
        if isinstance(found, typer.Typer):
            return _loaded(found, name, alone=False)
        return _loaded(_alone(found, name, self.examples), name, alone=True)


class Command(TyperCommand):
    """A command with one-line helps and the options' further names."""

    def make_parser(self, ctx: Any) -> Any:
        """The parser, which also takes the further names."""
        parser = super().make_parser(ctx)
        for param in self.params:
            for name in (second for first in param.opts for second in SECOND_NAMES.get(first, ())):
                if name not in param.opts:
                    parser.add_option(obj=cast(Any, param), opts=[name], dest=param.name, action="store", nargs=1)
        return parser

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options and arguments; their values in short words."""
        return _plain(super().get_params(ctx), ctx)


class Group(TyperGroup):
    """Commands that are listed by ``entries`` and imported when they are called, beside those it was given."""

    entries: tuple[Entry, ...] = ()

    def __init__(self, *, entries: tuple[Entry, ...] | None = None, **given: Any) -> None:
        super().__init__(**given)
        if entries is not None:
            self.entries = entries
        own = dict(self.commands)
        self._known = {name: entry for entry in self.entries for name in (entry.name, *entry.aliases)}
        self.commands = {**{name: entry.listed(name) for name, entry in self._known.items()}, **own}
        width = WIDTH - FRAME - max((len(name) for name, one in self.commands.items() if not one.hidden), default=0)
        for command in self.commands.values():
            command.short_help = shortened_help(command.short_help or command.help or "", width)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is meant, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        entry = self._known.get(name or "")
        return name, command if entry is None else entry.load(name or ""), rest

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options; their values in short words."""
        return _plain(super().get_params(ctx), ctx)


def shortened_help(text: str, width: int) -> str:
    """As much of a help's first paragraph as fits on one line, to the end of a sentence or else of a clause."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    for end in (". ", "; ", ": ", ", "):
        head = paragraph.partition(end)[0].rstrip(".;:,") + "."
        if len(head) <= width:
            longer = [paragraph[:at].rstrip(".;:,") + "." for at in _ends(paragraph, end)]
            return max((one for one in longer if len(one) <= width), key=len)
    return paragraph


def _ends(text: str, end: str) -> Sequence[int]:
    """Where the text may stop."""
    return [*(at for at in range(len(text)) if text.startswith(end, at)), len(text)]


def _plain(params: Sequence[Any], ctx: Any) -> list[Any]:
    """The options and arguments with short words for the kinds of their values."""
    for param in params:
        if isinstance(param, TyperOption) and param.metavar is None:
            kind = str(param.display_type(ctx))
            param.metavar = KINDS.get(kind, kind.strip("<>"))
    return list(params)


def _alone(function: Any, name: str, examples: tuple[str, ...]) -> typer.Typer:
    """An application with a single command."""
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    epilog = "\n\n".join(("Examples:", *(f"  {line}" for line in examples))) if examples else None
    application.command(name, epilog=epilog)(function)
    return application


def _loaded(application: typer.Typer, name: str, *, alone: bool) -> Any:
    """What typer makes of an application, with our commands and groups in place of its own."""
    for info in application.registered_commands:
        if info.cls is TyperCommand:
            info.cls = Command
    application.info.cls = Group
    command = typer.main.get_command(application) if alone else typer.main.get_group(application)
    command.name = name
    return command
