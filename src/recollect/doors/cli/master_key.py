"""``recollect master-key``: the master key, under which every user's key is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import anyio
import typer

from recollect import bootstrap
from recollect.adapters.keys.local import LocalKeyVault, new_master_key, read_key_file, write_key_file
from recollect.doors.cli.destroying import Yes, ask
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import emit, plural, print_json

app = typer.Typer(
    help="The master key, under which every user's key is kept.\n\nThe keys that programs show to a server are others: "
    "`recollect key`.",
    no_args_is_help=True,
)


@app.command(epilog=examples("recollect master-key new > master.key"))
@shared_options
def new(call: Call) -> None:
    """Print a new master key; put it into a file that only its owner reads, and keep a copy elsewhere."""
    key = new_master_key()
    if call.as_json:
        print_json({"master_key": key})
    else:
        typer.echo(key)


@app.command(epilog=examples("recollect master-key public"))
@shared_options
def public(call: Call) -> None:
    """Print the key that verifies certificates of erasure, and the name of the master key behind it."""
    vault = bootstrap.make_vault(call.settings())
    if call.as_json:
        print_json({"public_key": vault.public_key, "master_id": vault.master_id})
    else:
        typer.echo(vault.public_key.hex())
        typer.echo(f"of master key {vault.master_id}", err=True)  # so that $(...) is the key alone


@app.command(epilog=examples("recollect master-key rotate --new-key-file new.key"))
@shared_options
def rotate(
    call: Call,
    *,
    new_key_file: Annotated[
        Path,
        typer.Option("--new-key-file", metavar="FILE", help="With the new key: `recollect master-key new > FILE`."),
    ],
    yes: Yes = False,
) -> None:
    """Wrap every user's key with a new master key. Killed in the middle, it goes on when it is run again.

    Every running process must know the new key before: put it on the second line of its key file, rotate, then make it
    the first line. Of the key file that Recollect made by itself this command takes care.
    """
    settings = call.settings()
    fresh = read_key_file(new_key_file)[0]
    if not yes:
        ask("Wrap every user's key with the new master key? Running processes must know it.", "wrap every key anew")
    own = bootstrap.own_key_file_of(settings)
    before = read_key_file(own) if own is not None and own.exists() else []
    if own is not None:
        write_key_file(own, _distinct([*before, fresh]))  # from now on both are known here, whatever happens
    vault = LocalKeyVault(fresh)
    with bootstrap.operator(settings) as operator:
        count = anyio.run(operator.rotate, vault)
    if own is not None:
        write_key_file(own, _distinct([fresh, *before]))
    if call.as_json:
        print_json({"rewrapped": count, "master_id": vault.master_id, "key_file": own})
        return
    emit(f"{plural(count, 'key')} wrapped with master key {vault.master_id}")
    if own is not None:
        emit(f"{own} holds the new key, and the former one below it")
    else:
        emit("now make the new key the first line of every key file; run this again for what was written meanwhile")


def _distinct(keys: Sequence[bytes]) -> list[bytes]:
    return list(dict.fromkeys(keys))
