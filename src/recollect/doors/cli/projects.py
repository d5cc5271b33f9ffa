"""``recollect project``: groups of users who share memories, each with a role."""

from typing import Annotated

import typer

from recollect.domain.project import Project, Role
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import given
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.listed import Limit, print_end, print_rows
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, print_json, said, visible

app = typer.Typer(
    help="Projects: users who share memories. Viewers read, members add, admins look after members, owners do all. "
    "The one who acts is --user.",
    short_help="Projects: users who share memories, each with a role.",
    no_args_is_help=True,
)

ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help="The project's id.")]
UserId = Annotated[str, typer.Argument(metavar="MEMBER", help="The user who is meant; the one who acts is --user.")]
Name = Annotated[str | None, typer.Option(help="What it is called.")]
SettingsJson = Annotated[str | None, typer.Option("--settings", metavar="JSON", help="A JSON object of your own.")]


@app.command(
    epilog=examples(
        'recollect project create atlas --name "Atlas" -u ben',
        'recollect project create atlas --settings \'{"plan": "team"}\' -u ben',
    )
)
@shared_options
def create(call: Call, project: ProjectId, *, name: Name = None, settings: SettingsJson = None) -> None:
    """Create a project; --user becomes its owner."""
    chosen = json_object(settings, "--settings")
    with call.memory() as memory:
        made = memory.projects.create(project, user_id=call.user_id, name=name, settings=chosen)
    if call.as_json:
        print_json(made)
    else:
        emit(f"{visible(made.id)} is created; {visible(call.user_id)} is its owner")


@app.command(epilog=examples("recollect project show atlas -u ben"))
@shared_options
def show(call: Call, project: ProjectId) -> None:
    """Show a project."""
    with call.memory() as memory:
        found = memory.projects.get(project, user_id=call.user_id)
    if call.as_json:
        print_json(found)
    else:
        _print_project(found)


@app.command("list", epilog=examples("recollect project list -u ben"))
@shared_options
def list_projects(
    call: Call,
    *,
    limit: Limit = 50,
    cursor: Annotated[str | None, typer.Option(help="The last id of the page before.")] = None,
) -> None:
    """List the projects of which --user is a member."""
    with call.memory() as memory:
        found = memory.projects.list(user_id=call.user_id, limit=limit, cursor=cursor)
    following = found[-1].id if len(found) == limit else None
    if call.as_json:
        print_json({"projects": found, "next_cursor": following})
        return
    table = columns("project", "name", "created")
    for project in found:
        table.add_row(visible(project.id), visible(project.name), day(project.created_at))
    if found:
        emit(table)
    print_end(len(found), f"user {visible(call.user_id)} is in no project", following)


@app.command(epilog=examples('recollect project update atlas --name "Atlas II" -u ben'))
@shared_options
def update(call: Call, project: ProjectId, *, name: Name = None, settings: SettingsJson = None) -> None:
    """Change a project's name or settings; needs the role admin."""
    changes = given(name=name, settings=json_object(settings, "--settings"))
    if not changes:
        raise typer.BadParameter("give --name or --settings; there is nothing to change", param_hint="PROJECT")
    with call.memory() as memory:
        changed = memory.projects.update(project, user_id=call.user_id, **changes)
    if call.as_json:
        print_json(changed)
    else:
        _print_project(changed)


@app.command(epilog=examples("recollect project members atlas -u ben"))
@shared_options
def members(call: Call, project: ProjectId) -> None:
    """List a project's members and their roles."""
    with call.memory() as memory:
        found = memory.projects.members(project, user_id=call.user_id)
    if call.as_json:
        print_json({"members": found})
        return
    table = columns("member", "role", "since")
    for member in found:
        table.add_row(visible(member.user_id), member.role.value, day(member.joined_at))
    emit(table)


@app.command(
    "add-member",
    epilog=examples(
        "recollect project add-member atlas ana -u ben", "recollect project add-member atlas ana --role viewer -u ben"
    ),
)
@shared_options
def add_member(
    call: Call,
    project: ProjectId,
    member: UserId,
    *,
    role: Annotated[Role, typer.Option(help="What the member may do.")] = Role.MEMBER,
) -> None:
    """Add a member, or change a member's role; needs the role admin."""
    with call.memory() as memory:
        added = memory.projects.set_member(project, member, user_id=call.user_id, role=role)
    if call.as_json:
        print_json(added)
    else:
        emit(f"{visible(added.user_id)} is {added.role.value} of {visible(added.project_id)}")


@app.command("remove-member", epilog=examples("recollect project remove-member atlas ana --yes -u ben"))
@shared_options
def remove_member(
    call: Call,
    project: ProjectId,
    member: UserId,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """End a membership, and with it all access at once; members may leave by themselves."""
    named = f"{visible(member)} from {visible(project)}"
    if not agreed(call, "remove", named, yes=yes, dry_run=dry_run, project_id=project, member=member):
        return
    with call.memory() as memory:
        memory.projects.remove_member(project, member, user_id=call.user_id)
    if call.as_json:
        print_json({"project_id": project, "removed": member})
    else:
        emit(f"{visible(member)} is no longer in {visible(project)}")


@app.command(
    epilog=examples("recollect project promote atlas 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e -u ben"),
)
@shared_options
def promote(
    call: Call,
    project: ProjectId,
    memory_id: Annotated[str, typer.Argument(metavar="ID", help="The memory's id, as list and search show it.")],
) -> None:
    """Copy a memory of --user's to those that the project shares; needs the role member."""
    with call.memory() as memory:
        shared = memory.projects.promote(memory_id, project, user_id=call.user_id)
    if call.as_json:
        print_json(shared)
        return
    emit(said(shared))
    emit(f"shared in {visible(project)} as {shared.id}", style="dim")


def _print_project(project: Project) -> None:
    print_rows(
        [
            ("project", project.id),
            ("name", project.name),
            ("settings", project.settings),
            ("created", project.created_at),
            ("changed", project.updated_at),
        ]
    )
