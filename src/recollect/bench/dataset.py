"""A data file of the bench: conversations, their turns, and questions whose evidence is known.

    [{"id": "conv-26",
      "turns":     [{"id": "D1:1", "session": 1, "at": "2023-05-08T13:56:00+00:00", "speaker": "Ana", "text": "..."}],
      "questions": [{"text": "...", "evidence": ["D1:3"], "category": "temporal"}]}]

``at`` may be null; ``category`` may be missing; whatever else a question carries, such as its answer, is not even read.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from recollect.domain.times import parse_time
from recollect.errors import ValidationError

NO_CATEGORY = "(none)"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message: its id within the conversation, its session, when it was said (None: unknown), by whom, and what."""

    id: str
    session: str
    at: datetime | None
    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and what only the judge may see: the turns that answer it, and its category."""

    text: str
    evidence: frozenset[str]
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One user's conversation.

    Attributes:
        id: its name. place: 1 for the first conversation of the file.
        turns: in order. questions: those with evidence. without_evidence: how many were left out for want of it.
    """

    id: str
    place: int
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]
    without_evidence: int

    @property
    def sessions(self) -> dict[str, str]:
        """Each turn's session."""
        return {turn.id: turn.session for turn in self.turns}


def load(path: Path) -> list[Conversation]:
    """Reads a data file, compressed with gzip or not.

    Raises:
        ValidationError: it cannot be read or has another form; the message names the conversation, turn and field.
    """
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
    except (OSError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ValidationError(str(path), f"cannot be read: {reason}") from None
    try:
        loaded: object = json.loads(content)
    except ValueError as error:
        raise ValidationError(str(path), f"is not JSON: {error}") from None
    conversations = [
        _conversation(f"{path.name}: conversations[{place}]", entry, place + 1)
        for place, entry in enumerate(_list(path.name, loaded))
    ]
    if not conversations:
        raise ValidationError(path.name, "has no conversations")
    repeated = _repeated([conversation.id for conversation in conversations])
    if repeated is not None:
        raise ValidationError(path.name, f"has two conversations with the id {repeated!r}")
    return conversations


def _conversation(where: str, entry: object, place: int) -> Conversation:
    fields = _object(where, entry)
    name = _text(f"{where}.id", fields.get("id"))
    where = f"{where} ({name})"
    turns = tuple(
        _turn(f"{where}.turns[{number}]", turn)
        for number, turn in enumerate(_list(f"{where}.turns", fields.get("turns")))
    )
    if not turns:
        raise ValidationError(f"{where}.turns", "is empty")
    known = [turn.id for turn in turns]
    repeated = _repeated(known)
    if repeated is not None:
        raise ValidationError(f"{where}.turns", f"has two turns with the id {repeated!r}")
    asked = _list(f"{where}.questions", fields.get("questions"))
    questions = [
        _question(f"{where}.questions[{number}]", question, frozenset(known)) for number, question in enumerate(asked)
    ]
    kept = tuple(question for question in questions if question.evidence)
    return Conversation(id=name, place=place, turns=turns, questions=kept, without_evidence=len(questions) - len(kept))


def _turn(where: str, entry: object) -> Turn:
    fields = _object(where, entry)
    turn_id = _text(f"{where}.id", fields.get("id"))
    session = fields.get("session")
    if isinstance(session, bool) or not isinstance(session, (int, str)) or session == "":
        raise ValidationError(f"{where}.session", f"must be a number or text, not {session!r}")
    if "at" not in fields:
        raise ValidationError(f"{where}.at", "is missing; it is a time with an offset, or null when it is unknown")
    at = fields["at"]
    return Turn(
        id=turn_id,
        session=str(session),
        at=None if at is None else parse_time(f"{where}.at", at),
        speaker=_text(f"{where}.speaker", fields.get("speaker")),
        text=_text(f"{where}.text", fields.get("text")),
    )


def _question(where: str, entry: object, known: frozenset[str]) -> Question:
    fields = _object(where, entry)
    evidence = [
        _text(f"{where}.evidence[{number}]", turn)
        for number, turn in enumerate(_list(f"{where}.evidence", fields.get("evidence")))
    ]
    unknown = [turn for turn in evidence if turn not in known]
    if unknown:
        raise ValidationError(f"{where}.evidence", f"names {unknown[0]!r}, which is no turn of this conversation")
    category = fields.get("category")
    return Question(
        text=_text(f"{where}.text", fields.get("text")),
        evidence=frozenset(evidence),
        category=NO_CATEGORY if category is None else _text(f"{where}.category", category),
    )


def _object(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValidationError(where, f"must be an object, not {_kind(value)}")
    return cast(Mapping[str, Any], value)


def _list(where: str, value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise ValidationError(where, f"must be a list, not {_kind(value)}")
    return cast(Sequence[object], value)


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValidationError(where, f"must be text that is not blank, not {'blank' if value == '' else _kind(value)}")
    return value


def _kind(value: object) -> str:
    return "missing" if value is None else "blank text" if isinstance(value, str) else type(value).__name__


def _repeated(names: Sequence[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
