"""``recollect bench``: the commands, and how their answers are printed."""

import asyncio
import functools
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec

import typer
from rich.console import Console

from recollect.bench.chaos import Storm, measure_chaos
from recollect.bench.chaos_report import show_chaos
from recollect.bench.context import ContextLoad, measure_context
from recollect.bench.context_report import show_context
from recollect.bench.large import LargeLoad, measure_large
from recollect.bench.large_report import show_large
from recollect.bench.place import Wish, place
from recollect.bench.profiling import Profiles
from recollect.bench.progress import Progress
from recollect.bench.recall import Task, measure_recall, read_task
from recollect.bench.report import WIDTH, show_hot_spots, show_recall, show_speed
from recollect.bench.serve import ServeLoad, measure_serve
from recollect.bench.serve_report import show_serve
from recollect.bench.speed import Load, measure_speed
from recollect.errors import RecollectError, ValidationError

P = ParamSpec("P")


class EmbedderName(StrEnum):
    """The embedders that can be measured."""

    STATIC = "static"
    MINILM = "minilm"
    OPENAI = "openai"


app = typer.Typer(no_args_is_help=True, help="Measure how well and how fast memories are found; anyone can run it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What holds for every command: where to run, and whether to print JSON."""

    wish: Wish
    as_json: bool

    def print(self, report: dict[str, Any], show: Callable[[Console], None]) -> None:
        """One JSON object on standard output, or tables."""
        if self.as_json:
            typer.echo(json.dumps(report, indent=2, allow_nan=False))
        else:
            show(Console(width=WIDTH, highlight=False, markup=False, emoji=False))


def _command(function: Callable[Concatenate[Call, P], None]) -> Callable[..., None]:
    """Gives a command the options of all, handed over as a ``Call``; an error becomes one line and exit code 1."""

    @functools.wraps(function)
    def run(ctx: typer.Context, *args: P.args, **kwargs: P.kwargs) -> None:
        before = ctx.find_root().obj  # what was said before the command's name, where the program takes such options
        given: dict[str, Any] = {name: kwargs.pop(name) or getattr(before, name, None) for name in _SHARED}
        wish = Wish(home=given["home"], database_url=given["database_url"])
        try:
            function(Call(wish=wish, as_json=bool(given["as_json"])), *args, **kwargs)
        except RecollectError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(1) from None

    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *own,
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in _SHARED.items()
        ),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads a command's options from it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


