"""Requests: what the bodies of several routes have in common."""

from collections.abc import Sequence
from typing import Annotated, Any, get_args
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from recollect.domain.record import MemoryType, Status, Tier

EXAMPLE_ID = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
OTHER_EXAMPLE_ID = "019a7c0e-5b20-7d4b-8e3f-4a2b3c5d6e7f"


def _as_text(value: object) -> object:
    """Refuses numbers, which would be taken for seconds, or milliseconds, since 1970."""
    if isinstance(value, str):
        digits = value.strip().removeprefix("-").replace(".", "", 1)
        if not digits.isdecimal():
            return value
    elif not isinstance(value, (int, float)):
        return value
    raise ValueError("must be a time in ISO 8601 with its offset, such as 2026-05-04T12:00:00Z")


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text)]
"""A time with its offset."""


class Body(BaseModel):
    """A body; a field that is not known is refused, since one that is swallowed would be a wrong answer."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def numbers_and_truth_values_apart(cls, value: object, info: ValidationInfo) -> object:
        """Refuses true where a number belongs, and 1 where true or false does.

        Raises:
            ValueError: the one stands for the other.
        """
        if isinstance(value, (bool, int, float)):
            kinds = _kinds(cls.model_fields[info.field_name or ""].annotation)
            numbers, truth = kinds & {int, float}, bool in kinds
            if isinstance(value, bool) and numbers and not truth:
                raise ValueError("must be a number")
            if not isinstance(value, bool) and truth and not numbers:
                raise ValueError("must be true or false")
        return value

    def given(self, *without: str, null: Sequence[str] = ()) -> dict[str, Any]:
        """The fields that were sent, as arguments of the facade.

        Args:
            without: fields that are no such arguments.
            null: fields of which null means something.
        """
        sent = self.model_dump(exclude_unset=True, exclude=set(without))
        return {name: value for name, value in sent.items() if value is not None or name in null}


def _kinds(hint: Any) -> set[Any]:
    """The types that a field may have."""
    arguments = get_args(hint)
    return {kind for one in arguments for kind in _kinds(one)} if arguments else {hint}


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
    occurred_from: Moment | None = None
    occurred_to: Moment | None = None
    min_confidence: float | None = Field(None, ge=0, le=1)
    as_of: Moment | None = Field(None, description="What held at that time instead of now.")
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
    known_at: Moment | None = Field(None, description="Answer from what was known at that time.")
    profile: str | dict[str, float] | None = Field(
        None, description="`relevance` (default), `cortex`, `recent`, or weights by signal.", examples=["relevance"]
    )
    now: Moment | None = Field(None, description='The moment that "last week" refers to.')
    most_per_conversation: int | None = Field(None, ge=1, le=1000)
    min_score: float | None = Field(None, ge=0, le=1)
    deadline_ms: float | None = Field(None, gt=0, le=600_000)


class Actor(Body):
    """Who makes a change."""

    actor: str | None = Field(None, description='Who does it; "user" if nothing is said.', examples=["user"])


class Changing(Actor):
    """Who makes a change, and in which run."""

    job_id: UUID | None = Field(None, description="Binds changes that can be rolled back together.")
