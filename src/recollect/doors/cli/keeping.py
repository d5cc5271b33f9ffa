"""``recollect list | show | history | delete | status``: looking after what is kept."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Annotated, Any, cast

import typer
from rich.padding import Padding
from rich.text import Text

from recollect.domain.event import Event
from recollect.domain.record import Memory, Sensitivity, Status, Trust
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import (
    AsOf,
    Collection,
    Conversation,
    Filter,
    KnownAt,
    Project,
    Quarantined,
    Since,
    Tiers,
    Types,
    Until,
    given,
    rights,
    seen_at,
)
from recollect.doors.cli.hearing import Here, heard_in
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import (
    columns,
    day,
    emit,
    facts_line,
    grid,
    plural,
    print_json,
    said,
    shortened,
    visible,
)
from recollect.memory.arguments import FilterArguments
from recollect.memory.memory import MemoryStatus

STATES = f"One of {', '.join(Status)}; active and compressed if nothing is said"
MemoryId = Annotated[str, typer.Argument(metavar="ID", help="The memory's id, as list and search show it.")]
SharedIn = Annotated[
    str | None, typer.Option("--project", metavar="PROJECT", help="The project whose members share it.")
]
UNTOLD = frozenset({"updated_at", "version", "status"})
"""Fields that change with every event, or as its type says."""


@shared_options
def list_memories(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    *,
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many on a page, 1 to 1000.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended; it is printed there.")] = None,
    types: Types = None,
    tiers: Tiers = None,
    statuses: Annotated[
        list[Status] | None,
        typer.Option("--status", metavar="STATE", help=f"Only this state; may be repeated. {STATES}."),
    ] = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    conversation: Conversation = None,
    project: Project = None,
    collection: Collection = None,
    condition: Filter = None,
    include_quarantined: Quarantined = False,
    channel: Here = None,
) -> None:
    """List memories, newest first."""
    arguments = given(
        types=types,
        tiers=tiers,
        statuses=statuses,
        occurred_from=since,
        occurred_to=until,
        as_of=as_of,
        conversation_id=conversation,
        **rights(project, collection, condition, include_quarantined),
        **heard_in(channel),
    )
    with call.memory() as memory:
        seen = seen_at(memory, arguments, known_at)
        page = seen.list(user_id=call.user_id, limit=limit, cursor=cursor, **cast(FilterArguments, arguments))
    if call.as_json:
        print_json(page)
        return
    table = grid(None)
    for record in page:
        table.add_row(said(record, length=300))
        table.add_row(Padding(facts_line(record), (0, 0, 0, 2)))
    emit(table)
    if not page.memories:
        emit(f"user {visible(call.user_id)} has no memories like that", style="dim")
    if page.next_cursor:
        emit(f"more follow: --cursor {page.next_cursor}", style="dim")


@shared_options
def show(
    call: Call, memory_id: MemoryId, *, project: SharedIn = None, as_of: AsOf = None, known_at: KnownAt = None
) -> None:
    """Show everything about one memory, as it is or as it was."""
    with call.memory() as memory:
        seen = memory if as_of is None and known_at is None else memory.at(as_of, known_at=known_at)
        record = seen.get(memory_id, user_id=call.user_id, project_id=project)
    if call.as_json:
        print_json(record)
        return
    table = grid(13, None)
    for name, value in _rows(record):
        table.add_row(Text(name, "bold"), value)
    emit(table)


@shared_options
def history(call: Call, memory_id: MemoryId, *, project: SharedIn = None) -> None:
    """Show what happened to a memory, oldest first; also after it was deleted."""
    with call.memory() as memory:
        events = memory.history(memory_id, user_id=call.user_id, project_id=project)
    if call.as_json:
        print_json({"memory_id": memory_id, "events": [event_json(event) for event in events]})
        return
    table = columns(">seq", "when", "event", "what and why")
    for event in events:
        table.add_row(str(event.seq), f"{event.recorded_at:%Y-%m-%d %H:%M:%S}", event.type.value, what_happened(event))
    emit(table)


@shared_options
def delete(
    call: Call,
    memory_id: MemoryId,
    *,
    project: SharedIn = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Take a memory out of everything but its history."""
    with call.memory() as memory:
        record = memory.get(memory_id, user_id=call.user_id, project_id=project)
        text = repr(shortened(record.text, 50))
        if not agreed(call, "delete", f"memory {text}", yes=yes, dry_run=dry_run, id=record.id):
            return
        memory.delete(record.id, user_id=call.user_id, project_id=project)
    if call.as_json:
        print_json({"deleted": record.id})
    else:
        emit(f"deleted {record.id}")


