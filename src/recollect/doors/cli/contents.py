"""The command line's table of contents: every command, where it is, and the line that says what it does.

A new command is a new file and one ``Entry`` here: name, "module:attribute" (a function or a ``typer.Typer``), its line
in the help, its panel. The line must fit: about 60 characters. Names of groups are singular.
"""

from dataclasses import replace
from typing import Any

import typer

from recollect.doors.cli.failing import CODES, exit_code
from recollect.doors.cli.lazy import Entry, Group
from recollect.doors.cli.options import accept_shared_options
from recollect.doors.cli.starting import resolve
from recollect.errors import RecollectError

HELP = """Memory for LLM agents: stored in milliseconds without a model, found again, provable, reversible.

Needs no key, no model and no server: the first command sets up a Postgres of its own.

Try it: recollect demo"""

MEMORIES = "Memories"
BESIDE = "What is kept beside them"
RIGHTS = "Who may, and who is believed"
SERVERS = "Servers"
MACHINERY = "What it runs on"

ID = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"

VERBS = (
    Entry(
        "add",
        "adding:add",
        "Remember a text, or a file of chat messages.",
        MEMORIES,
        (
            'recollect add "My sister Anna works at Siemens"',
            'recollect add "We met in Rome" --at 2026-05-04T09:30:00+02:00 --speaker Ben',
            'recollect add "The office moves to Lyon" --project atlas --share',
            "cat notes.txt | recollect add - --source-type document",
            "recollect add --file chat.jsonl --conversation monday",
        ),
    ),
    Entry(
        "search",
        "finding:search",
        "Find the memories worth reading for a question.",
        MEMORIES,
        (
            'recollect search "Where does Anna work?" --explain',
            'recollect search "What did we plan last week?" -k 5 --json',
            'recollect search "What do I like?" --type preference --as-of 2026-01-01T00:00:00+00:00',
            'recollect search "What do I like?" --min-score 0.1 --max-tokens 400 --trace',
            """recollect search "What do I like?" --profile '{"meaning": 1, "recency": 0.5}'""",
            """recollect search "What matters?" --filter '{"importance": {"gte": 0.5}}' --project atlas""",
        ),
    ),
    Entry(
        "context",
        "finding:context",
        "Write what a prompt should know for a question.",
        MEMORIES,
        ('recollect context "What shall I cook tonight?" --budget 400', "recollect context --style xml"),
    ),
    Entry(
        "list",
        "keeping:list_memories",
        "List memories, newest first.",
        MEMORIES,
        ("recollect list -k 5", "recollect list --type preference"),
    ),
    Entry("show", "keeping:show", "Show everything about one memory.", MEMORIES, (f"recollect show {ID}",)),
    Entry(
        "update",
        "changing:update",
        "Change a memory's text, metadata or sensitivity.",
        MEMORIES,
        (
            f'recollect update {ID} --text "Anna works at Bosch"',
            f"recollect update {ID} --sensitivity restricted --expected-version 2",
        ),
    ),
    Entry(
        "revise",
        "changing:revise",
        "Merge new evidence into a memory that was just recalled.",
        MEMORIES,
        (f'recollect revise {ID} "Anna told me that she works at Bosch now"',),
    ),
    Entry(
        "delete",
        "keeping:delete",
        "Take a memory out of everything but its history.",
        MEMORIES,
        (f"recollect delete {ID} --dry-run", f"recollect delete {ID} --yes"),
    ),
    Entry("history", "keeping:history", "Show what happened to a memory.", MEMORIES, (f"recollect history {ID}",)),
    Entry(
        "why-not",
        "why:why_not",
        "Say why a memory is not in the answer to a question.",
        MEMORIES,
        (
            f'recollect why-not {ID} "Where does Anna work?"',
            f'recollect why-not {ID} "What do I like?" --type preference -k 5',
        ),
    ),
    Entry("used", "why:used", "Note that memories were put to use.", MEMORIES, (f"recollect used {ID}",)),
    Entry(
        "diff",
        "past:diff",
        "Show what changed between two moments.",
        MEMORIES,
        ("recollect diff 2026-05-04T00:00:00+00:00 2026-05-05T00:00:00+00:00",),
    ),
    Entry(
        "rollback",
        "past:rollback",
        "Go back to an earlier state, by new events.",
        MEMORIES,
        (
            "recollect rollback --before 2026-05-04T00:00:00+00:00 --dry-run",
            f"recollect rollback --job {ID} --yes",
            "recollect rollback --to 120",
        ),
    ),
)

MEMORY = (
    *(
        replace(
            one, panel=None, examples=tuple(line.replace("recollect", "recollect memory", 1) for line in one.examples)
        )
        for one in VERBS
        if one.name != "show"
    ),
    Entry("get", "keeping:show", "Show everything about one memory.", None, (f"recollect memory get {ID}",), ("show",)),
    Entry("erase", "erase:memory", "Destroy a memory for good.", None, (f"recollect memory erase {ID} --dry-run",)),
)

