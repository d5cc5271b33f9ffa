"""What commands that destroy have in common: they can say what would go, and they ask before it goes."""

import sys
from typing import Annotated

import typer

from recollect.doors.cli.options import Call
from recollect.doors.cli.printing import emit, print_json
from recollect.errors import UsageError

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def agreed(call: Call, verb: str, thing: str, *, yes: bool, dry_run: bool, **document: object) -> bool:
    """Whether to go ahead: not with ``--dry-run``, which says what would go; else with ``--yes`` or after asking.

    Args:
        call: how answers are printed.
        verb: what is done, such as "delete".
        thing: what to, as one line that can be shown.
        yes: the option.
        dry_run: the option.
        **document: what ``--json`` tells beside that.

    Raises:
        UsageError: there is no terminal to ask on.
        typer.Abort: the answer is no.
    """
    if dry_run:
        if call.as_json:
            print_json({"dry_run": True, "would": f"{verb} {thing}", **document})
        else:
            emit(f"would {verb} {thing}; nothing was changed")
        return False
    if not yes:
        ask(f"{verb[:1].upper()}{verb[1:]} {thing}?", f"{verb} {thing}")
    return True


def ask(question: str, would: str) -> None:
    """Asks on the terminal.

    Raises:
        UsageError: there is no terminal to ask on.
        typer.Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"nothing was changed, as there is no terminal to ask on; to {would}, add --yes")
    if not typer.confirm(question, err=True):
        raise typer.Abort
