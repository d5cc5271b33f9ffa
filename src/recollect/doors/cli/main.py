"""The command line's table of contents, and its entry point ``run``."""

import logging
from typing import Any

import typer
from typer.core import TyperGroup

from recollect.bench.cli import app as bench_app
from recollect.doors.cli import (
    access,
    adding,
    audit,
    changing,
    channels,
    cluster,
    collections,
    conversations,
    database,
    demo,
    doctor,
    entities,
    erase,
    events,
    finding,
    goals,
    hot,
    identity,
    keeping,
    keys,
    model,
    past,
    policies,
    procedures,
    profiles,
    projects,
    quarantine,
    relationships,
    serving,
    sessions,
    sources,
    tools,
    traces,
    upkeep,
    watch,
    why,
    working,
)
from recollect.doors.cli.options import accept_shared_options, examples
from recollect.doors.cli.printing import print_error
from recollect.errors import RecollectError

HELP = """Memory for LLM agents: stored in milliseconds without a model, found again, provable, reversible.

Needs no key, no model and no server: the first command sets up a Postgres of its own.

Try it: recollect demo"""


class Door(TyperGroup):
    """Turns Recollect's errors into one line on standard error and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except RecollectError as error:
            print_error(str(error))
            raise typer.Exit(1) from None


app = typer.Typer(
    name="recollect",
    cls=Door,
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


MEMORIES = "Memories"
BESIDE = "What is kept beside them"
RIGHTS = "Who may, and who is believed"
MACHINERY = "What they run on"
SERVERS = "Servers"

app.callback()(accept_shared_options())

app.command(
    rich_help_panel=MEMORIES,
    epilog=examples(
        'recollect add "My sister Anna works at Siemens"',
        'recollect add "We met in Rome" --at 2026-05-04T09:30:00+02:00 --speaker Ben',
        'recollect add "The office moves to Lyon" --project atlas --share',
        "cat notes.txt | recollect add - --source-type document",
        "recollect add --file chat.jsonl --conversation monday",
    ),
)(adding.add)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples(
        'recollect search "Where does Anna work?" --explain',
        'recollect search "What did we plan last week?" --limit 5 --json',
        'recollect search "What do I like?" --type preference --as-of 2026-01-01T00:00:00+00:00',
        'recollect search "What do I like?" --min-score 0.1 --max-tokens 400 --trace',
        """recollect search "What do I like?" --profile '{"meaning": 1, "recency": 0.5}'""",
        """recollect search "What matters?" --filter '{"importance": {"gte": 0.5}}' --project atlas""",
    ),
)(finding.search)
app.command(
    "why-not",
    rich_help_panel=MEMORIES,
    epilog=examples(
        'recollect why-not 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e "Where does Anna work?"',
        'recollect why-not 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e "What do I like?" --type preference --limit 5',
    ),
)(why.why_not)
app.command(rich_help_panel=MEMORIES, epilog=examples("recollect used 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"))(why.used)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples('recollect context "What shall I cook tonight?" --budget 400', "recollect context --style xml"),
)(finding.context)
app.command(
    "list", rich_help_panel=MEMORIES, epilog=examples("recollect list --limit 5", "recollect list --type preference")
)(keeping.list_memories)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples(
        'recollect update 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --text "Anna works at Bosch"',
        "recollect update 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --sensitivity restricted --expected-version 2",
    ),
)(changing.update)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples('recollect revise 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e "Anna told me that she works at Bosch now"'),
)(changing.revise)
app.command(rich_help_panel=MEMORIES, epilog=examples("recollect show 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"))(
    keeping.show
)
app.command(rich_help_panel=MEMORIES, epilog=examples("recollect history 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"))(
    keeping.history
)
app.command(rich_help_panel=MEMORIES, epilog=examples("recollect delete 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --yes"))(
    keeping.delete
)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples("recollect diff 2026-05-04T00:00:00+00:00 2026-05-05T00:00:00+00:00"),
)(past.diff)
app.command(
    rich_help_panel=MEMORIES,
    epilog=examples(
        "recollect rollback --before 2026-05-04T00:00:00+00:00 --dry-run",
        "recollect rollback --job 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e --yes",
        "recollect rollback --to 120",
    ),
)(past.rollback)
app.command(rich_help_panel=MEMORIES, epilog=examples("recollect demo", "recollect demo --home /tmp/demo --brief"))(
    demo.demo
)
app.command(
    rich_help_panel=BESIDE,
    epilog=examples("recollect events --type memory_deleted", "recollect events --after 100 --limit 20 --json"),
)(events.events)
app.command(
    rich_help_panel=BESIDE,
    epilog=examples("recollect watch --user ana", "recollect watch --after 0 --type memory_added --json"),
)(watch.watch)
app.add_typer(entities.app, name="entities", rich_help_panel=BESIDE)
app.add_typer(relationships.app, name="relationships", rich_help_panel=BESIDE)
app.add_typer(collections.app, name="collections", rich_help_panel=BESIDE)
app.add_typer(conversations.app, name="conversations", rich_help_panel=BESIDE)
app.add_typer(tools.app, name="tools", rich_help_panel=BESIDE)
app.add_typer(tools.app, name="tool", hidden=True)
app.add_typer(traces.app, name="traces", rich_help_panel=BESIDE)
app.add_typer(goals.app, name="goal", rich_help_panel=BESIDE)
app.add_typer(procedures.app, name="procedure", rich_help_panel=BESIDE)
app.add_typer(profiles.app, name="profiles", rich_help_panel=BESIDE)
app.add_typer(sessions.app, name="session", rich_help_panel=BESIDE)
app.add_typer(identity.app, name="identity", rich_help_panel=BESIDE)
app.add_typer(working.app, name="working", rich_help_panel=BESIDE)
app.add_typer(projects.app, name="projects", rich_help_panel=RIGHTS)
app.add_typer(channels.app, name="channel", rich_help_panel=RIGHTS)
app.add_typer(sources.app, name="sources", rich_help_panel=RIGHTS)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=RIGHTS)
app.add_typer(policies.app, name="policies", rich_help_panel=RIGHTS)
app.add_typer(policies.app, name="policy", hidden=True)
app.add_typer(access.app, name="access", rich_help_panel=RIGHTS)
app.add_typer(erase.app, name="erase", rich_help_panel=RIGHTS)
app.command(rich_help_panel=SERVERS, epilog=examples("recollect serve", "recollect serve --port 9000 --max-body 2M"))(
    serving.serve
)
app.command(rich_help_panel=SERVERS, epilog=examples("recollect mcp", "recollect mcp --transport http --port 9001"))(
    serving.mcp
)
app.command(rich_help_panel=SERVERS, epilog=examples("recollect worker", "recollect worker --once"))(serving.worker)
app.command(rich_help_panel=MACHINERY)(keeping.status)
app.command(rich_help_panel=MACHINERY)(doctor.doctor)
app.add_typer(model.app, name="model", rich_help_panel=MACHINERY)
app.add_typer(audit.app, name="audit", rich_help_panel=MACHINERY)
app.command(
    rich_help_panel=MACHINERY,
    epilog=examples("recollect replay --verify --all", "recollect replay --rebuild --user ana"),
)(audit.replay)
app.add_typer(hot.app, name="hot", rich_help_panel=MACHINERY)
app.add_typer(upkeep.app, name="upkeep", rich_help_panel=MACHINERY)
app.add_typer(keys.app, name="keys", rich_help_panel=MACHINERY)
app.add_typer(database.app, name="db", rich_help_panel=MACHINERY)
app.add_typer(cluster.app, name="cluster", rich_help_panel=MACHINERY)
app.add_typer(bench_app, name="bench", rich_help_panel=MACHINERY)


def run() -> None:
    """The entry point: ``recollect`` on the command line.

    Exit codes: 0 it worked, 1 it did not (one line on standard error says why), 2 it was typed wrongly, 130 Ctrl-C.
    """
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # what matters of it arrives as an error
    app()
