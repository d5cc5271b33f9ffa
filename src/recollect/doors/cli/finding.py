"""``recollect search`` and ``recollect context``: from a question to what is worth reading."""

from typing import Annotated, Any, Literal, cast

import typer
from rich.table import Table
from rich.text import Text

from recollect.client import Memory
from recollect.domain.explanation import LEAST, Explanation
from recollect.domain.record import MemoryType, Tier
from recollect.domain.search import Hit, SearchResult
from recollect.doors.cli.hearing import Aside, Here, Mentioned, Personal, heard_in
from recollect.doors.cli.json_option import json_object
from recollect.doors.cli.message_file import text_or_stdin
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import (
    as_json,
    columns,
    emit,
    facts_line,
    grid,
    out,
    plural,
    print_degraded,
    print_json,
    said,
    shortened,
    visible,
)
from recollect.memory.arguments import ContextArguments, SearchArguments
from recollect.memory.sync.past import SyncPastDesk

KINDS = f"One of {', '.join(MemoryType)}"
Types = Annotated[
    list[MemoryType] | None, typer.Option("--type", metavar="KIND", help=f"Only this kind; may be repeated. {KINDS}.")
]
Tiers = Annotated[
    list[Tier] | None, typer.Option("--tier", metavar="TIER", help="Only personal, project or task; may be repeated.")
]
Since = Annotated[str | None, typer.Option(help="Happened at or after this time (ISO 8601 with an offset).")]
Until = Annotated[str | None, typer.Option(help="Happened before this time.")]
AsOf = Annotated[str | None, typer.Option(help="What held at that time instead of now.")]
Now = Annotated[str | None, typer.Option(help="The moment that 'last week' refers to; the present if nothing is said.")]
Conversation = Annotated[str | None, typer.Option(help="Only this conversation.")]
Project = Annotated[str | None, typer.Option(help="With what this project's members share.")]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", metavar="TIME", help="What was known at that time: the store as it was then."),
]
Collection = Annotated[str | None, typer.Option(metavar="NAME", help="Only the members of this collection.")]
Filter = Annotated[
    str | None,
    typer.Option("--filter", metavar="JSON", help='A condition, such as \'{"importance": {"gte": 0.5}}\'.'),
]
Quarantined = Annotated[bool, typer.Option("--include-quarantined", help="Also what quarantined sources have said.")]
Profile = Annotated[
    str,
    typer.Option(
        help="How the reasons are weighed: relevance, cortex, recent, meaning, words, or weights as a JSON object."
    ),
]
Limit = Annotated[int, typer.Option("--limit", "-k", help="How many at most, 1 to 1000.")]
MinScore = Annotated[
    float | None, typer.Option(help="Only what is relevant with at least this estimated probability, 0 to 1.")
]
MaxTokens = Annotated[int | None, typer.Option(help="All texts together take at most so many tokens.", min=1)]
PerConversation = Annotated[
    int | None,
    typer.Option(
        "--most-per-conversation", metavar="N", help="After N of one conversation, others have their turn.", min=1
    ),
]
Style = Literal["markdown", "xml", "plain"]


def given(**arguments: Any) -> dict[str, Any]:
    """The arguments that were given."""
    return {name: value for name, value in arguments.items() if value not in (None, [])}


def rights(project: str | None, collection: str | None, condition: str | None, quarantined: bool) -> dict[str, Any]:
    """The arguments that say among which memories to look."""
    return given(
        project_id=project,
        collection=collection,
        filters=json_object(condition, "--filter"),
        include_quarantined=quarantined or None,
    )


def profile_named(profile: str) -> str | dict[str, Any]:
    """The profile's name, or the weights that were typed in its place."""
    return profile if not profile.lstrip().startswith("{") else json_object(profile, "--profile") or {}


def seen_at(memory: Memory, arguments: dict[str, Any], known_at: str | None) -> Memory | SyncPastDesk:
    """The memory, or what it was; then ``as_of`` says when what was known then held."""
    return memory if known_at is None else memory.at(arguments.pop("as_of", None), known_at=known_at)


@shared_options
def search(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The question, in words; - reads it from standard input.")
    ],
    *,
    limit: Limit = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show why each stands where it stands.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Keep the question and its answer as a trace.")] = False,
    types: Types = None,
    tiers: Tiers = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    now: Now = None,
    conversation: Conversation = None,
    project: Project = None,
    collection: Collection = None,
    condition: Filter = None,
    include_quarantined: Quarantined = False,
    channel: Here = None,
    profile: Profile = "relevance",
    min_score: MinScore = None,
    max_tokens: MaxTokens = None,
    per_conversation: PerConversation = None,
    deadline_ms: Annotated[
        float | None,
        typer.Option(metavar="MS", help="A stage that takes longer than so many milliseconds is left out."),
    ] = None,
) -> None:
    """Find the memories worth reading for a question, best first."""
    arguments = given(
        limit=limit,
        types=types,
        tiers=tiers,
        occurred_from=since,
        occurred_to=until,
        as_of=as_of,
        now=now,
        conversation_id=conversation,
        profile=profile_named(profile),
        min_score=min_score,
        max_tokens=max_tokens,
        most_per_conversation=per_conversation,
        deadline_ms=deadline_ms,
        explain=explain or None,
        trace=trace or None,
        **rights(project, collection, condition, include_quarantined),
        **heard_in(channel),
    )
    with call.memory() as memory:
        seen = seen_at(memory, arguments, known_at)
        result = seen.search(text_or_stdin(question), user_id=call.user_id, **cast(SearchArguments, arguments))
    if call.as_json:
        print_json(result_json(result))
    else:
        print_result(result, explain=explain)


