"""Memories as tools show them: one line each for a model, a small object each for programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from recollect.domain.packet_form import on_one_line
from recollect.domain.record import Memory, Status
from recollect.domain.search import Hit
from recollect.doors.mcp.answer import Data, as_json, shortened

LONGEST_METADATA = 2_000
"""Characters of metadata as JSON; what is longer is had over REST or in Python."""


class MemoryData(Data):
    """A memory."""

    id: str
    text: str
    type: str = Field(description="episodic_event, semantic_fact, preference, turn, ...")
    status: str = Field(description="active is current; superseded means that something newer took its place.")
    speaker: str | None = Field(None, description="Who said it; null for the user.")
    happened_at: str | None = Field(None, description="When what it tells of happened (ISO 8601), if that is known.")
    told_at: str | None = Field(None, description="When it was said, if that is known.")
    version: int
    metadata: dict[str, Any] | None = Field(description="The caller's own; null where it is too long to be shown.")


class FoundData(MemoryData):
    """A memory that was found for a question."""

    relevance: float | None = Field(description="Estimated probability that it is relevant, 0 to 1, if it is known.")
    replaced_at: str | None = Field(None, description="When a later memory told that this is no longer so.")


@dataclass(frozen=True, slots=True)
class MemoryEntry:
    """A memory as one entry of an answer."""

    memory: Memory

    @property
    def line(self) -> str:
        """Date, speaker, words, and the id by which it can be read, changed or deleted."""
        one = self.memory
        past = "[past] " if one.status is Status.SUPERSEDED else ""
        return f"{past}{line_of(one)} (id {one.id}, {one.type.value})"

    @property
    def data(self) -> MemoryData:
        """It as data."""
        return MemoryData(**fields_of(self.memory))


@dataclass(frozen=True, slots=True)
class HitEntry:
    """A memory that was found, as one entry of an answer."""

    hit: Hit

    @property
    def line(self) -> str:
        """As of a memory, with how relevant it is."""
        likely = self.hit.relevance
        relevance = "" if likely is None else f", relevance {likely:.2f}"
        no_longer = "[no longer so] " if self.hit.replaced_at is not None else ""
        one = self.hit.memory
        return f"{no_longer}{line_of(one)} (id {one.id}, {one.type.value}{relevance})"

    @property
    def data(self) -> FoundData:
        """It as data."""
        likely = self.hit.relevance
        return FoundData(
            **fields_of(self.hit.memory),
            relevance=None if likely is None else round(likely, 4),
            replaced_at=written(self.hit.replaced_at),
        )


def line_of(memory: Memory) -> str:
    """A memory's day, speaker and words on one line."""
    when = memory.occurred_at or memory.told_at
    day = f"[{when:%Y-%m-%d}] " if when is not None else ""
    who = f"{memory.speaker}: " if memory.speaker and memory.speaker.casefold() != "user" else ""
    return f"{day}{on_one_line(who + shortened(memory.text))}"


def fields_of(memory: Memory) -> dict[str, Any]:
    """What is told of a memory; its text is cut when it is long."""
    return {
        "id": str(memory.id),
        "text": shortened(memory.text),
        "type": memory.type.value,
        "status": memory.status.value,
        "speaker": memory.speaker,
        "happened_at": written(memory.occurred_at),
        "told_at": written(memory.told_at),
        "version": memory.version,
        "metadata": metadata_of(memory),
    }


def metadata_of(memory: Memory) -> dict[str, Any] | None:
    """The caller's own metadata, without what Recollect notes there for itself; None if it is too long."""
    own = {name: value for name, value in memory.extra.items() if not name.startswith("recollect:")}
    return own if len(as_json(own)) <= LONGEST_METADATA else None


def written(when: datetime | None) -> str | None:
    """A time in ISO 8601."""
    return None if when is None else when.isoformat()
