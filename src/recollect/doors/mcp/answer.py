"""Answers: what a tool gives back, as text and as data, and how both are kept short enough for a model to read.

What was recalled stands between the marker lines of a packet, in the text and in the data: when a client hands either
back to ``add_memory``, with the transcript of a chat, it is recognised and not stored once more.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from recollect.domain.packet_form import MARKERS, TITLES, Category
from recollect.domain.tokens import ESTIMATE

ANSWER_TOKENS: Final = 5_000
"""What an answer may take, as text and as data, by the estimate."""
SPARE: Final = 400
"""Kept free for what stands around the items."""
LONGEST_TEXT: Final = 1_500
"""Characters of a memory's text in a list of several."""
OPENING: Final = f"{MARKERS['markdown'][0]}\n## {TITLES[Category.EPISODES]}"
CLOSING: Final = MARKERS["markdown"][1]


class Data(BaseModel):
    """What tools answer as data; its JSON Schema is the tool's ``outputSchema``."""

    model_config = ConfigDict(extra="forbid")


class Recalled(Data):
    """Data that repeat what is remembered; the two marks keep them from being stored again when they come back.

    The first mark's name has no letters: without what stands between the marks nothing is left that says anything.
    """

    opens: str = Field(
        default=OPENING,
        serialization_alias="_",
        description="Marks what follows as recalled: it is not stored again when it comes back.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool gives back.

    Attributes:
        text: for a model to read. data: the same for programs, of the tool's output schema.
        failed: nothing of what was asked could be done; the text says why.
    """

    text: str
    data: Data
    failed: bool = False


class Shown(Protocol):
    """One entry of an answer."""

    @property
    def line(self) -> str:
        """It as a line of text."""
        ...

    @property
    def data(self) -> Data:
        """It as data."""
        ...


S = TypeVar("S", bound=Shown)


def within(entries: Iterable[S], room: int = ANSWER_TOKENS - SPARE) -> list[S]:
    """The first entries, as many as there is room for, as text and as data; at least one."""
    kept: list[S] = []
    text = data = 0
    for entry in entries:
        text += ESTIMATE.count(entry.line + "\n")
        data += ESTIMATE.count(as_json(entry.data.model_dump(mode="json")))
        if kept and max(text, data) > room:
            break
        kept.append(entry)
    return kept


def recalled(lines: Sequence[str]) -> str:
    """Lines of memories between the markers; without any, nothing."""
    if not lines:
        return ""
    return "\n".join([OPENING, *(f"- {line}" for line in lines), CLOSING])


def as_json(value: Any) -> str:
    """JSON, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shortened(text: str, most: int = LONGEST_TEXT) -> str:
    """A text that is not too long for a list; it says so when it was cut."""
    if len(text) <= most:
        return text
    rest = "; get_memory shows the rest" if most == LONGEST_TEXT else ""
    return f"{text[:most].rstrip()} ... ({len(text):,} characters in all{rest})"


def counted(number: int, one: str, several: str | None = None) -> str:
    """``1 memory``, ``2 memories``."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def paragraphs(*parts: str) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(part for part in parts if part)
