"""``recollect demo``: a real conversation goes in, five questions are asked, and the answers explain themselves."""

import json
import shlex
import statistics
import textwrap
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from recollect.client import Memory as Facade
from recollect.domain.packet import Packet
from recollect.domain.receipt import Outcome, Receipt
from recollect.domain.record import Memory
from recollect.domain.search import Hit, SearchResult
from recollect.doors.cli.adding import joined
from recollect.doors.cli.options import Call, shared_options
from recollect.doors.cli.printing import columns, day, emit, err, grid, out, plural, print_json, said, visible

SHOWN = 3
"""Memories shown for each question."""

BUDGET = 250
"""Tokens of the rendered context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One conversation: its id, what it is about, and its messages."""

    id: str
    title: str
    messages: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The conversation that ships with the package.

    Attributes:
        about: one sentence. user: whose memory it is. asked_at: when the questions are asked.
    """

    about: str
    user: str
    asked_at: str
    questions: Sequence[str]
    sessions: Sequence[Session]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One conversation that was added: what became of its turns, and the milliseconds of each."""

    session: Session
    receipt: Receipt
    ms: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was found: a result a question with its wall-clock milliseconds, and a context for the first."""

    results: Sequence[SearchResult]
    ms: Sequence[float]
    packet: Packet


@shared_options
def demo(
    call: Call,
    *,
    brief: Annotated[bool, typer.Option("--brief", help="Leave out what each score is made of.")] = False,
) -> None:
    """See it work: add a conversation of sixty turns and ask five questions about it.

    It is kept under the user "demo" unless --user names another, so it does not mix with your own memories.
    """
    story = load_story()
    user_id = call.user or "demo"
    started = time.perf_counter()
    with err().status("opening the memory; the first time this sets up a Postgres"):
        memory = call.memory()
    opened_s = time.perf_counter() - started
    with memory:
        if call.as_json:
            told = [tell(memory, story, session, user_id) for session in story.sessions]
            print_json(_document(user_id, opened_s, told, ask(memory, story, user_id)))
            return
        emit(Text(story.about, "bold"))
        emit(f"The memory was opened in {opened_s:.2f} s: {memory.status().store.location}\n")
        told = [tell(memory, story, session, user_id) for session in story.sessions]
        print_told(told)
        answers = ask(memory, story, user_id)
    print_answers(answers, explain=not brief)
    print_next(call, user_id)


def load_story() -> Story:
    """The conversation from the package's data."""
    data = json.loads((resources.files("recollect.demo") / "conversation.json").read_text(encoding="utf-8"))
    sessions = tuple(Session(**session) for session in data.pop("sessions"))
    return Story(**data, sessions=sessions)


def tell(memory: Facade, story: Story, session: Session, user_id: str) -> Told:
    """Adds a conversation turn by turn, as an agent would."""
    receipts: list[Receipt] = []
    ms: list[float] = []
    for message in session.messages:
        # What the memory's own user says goes in without a name: "I live in ..." is then a fact about the user.
        turn = {k: v for k, v in message.items() if k != "name" or v != story.user}
        started = time.perf_counter()
        receipts.append(memory.add(turn, user_id=user_id, conversation_id=session.id))
        ms.append((time.perf_counter() - started) * 1000)
    return Told(session=session, receipt=joined(receipts), ms=ms)


def ask(memory: Facade, story: Story, user_id: str) -> Answers:
    """Asks the questions, as of the story's end, and renders a context for the first."""
    results: list[SearchResult] = []
    ms: list[float] = []
    for question in story.questions:
        started = time.perf_counter()
        results.append(memory.search(question, user_id=user_id, limit=SHOWN, now=story.asked_at))
        ms.append((time.perf_counter() - started) * 1000)
    packet = memory.context(story.questions[0], user_id=user_id, limit=5, now=story.asked_at)
    return Answers(results=results, ms=ms, packet=packet)


def print_told(told: Sequence[Told]) -> None:
    """One row a conversation, and what became of it all."""
    table = columns("conversation", "day", "about", ">turns", ">facts", ">ms a turn")
    for one in told:
        facts = sum(1 for item in one.receipt.items if item.derived_from is not None)
        first = datetime.fromisoformat(one.session.messages[0]["at"])
        median = f"{statistics.median(one.ms):.1f}"
        table.add_row(one.session.id, day(first), one.session.title, str(len(one.ms)), str(facts), median)
    emit(table)
    emit()
    for line in _summary(told):
        emit(line)


