"""Profiles: which tools a server offers; few by default, as a model chooses worse among many."""

from enum import StrEnum
from typing import Any

from recollect.doors.mcp.tool import Tool
from recollect.doors.mcp.tools import adding, finding, keeping, status
from recollect.doors.mcp.tools.graph_reading import READING
from recollect.doors.mcp.tools.graph_writing import WRITING

DEFAULT: tuple[Tool[Any], ...] = (
    adding.ADD_MEMORY,
    finding.SEARCH_MEMORIES,
    keeping.GET_MEMORY,
    keeping.UPDATE_MEMORY,
    keeping.DELETE_MEMORY,
    keeping.LIST_MEMORIES,
    finding.GET_CONTEXT,
    status.GET_STATUS,
)
GRAPH: tuple[Tool[Any], ...] = (*WRITING, *READING)


class Profile(StrEnum):
    """A choice of tools."""

    DEFAULT = "default"  # eight tools on memories
    GRAPH = "graph"  # the nine of the reference memory server, on our graph
    ALL = "all"

    @property
    def tools(self) -> tuple[Tool[Any], ...]:
        """The tools, in the order in which clients see them."""
        return {Profile.DEFAULT: DEFAULT, Profile.GRAPH: GRAPH, Profile.ALL: (*DEFAULT, *GRAPH)}[self]
