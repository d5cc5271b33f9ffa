"""Scope: who a memory belongs to."""

from dataclasses import dataclass

from recollect.domain.storable import check_storable
from recollect.errors import ValidationError

MAX_ID_LENGTH = 255
RESERVED = "recollect:"
"""Streams of the log that belong to no user begin with this; no user's id does."""
TENANT_STREAM = "recollect:tenant"
"""The stream of what belongs to the tenant as a whole: sources, projects, policies, models."""
PROJECT_STREAM = "recollect:project:"
"""A project's shared memories form the stream named this and the project's id."""


def check_id(field: str, value: object) -> str:
    """Returns ``value`` if it can serve as an id: any text of 1 to 255 characters without NUL or surrogates.

    Raises:
        ValidationError: naming ``field``.
    """
    if not isinstance(value, str):
        raise ValidationError(field, f"must be a string, not {type(value).__name__}")
    if not value.strip():
        raise ValidationError(field, "must not be blank")
    if len(value) > MAX_ID_LENGTH:
        raise ValidationError(field, f"has {len(value)} characters; at most {MAX_ID_LENGTH} are allowed")
    return check_storable(field, value)


def is_reserved(user_id: str) -> bool:
    """Whether it names a stream of the log that belongs to no user."""
    return user_id.startswith(RESERVED)


def is_shared(user_id: str) -> bool:
    """Whether it names the stream of a project's shared memories."""
    return user_id.startswith(PROJECT_STREAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose memory is meant. The tenant comes from the credential, never from a caller's argument.

    Attributes:
        tenant_id: the customer, isolated by the database.
        user_id: the person; every memory, lock and log belongs to one.
        agent_id: the agent that remembers; ``""`` when the user's agents share their memories.
        project_id: a shared project, or None.
        conversation_id: the conversation (mem0: run) a memory came from, or None.
    """

    tenant_id: str
    user_id: str
    agent_id: str = ""
    project_id: str | None = None
    conversation_id: str | None = None

    def __post_init__(self) -> None:
        check_id("tenant_id", self.tenant_id)
        check_id("user_id", self.user_id)
        if self.agent_id != "":
            check_id("agent_id", self.agent_id)
        if self.project_id is not None:
            check_id("project_id", self.project_id)
        if self.conversation_id is not None:
            check_id("conversation_id", self.conversation_id)


def tenant_scope(tenant_id: str) -> Scope:
    """The stream of what belongs to the tenant as a whole."""
    return Scope(tenant_id=tenant_id, user_id=TENANT_STREAM)


def project_scope(tenant_id: str, project_id: str) -> Scope:
    """The stream of a project's shared memories."""
    return Scope(tenant_id=tenant_id, user_id=PROJECT_STREAM + project_id, project_id=project_id)
