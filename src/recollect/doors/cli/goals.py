"""``recollect goal``: what a user wants to reach, in which order, and what stands in the way."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Annotated, Any

import typer

from recollect.domain.goal_tree import GoalNode, GoalStanding
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Cursor, Limit, Metadata, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_json, shortened, visible

app = typer.Typer(help="What is to be reached, and what stands in the way.", no_args_is_help=True)

WIDTH = 80
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

GoalId = Annotated[str, typer.Argument(metavar="GOAL", help="The goal's id, as list shows it.")]
Priority = Annotated[int | None, typer.Option(help="1 (some day) to 5 (now); 3 if nothing is said.")]
Deadline = Annotated[
    str | None, typer.Option(metavar="TIME", help="Until when: a day, to its end, or ISO 8601 with an offset.")
]
Parent = Annotated[str | None, typer.Option(metavar="GOAL", help="The goal that it is a part of.")]
Blockers = Annotated[list[str] | None, typer.Option("--blocked-by", metavar="GOAL", help="What must be reached first.")]
Description = Annotated[str | None, typer.Option(help="More of it.")]
Project = Annotated[str | None, typer.Option(help="The project that it belongs to.")]
Outcome = Annotated[str | None, typer.Option(help="What came of it.")]
WithChildren = Annotated[bool, typer.Option("--with-children", help="End its open parts too.")]


@app.command(
    epilog=examples(
        'recollect goal add "Go to Peru" --deadline 2027-07-01',
        'recollect goal add "Book the flight" --parent GOAL --priority 5',
    )
)
@shared_options
def add(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What is to be reached.")],
    *,
    description: Description = None,
    priority: Priority = None,
    deadline: Deadline = None,
    parent: Parent = None,
    blocked_by: Blockers = None,
    project: Project = None,
    metadata: Metadata = None,
) -> None:
    """Set a goal."""
    with call.memory() as memory:
        made = memory.goals.add(
            title,
            user_id=call.user_id,
            description=description,
            priority=3 if priority is None else priority,
            deadline=_end_of_day(deadline),
            parent_id=parent,
            blocked_by=blocked_by or (),
            project_id=project,
            metadata=json_object(metadata, "--metadata"),
        )
    _answer(call, made)


@app.command()
@shared_options
def show(call: Call, goal_id: GoalId) -> None:
    """Show a goal."""
    with call.memory() as memory:
        found = memory.goals.get(goal_id, user_id=call.user_id)
    _answer(call, found)


@app.command("list", epilog=examples("recollect goal list --status active --limit 10"))
@shared_options
def list_goals(
    call: Call,
    *,
    status: Annotated[
        list[str] | None, typer.Option(help="Only active, paused, completed or abandoned ones; may be repeated.")
    ] = None,
    parent: Annotated[str | None, typer.Option(metavar="GOAL", help="Only the parts of this goal.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> None:
    """List goals: open ones first, then by priority, deadline and age."""
    with call.memory() as memory:
        page = memory.goals.list(
            user_id=call.user_id, status=status or (), parent_id=parent, limit=limit, cursor=cursor
        )
    if call.as_json:
        print_json({"goals": page.items, "next_cursor": page.next_cursor})
        return
    table = columns(">p", "=until", "=stands", "what", "=goal")
    for goal in page:
        title = shortened(goal.title, 60)
        table.add_row(str(goal.priority), _until(goal), _stands(goal), title, str(goal.id))
    emit(table)
    print_end(len(page), f"user {visible(call.user_id)} has no goals like that", page.next_cursor)


@app.command()
@shared_options
def tree(
    call: Call, *, closed: Annotated[bool, typer.Option("--closed", help="Show what has ended, too.")] = False
) -> None:
    """Show goals and their parts as a hierarchy."""
    with call.memory() as memory:
        top = memory.goals.tree(user_id=call.user_id, include_closed=closed)
    if call.as_json:
        print_json({"goals": top})
        return
    _print_tree(top, 0)
    print_end(len(top), f"user {visible(call.user_id)} has no open goals")


@app.command(
    epilog=examples(
        "recollect goal update GOAL --priority 5 --clear deadline", "recollect goal update GOAL --parent GOAL"
    )
)
@shared_options
def update(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    goal_id: GoalId,
    *,
    title: Annotated[str | None, typer.Option(help="What is to be reached.")] = None,
    description: Description = None,
    priority: Annotated[int | None, typer.Option(help="1 (some day) to 5 (now).")] = None,
    deadline: Deadline = None,
    parent: Parent = None,
    blocked_by: Blockers = None,
    project: Project = None,
    metadata: Metadata = None,
    clear: Annotated[
        list[str] | None,
        typer.Option(help="A field to empty: description, deadline, parent_id, blocked_by, project_id, outcome."),
    ] = None,
) -> None:
    """Change what a goal says."""
    with call.memory() as memory:
        changed = memory.goals.update(
            goal_id,
            user_id=call.user_id,
            title=title,
            description=description,
            priority=priority,
            deadline=_end_of_day(deadline),
            parent_id=parent,
            blocked_by=blocked_by or None,
            project_id=project,
            metadata=json_object(metadata, "--metadata"),
            clear=clear or (),
        )
    _answer(call, changed)


@app.command()
@shared_options
def complete(call: Call, goal_id: GoalId, *, outcome: Outcome = None, with_children: WithChildren = False) -> None:
    """Mark a goal as reached."""
    with call.memory() as memory:
        done = memory.goals.complete(goal_id, user_id=call.user_id, outcome=outcome, with_children=with_children)
    _answer(call, done)


@app.command()
@shared_options
def abandon(call: Call, goal_id: GoalId, *, outcome: Outcome = None, with_children: WithChildren = False) -> None:
    """Give a goal up."""
    with call.memory() as memory:
        done = memory.goals.abandon(goal_id, user_id=call.user_id, outcome=outcome, with_children=with_children)
    _answer(call, done)


@app.command()
@shared_options
def pause(call: Call, goal_id: GoalId) -> None:
    """Put a goal aside for a while."""
    with call.memory() as memory:
        aside = memory.goals.pause(goal_id, user_id=call.user_id)
    _answer(call, aside)


@app.command()
@shared_options
def resume(call: Call, goal_id: GoalId) -> None:
    """Take a goal up again, also one that was completed or abandoned."""
    with call.memory() as memory:
        again = memory.goals.resume(goal_id, user_id=call.user_id)
    _answer(call, again)


@app.command()
@shared_options
def remove(call: Call, goal_id: GoalId, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Take a goal away; its parts move up, and nothing waits for it any more."""
    with call.memory() as memory:
        found = memory.goals.get(goal_id, user_id=call.user_id)
        named = f"the goal {visible(found.title)!r}"
        if not agreed(call, "remove", named, yes=yes, dry_run=dry_run, id=found.id):
            return
        memory.goals.remove(found.id, user_id=call.user_id)
    if call.as_json:
        print_json({"removed": found.id})
    else:
        emit(f"removed {found.id}")


