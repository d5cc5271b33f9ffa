"""The memory tool's backend says what the SDK's own file tool says, word for word, and the SDK's runners drive it."""

from pathlib import Path

import pytest
from anthropic import Anthropic, AsyncAnthropic
from anthropic.tools.memory import BetaLocalFilesystemMemoryTool
from tests.memory_calls import Call, create, delete, insert, rename, replace, told, view
from tests.messages_server import MessagesServer

from recollect import AsyncMemory, Memory
from recollect.integrations.anthropic_memory import AsyncRecollectMemoryTool, RecollectMemoryTool


@pytest.fixture
def tool(memory: Memory) -> RecollectMemoryTool:
    """The tool of user ana."""
    return RecollectMemoryTool(memory, user_id="ana")


SAME = [
    create("/memories/a.txt", "one\ntwo\nthree\nfour\nfive\nsix\n"),
    create("/memories/a.txt", "again"),
    view("/memories/a.txt"),
    view("/memories/a.txt", 2, 3),
    view("/memories/a.txt", 5, -1),
    view("/memories/a.txt", 0, 2),
    view("/memories/a.txt", 40, 50),
    view("/memories/nothing.txt"),
    replace("/memories/a.txt", "three", "3\n3"),
    replace("/memories/a.txt", "3", "three"),
    replace("/memories/a.txt", "seven", "7"),
    replace("/memories/nothing.txt", "a", "b"),
    insert("/memories/a.txt", 0, "zero\n\n"),
    insert("/memories/a.txt", 3, "between"),
    insert("/memories/a.txt", 99, "never"),
    insert("/memories/a.txt", -1, "never"),
    insert("/memories/nothing.txt", 0, "never"),
    view("/memories/a.txt"),
    create("/memories/deep/er/b.md", "no line's end"),
    insert("/memories/deep/er/b.md", 1, "a second line"),
    replace("/memories/deep/er", "a", "b"),
    insert("/memories/deep", 0, "a"),
    view("/memories/deep/er/b.md"),
    create("/memories/crlf", "first\r\nsecond\r\n\r\n\tünï\u2028cödé 🦊\r\n"),
    insert("/memories/crlf", 1, "\r\nlast\r"),
    replace("/memories/crlf", "second\r\n", ""),
    view("/memories/crlf"),
    create("/memories/empty", ""),
    view("/memories/empty"),
    insert("/memories/empty", 0, ""),
    insert("/memories/empty", 1, "below"),
    view("/memories/empty"),
    rename("/memories/a.txt", "/memories/new/place/a.txt"),
    rename("/memories/a.txt", "/memories/other.txt"),
    rename("/memories/deep", "/memories/new/place"),
    rename("/memories/deep", "/memories/deeper"),
    view("/memories/deeper/er/b.md"),
    rename("/memories", "/memories/all"),
    delete("/memories/nothing.txt"),
    delete("/memories/deeper/er/b.md"),
    delete("/memories/new"),
    view("/memories/new/place/a.txt"),
    delete("/memories"),
    view("/elsewhere"),
    view("/memories/../secret"),
    delete("/memories/../../etc/passwd"),
    create("/etc/passwd", "root"),
]
"""Commands whose every answer is the same, in this order, as that of the SDK's tool on files."""


def test_it_answers_word_for_word_what_the_sdks_own_tool_answers(tool: RecollectMemoryTool, tmp_path: Path):
    own = BetaLocalFilesystemMemoryTool(str(tmp_path))
    for number, call in enumerate(SAME):
        assert told(tool, call) == told(own, call), f"{number}: {call}"


