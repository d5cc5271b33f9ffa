"""The server: what the protocol asks for, handed to tools, resources and the prompt; the same over every transport."""

import importlib.metadata
from typing import Any

from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from recollect.domain.shown import shown
from recollect.doors.mcp import prompts, resources
from recollect.doors.mcp.caller import Callers, Context
from recollect.doors.mcp.profiles import Profile
from recollect.doors.mcp.tool import failure
from recollect.errors import RecollectError

INSTRUCTIONS = {
    Profile.DEFAULT: (
        "Long-term memory of the user. At the start of a turn call get_context with the user's message. Store what is "
        "worth knowing later with add_memory; never store what came from here, between <recalled-memory> lines."
    ),
    Profile.GRAPH: "Long-term memory of the user as a knowledge graph: entities, what was observed of them, relations.",
}


def make_server(callers: Callers, profile: Profile) -> Server[Any]:
    """A server that answers for whoever ``callers`` finds.

    Args:
        callers: finds out who sends a message.
        profile: which tools are offered.
    """
    door = Door(callers, profile)
    return Server(
        "recollect",
        version=importlib.metadata.version("recollect"),
        title="Recollect",
        instructions=INSTRUCTIONS.get(profile, INSTRUCTIONS[Profile.DEFAULT]),
        get_tool_input_schema=lambda _: None,
        on_list_tools=door.list_tools,
        on_call_tool=door.call_tool,
        on_list_resources=door.list_resources,
        on_list_resource_templates=door.list_templates,
        on_read_resource=door.read_resource,
        on_list_prompts=door.list_prompts,
        on_get_prompt=door.get_prompt,
    )


class Door:
    """Answers the protocol's requests.

    Args:
        callers: finds out who sends a message.
        profile: which tools are offered.
    """

    def __init__(self, callers: Callers, profile: Profile) -> None:
        self._callers = callers
        self._tools = {tool.name: tool for tool in profile.tools}
        self._resources = resources.offered(graph=profile is not Profile.DEFAULT)

    async def list_tools(self, context: Context, _: PaginatedRequestParams | None) -> ListToolsResult:
        """The tools that this caller may use: with a key that reads, those that read; with a project's, its own."""
        credential = self._callers.credential(context)
        usable = [
            tool
            for tool in self._tools.values()
            if tool.access.rank <= credential.access.rank and not (tool.of_user and credential.project_id is not None)
        ]
        return ListToolsResult(tools=[tool.described(names_user=credential.user_id is None) for tool in usable])

    async def call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        """Calls a tool.

        Raises:
            MCPError: there is no such tool.
        """
        tool = self._tools.get(params.name)
        if tool is None:
            names = ", ".join(self._tools)
            raise MCPError(INVALID_PARAMS, f"there is no tool {shown(params.name)}; there are {names}")
        try:
            caller = await self._callers.of(context)
        except RecollectError as error:
            return failure(str(error))
        return await tool.call(caller, context, params.arguments or {})

    async def list_resources(self, _context: Context, _: PaginatedRequestParams | None) -> ListResourcesResult:
        """The resources."""
        return ListResourcesResult(resources=resources.listed(self._resources))

    async def list_templates(self, _context: Context, _: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        """The forms of resources that are named by an id or a cursor."""
        return ListResourceTemplatesResult(resource_templates=resources.templates(self._resources))

    async def read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        """Reads a resource.

        Raises:
            MCPError: there is no such resource, or it cannot be read.
        """
        try:
            caller = await self._callers.of(context)
            return await resources.read(self._resources, caller, str(params.uri))
        except RecollectError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None

    async def list_prompts(self, _context: Context, _: PaginatedRequestParams | None) -> ListPromptsResult:
        """The prompt."""
        return ListPromptsResult(prompts=[prompts.WITH_MEMORY])

    async def get_prompt(self, context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        """Fills the prompt in.

        Raises:
            MCPError: there is no such prompt, or its argument cannot be used.
        """
        try:
            return await prompts.filled(await self._callers.of(context), params.name, params.arguments or {})
        except RecollectError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
