"""``recollect source``: the allowlist of where texts may come from, and how far each is believed."""

from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.record import Trust
from recollect.domain.source import Source, SourceKind
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import given
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Limit, Metadata, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, print_json, visible

app = typer.Typer(
    help="The allowlist of sources. Trusted: like the user. Known: found, but never loaded unasked. Quarantined: kept "
    "apart until a person decides. Refused: not stored.",
    short_help="Where texts may come from, and how far each source is believed.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's name, as `recollect add --source` takes it.")]
Uri = Annotated[str | None, typer.Option(help="Where it is.")]


@app.command(
    epilog=examples(
        "recollect source add crm --trust trusted --kind api",
        "recollect source add forum --trust quarantined --uri https://forum.example",
    )
)
@shared_options
def add(
    call: Call,
    name: Name,
    *,
    trust: Annotated[Trust, typer.Option(help="How far it is believed.")] = Trust.KNOWN,
    kind: Annotated[SourceKind, typer.Option(help="What it is.")] = SourceKind.MANUAL,
    uri: Uri = None,
    metadata: Metadata = None,
) -> None:
    """Put a source on the allowlist."""
    extra = json_object(metadata, "--metadata")
    with call.memory() as memory:
        added = memory.sources.add(name, trust=trust, kind=kind, uri=uri, metadata=extra, actor=_actor(call))
    _answer(call, added)


@app.command(epilog=examples("recollect source show crm"))
@shared_options
def show(call: Call, name: Name) -> None:
    """Show one source."""
    with call.memory() as memory:
        found = memory.sources.get(name)
    _answer(call, found)


@app.command("list", epilog=examples("recollect source list"))
@shared_options
def list_sources(
    call: Call,
    *,
    limit: Limit = 50,
    cursor: Annotated[str | None, typer.Option(help="The last name of the page before.")] = None,
) -> None:
    """List the allowlist by name."""
    with call.memory() as memory:
        found = memory.sources.list(limit=limit, cursor=cursor)
    following = found[-1].name if len(found) == limit else None
    if call.as_json:
        print_json({"sources": found, "next_cursor": following})
        return
    table = columns("source", "trust", "kind", "active", "where")
    for source in found:
        active = "yes" if source.active else Text("no", "yellow")
        table.add_row(visible(source.name), source.trust.value, source.kind.value, active, visible(source.uri or "-"))
    if found:
        emit(table)
    print_end(len(found), "no sources are on the allowlist", following)


@app.command(epilog=examples("recollect source update forum --trust refused", "recollect source update crm --inactive"))
@shared_options
def update(
    call: Call,
    name: Name,
    *,
    trust: Annotated[Trust | None, typer.Option(help="How far it is believed from now on.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether it counts; an inactive one is unknown.")
    ] = None,
    uri: Uri = None,
    metadata: Metadata = None,
) -> None:
    """Change a source; what it said before stays as it was believed then."""
    changes = given(trust=trust, active=active, uri=uri, metadata=json_object(metadata, "--metadata"))
    if not changes:
        raise typer.BadParameter(
            "give --trust, --active, --inactive, --uri or --metadata; there is nothing to change", param_hint="NAME"
        )
    with call.memory() as memory:
        changed = memory.sources.update(name, actor=_actor(call), **changes)
    _answer(call, changed)


@app.command(epilog=examples("recollect source remove forum --yes"))
@shared_options
def remove(
    call: Call,
    name: Name,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Take a source off the allowlist; what it says from then on comes from an unknown source."""
    with call.memory() as memory:
        found = memory.sources.get(name)
        named = f"the source {visible(found.name)} ({found.trust.value})"
        if not agreed(call, "remove", named, yes=yes, dry_run=dry_run, name=found.name):
            return
        memory.sources.remove(name, actor=_actor(call))
    if call.as_json:
        print_json({"removed": found.name})
    else:
        emit(f"{visible(found.name)} is off the allowlist")


def _actor(call: Call) -> str:
    """Who changes the allowlist, which belongs to no user."""
    return "user" if call.user is None else call.user


def _answer(call: Call, source: Source) -> None:
    if call.as_json:
        print_json(source)
        return
    print_rows(
        [
            ("source", source.name),
            ("trust", source.trust.value),
            ("kind", source.kind.value),
            ("active", "yes" if source.active else "no"),
            ("where", source.uri),
            ("metadata", source.extra),
            ("added", source.created_at),
            ("changed", source.updated_at),
        ]
    )
