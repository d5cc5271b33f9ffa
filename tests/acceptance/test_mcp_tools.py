"""The eight tools, called by the SDK's own client over HTTP: what they answer, what they refuse, how long they get."""

import json
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from mcp_door import Mode, over_http, refused, text_of, told
from recollect.domain.tokens import ESTIMATE
from recollect.doors.mcp.answer import ANSWER_TOKENS
from recollect.doors.mcp.profiles import Profile

pytestmark = pytest.mark.anyio

EIGHT = [
    "add_memory",
    "search_memories",
    "get_memory",
    "update_memory",
    "delete_memory",
    "list_memories",
    "get_context",
    "get_status",
]
NINE = [
    "create_entities",
    "create_relations",
    "add_observations",
    "delete_entities",
    "delete_observations",
    "delete_relations",
    "read_graph",
    "search_nodes",
    "open_nodes",
]
READING = {"search_memories", "get_memory", "list_memories", "get_context", "get_status"}
NOBODYS = "00000000-0000-7000-8000-000000000000"


async def tools_of(client: Client) -> dict[str, Any]:
    return {tool.name: tool for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_default_profile_has_eight_tools_that_say_what_they_do(home: str, mode: Mode):
    async with over_http(home) as served, served.client(mode=mode) as client:
        tools = await tools_of(client)
    assert list(tools) == EIGHT
    for name, tool in tools.items():
        assert tool.annotations.read_only_hint is (name in READING)
        assert tool.annotations.destructive_hint is (name in ("update_memory", "delete_memory"))
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["type"] == tool.input_schema["type"] == "object"
        assert 40 < len(tool.description) < 500
        assert "$ref" not in json.dumps([tool.input_schema, tool.output_schema])


@pytest.mark.parametrize(("profile", "names"), [(Profile.GRAPH, NINE), (Profile.ALL, EIGHT + NINE)])
async def test_the_other_profiles(home: str, profile: Profile, names: list[str]):
    async with over_http(home, profile) as served, served.client() as client:
        assert list(await tools_of(client)) == names


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_memory_is_added_found_changed_and_deleted(home: str, mode: Mode):
    async with over_http(home) as served, served.client(mode=mode) as client:
        added = await told(client, "add_memory", content="My sister Anna works at Siemens", metadata={"from": "test"})
        assert added["outcomes"] == {"accepted": 3}
        memory_id = added["items"][0]["memory_id"]

        found = await told(client, "search_memories", query="Where does Anna work?", limit=2)
        assert found["memories"][0]["text"] == "Anna works at Siemens"
        assert found["memories"][0]["relevance"] > found["memories"][1]["relevance"]
        context = await told(client, "get_context", query="Where does Anna work?")
        assert "Anna works at Siemens" in context["text"]

        one = await told(client, "get_memory", memory_id=memory_id)
        assert one["memory"]["metadata"] == {"from": "test"}
        changed = await told(client, "update_memory", memory_id=memory_id, text="My sister Anna works at Bosch")
        assert changed["memory"]["version"] == 2
        stale = await refused(client, "update_memory", memory_id=memory_id, text="Other words", expected_version=1)
        assert "version 2" in stale
        again = await told(client, "get_memory", memory_id=memory_id, history=True)
        assert [event["type"] for event in again["history"]] == ["memory_added", "memory_updated"]

        deleted = await told(client, "delete_memory", memory_id=memory_id)
        assert deleted == {"deleted": 1, "failed": []}
        assert memory_id in await refused(client, "get_memory", memory_id=memory_id)
        left = await told(client, "list_memories")
        assert memory_id not in [memory["id"] for memory in left["memories"]]


async def test_messages_keep_their_order_and_speakers(home: str):
    async with over_http(home) as served, served.client() as client:
        messages = [
            {"role": "user", "content": "I moved to Lyon", "at": "2026-05-04T09:30:00+02:00"},
            {"role": "assistant", "content": "How nice, Lyon has good food"},
        ]
        await told(client, "add_memory", content=messages, conversation_id="monday")
        listed = await told(client, "list_memories", conversation_id="monday", types=["turn"])
        newest, first = listed["memories"]
        assert (first["speaker"], newest["speaker"]) == ("user", "assistant")
        assert first["told_at"] == "2026-05-04T07:30:00+00:00"
        later = await told(client, "list_memories", happened_from="2026-05-05T00:00:00+00:00", types=["turn"])
        assert [memory["id"] for memory in later["memories"]] == [newest["id"]]


async def test_what_was_recalled_is_not_stored_again(home: str):
    async with over_http(home) as served, served.client() as client:
        await told(client, "add_memory", content="My sister Anna works at Siemens in Munich")
        before = (await told(client, "list_memories"))["memories"]
        one = before[0]["id"]
        calls: list[tuple[str, dict[str, Any]]] = [
            ("search_memories", {"query": "Where does Anna work?"}),
            ("get_context", {"query": "Where does Anna work?"}),
            ("list_memories", {}),
            ("get_memory", {"memory_id": one}),
        ]
        for tool, arguments in calls:
            answer = await client.call_tool(tool, arguments)
            for form in (
                text_of(answer).split("</recalled-memory>")[0] + "</recalled-memory>",
                answer.structured_content,
            ):
                content = form if isinstance(form, str) else json.dumps(form, ensure_ascii=False)
                stored = await told(client, "add_memory", content=content)
                rejected = stored["outcomes"].get("rejected", 0)
                assert (stored["outcomes"], rejected) == ({"rejected": rejected}, len(stored["items"])), (tool, content)
        assert [memory["id"] for memory in (await told(client, "list_memories"))["memories"]] == [
            memory["id"] for memory in before
        ]


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("add_memory", {}, "content: is missing"),
    ("add_memory", {"content": "  "}, "content: is empty"),
    ("add_memory", {"content": "x" * 1_000_000}, "source_type='document'"),
    ("add_memory", {"content": []}, "at least 1 item"),
    ("add_memory", {"content": 5}, "should be a valid string"),
    ("add_memory", {"content": "a\x00b"}, "NUL"),
    ("add_memory", {"content": "tea", "at": "yesterday"}, "at: "),
    ("add_memory", {"content": "tea", "at": "2026-05-04T09:30:00"}, "at: "),
    ("add_memory", {"content": "tea", "metadata": {"a": "x" * 70_000}}, "at most 64,000"),
    ("add_memory", {"content": "tea", "infer": True}, "infer: is not an argument of add_memory; it takes content"),
    ("add_memory", {"content": [{"role": "wizard", "content": "tea"}]}, "role"),
    ("search_memories", {"query": ""}, "query: is empty"),
    ("search_memories", {"query": "x" * 20_000}, "at most 10,000"),
    ("search_memories", {"query": "tea", "limit": 0}, "limit: should be greater than or equal to 1, not 0"),
    ("search_memories", {"query": "tea", "limit": "many"}, "limit: should be a valid integer"),
    ("search_memories", {"query": "tea", "types": ["dream"]}, "types.0: should be 'episodic_event'"),
    ("search_memories", {"query": "tea", "happened_from": "soon"}, "occurred_from"),
    ("get_memory", {"memory_id": "' OR 1=1 --"}, "must be a UUID"),
    ("get_memory", {"memory_id": "../../etc/passwd"}, "must be a UUID"),
    ("get_memory", {"memory_id": NOBODYS}, f"has no memory {NOBODYS}"),
    ("update_memory", {"memory_id": NOBODYS}, "text: is missing"),
    ("update_memory", {"memory_id": NOBODYS, "text": "tea"}, "has no memory"),
    ("delete_memory", {"memory_id": NOBODYS}, "has no memory"),
    ("delete_memory", {"memory_id": []}, "at least 1 item"),
    ("list_memories", {"cursor": "x"}, "cursor: must be a UUID"),
    ("get_context", {"max_tokens": 1}, "greater than or equal to 50"),
    ("get_context", {"style": "html"}, "style: should be 'markdown'"),
    ("get_status", {"x": 1}, "it takes none"),
    ("get_status", {"user_id": "recollect:tenant"}, "user"),
    ("get_status", {"user_id": 5}, "user_id: must be a string"),
]


