"""``recollect why-not`` and ``recollect used``: why a memory was not found, and that one was of use."""

from typing import Annotated, cast

import typer
from rich.table import Table

from recollect.domain.explanation import LEAST
from recollect.domain.why_not import WhyNot, differences
from recollect.doors.cli import finding
from recollect.doors.cli.finding import given, profile_named, rights, seen_at
from recollect.doors.cli.hearing import Here, heard_in
from recollect.doors.cli.message_file import text_or_stdin
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import columns, emit, facts_line, grid, plural, print_json, said, visible
from recollect.memory.arguments import SearchArguments

MemoryId = Annotated[str, typer.Argument(metavar="ID", help="The memory's id.")]


@shared_options
def why_not(  # noqa: PLR0913 - each option of the command is an argument here
    call: Call,
    memory_id: MemoryId,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, as it was asked.")],
    *,
    limit: finding.Limit = 10,
    types: finding.Types = None,
    tiers: finding.Tiers = None,
    since: finding.Since = None,
    until: finding.Until = None,
    as_of: finding.AsOf = None,
    known_at: finding.KnownAt = None,
    now: finding.Now = None,
    conversation: finding.Conversation = None,
    project: finding.Project = None,
    collection: finding.Collection = None,
    condition: finding.Filter = None,
    include_quarantined: finding.Quarantined = False,
    channel: Here = None,
    profile: finding.Profile = "relevance",
    min_score: finding.MinScore = None,
    max_tokens: finding.MaxTokens = None,
    per_conversation: finding.PerConversation = None,
) -> None:
    """Say why a memory is not in the answer to a question, or at which place it is. Give the options of the search."""
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
        **rights(project, collection, condition, include_quarantined),
        **heard_in(channel),
    )
    with call.memory() as memory:
        seen = seen_at(memory, arguments, known_at)
        answer = seen.why_not(
            memory_id, text_or_stdin(question), user_id=call.user_id, **cast(SearchArguments, arguments)
        )
    if call.as_json:
        print_json(answer.as_json())
    else:
        print_why_not(answer)


@shared_options
def used(
    call: Call,
    memory_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The memories' ids.")],
    *,
    project: finding.Project = None,
) -> None:
    """Note that memories were put to use: an answer rested on them. Being found alone strengthens nothing."""
    with call.memory() as memory:
        records = memory.used(memory_ids, user_id=call.user_id, project_id=project)
    if call.as_json:
        print_json({"memories": records})
        return
    uses = [plural(record.access_count, "use") for record in records]
    table = grid(max(map(len, uses), default=0), None)
    for record, count in zip(records, uses, strict=True):
        table.add_row(count, said(record))
        table.add_row("", facts_line(record))
    emit(table)


def print_why_not(answer: WhyNot) -> None:
    """The paragraph, and beside the last hit what each signal gave."""
    emit(visible(answer.text))
    if answer.explanation is None:
        return
    if answer.last is None or answer.found:
        finding.print_explanation(answer.explanation)
        return
    emit("", _compared(answer))


def _compared(answer: WhyNot) -> Table:
    """One row a signal: its points here and for the last hit."""
    table = columns("     signal", ">points", ">last one in", ">lacks")
    assert answer.explanation is not None  # noqa: S101 - whoever asks has looked
    assert answer.last is not None  # noqa: S101 - as above
    own, last = answer.explanation.signals, answer.last.signals
    for name, gain in differences(own, last):
        points = [signals[name].contribution if name in signals else 0.0 for signals in (own, last)]
        if any(abs(point) >= LEAST for point in points):
            table.add_row(f"     {name}", *(f"{point:+.3f}" for point in points), f"{gain:+.3f}")
    table.add_row(
        "     score", f"{answer.score or 0.0:.3f}", f"{answer.last_score or 0.0:.3f}", f"{answer.short_by or 0.0:+.3f}"
    )
    return table