def test_a_directory_shows_two_levels_without_hidden_names(tool: RecollectMemoryTool):
    assert told(tool, view("/memories")).splitlines()[1:] == ["0B\t/memories"]
    for path in ("b.txt", "a/one.txt", "a/deep/two.txt", "a/deep/er/three.txt", ".hidden", "a/.git/x"):
        told(tool, create(f"/memories/{path}", "x" * 1536))
    assert told(tool, view("/memories/")) == (
        "Here're the files and directories up to 2 levels deep in /memories, excluding hidden items:\n"
        "9K\t/memories\n6K\t/memories/a/\n3K\t/memories/a/deep/\n1.5K\t/memories/a/one.txt\n1.5K\t/memories/b.txt"
    )
    assert "/memories/a/deep/two.txt" in told(tool, view("/memories/a"))
    assert told(tool, view("/memories/c")).startswith("ToolError: The path /memories/c does not exist.")


def test_a_file_is_no_directory_and_a_directory_no_file(tool: RecollectMemoryTool):
    told(tool, create("/memories/a", "a file"))
    told(tool, create("/memories/d/f", "a file"))
    assert told(tool, create("/memories/a/b", "x")) == "ToolError: The path /memories/a is not a directory."
    assert told(tool, create("/memories/d", "x")) == "ToolError: File /memories/d already exists"
    assert told(tool, rename("/memories/d/f", "/memories/a/f")) == "ToolError: The path /memories/a is not a directory."
    assert told(tool, rename("/memories/d", "/memories/d/e")) == "ToolError: Cannot move /memories/d into itself"
    assert told(tool, create("/memories", "x")) == "ToolError: File /memories already exists"
    assert tool.read("/memories/d/f") == "a file"


@pytest.mark.parametrize(
    "path",
    [
        "/memories/%2e%2e/etc/passwd", "/memories/%252e%252e%252fetc", "/memories/a/..", "/memories/./a",
        "/memories/..\\..\\etc", "\\memories\\a", "/memoriesevil/a", "memories/a", "", "/", "~/a", "C:\\memories",
        "/memories/a\x00b", "/memories/a\nb", "/memories/a\x1b[2J", "/memories/．．/a", "/memories/a／b",
        "/memories/" + "a" * 256, "/memories/" + "a/" * 600, "/memories/\udc80", "/memories/%2E%2E",
        "/memories/a%2f..%2f..%2fb", "/memories/ .. /a", "/memories/a%00b", "/memories/a\u2028b",
    ],
)  # fmt: skip
def test_a_path_that_could_lead_elsewhere_is_refused_by_every_command(tool: RecollectMemoryTool, path: str):
    told(tool, create("/memories/a", "kept"))
    calls = [
        view(path), create(path, "x"), replace(path, "k", "x"), insert(path, 0, "x"), delete(path),
        rename(path, "/memories/z"), rename("/memories/a", path),
    ]  # fmt: skip
    for call in calls:
        assert told(tool, call).startswith("ToolError: "), call
        assert "already exists" not in told(tool, call)
    assert tool.read("/memories/a") == "kept"
    assert told(tool, view("/memories")).count("\n") == 2


@pytest.mark.parametrize(
    "name",
    ["link -> /etc/passwd", "'; DROP TABLE memory; --", "%s %(x)s {0}", "$HOME", "a.b.c", "100%", "ünï 🦊", '"\\u'],
)
def test_a_strange_name_is_a_name_and_nothing_else(tool: RecollectMemoryTool, name: str):
    path = f"/memories/{name}/{name}"
    if "\\" in name:
        assert told(tool, create(path, "x")).startswith("ToolError: ")
        return
    assert told(tool, create(path, name)) == f"File created successfully at: {path}"
    assert tool.read(path) == name
    assert name.split("/", maxsplit=1)[0] in told(tool, view("/memories"))


