"""``recollect model``: the embedders there are, and the tenant's models: filling another one and going over to it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from recollect import bootstrap
from recollect.doors.cli.destroying import DryRun, Yes, agreed
from recollect.doors.cli.options import Call, EmbedderName, examples, shared_options
from recollect.doors.cli.printing import columns, emit, err, plural, print_json, visible
from recollect.doors.cli.waiting import waiting
from recollect.errors import ModelError, NotFound, RecollectError
from recollect.memory.sync.facade import SyncFacade
from recollect.ports.model_registry import ModelState
from recollect.settings import load_settings

app = typer.Typer(help="The models that turn text into vectors.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A registered model's id, or its embedder.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An embedder that can be chosen.

    Attributes:
        name: what ``--embedder`` takes. ready: whether it can be used now. dimension: of its vectors, if it is ready.
        note: what it is, or what is missing.
    """

    name: str
    ready: bool
    dimension: int | None
    note: str


NOTES = {
    "static": "shipped with the package; the default",
    "minilm": "all-MiniLM-L6-v2 on onnxruntime: better, slower",
    "openai": "an OpenAI-compatible endpoint",
}


@app.command("list")
@shared_options
def list_models(call: Call) -> None:
    """List the tenant's models and how far each is filled, and the embedders that can be used now."""
    choices = [_choice(call, name) for name in NOTES]
    states, problem = _registered(call)
    if call.as_json:
        print_json({"models": choices, "registered": None if states is None else [_as_json(s) for s in states]})
    else:
        _print_states(states)
        _print_choices(choices)
    if problem:
        err().print(f"the tenant's models are not known: {visible(problem)}")


def _registered(call: Call) -> tuple[list[ModelState] | None, str]:
    """The tenant's models, or why they cannot be told; the embedders can be told all the same."""
    try:
        with _opened(call) as memory:
            return memory.models.list(), ""
    except RecollectError as error:
        return None, str(error)


def _print_states(states: list[ModelState] | None) -> None:
    if not states:
        return
    table = columns("model", "embedder", ">dim", "active", ">filled", ">bytes", "index")
    for state in states:
        model = state.model
        full = state.filled == state.memories
        table.add_row(
            visible(model.model_id),
            model.embedder,
            str(model.dimension),
            Text("yes", "green") if model.active else "no",
            Text(f"{state.filled:,}/{state.memories:,}", "green" if full else "yellow"),
            f"{state.nbytes:,}",
            "hnsw" if state.indexed else "-",
        )
    emit(table)
    emit("")


def _print_choices(choices: list[Choice]) -> None:
    table = columns("embedder", "ready", ">dimensions", "what it is")
    for choice in choices:
        ready = Text("yes", "green") if choice.ready else Text("no", "yellow")
        table.add_row(choice.name, ready, str(choice.dimension or "-"), choice.note)
    emit(table)


def _as_json(state: ModelState) -> dict[str, object]:
    model = state.model
    return {
        "id": model.model_id,
        "embedder": model.embedder,
        "dimension": model.dimension,
        "active": model.active,
        "memories": state.memories,
        "filled": state.filled,
        "vectors": state.vectors,
        "bytes": state.nbytes,
        "indexed": state.indexed,
        "created_at": model.created_at.isoformat(),
    }


def _choice(call: Call, name: str) -> Choice:
    settings = load_settings(home=call.home, embedder=name)
    if name == "openai" and settings.openai_api_key is None:
        return Choice(name=name, ready=False, dimension=None, note="set RECOLLECT_OPENAI_API_KEY")
    try:
        embedder = bootstrap.make_embedder(settings)
    except ModelError as error:
        return Choice(name=name, ready=False, dimension=None, note=str(error))
    return Choice(name=name, ready=True, dimension=embedder.dimension, note=NOTES[name])


@app.command(epilog=examples("recollect model pull minilm"))
@shared_options
def pull(call: Call, name: Annotated[Literal["minilm"], typer.Argument(help="The model to fetch.")] = "minilm") -> None:
    """Fetch a model, check it against its known hash, and make it ready."""
    with _bar(f"fetching {name}", DownloadColumn()) as (bar, task):

        def advance(done: int, total: int) -> None:
            whole = done >= total > 0
            bar.update(task, description="making it ready" if whole else None, completed=done, total=total or None)

        path = bootstrap.pull_model(call.settings(), advance)
    if call.as_json:
        print_json({"model": name, "path": path})
    else:
        emit(f"{name} is ready: {path}")
        emit("use it with --embedder minilm, or RECOLLECT_EMBEDDER=minilm", style="dim")


