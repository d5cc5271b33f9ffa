"""``get_status``: whether memory works, and for whom this connection acts."""

import importlib.metadata

from pydantic import Field

from recollect.doors.mcp.answer import Answer, Data
from recollect.doors.mcp.tool import Arguments, Call, Tool


class GetStatus(Arguments):
    """``get_status`` takes nothing."""


class Status(Data):
    """How the memory is, and who is asking."""

    version: str = Field(description="Of the server.")
    user_id: str = Field(description="Whose memory this is.")
    access: str = Field(description="read, write or admin.")
    embedder: str
    database: str = Field(description="Postgres' version.")
    schema_revision: str
    query_ms: float = Field(description="How long one vector query took just now.")
    memories: int | None = Field(
        description="Memories of all users; null where the key belongs to one of them or to a project."
    )


async def get_status(call: Call, given: GetStatus) -> Answer:  # noqa: ARG001 - it takes nothing
    """Asks the database and the embedder how they are."""
    found, caller = await call.caller.memory.status(), call.caller
    data = Status(
        version=importlib.metadata.version("recollect"),
        user_id=call.user_id,
        access=caller.credential.access.value,
        embedder=found.embedder,
        database=found.store.server,
        schema_revision=found.store.revision,
        query_ms=round(found.store.query_ms, 2),
        memories=found.store.counts.get("memories")
        if caller.credential.user_id is None and caller.project is None
        else None,
    )
    text = (
        f"Memory works: version {data.version}, {data.database}, embedder {data.embedder}. "
        f"This connection acts for user {call.user_id!r} with {data.access} access."
    )
    return Answer(text, data)


GET_STATUS = Tool(
    name="get_status",
    title="Get status",
    description=(
        "Check that memory works, whose it is, and whether this connection may write; not needed before each call."
    ),
    arguments=GetStatus,
    answer=Status,
    run=get_status,
)
