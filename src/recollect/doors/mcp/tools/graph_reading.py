"""``read_graph``, ``search_nodes`` and ``open_nodes``: the knowledge graph as the reference memory server shows it."""

from typing import Any

from pydantic import Field

from recollect.doors.mcp.answer import ANSWER_TOKENS, Answer
from recollect.doors.mcp.tool import Call, Tool
from recollect.doors.mcp.tools.graph_form import ROOM, GraphData, Lenient, answer_of, graph_data

PAGED = f"An answer has at most {ANSWER_TOKENS:,} tokens; with nextCursor in it, more follows."


class Paged(Lenient):
    """What may be read in pages."""

    cursor: str | None = Field(None, description="nextCursor of the answer before; left out, it begins at the start")


class SearchNodes(Paged):
    """What ``search_nodes`` takes."""

    query: str = Field(description="The search query to match against entity names, types, and observation content")


class OpenNodes(Paged):
    """What ``open_nodes`` takes."""

    names: list[str] = Field(description="An array of entity names to retrieve")


async def read_graph(call: Call, given: Paged) -> Answer:
    """Reads a page of the graph."""
    page = await call.caller.memory.graph.read(user_id=call.user_id, max_tokens=ROOM, cursor=given.cursor)
    return answer_of(graph_data(page))


async def search_nodes(call: Call, given: SearchNodes) -> Answer:
    """Finds nodes by words."""
    graph = call.caller.memory.graph
    page = await graph.find(given.query, user_id=call.user_id, max_tokens=ROOM, cursor=given.cursor)
    return answer_of(graph_data(page))


async def open_nodes(call: Call, given: OpenNodes) -> Answer:
    """Reads nodes by their names."""
    graph = call.caller.memory.graph
    page = await graph.nodes(given.names, user_id=call.user_id, max_tokens=ROOM, cursor=given.cursor)
    return answer_of(graph_data(page))


READING: tuple[Tool[Any], ...] = (
    Tool(
        name="read_graph",
        title="Read Graph",
        description=f"Read the entire knowledge graph, a page at a time. {PAGED}",
        arguments=Paged,
        answer=GraphData,
        run=read_graph,
        of_user=True,
    ),
    Tool(
        name="search_nodes",
        title="Search Nodes",
        description=(
            "Search for nodes in the knowledge graph whose name, type or observations contain the query, as "
            f"it is written, with their relations. {PAGED}"
        ),
        arguments=SearchNodes,
        answer=GraphData,
        run=search_nodes,
        of_user=True,
    ),
    Tool(
        name="open_nodes",
        title="Open Nodes",
        description=f"Open specific nodes in the knowledge graph by their names, with their relations. {PAGED}",
        arguments=OpenNodes,
        answer=GraphData,
        run=open_nodes,
        of_user=True,
    ),
)
