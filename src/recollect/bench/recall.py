"""``recollect bench recall``: how many of the turns that answer a question are among the first that are found.

Counted the same for every system: each conversation is one user; its turns are added in order, one memory a turn;
questions are asked inside their own conversation; whatever a system derives stands for the turns it cites, and k counts
turns. The judge alone sees evidence and category, after the answers are in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recollect.bench.dataset import Conversation, load
from recollect.bench.machine import file_system, machine
from recollect.bench.measures import grade, percentages
from recollect.bench.place import Place
from recollect.bench.profiling import Profiles
from recollect.bench.progress import Progress
from recollect.bench.replay import Answer, Told, ask, tell
from recollect.bench.timing import Stopwatch, percentiles
from recollect.client import AsyncMemory
from recollect.errors import ValidationError

ADVERSARIAL = "adversarial"
EMBEDDING = "embed"
"""The stage of a search that turns the question into a vector."""
TIMED = (
    "add: one turn a call; question: search with the default limit; both as a caller waits, embedding included. "
    "The rankings come from a second, deeper search that is not timed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One question's scores and what they are averaged over."""

    conversation: Conversation
    category: str
    scores: Mapping[str, float]


@dataclass(slots=True)
class Run:
    """One file's run, and what it has seen so far."""

    memory: AsyncMemory
    progress: Progress
    profiles: Profiles
    graded: list[Graded] = field(default_factory=list[Graded])
    told: list[Told] = field(default_factory=list[Told])
    answers: list[Answer] = field(default_factory=list[Answer])


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be measured.

    Attributes:
        path: the data file. conversations: those of it that are taken.
        limit: questions of each conversation at most, None for all.
    """

    path: Path
    conversations: Sequence[Conversation]
    limit: int | None


def read_task(path: Path, chosen: str | None, limit: int | None) -> Task:
    """Reads a data file.

    Args:
        path: the file.
        chosen: places of conversations, such as ``1-5`` or ``1,3,6-10``; None for all.
        limit: questions of each conversation at most.

    Raises:
        ValidationError: the file or the choice cannot be used.
    """
    conversations = load(path)
    places = range(1, len(conversations) + 1) if chosen is None else _places(chosen)
    kept = [conversation for conversation in conversations if conversation.place in places]
    if not kept:
        raise ValidationError("--conversations", f"{path.name} has {len(conversations)}, none of them in {chosen}")
    return Task(path=path, conversations=kept, limit=limit)


async def measure_recall(
    task: Task, place: Place, embedder: str | None, progress: Progress, profiles: Profiles
) -> dict[str, Any]:
    """Measures one file and returns the report, ready for JSON.

    Raises:
        ValidationError: a turn or a question cannot be used.
        StoreError, ModelError: a part cannot be had.
    """
    about = machine()
    watch = Stopwatch()
    async with AsyncMemory(**place.arguments(embedder)) as memory:
        run = Run(memory, progress, profiles)
        for conversation in task.conversations:
            await _measure_one(run, conversation, task.limit)
        name = (await memory.status()).embedder
    if place.data is not None:
        about["file system"] = file_system(place.data)
    return {
        "file": task.path.name,
        "embedder": name,
        **_quality(run.graded),
        "time": _times(run, watch.ms),
        "counts": _counts(task, run),
        "machine": about,
    }


async def _measure_one(run: Run, conversation: Conversation, limit: int | None) -> None:
    questions = conversation.questions[:limit]
    with run.progress.bar(f"{conversation.id}: turns", len(conversation.turns)) as tick, run.profiles.of("add"):
        told = await tell(run.memory, conversation.id, conversation.turns, tick)
    with run.progress.bar(f"{conversation.id}: questions", len(questions)) as tick, run.profiles.of("question"):
        answers = await ask(run.memory, told, [question.text for question in questions], tick)
    sessions = conversation.sessions
    for question, answer in zip(questions, answers, strict=True):
        scores = grade(answer.turns, question.evidence, sessions)
        run.graded.append(Graded(conversation=conversation, category=question.category, scores=scores))
    run.told.append(told)
    run.answers += answers


def _quality(graded: Sequence[Graded]) -> dict[str, Any]:
    def average(chosen: Sequence[Graded]) -> dict[str, float]:
        return percentages([one.scores for one in chosen])

    categories = sorted({one.category for one in graded})
    conversations: dict[str, dict[str, float]] = {}
    for name, first, last in (("1-5", 1, 5), ("6-10", 6, 10)):
        part = [one for one in graded if first <= one.conversation.place <= last]
        if part:
            conversations[name] = average(part)
    for conversation in {one.conversation.id: one.conversation for one in graded}.values():
        conversations[conversation.id] = average([one for one in graded if one.conversation.id == conversation.id])
    return {
        "all": average(graded),
        f"without {ADVERSARIAL}": average([one for one in graded if one.category != ADVERSARIAL]),
        "by category": {name: average([one for one in graded if one.category == name]) for name in categories},
        "conversations": conversations,
    }


def _times(run: Run, total_ms: float) -> dict[str, Any]:
    answers = [(answer.ms, answer.stages) for answer in run.answers]
    names = dict.fromkeys(stage for _, stages in answers for stage in stages)
    return {
        "add": percentiles([ms for told in run.told for ms in told.ms]),
        "question": percentiles([ms for ms, _ in answers]),
        "question, without embedding": percentiles([ms - stages.get(EMBEDDING, 0.0) for ms, stages in answers]),
        **{f"question: {name}": percentiles([stages.get(name, 0.0) for _, stages in answers]) for name in names},
        "what was timed": TIMED,
        "all s": round(total_ms / 1000, 1),
    }


def _counts(task: Task, run: Run) -> dict[str, Any]:
    degraded = [reason for told in run.told for reason in told.degraded]
    degraded += [reason for answer in run.answers for reason in answer.degraded]
    return {
        "conversations": len(task.conversations),
        "turns": sum(len(conversation.turns) for conversation in task.conversations),
        "memories": sum(told.memories for told in run.told),
        "turns without a memory": sum(len(told.unkept) for told in run.told),
        "questions": len(run.answers),
        "questions without evidence, left out": sum(c.without_evidence for c in task.conversations),
        "questions with no answer": sum(1 for answer in run.answers if not answer.turns),
        "answers that change with the limit": sum(1 for answer in run.answers if not answer.consistent),
        "degraded calls": len(degraded),
        "first degraded": degraded[0] if degraded else "",
    }


def _places(chosen: str) -> set[int]:
    places: set[int] = set()
    for part in chosen.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValidationError("--conversations", f"must be like 1-5 or 1,3,6-10, not {chosen!r}")
        places.update(range(int(first), int(last if dash else first) + 1))
    return places
