"""MCP with a project's key: it reaches what its members share, and nothing of a user's own."""

import json
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError

from mcp_door import over_http, refused, told
from recollect.doors.mcp.profiles import Profile

pytestmark = pytest.mark.anyio

WORD = "zanzibarword"
OWN_ALONE = ("get_context", "read_graph", "search_nodes", "open_nodes", "create_entities", "delete_entities")
GRAPH: dict[str, dict[str, Any]] = {
    "get_context": {"query": "What is the password?"},
    "search_nodes": {"query": WORD},
    "open_nodes": {"names": ["Club"]},
    "create_entities": {"entities": [{"name": "Club", "entityType": "place", "observations": ["mine"]}]},
    "delete_entities": {"entityNames": ["Club"]},
}


async def test_a_projects_key_gets_nothing_of_a_users_own(home: str):
    async with over_http(home, Profile.ALL) as served:
        memory = served.memory
        await memory.projects.create("atlas", user_id="ana")
        receipt = await memory.add(f"My password is {WORD}", user_id="ana")
        await memory.identity.set("nickname", WORD, user_id="ana")
        own = str(receipt.id)
        key = await served.key(user_id="ana", project_id="atlas")
        async with served.client(key) as client:
            for tool, given in (
                ("get_memory", {"memory_id": own}),
                ("get_memory", {"memory_id": own, "history": True}),
                ("update_memory", {"memory_id": own, "text": "mine now"}),
                ("delete_memory", {"memory_id": own}),
                ("delete_memory", {"memory_id": [own]}),
            ):
                assert WORD not in str(await client.call_tool(tool, given)), tool
            for tool in OWN_ALONE:
                assert "acts in project 'atlas' only" in await refused(client, tool, **GRAPH.get(tool, {})), tool
            found = await told(client, "search_memories", query="What is the password?")
            assert WORD not in json.dumps([found, await told(client, "list_memories")])
            assert (await told(client, "get_status"))["memories"] is None
            assert WORD not in str(await client.read_resource("memory://recent"))
            for uri in ("memory://identity", f"memory://memory/{own}", "memory://knowledge-graph"):
                with pytest.raises(MCPError) as refusal:
                    await client.read_resource(uri)
                assert WORD not in str(refusal.value), uri
            with pytest.raises(MCPError, match="acts in project"):
                await client.get_prompt("with_memory", {"question": "What is the password?"})
        assert (await memory.get(own, user_id="ana")).text == f"My password is {WORD}"


async def test_a_projects_key_uses_what_is_the_projects(home: str):
    async with over_http(home) as served:
        await served.memory.projects.create("atlas", user_id="ana")
        key = await served.key(user_id="ana", project_id="atlas")
        async with served.client(key) as client:
            added = await told(client, "add_memory", content="The project's server is called Hermes")
            memory_id = added["items"][0]["memory_id"]
            assert (await told(client, "get_memory", memory_id=memory_id, history=True))["history"]
            assert "Hermes" in str(await client.read_resource("memory://recent"))
            assert "Hermes" in str(await client.read_resource(f"memory://memory/{memory_id}"))
            changed = await told(client, "update_memory", memory_id=memory_id, text="The server is called Apollo")
            assert changed["memory"]["text"] == "The server is called Apollo"
            assert (await told(client, "delete_memory", memory_id=memory_id))["deleted"] == 1
