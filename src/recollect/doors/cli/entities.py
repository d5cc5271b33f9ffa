"""``recollect entity``: the people, places and organisations that memories speak of."""

from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.entity import EntityRelation, KnownEntity, Neighbour
from recollect.doors.cli.listed import Cursor, Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_json, shortened, visible

app = typer.Typer(help="The people, places and organisations that memories speak of.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Any of its names.")]


@app.command("list")
@shared_options
def list_entities(call: Call, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List entities, the most salient first."""
    with call.memory() as memory:
        page = memory.entities.list(user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"entities": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("entity", "type", ">salience", ">mentions", "last", "also")
    for one in page:
        others = ", ".join([*one.aliases, *one.merged])
        numbers = (f"{one.salience:.2f}", f"{one.mentions:,}")
        last = Text(day(one.last_at), no_wrap=True)
        table.add_row(shortened(one.name, 40), one.type.value, *numbers, last, shortened(others, 40))
    if len(page):
        emit(table)
    print_end(len(page), f"the memories of user {visible(call.user_id)} mention nobody", page.next_cursor)


@app.command(epilog=examples("recollect entity show Anna"))
@shared_options
def show(call: Call, name: Name) -> None:
    """Show what is known of an entity."""
    with call.memory() as memory:
        found = memory.entities.get(name, user_id=call.user_id)
    _answer(call, found)


@app.command(epilog=examples('recollect entity describe "Anna Schmidt" --alias Annie --description "My sister"'))
@shared_options
def describe(
    call: Call,
    name: Name,
    *,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="KIND", help="person, place, organisation or other.")
    ] = None,
    aliases: Annotated[
        list[str] | None, typer.Option("--alias", help="Another name of it; may be repeated. Replaces those it had.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="In words.")] = None,
    salience: Annotated[float | None, typer.Option(help="0 to 1, in place of the one from the mentions.")] = None,
) -> None:
    """Say something about an entity: its type, its other names, what it is."""
    with call.memory() as memory:
        described = memory.entities.describe(
            name,
            user_id=call.user_id,
            type=kind,
            aliases=aliases or None,
            description=description,
            salience=salience,
        )
    _answer(call, described)


@app.command(epilog=examples('recollect entity merge Annie "Anna Schmidt"'))
@shared_options
def merge(
    call: Call, name: Name, into: Annotated[str, typer.Argument(metavar="INTO", help="The entity that it is.")]
) -> None:
    """Say that an entity turned out to be another one; `unmerge` takes it back."""
    with call.memory() as memory:
        merged = memory.entities.merge(name, into, user_id=call.user_id)
    _answer(call, merged)


@app.command(epilog=examples("recollect entity unmerge Annie"))
@shared_options
def unmerge(call: Call, name: Name) -> None:
    """Take a merge back."""
    with call.memory() as memory:
        memory.entities.unmerge(name, user_id=call.user_id)
    if call.as_json:
        print_json({"unmerged": name})
    else:
        emit(f"{visible(name)} is an entity of its own again")


@app.command(name="duplicates", epilog=examples("recollect entity duplicates --limit 10"))
@shared_options
def list_duplicates(
    call: Call, *, limit: Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 1000.")] = 50
) -> None:
    """List entities whose names say that they may be one; `merge` makes them one."""
    with call.memory() as memory:
        found = memory.entities.duplicates(user_id=call.user_id, limit=limit)
    if call.as_json:
        print_json({"duplicates": found})
        return
    table = columns("entity", "may be", ">confidence", "why")
    for one in found:
        names = shortened(one.name, 40), shortened(one.into, 40)
        table.add_row(*names, f"{one.confidence:.2f}", shortened(one.why, 60))
    if len(found):
        emit(table)
    print_end(len(found), "no two entities look like one")


@app.command()
@shared_options
def relations(call: Call, name: Name, *, limit: Limit = 50, cursor: Cursor = None) -> None:
    """List what memories say of an entity; `user` is the user."""
    with call.memory() as memory:
        page = memory.entities.relations(name, user_id=call.user_id, limit=limit, cursor=cursor)
    if call.as_json:
        print_json({"relations": page.items, "next_cursor": page.next_cursor})
        return
    table = columns("subject", "predicate", "object", ">confidence", "holds")
    for one in page:
        texts = (shortened(part, 30) for part in (one.subject, one.predicate, one.object))
        table.add_row(*texts, f"{one.confidence:.2f}", _interval(one))
    if len(page):
        emit(table)
    print_end(len(page), f"nothing is said of {visible(name)}", page.next_cursor)


@app.command(epilog=examples("recollect entity neighbours Anna --depth 2"))
@shared_options
def neighbours(
    call: Call,
    name: Name,
    *,
    depth: Annotated[int, typer.Option(help="How many hops at most, 1 to 3.")] = 1,
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 1000.")] = 20,
) -> None:
    """Find what is tied to an entity, also through others, the strongest first."""
    with call.memory() as memory:
        found = memory.entities.neighbours(name, user_id=call.user_id, depth=depth, limit=limit)
    if call.as_json:
        print_json({"neighbours": found})
        return
    table = columns("neighbour", ">score", "how")
    for one in found:
        table.add_row(shortened(one.name, 30), f"{one.score:.2f}", _way(one))
    if len(found):
        emit(table)
    print_end(len(found), f"nothing is tied to {visible(name)}")


@app.command(epilog=examples("recollect entity related Anna Ben"))
@shared_options
def related(
    call: Call,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Any names of one or more entities.")],
    *,
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 1000.")] = 20,
) -> None:
    """Find what lies closest to entities over all ways at once, by personalised PageRank."""
    with call.memory() as memory:
        found = memory.entities.related(names, user_id=call.user_id, limit=limit)
    if call.as_json:
        print_json({"related": found})
        return
    table = columns("entity", ">share")
    for one in found:
        table.add_row(shortened(one.name, 60), f"{one.share:.3f}")
    if len(found):
        emit(table)
    print_end(len(found), f"nothing is tied to {visible(', '.join(names))}")


def _way(neighbour: Neighbour) -> str:
    return "; ".join(shortened(f"{hop.subject} {hop.predicate} {hop.object}", 80) for hop in neighbour.path)


def _interval(relation: EntityRelation) -> str:
    if relation.holds:
        return f"since {day(relation.valid_from)}" if relation.valid_from else "now"
    return f"{day(relation.valid_from)} to {day(relation.valid_to)}"


def _answer(call: Call, entity: KnownEntity) -> None:
    if call.as_json:
        print_json(entity)
        return
    print_rows(
        [
            ("entity", entity.name),
            ("type", entity.type.value),
            ("aliases", entity.aliases),
            ("merged", entity.merged),
            ("about", entity.description),
            ("salience", f"{entity.salience:.2f}"),
            ("mentions", entity.mentions),
            ("first", entity.first_at),
            ("last", entity.last_at),
        ]
    )