@shared_options
def status(call: Call) -> None:
    """Show where the memory is, how large it is and what it runs on."""
    with call.memory() as memory:
        answer = memory.status()
    if call.as_json:
        print_json(answer)
        return
    table = grid(11, None)
    for name, value in _status_rows(answer):
        table.add_row(Text(name, "bold"), value)
    emit(table)


def _rows(record: Memory) -> list[tuple[str, str]]:
    fact = f"{record.key} = {record.value}" if record.key else None
    names = ", ".join(f"{entity.name} ({entity.type.value})" for entity in record.entities)
    rows: list[tuple[str, object]] = [
        ("text", record.text),
        ("id", record.id),
        ("speaker", record.speaker),
        ("kind", f"{record.type.value}, {record.tier.value}, {record.status.value}, version {record.version}"),
        ("fact", fact),
        ("told", record.told_at and record.told_at.isoformat()),
        ("happened", record.occurred_at and record.occurred_at.isoformat()),
        ("holds", _interval(record)),
        ("written", record.written_at.isoformat()),
        ("scores", _scores(record)),
        ("names", names),
        ("conversation", record.conversation_id),
        ("project", record.project_id),
        ("agent", record.agent_id),
        ("source", _source(record)),
        ("trust", record.trust.value if record.trust is not Trust.TRUSTED else None),
        ("sensitivity", record.sensitivity.value if record.sensitivity is not Sensitivity.NORMAL else None),
        ("shared by", record.author_id),
        ("evidence", " ".join(record.provenance.evidence)),
        ("outdated?", _doubt(record)),
        ("supersedes", record.supersedes),
        ("metadata", json.dumps(dict(record.extra), ensure_ascii=False) if record.extra else None),
    ]
    return [(name, visible(str(value))) for name, value in rows if value not in (None, "")]


def _interval(record: Memory) -> str | None:
    if record.valid_from is None and record.valid_to is None:
        return None
    start = f"from {day(record.valid_from)} " if record.valid_from else ""
    return start + (f"until {day(record.valid_to)}" if record.valid_to else "until now")


def _doubt(record: Memory) -> str | None:
    """Since when it may be outdated, and because of which premises."""
    if record.stale_since is None:
        return None
    return f"maybe, since {day(record.stale_since)}: {' '.join(map(str, record.stale_because))} ended"


def _scores(record: Memory) -> str:
    told = f", told again {plural(record.reinforcements, 'time')}" if record.reinforcements else ""
    return f"importance {record.importance:.2f}, emotion {record.emotion:.2f}, confidence {record.confidence:.2f}{told}"


def _source(record: Memory) -> str:
    name = f", {record.source_id}" if record.source_id else ""
    return f"{record.source_type.value}, {record.provenance.source.value}{name}"


def event_json(event: Event) -> dict[str, Any]:
    """An event as it is printed: without the bytes that the payload is sealed in."""
    names = (field.name for field in dataclasses.fields(event))
    return {name: getattr(event, name) for name in names if name != "sealed"}


def what_happened(event: Event) -> str:
    """Why an event happened, and the text that it gave or else the fields that it changed."""
    payload = event.payload
    if payload is None:
        return "(erased)"
    changed = cast(Mapping[str, object], payload.get("memory") or payload.get("set") or {})
    text = changed.get("text")
    news = repr(shortened(str(text), 60)) if text else ", ".join(name for name in changed if name not in UNTOLD)
    return visible(": ".join(part for part in (str(payload.get("reason") or ""), news) if part))


def _status_rows(answer: MemoryStatus) -> list[tuple[str, str]]:
    store = answer.store
    one = {"memories": "memory", "events": "event", "vectors": "vector", "users": "user"}
    counts = ", ".join(plural(count, one[name], name) for name, count in store.counts.items())
    return [
        ("database", f"{'embedded' if store.embedded else 'outside'}, {store.location}"),
        ("server", f"{store.server}, pgvector {store.vector_extension}, schema {store.revision}"),
        ("holds", f"{counts}; {store.database_bytes / 1e6:,.1f} MB on disk"),
        ("embedder", f"{answer.embedder}, {answer.dimension} dimensions"),
        ("vectors", f"a vector query takes {store.query_ms:.1f} ms"),
    ]