def _end_of_day(deadline: str | None) -> str | None:
    """A date alone is the last second of that day, where the command is typed; anything else is left as it is."""
    if deadline is None or not _DAY.fullmatch(deadline):
        return deadline
    with suppress(ValueError, OverflowError):
        return datetime.combine(date.fromisoformat(deadline), time(23, 59, 59)).astimezone().isoformat()
    return deadline


def _until(goal: GoalStanding) -> str:
    """The day of its deadline, where the command is typed: a deadline at midnight there is not of the day after."""
    return day(None if goal.deadline is None else goal.deadline.astimezone())


def _stands(goal: GoalStanding) -> str:
    return "blocked" if goal.blocked else goal.status.value


def _print_tree(nodes: Sequence[GoalNode], level: int) -> None:
    for node in nodes:
        stands, indent = _stands(node.goal), "  " * min(level, 6)
        room = WIDTH - len(f"{node.goal.id}  {indent}  ({stands})")
        emit(f"{node.goal.id}  {indent}{shortened(node.goal.title, room)}  ({stands})")
        _print_tree(node.parts, level + 1)


def _answer(call: Call, goal: GoalStanding) -> None:
    if call.as_json:
        print_json(goal)
        return
    rows: list[tuple[str, Any]] = [
        ("goal", goal.title),
        ("id", goal.id),
        ("stands", goal.status.value),
        ("priority", goal.priority),
        ("until", goal.deadline),
        ("more", goal.description),
        ("part of", goal.parent_id),
        ("open parts", goal.open_parts or None),
        ("blocked by", goal.open_blockers),
        ("project", goal.project_id),
        ("outcome", goal.outcome),
        ("metadata", dict(goal.extra)),
        ("ended", goal.closed_at),
    ]
    print_rows(rows)
