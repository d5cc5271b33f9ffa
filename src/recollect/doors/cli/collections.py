"""``recollect collection``: named groups of memories."""

from typing import Annotated

import typer
from rich.padding import Padding

from recollect.domain.collection import Collection
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.listed import Cursor, Limit, Quarantined, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, emit, facts_line, grid, plural, print_json, said, visible

app = typer.Typer(help="Named groups of memories.", no_args_is_help=True)

CollectionId = Annotated[str, typer.Argument(metavar="COLLECTION", help="The collection's id, as list shows it.")]
MemoryIds = Annotated[list[str], typer.Argument(metavar="ID...", help="The ids of memories.")]
Type = Annotated[str | None, typer.Option("--type", metavar="WORD", help="Any word of your own; general at first.")]
Description = Annotated[str | None, typer.Option(help="What it is for.")]


@app.command(
    epilog=examples('recollect collection create Peru --type trip --description "What we plan for the summer"')
)
@shared_options
def create(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called; no two may have one name.")],
    *,
    kind: Type = None,
    description: Description = None,
) -> None:
    """Make an empty collection."""
    with call.memory() as memory:
        made = memory.collections.create(
            name, user_id=call.user_id, collection_type=kind or "general", description=description
        )
    _answer(call, made)


@app.command()
@shared_options
def show(call: Call, collection_id: CollectionId) -> None:
    """Show what a collection is called and what it is for."""
    with call.memory() as memory:
        found = memory.collections.get(collection_id, user_id=call.user_id)
    _answer(call, found)


@app.command("list")
@shared_options
def list_collections(call: Call, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List collections, newest first."""
    with call.memory() as memory:
        page = memory.collections.list(user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"collections": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("name", "type", "collection")
    for collection in page:
        table.add_row(visible(collection.name), visible(collection.collection_type), str(collection.id))
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no collections", page.next_cursor)


@app.command()
@shared_options
def update(
    call: Call,
    collection_id: CollectionId,
    *,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    kind: Type = None,
    description: Description = None,
) -> None:
    """Change what a collection is called, its type, or what it is for."""
    with call.memory() as memory:
        changed = memory.collections.update(
            collection_id, user_id=call.user_id, name=name, collection_type=kind, description=description
        )
    _answer(call, changed)


@app.command()
@shared_options
def delete(call: Call, collection_id: CollectionId, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Remove a collection; its memories stay."""
    with call.memory() as memory:
        found = memory.collections.get(collection_id, user_id=call.user_id)
        named = f"the collection {visible(found.name)!r}"
        if not agreed(call, "delete", named, yes=yes, dry_run=dry_run, id=found.id):
            return
        memory.collections.delete(found.id, user_id=call.user_id)
    if call.as_json:
        print_json({"deleted": found.id})
    else:
        emit(f"deleted {found.id}")


@app.command(epilog=examples("recollect collection add COLLECTION ID ID"))
@shared_options
def add(call: Call, collection_id: CollectionId, memory_ids: MemoryIds) -> None:
    """Put memories into a collection."""
    with call.memory() as memory:
        places = memory.collections.add(collection_id, memory_ids, user_id=call.user_id)
    if call.as_json:
        print_json({"members": places})
    else:
        emit(f"the collection holds {plural(len(places), 'memory', 'memories')} of these now")


@app.command()
@shared_options
def remove(call: Call, collection_id: CollectionId, memory_ids: MemoryIds) -> None:
    """Take memories out of a collection."""
    with call.memory() as memory:
        memory.collections.remove(collection_id, memory_ids, user_id=call.user_id)
    if call.as_json:
        print_json({"removed": memory_ids})
    else:
        emit(f"took {plural(len(memory_ids), 'memory', 'memories')} out")


@app.command(epilog=examples("recollect collection memories 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --limit 10"))
@shared_options
def memories(
    call: Call,
    collection_id: CollectionId,
    *,
    limit: Limit = 20,
    cursor: Cursor = None,
    quarantined: Quarantined = False,
) -> None:
    """List a collection's memories, newest first."""
    with call.memory() as memory:
        page = memory.collections.memories(
            collection_id, user_id=call.user_id, limit=limit, cursor=cursor, include_quarantined=quarantined
        )
    if call.as_json:
        print_json(page)
        return
    table = grid(None)
    for record in page:
        table.add_row(said(record, length=300))
        table.add_row(Padding(facts_line(record), (0, 0, 0, 2)))
    emit(table)
    print_end(len(page), "the collection is empty", page.next_cursor)


def _answer(call: Call, collection: Collection) -> None:
    if call.as_json:
        print_json(collection)
        return
    print_rows(
        [
            ("name", collection.name),
            ("id", collection.id),
            ("type", collection.collection_type),
            ("for", collection.description),
            ("created", collection.created_at),
            ("changed", collection.updated_at),
        ]
    )
