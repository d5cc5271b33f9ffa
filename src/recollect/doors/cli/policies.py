"""``recollect policy``: Rego modules that decide on writes and reads, their tests, and why they decided so."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from recollect.domain.decision import Action, Decision
from recollect.domain.policy import Policy
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.finding import given
from recollect.doors.cli.keeping import MemoryId
from recollect.doors.cli.listed import Limit, print_end, print_rows
from recollect.doors.cli.message_file import read_text
from recollect.doors.cli.options import Call, examples, shared_options
from recollect.doors.cli.printing import columns, day, emit, grid, plural, print_json, visible
from recollect.ports.policy_engine import RuleTest

app = typer.Typer(
    help="Policies: Rego modules that decide on every write and read, from the moment they are saved.",
    short_help="Rego modules that decide on writes and reads.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The policy's name; its package is recollect.NAME.")]
Module = Annotated[str | None, typer.Option("--file", metavar="FILE", help="A file with the new module; - for stdin.")]


@app.command(
    epilog=examples(
        "recollect policy add no_secrets no_secrets.rego",
        "cat no_secrets.rego | recollect policy add no_secrets - --inactive",
    )
)
@shared_options
def add(
    call: Call,
    name: Name,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file with the module; - for standard input.")],
    *,
    active: Annotated[bool, typer.Option("--active/--inactive", help="Whether it holds at once.")] = True,
) -> None:
    """Save a policy, unless Rego finds a mistake in it."""
    module = _module(file)
    with call.memory() as memory:
        added = memory.policies.add(name, module, active=active, actor=_actor(call))
    _answer(call, added)


@app.command(epilog=examples("recollect policy show no_secrets"))
@shared_options
def show(call: Call, name: Name) -> None:
    """Show a policy and its module."""
    with call.memory() as memory:
        found = memory.policies.get(name)
    _answer(call, found)
    if not call.as_json:
        typer.echo()
        for line in found.module.rstrip().splitlines():
            typer.echo("".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line))


@app.command("list", epilog=examples("recollect policy list"))
@shared_options
def list_policies(
    call: Call,
    *,
    limit: Limit = 50,
    cursor: Annotated[str | None, typer.Option(help="The last name of the page before.")] = None,
) -> None:
    """List the policies by name."""
    with call.memory() as memory:
        found = memory.policies.list(limit=limit, cursor=cursor)
    following = found[-1].name if len(found) == limit else None
    if call.as_json:
        print_json({"policies": found, "next_cursor": following})
        return
    table = columns("policy", ">version", "active", "changed")
    for policy in found:
        active = "yes" if policy.active else Text("no", "yellow")
        table.add_row(visible(policy.name), str(policy.version), active, day(policy.updated_at))
    if found:
        emit(table)
    print_end(len(found), "there are no policies", following)


@app.command(
    epilog=examples(
        "recollect policy update no_secrets --file no_secrets.rego",
        "recollect policy update no_secrets --inactive",
    )
)
@shared_options
def update(
    call: Call,
    name: Name,
    *,
    file: Module = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Whether it holds.")] = None,
) -> None:
    """Change a policy's module, or switch it on or off; its version grows."""
    changes = given(module=None if file is None else _module(file), active=active)
    if not changes:
        raise typer.BadParameter("give --file, --active or --inactive; there is nothing to change", param_hint="NAME")
    with call.memory() as memory:
        changed = memory.policies.update(name, actor=_actor(call), **changes)
    _answer(call, changed)


@app.command(epilog=examples("recollect policy remove no_secrets --yes"))
@shared_options
def remove(call: Call, name: Name, *, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Take a policy away; what it forbade is allowed from then on."""
    with call.memory() as memory:
        found = memory.policies.get(name)
        named = f"the policy {visible(found.name)}"
        if not agreed(call, "remove", named, yes=yes, dry_run=dry_run, name=found.name):
            return
        memory.policies.remove(name, actor=_actor(call))
    if call.as_json:
        print_json({"removed": found.name})
    else:
        emit(f"{visible(found.name)} is removed")


@app.command(
    "test",
    epilog=examples(
        "recollect policy test no_secrets",
        "recollect policy test no_secrets --file no_secrets.rego --tests no_secrets_test.rego",
    ),
)
@shared_options
def run_tests(
    call: Call,
    name: Name,
    *,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="A module that is not saved yet, in place of the saved one.")
    ] = None,
    tests: Annotated[str | None, typer.Option(metavar="FILE", help="Another module with more tests.")] = None,
) -> None:
    """Run a policy's own tests, its rules test_...; exit code 1 if one fails."""
    module, more = (None if path is None else _module(path) for path in (file, tests))
    with call.memory() as memory:
        results = memory.policies.test(name, module=module, tests=more or "")
    failed = [result for result in results if not result.passed]
    if call.as_json:
        print_json({"ok": not failed, "tests": results})
    else:
        _print_tests(results)
    if failed:
        raise typer.Exit(1)


@app.command(epilog=examples("recollect policy explain 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --action write -u ben"))
@shared_options
def explain(
    call: Call,
    memory_id: MemoryId,
    *,
    action: Annotated[Action, typer.Option(help="What is to be done with the memory.")] = Action.READ,
) -> None:
    """Say which rule of which policy decides on a memory: when --user reads it or, with --action, writes it."""
    with call.memory() as memory:
        decision = memory.policies.explain(memory_id, user_id=call.user_id, action=action)
    if call.as_json:
        print_json({"allowed": decision.allowed, "reason": decision.reason, "verdicts": decision.verdicts})
    else:
        _print_decision(decision)


def _module(file: str) -> str:
    """The text of a module's file."""
    return read_text(Path(file), "standard input" if file == "-" else file)


def _actor(call: Call) -> str:
    """Who changes the policies, which belong to no user."""
    return "user" if call.user is None else call.user


def _answer(call: Call, policy: Policy) -> None:
    if call.as_json:
        print_json(policy)
        return
    print_rows(
        [
            ("policy", policy.name),
            ("version", policy.version),
            ("active", "yes" if policy.active else "no"),
            ("added", policy.created_at),
            ("changed", policy.updated_at),
        ]
    )


def _print_tests(results: Sequence[RuleTest]) -> None:
    table = grid(6, None)
    for result in results:
        outcome = Text("passed", "green") if result.passed else Text("failed", "red")
        table.add_row(outcome, visible(result.name + (f": {result.problem}" if result.problem else "")))
    if results:
        emit(table)
    passed = sum(result.passed for result in results)
    emit(f"{passed} of {plural(len(results), 'test')} passed" if results else "it has no tests", style="dim")


def _print_decision(decision: Decision) -> None:
    emit(Text("allowed", "green") if decision.allowed else Text("denied", "red"))
    for line in dict.fromkeys(visible(str(verdict)) for verdict in decision.verdicts):  # a policy may be asked twice
        emit(f"  {line}")
    if not decision.verdicts:
        emit("  no policy has a say in it", style="dim")