@pytest.mark.parametrize(
    "call",
    [
        {"command": "create", "path": "/memories/x"},
        {"command": "create", "path": 7, "file_text": "x"},
        {"command": "create", "path": "/memories/x", "file_text": ["x"]},
        {"command": "create", "path": "/memories/x", "file_text": "NUL \x00"},
        {"command": "create", "path": "/memories/x", "file_text": "half \ud83e"},
        {"command": "create", "path": "/memories/x", "file_text": "x" * 100_001},
        {"command": "view"},
        {"command": "view", "path": "/memories/there", "view_range": ["a", "b"]},
        {"command": "insert", "path": "/memories/there", "insert_line": "one", "insert_text": "x"},
        {"command": "str_replace", "path": "/memories/there"},
        {"command": "str_replace", "path": "/memories/there", "old_str": "", "new_str": "x"},
        {"command": "rename", "old_path": "/memories/there"},
    ],
    ids=str,
)
def test_what_a_model_gets_wrong_it_is_told(tool: RecollectMemoryTool, call: Call):
    told(tool, create("/memories/there", "there"))
    assert told(tool, call).startswith("ToolError: ")
    assert tool.read("/memories/there") == "there"
    assert told(tool, view("/memories/x")).startswith("ToolError: The path /memories/x does not exist")


SCRIPT = [
    [view("/memories")],
    [create("/memories/ana.md", "Ana likes green tea.\n"), create("/memories/trip.md", "Naxos in May.\n")],
    [replace("/memories/ana.md", "black tea", "coffee"), insert("/memories/trip.md", 1, "Bring a hat.")],
    [view("/memories/../etc/passwd"), {"command": "explode", "path": "/memories"}],
    [rename("/memories/trip.md", "/memories/trips/naxos.md"), view("/memories/ana.md")],
    "I have noted it.",
]


def check_the_conversation(model: MessagesServer) -> None:
    """What the model was told of each call, in order."""
    assert model.requests[0]["tools"] == [{"type": "memory_20250818", "name": "memory"}]
    told = [(result.get("is_error", False), str(result["content"])) for result in model.results]
    assert [error for error, _ in told] == [False, False, False, True, False, True, True, False, False]
    assert told[0][1].endswith("0B\t/memories")
    assert told[3][1] == (
        "No replacement was performed, old_str `black tea` did not appear verbatim in /memories/ana.md."
    )
    assert told[5][1] == "Path /memories/../etc/passwd would escape /memories directory"
    assert (
        told[8][1]
        == "Here's the content of /memories/ana.md with line numbers:\n     1\tAna likes green tea.\n     2\t"
    )


def test_the_sdks_runner_drives_it(memory: Memory, tool: RecollectMemoryTool):
    with MessagesServer(SCRIPT) as model, Anthropic(api_key="none", base_url=model.base_url) as client:
        last = client.beta.messages.tool_runner(
            model="scripted", max_tokens=100, tools=[tool], messages=[{"role": "user", "content": "Remember this."}]
        ).until_done()
        assert last.content[0].type == "text"
        assert last.content[0].text == "I have noted it."
        check_the_conversation(model)
    assert tool.read("/memories/trips/naxos.md") == "Naxos in May.\nBring a hat.\n"
    assert memory.search("what does Ana drink?", user_id="ana")[0].memory.text == "Ana likes green tea.\n"


@pytest.mark.anyio
async def test_the_sdks_asynchronous_runner_drives_it(async_memory: AsyncMemory):
    tool = AsyncRecollectMemoryTool(async_memory, user_id="ana")
    with MessagesServer(SCRIPT) as model:
        async with AsyncAnthropic(api_key="none", base_url=model.base_url) as client:
            runner = client.beta.messages.tool_runner(
                model="scripted", max_tokens=100, tools=[tool], messages=[{"role": "user", "content": "Remember this."}]
            )
            last = await runner.until_done()
        assert last.content[0].type == "text"
        check_the_conversation(model)
    assert await tool.read("/memories/trips/naxos.md") == "Naxos in May.\nBring a hat.\n"
    versions = await tool.history("/memories/trips/naxos.md")
    assert [version.text for version in versions] == ["Naxos in May.\n", *["Naxos in May.\nBring a hat.\n"] * 2]
    assert await tool.clear_all_memory() == "All memory cleared"