async def test_what_cannot_be_used_is_refused_in_words(home: str):
    async with over_http(home) as served, served.client() as client:
        for tool, arguments, words in HOSTILE[:-2]:
            assert words in await refused(client, tool, **arguments), (tool, str(arguments)[:80])
        assert "user_id: must be a string" in await refused(client, "get_status", user_id=5)
        assert "reserved" in await refused(client, "list_memories", user_id="recollect:tenant")
        with pytest.raises(MCPError, match="there is no tool 'forget_everything'; there are add_memory"):
            await client.call_tool("forget_everything", {})
        assert (await told(client, "list_memories"))["memories"] == []


async def test_no_answer_is_too_long_and_cursors_lead_to_all(home: str):
    async with over_http(home) as served, served.client() as client:
        texts = [f"Note {number}: " + f"the garden needs water and care {number} " * 40 for number in range(60)]
        await served.memory.add([{"role": "user", "content": text} for text in texts], user_id="default")
        seen: list[str] = []
        cursor: str | None = None
        while True:
            arguments = {"limit": 200, "types": ["turn"], **({"cursor": cursor} if cursor else {})}
            answer = await client.call_tool("list_memories", arguments)
            data = answer.structured_content
            assert ESTIMATE.count(text_of(answer)) <= ANSWER_TOKENS
            assert ESTIMATE.count(json.dumps(data, ensure_ascii=False)) <= ANSWER_TOKENS * 1.1
            seen += [memory["id"] for memory in data["memories"]]
            cursor = data["next_cursor"]
            if cursor is None:
                break
            assert cursor in text_of(answer)
        assert len(seen) == len(set(seen)) == 60
        found = await client.call_tool("search_memories", {"query": "What does the garden need?", "limit": 100})
        assert ESTIMATE.count(text_of(found)) <= ANSWER_TOKENS
        assert found.structured_content["left_out"] > 0
        assert "left out for space" in text_of(found)


