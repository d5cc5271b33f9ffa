"""Requests: what the bodies of several routes have in common."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from recollect.domain.record import MemoryType, Status, Tier

EXAMPLE_ID = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
OTHER_EXAMPLE_ID = "019a7c0e-5b20-7d4b-8e3f-4a2b3c5d6e7f"


class Body(BaseModel):
    """A body; a field that is not known is refused, since one that is swallowed would be a wrong answer."""

    model_config = ConfigDict(extra="forbid")

    def given(self, *without: str, null: Sequence[str] = ()) -> dict[str, Any]:
        """The fields that were sent, as arguments of the facade.

        Args:
            without: fields that are no such arguments.
            null: fields of which null means something.
        """
        sent = self.model_dump(exclude_unset=True, exclude=set(without))
        return {name: value for name, value in sent.items() if value is not None or name in null}


class UserBody(Body):
    """A body that names the user."""

    user_id: str | None = Field(
        None, description="Whose memory; may be left out with a key that belongs to one user.", examples=["ana"]
    )


class Filtered(UserBody):
    """Which memories may be found."""

    agent_id: str | None = None
    project_id: str | None = None
    conversation_id: str | None = None
    types: list[MemoryType] | None = None
    tiers: list[Tier] | None = None
    statuses: list[Status] | None = None
    occurred_from: AwareDatetime | None = None
    occurred_to: AwareDatetime | None = None
    min_confidence: float | None = Field(None, ge=0, le=1)
    as_of: AwareDatetime | None = Field(None, description="What held at that time instead of now.")
    include_quarantined: bool | None = None
    collection: str | None = None
    channel_id: str | None = None
    filters: dict[str, Any] | None = Field(
        None,
        description="A condition over fields and metadata.",
        examples=[{"AND": [{"importance": {"gte": 0.2}}, {"NOT": [{"type": "goal"}]}]}],
    )


class Searched(Filtered):
    """How memories are ranked."""

    limit: int = Field(10, ge=1, le=1000)
    known_at: AwareDatetime | None = Field(None, description="Answer from what was known at that time.")
    profile: str | dict[str, float] | None = Field(
        None, description="`relevance` (default), `cortex`, `recent`, or weights by signal.", examples=["relevance"]
    )
    now: AwareDatetime | None = Field(None, description='The moment that "last week" refers to.')
    most_per_conversation: int | None = Field(None, ge=1, le=1000)
    min_score: float | None = Field(None, ge=0, le=1)
    deadline_ms: float | None = Field(None, gt=0, le=600_000)


class Actor(Body):
    """Who makes a change."""

    actor: str | None = Field(None, description='Who does it; "user" if nothing is said.', examples=["user"])


class Changing(Actor):
    """Who makes a change, and in which run."""

    job_id: UUID | None = Field(None, description="Binds changes that can be rolled back together.")