ENTRIES = (
    *VERBS,
    Entry("memory", "", "These again, as `recollect memory add` and so on; and erase.", MEMORIES, parts=MEMORY),
    Entry(
        "demo",
        "demo:demo",
        "See it work: sixty turns of a chat, and five questions.",
        MEMORIES,
        ("recollect demo", "recollect demo --home /tmp/demo --brief"),
    ),
    Entry(
        "export",
        "moving:export",
        "Write everything that is a user's as JSON lines.",
        MEMORIES,
        ("recollect export ana.jsonl --user ana", "recollect export --all-users | gzip > all.jsonl.gz"),
    ),
    Entry(
        "import",
        "moving:import_lines",
        "Read an export, or JSON lines of your own.",
        MEMORIES,
        ("recollect import ana.jsonl --user ana --dry-run", "zcat all.jsonl.gz | recollect import -"),
    ),
    Entry("session", "sessions:app", "What is going on with a user right now.", BESIDE),
    Entry("identity", "identity:app", "What a user is known by, loaded on every turn.", BESIDE),
    Entry("profile", "profiles:app", "What is known of a user as a whole.", BESIDE, aliases=("profiles",)),
    Entry("working", "working:app", "What fades: working memory, values, thoughts.", BESIDE),
    Entry("goal", "goals:app", "What is to be reached, and what stands in the way.", BESIDE),
    Entry("procedure", "procedures:app", "Ways of doing tasks, and how often they worked.", BESIDE),
    Entry("conversation", "conversations:app", "What was said in which order.", BESIDE, aliases=("conversations",)),
    Entry("collection", "collections:app", "Named groups of memories.", BESIDE, aliases=("collections",)),
    Entry("entity", "entities:app", "The people, places and organisations in memories.", BESIDE, aliases=("entities",)),
    Entry("relationship", "relationships:app", "Ties between two memories.", BESIDE, aliases=("relationships",)),
    Entry("tool", "tools:app", "A record of tool calls.", BESIDE, aliases=("tools",)),
    Entry("trace", "traces:app", "Kept questions, asked again as of their time.", BESIDE, aliases=("traces",)),
    Entry(
        "events",
        "events:events",
        "List everything that happened, oldest first.",
        BESIDE,
        ("recollect events --type memory_deleted", "recollect events --after 100 -k 20 --json"),
    ),
    Entry(
        "watch",
        "watch:watch",
        "Print what happens as it happens, until Ctrl-C.",
        BESIDE,
        ("recollect watch --user ana", "recollect watch --after 0 --type memory_added --json"),
    ),
    Entry("user", "users:app", "Who has memories here, how much, and their end.", RIGHTS, aliases=("users",)),
    Entry("project", "projects:app", "Users who share memories, each with a role.", RIGHTS, aliases=("projects",)),
    Entry("channel", "channels:app", "Where several people talk, and who shares it.", RIGHTS, aliases=("channels",)),
    Entry(
        "source", "sources:app", "Where texts come from, and how far each is believed.", RIGHTS, aliases=("sources",)
    ),
    Entry("quarantine", "quarantine:app", "What sources that are not believed have said.", RIGHTS),
    Entry("policy", "policies:app", "Rego modules that decide on writes and reads.", RIGHTS, aliases=("policies",)),
    Entry("key", "api_keys:app", "API keys, by which programs are let in.", RIGHTS),
    Entry("access", "access:app", "The access log: every call, and what came of it.", RIGHTS),
    Entry("erase", "erase:app", "Erase a user or a memory for good, with a certificate.", RIGHTS),
    Entry(
        "serve",
        "serving:serve",
        "Serve the REST API.",
        SERVERS,
        (
            "recollect serve",
            "recollect serve --port 9000 --max-body 2M",
            "recollect serve --allow-origin https://a.example",
        ),
    ),
    Entry(
        "mcp",
        "serving:mcp",
        "Serve the Model Context Protocol.",
        SERVERS,
        ("recollect mcp --user ana", "recollect mcp --transport http --port 9001"),
    ),
    Entry(
        "worker",
        "serving:worker",
        "Run the upkeep jobs of all tenants.",
        SERVERS,
        ("recollect worker", "recollect worker --once --json"),
    ),
    Entry("status", "keeping:status", "Show where it is, how large, and what it runs on.", MACHINERY),
    Entry("doctor", "doctor:doctor", "Check everything that can be wrong, and say how to mend it.", MACHINERY),
    Entry("db", "database:app", "The database: its schema, its place, stopping it.", MACHINERY),
    Entry("model", "model:app", "The models that turn text into vectors.", MACHINERY, aliases=("models",)),
    Entry(
        "job", "upkeep:app", "The jobs of upkeep: what is done when nobody asks.", MACHINERY, aliases=("upkeep", "jobs")
    ),
    Entry("hot", "hot:app", "What every turn loads, and its copy in Redis.", MACHINERY),
    Entry("audit", "audit:app", "Proof that nobody changed the log.", MACHINERY),
    Entry(
        "replay",
        "audit:replay",
        "Compare the tables with the log, or rebuild them from it.",
        MACHINERY,
        ("recollect replay --verify --all", "recollect replay --rebuild --user ana"),
    ),
    Entry("master-key", "master_key:app", "Under it every user's key is kept.", MACHINERY, aliases=("keys",)),
    Entry("cluster", "cluster:app", "A cluster of Postgres servers (Citus).", MACHINERY),
    Entry("bench", "recollect.bench.cli:app", "Measure how well and how fast memories are found.", MACHINERY),
)


class Door(Group):
    """Turns Recollect's errors into one line on standard error and an exit code."""

    entries = ENTRIES

    def invoke(self, ctx: Any) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except RecollectError as error:
            resolve("recollect.doors.cli.printing:print_error")(str(error))
            raise typer.Exit(exit_code(error)) from None


app = typer.Typer(
    name="recollect",
    cls=Door,
    help=HELP,
    epilog=f"Exit codes: {CODES}.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(accept_shared_options())
