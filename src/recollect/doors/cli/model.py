"""``recollect model``: which embedders there are, and fetching the one that has to be fetched."""

from dataclasses import dataclass
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.text import Text

from recollect import bootstrap
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import columns, emit, err, print_json
from recollect.errors import ModelError
from recollect.settings import load_settings

app = typer.Typer(help="The models that turn text into vectors.", no_args_is_help=True)


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
    """List the embedders, and whether each can be used now."""
    choices = [_choice(call, name) for name in NOTES]
    if call.as_json:
        print_json({"models": choices})
        return
    table = columns("embedder", "ready", ">dimensions", "what it is")
    for choice in choices:
        ready = Text("yes", "green") if choice.ready else Text("no", "yellow")
        table.add_row(choice.name, ready, str(choice.dimension or "-"), choice.note)
    emit(table)


def _choice(call: Call, name: str) -> Choice:
    settings = load_settings(home=call.home, embedder=name)
    if name == "openai" and settings.openai_api_key is None:
        return Choice(name=name, ready=False, dimension=None, note="set RECOLLECT_OPENAI_API_KEY")
    try:
        embedder = bootstrap.make_embedder(settings)
    except ModelError as error:
        return Choice(name=name, ready=False, dimension=None, note=str(error))
    return Choice(name=name, ready=True, dimension=embedder.dimension, note=NOTES[name])


@app.command()
@shared_options
def pull(call: Call, name: Annotated[Literal["minilm"], typer.Argument(help="The model to fetch.")] = "minilm") -> None:
    """Fetch a model, check it against its known hash, and make it ready."""
    console = err()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(f"fetching {name}", total=None)

        def advance(done: int, total: int) -> None:
            whole = done >= total > 0
            bar.update(task, description="making it ready" if whole else None, completed=done, total=total or None)

        path = bootstrap.pull_model(call.settings(), advance)
    if call.as_json:
        print_json({"model": name, "path": path})
    else:
        emit(f"{name} is ready: {path}")
        emit("use it with --embedder minilm, or RECOLLECT_EMBEDDER=minilm", style="dim")
