"""``recollect key``: API keys, which let programs in through the servers' doors."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.text import Text

from recollect.domain.api_key import ApiKey
from recollect.domain.credential import Access
from recollect.domain.times import parse_time
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import as_json, columns, day, emit, print_json, visible
from recollect.errors import ValidationError

app = typer.Typer(
    help="API keys: what programs show to `recollect serve` and `recollect mcp`.\n\nThe key that encrypts the data is "
    "another one: `recollect master-key`.",
    short_help="API keys, by which programs are let in.",
    no_args_is_help=True,
)

ID = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
ONCE = "this token is not shown again; keep it where secrets are kept"
UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
STYLES = {"revoked": "red", "expired": "yellow", "active": "green"}

KeyId = Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `recollect key list` shows it.")]


@app.command(
    epilog=examples(
        'recollect key create "the website"',
        "recollect key create backup --access read --expires 90d",
        "recollect key create phone --for-user ana --rate 120",
        "export RECOLLECT_API_KEY=$(recollect key create ci --quiet)",
    )
)
@shared_options
def create(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for, in your own words.")],
    *,
    access: Annotated[
        str, typer.Option(metavar="ACCESS", help="read, write, or admin: keys, policies, everything.")
    ] = Access.WRITE.value,
    for_user: Annotated[str | None, typer.Option(metavar="USER", help="The only user it may act for.")] = None,
    project: Annotated[str | None, typer.Option(metavar="PROJECT", help="The only project it may act in.")] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="After 90d, 12h, 30m, 2w; or a time (ISO 8601 with an offset).")
    ] = None,
    rate: Annotated[int | None, typer.Option(metavar="N", help="Requests a minute (RECOLLECT_RATE_LIMIT).")] = None,
) -> None:
    """Make a key and print its token, which is shown this once."""
    until = None if expires is None else _expiry(expires)
    with call.memory() as memory:
        issued = memory.keys.create(
            name,
            access=access,
            user_id=for_user,
            project_id=project,
            expires_at=until,
            requests_per_minute=rate,
            actor=_actor(call),
        )
    if call.quiet:
        typer.echo(issued.token)
    elif call.json:
        print_json({**as_json(issued.key), "token": issued.token, "note": ONCE})
    else:
        _print_key(issued.key)
        typer.echo()
        typer.echo(issued.token)  # whole, on one line of its own
        emit(ONCE, style="dim")


@app.command("list", epilog=examples("recollect key list", "recollect key list --json"))
@shared_options
def list_keys(call: Call, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List the keys, newest first, with their last use; revoked ones stay listed."""
    with call.memory() as memory:
        page = memory.keys.list(limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"keys": [_document(key) for key in page], "next_cursor": page.next_cursor})
        return
    table = columns("=key", "name", "access", "=last used", "state")
    for key in page:
        state = _state(key)
        table.add_row(
            str(key.id), visible(key.name), key.access.value, day(key.last_used_at), Text(state, STYLES[state])
        )
    if page.items:
        emit(table)
    print_end(len(page), "there are no API keys", page.next_cursor)


@app.command(epilog=examples(f"recollect key show {ID}"))
@shared_options
def show(call: Call, key_id: KeyId) -> None:
    """Show a key: what it may do and when it was last used. Its token cannot be shown."""
    with call.memory() as memory:
        found = memory.keys.get(key_id)
    _answer(call, found)


@app.command(epilog=examples(f"recollect key revoke {ID} --yes"))
@shared_options
def revoke(call: Call, key_id: KeyId, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Take a key back, for good: within a second no server lets it in."""
    with call.memory() as memory:
        found = memory.keys.get(key_id)
        named = f"the key {visible(found.name)}; programs that use it will be refused"
        if not agreed(call, "revoke", named, yes=yes, dry_run=dry_run, id=found.id):
            return
        revoked = memory.keys.revoke(found.id, actor=_actor(call))
    if call.as_json:
        print_json(_document(revoked))
    else:
        emit(f"{visible(revoked.name)} is revoked")


def _expiry(expires: str) -> datetime:
    """A time, or how long from now on."""
    span = re.fullmatch(r"(\d{1,6})([mhdw])", expires.strip())
    if span is None:
        if expires[:1].isdigit() and "-" in expires:
            return parse_time("expires", expires)
        raise ValidationError("expires", "must be a time to come, such as 90d, 12h, or 2027-05-04T00:00:00+00:00")
    try:
        return datetime.now(UTC) + timedelta(seconds=int(span[1]) * UNITS[span[2]])
    except OverflowError:
        raise ValidationError("expires", "lies beyond the year 9999") from None


def _state(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= datetime.now(UTC) else "active"


def _document(key: ApiKey) -> dict[str, Any]:
    return {**as_json(key), "state": _state(key)}


def _actor(call: Call) -> str:
    """Who looks after the keys, which belong to no user."""
    return "user" if call.user is None else call.user


def _answer(call: Call, key: ApiKey) -> None:
    if call.as_json:
        print_json(_document(key))
    else:
        _print_key(key)


def _print_key(key: ApiKey) -> None:
    rate = None if key.requests_per_minute is None else f"{key.requests_per_minute:,} requests a minute"
    print_rows(
        [
            ("key", str(key.id)),
            ("name", key.name),
            ("access", key.access.value),
            ("for user", key.user_id),
            ("in project", key.project_id),
            ("at most", rate),
            ("state", _state(key)),
            ("made", key.created_at),
            ("expires", key.expires_at),
            ("revoked", key.revoked_at),
            ("last used", key.last_used_at),
        ]
    )