@app.command(epilog=examples("recollect model add minilm"))
@shared_options
def add(
    call: Call,
    name: Annotated[EmbedderName, typer.Argument(help="The embedder; openai as the settings describe it.")],
    *,
    no_fill: Annotated[bool, typer.Option("--no-fill", help="Only register it; `reembed` fills it.")] = False,
) -> None:
    """Register another model and embed every memory under it; the active one goes on answering."""
    with _opened(call) as memory, _filling(f"embedding with {name}") as progress:
        state = memory.models.add(name, fill=not no_fill, progress=progress)
    if call.as_json:
        print_json(_as_json(state))
        return
    filled = f"{state.filled:,} of {plural(state.memories, 'memory', 'memories')} filled"
    emit(f"{visible(state.model.model_id)} is registered: {filled}")
    if not state.model.active:
        emit(f"go over to it with: recollect model switch {visible(state.model.model_id)}", style="dim")


@app.command(epilog=examples("recollect model reembed minilm"))
@shared_options
def reembed(
    call: Call,
    name: Annotated[str | None, typer.Argument(help="A model's id or embedder; the active one if left out.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Embed all memories anew, not only those without.")] = False,
) -> None:
    """Embed the memories that have no vectors under a model; safe to stop and to repeat."""
    with _opened(call) as memory, _filling("embedding") as progress:
        filled = memory.models.reembed(name, every=every, progress=progress)
    if call.as_json:
        print_json({"filled": filled})
    else:
        emit(f"{plural(filled, 'memory', 'memories')} embedded")


@app.command(epilog=examples("recollect model switch minilm"))
@shared_options
def switch(call: Call, name: Name) -> None:
    """Make a registered model the active one, at once and for every process; what it lacks is embedded before."""
    with _opened(call) as memory, _filling("embedding what is missing") as progress:
        model = memory.models.switch(name, progress=progress)
    if call.as_json:
        print_json({"active": model.model_id})
    else:
        emit(f"{visible(model.model_id)} is the active model")


@app.command(epilog=examples("recollect model drop static --yes"))
@shared_options
def drop(
    call: Call,
    name: Name,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Forget a model that is not active, with its vectors."""
    with _opened(call) as memory:
        state = _named(memory, name)
        named = f"{visible(state.model.model_id)} with {plural(state.vectors, 'vector')}"
        if not state.model.active and not agreed(  # the active one is refused anyway
            call, "drop", named, yes=yes, dry_run=dry_run, id=state.model.model_id, vectors=state.vectors
        ):
            return
        deleted = memory.models.drop(state.model.model_id)
    if call.as_json:
        print_json({"dropped": state.model.model_id, "vectors": deleted})
    else:
        emit(f"{visible(state.model.model_id)} is dropped, and {plural(deleted, 'vector')} with it")


@app.command()
@shared_options
def index(
    call: Call,
    name: Name,
    *,
    remove: Annotated[bool, typer.Option("--drop", help="Drop the index.")] = False,
) -> None:
    """Build a model's HNSW index, as the database's owner, while everybody goes on working; safe to repeat."""
    with _opened(call) as memory:
        model = _named(memory, name).model
    with waiting("dropping the index" if remove else "building the index"):
        done = bootstrap.index_model(call.settings(), model.model_id, model.dimension, drop=remove)
    if call.as_json:
        print_json({"model": model.model_id, "indexed": not remove, "changed": done})
    elif remove:
        emit("the index is dropped" if done else "there was no index")
    else:
        emit("the index is built" if done else "the index was there already")


def _opened(call: Call) -> SyncFacade:
    """The memory, also when the active model cannot be made here: to go over to another one is the remedy for that."""
    return SyncFacade(partial(bootstrap.assemble, call.settings(), any_model=True))


def _named(memory: SyncFacade, name: str) -> ModelState:
    states = memory.models.list()
    found = [s for s in states if s.model.model_id == name] or [s for s in states if s.model.embedder == name]
    if len(found) != 1:
        raise NotFound(f"{len(found)} registered models are {name!r}; `recollect model list` names them")
    return found[0]


@contextmanager
def _bar(description: str, *shown: ProgressColumn) -> Generator[tuple[Progress, TaskID]]:
    """A progress bar on standard error, if that is a terminal."""
    console = err()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *shown,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        yield bar, bar.add_task(description, total=None)


@contextmanager
def _filling(description: str) -> Generator[Callable[[int, int], None]]:
    """What a filling is told its progress by."""
    with _bar(description, MofNCompleteColumn(), TimeRemainingColumn()) as (bar, task):
        yield lambda done, total: bar.update(task, completed=done, total=total)
