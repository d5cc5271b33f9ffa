"""The nine tools of the reference memory server: ours answer as it does, case by case, as recorded from the real one.

``tests/data/mcp_reference.json`` is what ``@modelcontextprotocol/server-memory`` 2026.8.31 answered over stdio.
"""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from mcp import Client

from mcp_door import Mode, over_http, refused, text_of, told
from recollect.domain.tokens import ESTIMATE
from recollect.doors.mcp.answer import ANSWER_TOKENS
from recollect.doors.mcp.profiles import Profile

pytestmark = pytest.mark.anyio

RECORDED = json.loads((Path(__file__).parents[1] / "data/mcp_reference.json").read_text(encoding="utf-8"))
OURS = {"cursor", "nextCursor", "leftOut"}
"""What our schemas have beside the reference's: pages, and what an answer has no room for."""


def shape(schema: Any) -> Any:
    """What a schema asks for, without dialect, order, and what only we have."""
    if isinstance(schema, list):
        return sorted(cast("list[str]", schema))
    if not isinstance(schema, dict):
        return schema
    entries = cast("dict[str, Any]", schema)
    return {name: shape(value) for name, value in entries.items() if name != "$schema" and name not in OURS}


async def every_page(client: Client, tool: str, **arguments: Any) -> list[dict[str, Any]]:
    pages = [await told(client, tool, **arguments)]
    while "nextCursor" in pages[-1]:
        pages.append(await told(client, tool, **arguments, cursor=pages[-1]["nextCursor"]))
    return pages


async def test_the_tools_are_described_alike(home: str):
    async with over_http(home, Profile.GRAPH) as served, served.client(user="ana") as client:
        ours = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(ours) == [tool["name"] for tool in RECORDED["tools"]]
    for theirs in RECORDED["tools"]:
        own = ours[theirs["name"]]
        assert own.title == theirs["title"]
        assert own.description is not None
        assert own.description.startswith(theirs["description"].removesuffix(" based on a query"))
        assert own.annotations is not None
        assert own.annotations.model_dump(by_alias=True, exclude_none=True) == theirs["annotations"]
        taken = shape(own.input_schema)
        taken["properties"].pop("user_id", None)
        assert taken == shape(theirs["inputSchema"]), theirs["name"]
        assert shape(own.output_schema) == shape(theirs["outputSchema"]), theirs["name"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_case_is_answered_alike(home: str, mode: Mode):
    assert len(RECORDED["cases"]) >= 29
    async with over_http(home, Profile.GRAPH) as served:
        token = await served.key(user_id="ana")
        async with served.client(token, mode=mode) as client:
            for number, case in enumerate(RECORDED["cases"]):
                answer = await client.call_tool(case["tool"], case["arguments"])
                assert answer.is_error == case["is_error"], (number, text_of(answer))
                assert answer.structured_content == case["data"], number
                if not case["is_error"]:
                    assert text_of(answer) == case["text"], number
            (contents,) = (await client.read_resource("memory://knowledge-graph")).contents
            assert json.loads(contents.text) == RECORDED["cases"][-1]["data"]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("create_entities", {}, "entities: is missing"),
    ("create_entities", {"entities": "x"}, "entities: should be a valid list"),
    ("create_entities", {"entities": [{"name": 5, "entityType": "a", "observations": []}]}, "entities.0.name"),
    ("create_entities", {"entities": [{"name": " ", "entityType": "a", "observations": []}]}, "not be blank"),
    ("create_entities", {"entities": [{"name": "a", "entityType": "b", "observations": [""]}]}, "is empty"),
    (
        "create_entities",
        {"entities": [{"name": "a", "entityType": "b"}]},
        "entities.0.observations: is missing",
    ),
    ("create_relations", {"relations": [{"from": "a", "to": "b"}]}, "relations.0.relationType: is missing"),
    ("search_nodes", {"query": 5}, "query: should be a valid string"),
    ("search_nodes", {"query": "a\x00"}, "NUL"),
    ("read_graph", {"cursor": "'; DROP TABLE"}, "cursor: must be the next cursor"),
    ("open_nodes", {"names": ["x" * 300]}, "at most 255"),
    (
        "create_entities",
        {"entities": [{"name": "a", "entityType": "b", "observations": ["x" * 20_000]}]},
        "10,000",
    ),
]


