"""The options that every command takes, and what a command is handed in their place: a ``Call``.

They may stand before the command's name or after it; after it wins.
"""

import contextvars
import functools
import importlib.metadata
import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, ParamSpec

import typer

from recollect.doors.cli.starting import resolve

if TYPE_CHECKING:
    from recollect.client import Memory
    from recollect.settings import Settings

P = ParamSpec("P")

PANEL = "Options of every command"
QUIET: contextvars.ContextVar[bool] = contextvars.ContextVar("quiet", default=False)
"""Whether answers are cut down to ids; printing looks at it."""
EmbedderName = Literal["static", "minilm", "openai"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What holds for the command as a whole.

    Attributes:
        user: whose memory, None when it was not said. json: print one JSON document instead of tables.
        quiet: print ids alone, a line each, or nothing. home, database_url, embedder: settings that win over the
            environment.
    """

    user: str | None = None
    json: bool = False
    quiet: bool = False
    home: Path | None = None
    database_url: str | None = None
    embedder: EmbedderName | None = None

    @property
    def user_id(self) -> str:
        """Whose memory the command works on."""
        return "default" if self.user is None else self.user

    @property
    def as_json(self) -> bool:
        """Whether the answer is a document and no table: of ``--json``, or of ``--quiet``, which prints its ids."""
        return self.json or self.quiet

    def settings(self) -> "Settings":
        """The settings: what was typed wins over the environment."""
        load: Callable[..., Settings] = resolve("recollect.settings:load_settings")
        return load(home=self.home, database_url=self.database_url, embedder=self.embedder)

    def memory(self, *, tenant_id: str | None = None) -> "Memory":
        """Opens the memory; use it with ``with``. The first time, it says where the data will lie."""
        self.announce()
        opened: type[Memory] = resolve("recollect.client:Memory")
        return opened(home=self.home, database_url=self.database_url, embedder=self.embedder, tenant_id=tenant_id)

    def announce(self) -> None:
        """Says on standard error where the data will lie, if they are about to be kept there for the first time."""
        if self.quiet:
            return
        place: Path | None = resolve("recollect.bootstrap:new_home")(self.settings())
        if place is not None:
            typer.echo(f"setting up a database in {place} (once; RECOLLECT_HOME moves it)", err=True)


def _options(*, user_variable: str | None) -> tuple[tuple[str, Any, Any], ...]:
    """Name, type and default of each shared option."""
    user = _option("--user", "-u", envvar=user_variable, show_envvar=False, help="Whose memory it is (RECOLLECT_USER).")
    json = _option("--json", help="Print one JSON document, no tables.")
    quiet = _option("--quiet", "-q", help="Print ids alone, or nothing.")
    home = _option("--home", metavar="DIRECTORY", help="Where it all lies (RECOLLECT_HOME).")
    url = _option("--database-url", metavar="URL", help="A Postgres of your own.")
    embedder = _option("--embedder", metavar="NAME", help="static, minilm or openai.")
    return (
        ("user", Annotated[str | None, user], None),
        ("json", Annotated[bool, json], False),
        ("quiet", Annotated[bool, quiet], False),
        ("home", Annotated[Path | None, home], None),
        ("database_url", Annotated[str | None, url], None),
        ("embedder", Annotated[EmbedderName | None, embedder], None),
    )


def _option(*names: str, **given: Any) -> Any:
    return typer.Option(*names, rich_help_panel=PANEL, show_default=False, **given)


def _version() -> Any:
    return typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"recollect {importlib.metadata.version('recollect')}")
        raise typer.Exit


def shared_options(command: Callable[Concatenate[Call, P], None]) -> Callable[..., None]:
    """Gives a command the shared options; instead of them it is handed a ``Call`` as its first argument."""
    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    # Only the options before the command read the environment: otherwise it would win over what was typed there.
    shared = _options(user_variable=None)

    @functools.wraps(command)
    def run(ctx: typer.Context, *args: P.args, **kwargs: P.kwargs) -> None:
        command(merged(ctx, {name: kwargs.pop(name) for name, _, _ in shared}), *args, **kwargs)

    # A help text's lines are as long as the source's; its paragraphs are wrapped to the terminal instead.
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    run.__doc__ = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *own,
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, kind, default in shared
        ),
    ]
    return _with_parameters(run, parameters)


def accept_shared_options() -> Callable[..., None]:
    """A callback for the application itself, so that the shared options may also stand before the command."""

    def accept(ctx: typer.Context, *, version: bool, **given: Any) -> None:  # noqa: ARG001 - it is eager
        merged(ctx, given)

    version_option = ("version", Annotated[bool, _version()], False)
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, kind, default in (*_options(user_variable="RECOLLECT_USER"), version_option)
        ),
    ]
    return _with_parameters(accept, parameters)


def merged(ctx: typer.Context, given: dict[str, Any]) -> Call:
    """The call with what was given here on top of what was given before, kept for the commands below."""
    before = ctx.obj if isinstance(ctx.obj, Call) else Call()
    ctx.obj = replace(before, **{name: value for name, value in given.items() if value not in (None, False)})
    QUIET.set(ctx.obj.quiet and not ctx.obj.json)
    return ctx.obj


def examples(*lines: str) -> str:
    """What stands under a command's help: commands to try, a line each."""
    return "\n\n".join(("Examples:", *(f"  {line}" for line in lines)))


def _with_parameters(function: Callable[..., None], parameters: list[inspect.Parameter]) -> Callable[..., None]:
    """Tells typer, which looks at signature and annotations, what the function takes."""
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return function
