"""``recollect serve | worker | mcp``: the programs that run until they are stopped, each started by its name."""

import re
from typing import Annotated, Any, Literal

import typer

from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.starting import resolve

SERVE = "recollect.doors.api.main:main"
WORKER = "recollect.doors.worker.main:main"
MCP = "recollect.doors.mcp.main:main"

LogLevel = Literal["critical", "error", "warning", "info", "debug"]
Level = Annotated[
    LogLevel | None,
    typer.Option("--log-level", metavar="LEVEL", help="critical to debug; RECOLLECT_LOG_LEVEL by default."),
]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Where it listens.")]

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


@shared_options
def serve(
    call: Call,
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes any that is free.")] = 8765,
    log_level: Level = None,
    no_access_log: Annotated[bool, typer.Option("--no-access-log", help="No line for each request.")] = False,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="Pages from there may call (CORS); may be repeated. Off if none."),
    ] = None,
    max_body: Annotated[str, typer.Option(metavar="SIZE", help="The largest request, such as 500k or 10M.")] = "10M",
) -> None:
    """Serve the REST API until it is stopped, with its documentation under /docs.

    Without API keys it serves on loopback only: `recollect key create` makes a key. SIGTERM and Ctrl-C end it after
    what it has accepted is done.
    """
    largest = size_in_bytes(max_body)
    start = resolve(SERVE, extra="server")
    start(
        call.settings(),
        host=host,
        port=port,
        log_level=log_level,
        access_log=not no_access_log,
        allow_origins=tuple(allow_origin or ()),
        max_body=largest,
    )


@shared_options
def worker(
    call: Call,
    *,
    tenant: Annotated[
        list[str] | None,
        typer.Option(metavar="TENANT", help="Only this tenant; may be repeated. All of them if the owner is known."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Run every job once, and end.")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(metavar="PORT", min=1, max=65_535, help="Serve Prometheus metrics there, on loopback.")
    ] = None,
    log_level: Level = None,
) -> None:
    """Run the upkeep jobs of all tenants until it is stopped; SIGTERM and Ctrl-C end it after the job that runs.

    With `RECOLLECT_UPKEEP=false` in every other process, this is the one that does the work.
    """
    start = resolve(WORKER)
    code: Any = start(
        call.settings(),
        tenants=tuple(tenant or ()),
        once=once,
        metrics_port=metrics_port,
        log_level=log_level,
        as_json=call.as_json,
    )
    if code:
        raise typer.Exit(code)


@shared_options
def mcp(
    call: Call,
    *,
    transport: Annotated[
        Literal["stdio", "http"], typer.Option(metavar="KIND", help="stdio (a client starts it) or http.")
    ] = "stdio",
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="For http; 0 takes any that is free.")] = 8766,
    profile: Annotated[
        Literal["default", "graph", "all"],
        typer.Option(
            metavar="NAME", help="default: memories. graph: the nine tools of the reference memory server. all: both."
        ),
    ] = "default",
) -> None:
    """Serve the Model Context Protocol, over stdio or streamable HTTP.

    Over stdio it acts for --user. Over http the API key says for whom; without keys it serves on loopback only.
    """
    start = resolve(MCP, extra="mcp")
    start(call.settings(), transport=transport, host=host, port=port, profile=profile, user=call.user)


def size_in_bytes(text: str) -> int:
    """``500k`` or ``10M`` in bytes, by thousands.

    Raises:
        typer.BadParameter: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    size = int(float(match[1]) * _UNITS[match[2].lower()]) if match else 0
    if size <= 0:
        raise typer.BadParameter("must be a size, such as 500k or 10M", param_hint="--max-body")
    return size
