"""``recollect erase``: what may not stay goes for good, and a certificate says what went."""

from pathlib import Path
from typing import Annotated

import typer

from recollect.client import Memory
from recollect.domain.certificate import Certificate, parse_certificate
from recollect.domain.certificate import verify as is_genuine
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.keeping import MemoryId
from recollect.doors.cli.message_file import read_text
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import emit, plural, print_json, shortened, visible
from recollect.doors.cli.waiting import waiting
from recollect.errors import UsageError, ValidationError

app = typer.Typer(help="Erase a user or a memory for good, with a signed certificate.", no_args_is_help=True)

Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to put the certificate.")]
PUBLIC_KEY_DIGITS = 64


@app.command(epilog=examples("recollect erase user ana --dry-run", "recollect erase user ana --out certificate.json"))
@shared_options
def user(
    call: Call,
    user_id: Annotated[str, typer.Argument(metavar="USER", help="Whose.")],
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    out: Out = None,
) -> None:
    """Destroy a user's key and every row of the user; the log keeps lines that nobody can read."""
    _check_free(out)
    with call.memory() as memory:
        held = _held(memory, user_id) if dry_run else ""
        named = f"everything of user {visible(user_id)!r} for good{held}"
        if not agreed(call, "erase", named, yes=yes, dry_run=dry_run, user_id=user_id):
            return
        with waiting("erasing"):
            certificate = memory.erasure.user(user_id=user_id, actor="command line")
    _tell(call, certificate, out)


@app.command(epilog=examples("recollect erase memory 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e -u ana --yes"))
@shared_options
def memory(call: Call, memory_id: MemoryId, *, yes: Yes = False, dry_run: DryRun = False, out: Out = None) -> None:
    """Destroy a memory, the facts that rest on it alone, and the copies of it that the user shared."""
    _check_free(out)
    with call.memory() as opened:
        text = f" ({shortened(opened.get(memory_id, user_id=call.user_id).text, 40)!r})" if dry_run else ""
        named = f"memory {visible(memory_id)}{text} of user {visible(call.user_id)!r} for good"
        if not agreed(call, "erase", named, yes=yes, dry_run=dry_run, id=memory_id):
            return
        certificate = opened.erasure.memory(memory_id, user_id=call.user_id, actor="command line")
    _tell(call, certificate, out)


@app.command(epilog=examples("recollect erase verify certificate.json --public-key HEX"))
@shared_options
def verify(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The certificate.")],
    *,
    public_key: Annotated[
        str | None, typer.Option("--public-key", metavar="HEX", help="Who must have signed it.")
    ] = None,
) -> None:
    """Check a certificate's signature; exit code 1 if it does not hold."""
    certificate = parse_certificate(read_text(file, str(file)))
    genuine = is_genuine(certificate, None if public_key is None else _key(public_key))
    if call.as_json:
        print_json({"genuine": genuine, "certificate": certificate})
    elif not genuine:
        emit("the signature does not hold: the certificate was changed, or another key signed it", style="red")
    else:
        emit(f"genuine: {_told(certificate)}")
        if public_key is None:
            emit(f"signed by {certificate.public_key}; compare it with `recollect master-key public`", style="dim")
    if not genuine:
        raise typer.Exit(1)


def _held(memory: Memory, user_id: str) -> str:
    """How much there is of a user.

    Raises:
        NotFound: there is nothing.
    """
    found = memory.users.get(user_id=user_id)
    return f", {plural(found.memories, 'memory', 'memories')} and {plural(found.log_length, 'line')} of the log"


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) * 2 != PUBLIC_KEY_DIGITS:
        raise ValidationError("public_key", f"must be {PUBLIC_KEY_DIGITS} hexadecimal digits")
    return key


def _check_free(out: Path | None) -> None:
    """Nothing is erased when the certificate could not be kept."""
    if out is not None and (out.exists() or not out.absolute().parent.is_dir()):
        raise UsageError(f"{out} cannot be written: it exists already, or its directory does not")


def _tell(call: Call, certificate: Certificate, out: Path | None) -> None:
    if out is not None:
        out.write_text(certificate.to_json(), encoding="utf-8")
    if call.as_json:
        print_json(certificate)
        return
    emit(_told(certificate))
    for table, count in certificate.rows.items():
        emit(f"  {table}: {count:,}")
    if out is not None:
        emit(f"certificate: {out}")
    else:
        typer.echo(certificate.to_json(), nl=False)


def _told(certificate: Certificate) -> str:
    of = "" if certificate.erased.value == "user" else f", {plural(len(certificate.memory_ids), 'memory', 'memories')}"
    rows = plural(sum(certificate.rows.values()), "row")
    lines = plural(certificate.unreadable_events, "line")
    return (
        f"user {visible(certificate.user_id)!r}{of}: {rows} and {plural(certificate.keys, 'key')} erased, {lines} of "
        f"the log unreadable since {certificate.erased_at:%Y-%m-%d %H:%M:%S} UTC"
    )