async def test_unknown_arguments_are_passed_over_and_wrong_ones_refused(home: str):
    async with over_http(home, Profile.GRAPH) as served, served.client() as client:
        assert await told(client, "read_graph", unknown=1) == {"entities": [], "relations": []}
        for tool, arguments, words in REFUSED:
            assert words in await refused(client, tool, **arguments), (tool, words)
        assert await told(client, "read_graph") == {"entities": [], "relations": []}


async def test_a_large_graph_is_read_in_pages_that_are_not_too_long(home: str):
    entities = [
        {
            "name": f"entity {number:03}",
            "entityType": "thing",
            "observations": [f"fact {n} of {number}" for n in range(8)],
        }
        for number in range(80)
    ]
    entities[7]["observations"] = [f"one of very many observations, number {n}" for n in range(400)]
    relations = [{"from": f"entity {n:03}", "to": "entity 000", "relationType": "follows"} for n in range(1, 80)]
    async with over_http(home, Profile.GRAPH) as served, served.client() as client:
        made = await client.call_tool("create_entities", {"entities": entities})
        assert made.structured_content["leftOut"] + len(made.structured_content["entities"]) == 80
        await told(client, "create_relations", relations=relations)
        pages = await every_page(client, "read_graph")
        assert len(pages) > 3
        for page in pages:
            assert ESTIMATE.count(json.dumps(page, indent=2)) <= ANSWER_TOKENS
        seen: dict[str, list[str]] = {}
        for page in pages:
            for entity in page["entities"]:
                seen.setdefault(entity["name"], []).extend(entity["observations"])
        assert seen == {entity["name"]: entity["observations"] for entity in entities}
        assert [relation for page in pages for relation in page["relations"]] == relations
        found = await every_page(client, "search_nodes", query="fact 3")
        assert len({entity["name"] for page in found for entity in page["entities"]}) == 79
        opened = await every_page(client, "open_nodes", names=["entity 007"])
        assert sum(len(entity["observations"]) for page in opened for entity in page["entities"]) == 400


async def test_the_graph_shows_what_else_is_remembered_and_keeps_it(home: str):
    async with over_http(home, Profile.ALL) as served, served.client() as client:
        await told(client, "add_memory", content="My sister Anna works at Siemens in Munich")
        graph = await told(client, "read_graph")
        known = {entity["name"]: entity for entity in graph["entities"]}
        assert {"Anna", "Siemens", "Munich"} <= set(known)
        assert known["Anna"]["entityType"] == "person"
        assert known["Anna"]["observations"] == ["My sister Anna works at Siemens in Munich"]
        works = {"from": "Anna", "to": "Siemens", "relationType": "employer"}
        assert works in graph["relations"]

        added = await told(client, "add_observations", observations=[{"entityName": "Anna", "contents": ["Has a dog"]}])
        assert added == {"results": [{"entityName": "Anna", "addedObservations": ["Has a dog"]}]}
        (anna,) = (await told(client, "open_nodes", names=["Anna"]))["entities"]
        assert anna["observations"] == ["Has a dog", "My sister Anna works at Siemens in Munich"]
        assert "Anna: Has a dog" in json.dumps(await told(client, "search_memories", query="Does Anna have a dog?"))

        kept = await told(client, "delete_entities", entityNames=["Anna"])
        assert kept["success"] is False
        assert "1 memory deleted; other memories still mention: Anna" in kept["message"]
        gone = {"entityName": "Anna", "observations": ["My sister Anna works at Siemens in Munich"]}
        await told(client, "delete_observations", deletions=[gone])
        assert "Anna" not in json.dumps(await told(client, "read_graph"))