_SHARED: dict[str, tuple[Any, Any]] = {
    "as_json": (Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")], False),
    "home": (
        Annotated[Path | None, typer.Option("--home", help="Keep the data here instead of in a temporary directory.")],
        None,
    ),
    "database_url": (
        Annotated[str | None, typer.Option("--database-url", help="Run on this Postgres, in a tenant of its own.")],
        None,
    ),
}


@app.command("recall")
@_command
def recall(
    call: Call,
    paths: Annotated[list[Path], typer.Argument(help="Data files, as the documentation of the bench describes them.")],
    *,
    embedder: Annotated[EmbedderName | None, typer.Option(help="What turns text into vectors.")] = None,
    conversations: Annotated[str | None, typer.Option(help="Which of a file's, such as 1-5 or 1,3,6-10.")] = None,
    limit_questions: Annotated[int | None, typer.Option(min=1, help="Questions of each conversation at most.")] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time goes (and make it longer).")] = False,
) -> None:
    """Measure how many of the turns that answer a question are found."""
    tasks = [read_task(path, conversations, limit_questions) for path in paths]
    reports = asyncio.run(_recall(tasks, call.wish, embedder and embedder.value, profile=profile))

    def show(console: Console) -> None:
        for report in reports:
            show_recall(report, console)
            show_hot_spots(report.get("hot spots", {}), console)

    named = {task.path.name: report for task, report in zip(tasks, reports, strict=True)}
    if len(named) < len(tasks):
        named = {str(task.path): report for task, report in zip(tasks, reports, strict=True)}
    call.print(reports[0] if len(reports) == 1 else {"files": named}, show)


@app.command("speed")
@_command
def speed(
    call: Call,
    *,
    sizes: Annotated[str, typer.Option(help="Memories of each measured user.")] = "1000,10000,100000",
    neighbours: Annotated[int, typer.Option(min=0, help="Users beside them.")] = 100,
    neighbour_size: Annotated[int, typer.Option(min=1, help="Memories of each of those.")] = 1_000,
    calls: Annotated[int, typer.Option(min=10, help="How often each call is made.")] = 200,
    embedder: Annotated[
        list[EmbedderName] | None, typer.Option(help="One or more; each that is there if none.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A minute's run: small sizes, few neighbours.")] = False,
) -> None:
    """Measure how long adding and searching take, beside what the bare work costs."""
    names = tuple(name.value for name in embedder) if embedder else Load().embedders
    if quick:
        load = Load(sizes=(500, 2_000), neighbours=3, neighbour_size=200, calls=40, embedders=names)
    else:
        load = Load(
            sizes=_sizes(sizes), neighbours=neighbours, neighbour_size=neighbour_size, calls=calls, embedders=names
        )
    report = asyncio.run(_speed(load, call.wish))
    call.print(report, lambda console: show_speed(report, console))


@app.command("large")
@_command
def large(
    call: Call,
    *,
    sizes: Annotated[str, typer.Option(help="Memories of each measured user.")] = "10000,100000",
    calls: Annotated[int, typer.Option(min=10, help="How many searches.")] = 200,
    embedder: Annotated[EmbedderName, typer.Option(help="Whose vectors.")] = EmbedderName.STATIC,
) -> None:
    """Measure searches of users too large for the resident index."""
    report = asyncio.run(_large(LargeLoad(sizes=_sizes(sizes), calls=calls, embedder=embedder.value), call.wish))
    call.print(report, lambda console: show_large(report, console))


@app.command("context")
@_command
def context(
    call: Call,
    *,
    sizes: Annotated[str, typer.Option(help="Memories of each measured user, such as 1000,10000,100000.")] = "10000",
    calls: Annotated[int, typer.Option(min=10, help="How often each call is made.")] = 200,
    embedder: Annotated[EmbedderName, typer.Option(help="What turns text into vectors.")] = EmbedderName.STATIC,
    redis: Annotated[
        str | None, typer.Option("--redis", metavar="URL", help="A Redis to measure too (RECOLLECT_REDIS_URL).")
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time goes (and make it longer).")] = False,
) -> None:
    """Measure how long it takes to gather what a turn needs, with a question and without, on Postgres and Redis."""
    load = ContextLoad(sizes=_sizes(sizes), calls=calls, embedder=embedder.value, redis_url=redis)
    report = asyncio.run(_context(load, call.wish, Profiles(on=profile)))

    def show(console: Console) -> None:
        show_context(report, console)
        show_hot_spots(report.get("hot spots", {}), console)

    call.print(report, show)


@app.command("serve")
@_command
def serve(
    call: Call,
    *,
    users: Annotated[int, typer.Option(min=1, max=10_000, help="How many users.")] = 100,
    memories: Annotated[int, typer.Option(min=10, help="Memories of each.")] = 10_000,
    callers: Annotated[int, typer.Option(min=2, max=200, help="Callers at once.")] = 8,
    calls: Annotated[int, typer.Option(min=10, help="Calls of each kind, by each way.")] = 800,
) -> None:
    """Measure searches and contexts over HTTP, beside the same calls in process."""
    load = ServeLoad(users=users, memories=memories, callers=callers, calls=calls)
    report = asyncio.run(_serve(load, call.wish))
    call.print(report, lambda console: show_serve(report, console))


@app.command("chaos")
@_command
def chaos(
    call: Call,
    *,
    seconds: Annotated[float, typer.Option(min=2, help="For how long is written.")] = 60.0,
    users: Annotated[int, typer.Option(min=0, help="Users with one writer each.")] = 50,
    writers: Annotated[int, typer.Option(min=1, help="Writers on one more user, all at once.")] = 8,
    processes: Annotated[int, typer.Option(min=1, help="Processes on the one data directory.")] = 2,
) -> None:
    """Kill writers and their server in the middle, and count what is missing, double or broken; 1 if anything is."""
    if call.wish.database_url is not None:
        raise ValidationError("--database-url", "cannot be used here: only an embedded server is killed; use --home")
    storm = Storm(seconds=seconds, users=users, writers=writers, processes=processes)
    report = asyncio.run(_chaos(storm, call.wish))
    call.print(report, lambda console: show_chaos(report, console))
    if not report["whole"]:
        raise typer.Exit(1)


async def _recall(tasks: list[Task], wish: Wish, embedder: str | None, *, profile: bool) -> list[dict[str, Any]]:
    reports: list[dict[str, Any]] = []
    async with place(wish) as where:
        for task in tasks:
            profiles = Profiles(on=profile)
            report = await measure_recall(task, where, embedder, Progress(), profiles)
            reports.append({**report, "hot spots": profiles.hot_spots()} if profile else report)
    return reports


async def _speed(load: Load, wish: Wish) -> dict[str, Any]:
    async with place(wish) as where:
        return await measure_speed(load, where, Progress())


async def _large(load: LargeLoad, wish: Wish) -> dict[str, Any]:
    async with place(wish) as where:
        return await measure_large(load, where, Progress())


async def _context(load: ContextLoad, wish: Wish, profiles: Profiles) -> dict[str, Any]:
    async with place(wish) as where:
        report = await measure_context(load, where, Progress(), profiles)
        spots = profiles.hot_spots()
        return {**report, "hot spots": spots} if spots else report


async def _serve(load: ServeLoad, wish: Wish) -> dict[str, Any]:
    async with place(wish) as where:
        return await measure_serve(load, where, Progress())


async def _chaos(storm: Storm, wish: Wish) -> dict[str, Any]:
    async with place(wish) as where:
        return await measure_chaos(storm, where)


def _sizes(given: str) -> tuple[int, ...]:
    parts = [part.strip().replace("_", "") for part in given.split(",")]
    if not all(part.isdecimal() and int(part) >= 10 for part in parts):
        raise ValidationError("--sizes", f"must be numbers from 10 on, such as 1000,10000; not {given!r}")
    return tuple(int(part) for part in parts)