async def test_a_long_memory_is_read_in_parts(home: str):
    async with over_http(home) as served, served.client() as client:
        text = " ".join(f"word{number}" for number in range(1_000))
        memory_id = (await told(client, "add_memory", content=text))["items"][0]["memory_id"]
        parts: list[str] = []
        place: int | None = 0
        while place is not None:
            answer = await told(client, "get_memory", memory_id=memory_id, from_character=place)
            parts.append(answer["memory"]["text"])
            place = answer["next_character"]
        assert "".join(parts) == text
        assert len(parts) > 1
        assert "must be below" in await refused(client, "get_memory", memory_id=memory_id, from_character=99_999)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_long_calls_tell_how_far_they_are(home: str, mode: Mode):
    heard: list[tuple[float, float | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        assert message is not None
        heard.append((progress, total))

    async with over_http(home) as served, served.client(mode=mode) as client:
        messages = [{"content": f"I planted tree number {number}"} for number in range(120)]
        added = await client.call_tool("add_memory", {"content": messages}, progress_callback=hear)
        assert heard == [(50, 120), (100, 120), (120, 120)]
        listed = await served.memory.list(user_id="default", types=["turn"], limit=1000)
        assert len(listed) == 120 == sum(added.structured_content["outcomes"].values())
        heard.clear()
        ids = [str(memory.id) for memory in listed][:25]
        deleted = await client.call_tool("delete_memory", {"memory_id": [*ids, NOBODYS]}, progress_callback=hear)
        assert heard == [(10, 26), (20, 26), (26, 26)]
        assert deleted.structured_content["deleted"] == 25
        assert [one["memory_id"] for one in deleted.structured_content["failed"]] == [NOBODYS]


async def test_a_later_batch_that_cannot_be_stored_says_what_is_stored(home: str):
    async with over_http(home) as served, served.client() as client:
        messages = [{"content": f"I planted tree number {number}"} for number in range(60)] + [{"content": "a\x00b"}]
        sentence = await refused(client, "add_memory", content=messages)
        assert sentence.startswith("messages[60].content: ")
        assert "the 50 messages before this batch are stored" in sentence
        assert len(await served.memory.list(user_id="default", types=["turn"], limit=1000)) == 50


async def test_resources_and_the_prompt(home: str):
    async with over_http(home, Profile.ALL) as served, served.client() as client:
        added = await told(client, "add_memory", content="My name is Ada and I live in Lyon")
        resources = {str(one.uri) for one in (await client.list_resources()).resources}
        assert resources == {"memory://identity", "memory://recent", "memory://knowledge-graph"}
        templates = {one.uri_template for one in (await client.list_resource_templates()).resource_templates}
        assert templates == {"memory://memory/{memory_id}", "memory://knowledge-graph?cursor={cursor}"}

        async def read(uri: str) -> str:
            (contents,) = (await client.read_resource(uri)).contents
            return str(getattr(contents, "text", ""))

        assert "location: Lyon" in await read("memory://identity")
        assert "My name is Ada" in await read("memory://recent")
        for number in range(40):
            await served.memory.identity.set(f"field_{number}", "long words " * 300, user_id="default")
        long = await read("memory://identity")
        assert ESTIMATE.count(long) <= ANSWER_TOKENS
        assert "more fields have no room here" in long
        assert "My name is Ada" in await read(f"memory://memory/{added['items'][0]['memory_id']}")
        graph = json.loads(await read("memory://knowledge-graph"))
        assert "Lyon" in [entity["name"] for entity in graph["entities"]]
        for uri in ("memory://nothing", "memory://memory/x", f"memory://memory/{NOBODYS}", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)

        prompt = await client.get_prompt("with_memory", {"question": "Where do I live?"})
        (message,) = prompt.messages
        assert "Lyon" in message.content.text  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        with pytest.raises(MCPError, match="question: is missing"):
            await client.get_prompt("with_memory", {"question": " "})


async def test_status_says_whose_memory_it_is(home: str):
    async with over_http(home) as served, served.client() as client:
        status = await told(client, "get_status", user_id="ben")
        assert status["user_id"] == "ben"
        assert status["access"] == "admin"
        assert status["memories"] == 0
