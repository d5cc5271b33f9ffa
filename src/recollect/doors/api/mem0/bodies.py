"""The bodies and query parameters that mem0's client and its open-source server's callers send."""

import ast
import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from recollect.errors import ValidationError

MOST_CHANGED: Final = 1_000
Ids = dict[str, str]
Id = Annotated[str, Field(coerce_numbers_to_str=True)]
Time = float | str
Messages = str | dict[str, Any] | list[dict[str, Any]]


class Body(BaseModel):
    """What is not known is refused: an option that is swallowed would be a wrong answer."""

    model_config = ConfigDict(extra="forbid")

    def given(self, *names: str) -> dict[str, Any]:
        """Those of the fields that were sent and are not null."""
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class Named(Body):
    """Whose memories are meant."""

    user_id: Id | None = None
    agent_id: Id | None = None
    app_id: Id | None = None
    run_id: Id | None = None

    @property
    def ids(self) -> Ids:
        """The ids that are named."""
        return self.given("user_id", "agent_id", "app_id", "run_id")


class AddBody(Named):
    """What was said. ``version``, ``output_format``, ``async_mode`` and ``enable_graph`` change nothing here."""

    messages: Messages
    filters: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    infer: bool | None = None
    timestamp: Time | None = None
    expiration_date: str | None = None
    memory_type: str | None = None
    version: str | None = None
    output_format: str | None = None
    async_mode: bool | None = None
    enable_graph: bool | None = None


class Asking(Body):
    """Which memories are meant."""

    filters: dict[str, Any] | None = None
    categories: list[str] | None = None
    show_expired: bool | None = None
    latest_only: bool | None = None
    version: str | None = None
    output_format: str | None = None
    enable_graph: bool | None = None

    def restrictions(self) -> list[dict[str, Any]]:
        """What must hold beside the filters, in mem0's grammar."""
        return [{"categories": {"in": self.categories}}] if self.categories else []


class SearchBody(Asking):
    """A question; ``keyword_search`` and ``rerank`` change nothing: words count always, and so does the order."""

    query: str
    top_k: int | None = None
    limit: int | None = None
    threshold: float | None = None
    rerank: bool | None = None
    keyword_search: bool | None = None
    explain: bool | None = None
    fields: list[str] | None = None
    metadata: dict[str, Any] | None = None
    reference_date: Time | None = None

    def restrictions(self) -> list[dict[str, Any]]:
        """What must hold beside the filters."""
        return super().restrictions() + ([{"metadata": self.metadata}] if self.metadata else [])


class ListBody(Asking):
    """Which memories are listed."""

    start_date: str | None = None
    end_date: str | None = None

    def restrictions(self) -> list[dict[str, Any]]:
        """What must hold beside the filters."""
        found = super().restrictions()
        if self.start_date is not None:
            found.append({"created_at": {"gte": self.start_date}})
        if self.end_date is not None:
            whole_day = len(self.end_date) == len("2026-12-31")
            found.append({"created_at": {"lte": f"{self.end_date}T23:59:59.999999" if whole_day else self.end_date}})
        return found


class PageQuery(Body):
    """Which page of a list."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=200)] = 100


class UpdateBody(Body):
    """What is to change; metadata is added to what is there."""

    text: str | None = None
    data: str | None = None
    metadata: dict[str, Any] | None = None
    expiration_date: str | None = None


class BatchChange(Body):
    """One of many changes."""

    memory_id: str
    text: str | None = None
    metadata: dict[str, Any] | None = None


class BatchUpdateBody(Body):
    """Many changes."""

    memories: Annotated[list[BatchChange], Field(min_length=1, max_length=MOST_CHANGED)]


class BatchEnd(Body):
    """One of many that are deleted."""

    memory_id: str


class BatchDeleteBody(Body):
    """Many that are deleted."""

    memories: Annotated[list[BatchEnd], Field(min_length=1, max_length=MOST_CHANGED)]


class FeedbackBody(Body):
    """How good a memory was."""

    memory_id: str
    feedback: Literal["POSITIVE", "NEGATIVE", "VERY_NEGATIVE"] | None = None
    feedback_reason: str | None = None


class DeleteAllQuery(Named):
    """Whose memories are deleted; the client writes ``filters`` as Python does."""

    filters: str | None = None

    def named(self) -> dict[str, Any]:
        """The filters that these parameters are.

        Raises:
            ValidationError: nobody is named, or the filters cannot be read; they never mean "all".
        """
        parts: list[Any] = [{name: value} for name, value in self.ids.items()]
        parts += [] if self.filters is None else [_written(self.filters)]
        if not parts:
            raise ValidationError("user_id", "is missing; name a user_id, agent_id, app_id or run_id")
        return {"AND": parts}


class OwnListQuery(Named):
    """Whose memories the open-source server lists."""

    top_k: Annotated[int, Field(ge=1, le=1_000)] = 20
    limit: Annotated[int, Field(ge=1, le=1_000)] | None = None
    show_expired: bool = False


class OwnSearchBody(SearchBody, Named):
    """A question to the open-source server, which takes the ids beside the filters too."""

    def restrictions(self) -> list[dict[str, Any]]:
        """What must hold beside the filters."""
        return [*super().restrictions(), *({name: value} for name, value in self.ids.items())]


def _written(filters: str) -> dict[str, Any]:
    """Filters that were sent as JSON or as Python writes a dict."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(filters[:100_000])
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(found, dict) and found:
            return dict[str, Any](found)  # pyright: ignore[reportUnknownArgumentType] - checked when it is read as filters
    raise ValidationError("filters", "cannot be read; send {'user_id': '...'}")