def _summary(told: Sequence[Told]) -> list[str]:
    receipt = joined([one.receipt for one in told])
    turns = [item for item in receipt.items if item.derived_from is None]
    facts = [item for item in receipt.items if item.derived_from is not None]
    newer = [item for item in receipt.items if item.outcome is Outcome.SUPERSEDED]
    ms = sorted(ms for one in told for ms in one.ms)
    lines = [
        f"{plural(len(turns), 'turn')} and {plural(len(facts), 'fact')} read from them, "
        f"{statistics.median(ms):.1f} ms a turn (slowest {ms[-1]:.0f} ms), each safe on disk."
    ]
    outcomes = {item.outcome for item in turns}
    if Outcome.MERGED in outcomes and not outcomes & {Outcome.ACCEPTED, Outcome.SUPERSEDED}:
        lines.append("You ran this before: every turn was known already and was merged, not stored twice.")
    elif newer:
        examples = ", ".join(f"{item.key} is {item.value} now" for item in newer if item.value)
        lines.append(f"{plural(len(newer), 'fact')} took the place of an older one; for instance {visible(examples)}.")
    return lines


def print_answers(answers: Answers, *, explain: bool) -> None:
    """Each question with the memories found, and the context of the first."""
    for number, (result, ms) in enumerate(zip(answers.results, answers.ms, strict=True), start=1):
        emit()
        title = Text(f"{number}. {result.query}", "bold")
        emit(title.append(f"  {ms:.1f} ms", "dim"))
        for hit in result:
            emit(_hit_table(hit, explain=explain))
        if result.note:
            emit(f"   {result.note}", style="dim")
    packet = answers.packet
    emit()
    emit(Text(f"What a prompt gets for {packet.query!r}, in at most {BUDGET} tokens", "bold"))
    width = out().width
    for line in packet.render(budget_tokens=BUDGET).splitlines():
        emit(textwrap.fill(visible(line), width, initial_indent="  ", subsequent_indent="    "))


def _hit_table(hit: Hit, *, explain: bool) -> Table:
    table = grid(1, 5, None)
    table.add_row("", Text(f"{hit.score:.3f}", "green"), said(hit.memory, length=200))
    if explain:
        table.add_row("", "", Text(_why(hit), "dim"))
    return table


def _why(hit: Hit) -> str:
    """The signals that made the score, the strongest first, and what matched."""
    parts: list[str] = []
    for name, signal in sorted(hit.signals.items(), key=lambda pair: -abs(pair[1].contribution)):
        if abs(signal.contribution) >= 0.005:
            reason = f" ({visible(signal.reason)})" if signal.reason else ""
            parts.append(f"{name} {signal.contribution:+.2f}{reason}")
    return f"{_since(hit.memory)}{', '.join(parts)}"


def _since(memory: Memory) -> str:
    """When it happened, or since when the fact holds."""
    if memory.key and memory.valid_from:
        return f"{memory.key} since {day(memory.valid_from)}: "
    return f"{day(memory.occurred_at)}: " if memory.occurred_at else ""


def print_next(call: Call, user_id: str) -> None:
    """What to type next, with the same home."""
    home = f" --home {shlex.quote(str(call.home))}" if call.home else ""
    user = f" --user {shlex.quote(user_id)}"
    python = f"Memory(home={str(call.home)!r})" if call.home else "Memory()"
    emit()
    emit(Text("What to type next", "bold"))
    for line in (
        f'recollect search "Where does my sister live?" --explain{user}{home}',
        f'recollect context "What shall I cook?"{user}{home}',
        f'recollect add "I adopted a second cat called Comma"{user}{home}',
        f"recollect list{user}{home}",
        "",
        "from recollect import Memory",
        f"with {python} as memory:",
        '    memory.add("I moved to Lyon in May", user_id="ana")',
        '    print(memory.search("Where does Ana live?", user_id="ana"))',
    ):
        emit(f"  {line}", soft_wrap=True)


def _document(user_id: str, opened_s: float, told: Sequence[Told], answers: Answers) -> dict[str, Any]:
    receipt = joined([one.receipt for one in told])
    every = sorted(ms for one in told for ms in one.ms)
    return {
        "user_id": user_id,
        "turns": len(every),
        "facts": sum(1 for item in receipt.items if item.derived_from is not None),
        "outcomes": dict(Counter(item.outcome.value for item in receipt.items)),
        "opened_s": opened_s,
        "add_ms": {"median": statistics.median(every), "slowest": every[-1]},
        "answers": [{"ms": ms, **_fields(result)} for result, ms in zip(answers.results, answers.ms, strict=True)],
        "context": {"query": answers.packet.query, "text": answers.packet.render(budget_tokens=BUDGET)},
    }


def _fields(result: SearchResult) -> dict[str, Any]:
    return {"query": result.query, "hits": result.hits, "searched": result.searched, "note": result.note}