@shared_options
def context(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION", help="The user's message; - for standard input; without it, what is known of the user."
        ),
    ] = "",
    *,
    budget: Annotated[int, typer.Option(help="Tokens at most.", min=1)] = 1_500,
    style: Annotated[Style, typer.Option(help="How it is written.")] = "markdown",
    limit: Annotated[int, typer.Option("--limit", "-k", help="How many memories at most, 1 to 1000.")] = 10,
    types: Types = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    now: Now = None,
    conversation: Conversation = None,
    project: Project = None,
    collection: Collection = None,
    condition: Filter = None,
    include_quarantined: Quarantined = False,
    profile: Profile = "relevance",
    min_score: MinScore = None,
    per_conversation: PerConversation = None,
    channel: Here = None,
    to: Aside = None,
    mentioned: Mentioned = False,
    personal: Personal = False,
) -> None:
    """Write what a prompt should know for a question, within a budget of tokens."""
    arguments = given(
        limit=limit,
        types=types,
        as_of=as_of,
        now=now,
        conversation_id=conversation,
        profile=profile_named(profile),
        min_score=min_score,
        most_per_conversation=per_conversation,
        **rights(project, collection, condition, include_quarantined),
        **heard_in(channel, to, mentioned=mentioned, personal=personal),
    )
    with call.memory() as memory:
        seen = seen_at(memory, arguments, known_at)
        packet = seen.context(text_or_stdin(question), user_id=call.user_id, **cast(ContextArguments, arguments))
    text = packet.render(budget_tokens=budget, style=style)
    if call.as_json:
        print_json({"text": text, **packet.to_dict()})
        return
    print_degraded(packet.degraded)
    if text:
        # A prompt gets it as it is; on a terminal nothing of it may be more than characters.
        typer.echo("\n".join(map(visible, text.split("\n"))) if out().is_terminal else text)
    elif packet.items:
        emit(f"nothing fits into {budget} tokens; the whole takes {packet.tokens}", style="yellow")
    else:
        emit(packet.note or "nothing is known of this user", style="dim")


def print_result(result: SearchResult, *, explain: bool) -> None:
    """The hits with their scores, and how they were found."""
    for hit in result:
        emit(hit_rows(hit))
        if explain and hit.explanation is not None:
            print_explanation(hit.explanation)
    if result.left_out and result.hits:
        emit(f"{plural(result.left_out, 'hit')} left out: no room in the budget of tokens", style="yellow")
    if result.note:
        emit(result.note, style="dim")
    for problem in result.degraded:
        emit(f"degraded: {problem}", style="yellow")
    took = sum(result.ms.values())
    emit(
        f"{len(result)} of {plural(result.searched, 'memory', 'memories')} in {took:.1f} ms, "
        f"{plural(result.round_trips, 'round trip')} to the database",
        style="dim",
    )
    if explain:
        emit(f"ms: {', '.join(f'{stage} {ms:.2f}' for stage, ms in result.ms.items())}", style="dim")
    if result.trace_id is not None:
        emit(f"kept as trace {result.trace_id}", style="dim")


def result_json(result: SearchResult) -> dict[str, Any]:
    """The answer as JSON, each explanation with its paragraph."""
    told: dict[str, Any] = as_json(result)
    for hit, entry in zip(result, told["hits"], strict=True):
        entry["explanation"] = None if hit.explanation is None else hit.explanation.as_json()
    return told


def hit_rows(hit: Hit) -> Table:
    """Rank, score, and the memory with its kind, day and id."""
    table = grid(3, 5, None)
    table.add_row(str(hit.rank), Text(f"{hit.score:.3f}", "green"), said(hit.memory))
    table.add_row("", "", facts_line(hit.memory))
    return table


def print_explanation(explanation: Explanation) -> None:
    """The paragraph, what each signal gave, and the rank by stage."""
    told = grid(3, None)
    told.add_row("", visible(explanation.text))
    emit(told)
    emit(signal_table(explanation))
    ranks = ", ".join(f"{stage} {rank:,}" for stage, rank in explanation.ranks.items())
    emit(f"     rank of {explanation.of:,}: {ranks}", "", style="dim")


def signal_table(explanation: Explanation) -> Table:
    """One row a signal that mattered: its points, and what they are made of."""
    table = columns("     signal", ">points", ">weight", ">value", ">raw", "why")
    for name, signal in explanation.signals.items():
        if abs(signal.contribution) >= LEAST:
            table.add_row(
                f"     {name}",
                f"{signal.contribution:+.3f}",
                f"{signal.weight:.2f}",
                f"{signal.normalised:.2f}",
                f"{signal.raw:.3f}",
                shortened(signal.reason, 120),
            )
    return table
