"""The memory tool's backend does what the SDK's own file tool does, word for word, and keeps the history."""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from anthropic import Anthropic, AsyncAnthropic
from anthropic.lib.tools import ToolError
from anthropic.tools.memory import BetaAbstractMemoryTool, BetaLocalFilesystemMemoryTool
from tests.messages_server import MessagesServer

from recollect import AsyncMemory, Memory
from recollect.errors import Conflict, NotFound
from recollect.integrations.anthropic_memory import AsyncRecollectMemoryTool, RecollectMemoryTool

Call = Mapping[str, Any]

LONG = "".join(f"{number}: the ferry to Naxos leaves at {number % 24} o'clock\n" for number in range(2_500))[:99_000]


def told(tool: BetaAbstractMemoryTool, call: Call) -> str:
    """What the tool says, or what it raises."""
    try:
        return str(tool.call(dict(call)))
    except ToolError as error:
        return f"ToolError: {error.content}"


@pytest.fixture
def tool(memory: Memory) -> RecollectMemoryTool:
    """The tool of user ana."""
    return RecollectMemoryTool(memory, user_id="ana")


def create(path: str, text: str) -> Call:
    return {"command": "create", "path": path, "file_text": text}


def replace(path: str, old: str, new: str) -> Call:
    return {"command": "str_replace", "path": path, "old_str": old, "new_str": new}


def view(path: str, *lines: int) -> Call:
    return {"command": "view", "path": path, **({"view_range": list(lines)} if lines else {})}


def insert(path: str, line: int, text: str) -> Call:
    return {"command": "insert", "path": path, "insert_line": line, "insert_text": text}


def delete(path: str) -> Call:
    return {"command": "delete", "path": path}


def rename(old: str, new: str) -> Call:
    return {"command": "rename", "old_path": old, "new_path": new}


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


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "x" * 100_000,
        "\n" * 25_000,
        " \t ",
        "-",
        "\x01\x02\x7f",
        "a\r\nb\rc\n\n\n",
        "é\u0301 🦊\u200b\ufeff",
        "\\n",
    ],
    ids=["long", "one line", "line ends", "blank", "dash", "controls", "returns", "unicode", "backslash"],
)
def test_a_file_comes_back_character_for_character(memory: Memory, tool: RecollectMemoryTool, text: str):
    tool.call(create("/memories/f", text))
    assert tool.read("/memories/f") == text
    assert RecollectMemoryTool(memory, user_id="ana").read("/memories/f") == text


def test_a_long_file_is_edited_where_it_changes_and_found_by_its_words(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/ferries.txt", LONG))
    before = len(memory.events.list(user_id="ana", limit=1000))
    tool.call(replace("/memories/ferries.txt", "1000: the ferry to Naxos", "1000: the hydrofoil to Amorgos"))
    assert tool.read("/memories/ferries.txt") == LONG.replace(
        "1000: the ferry to Naxos", "1000: the hydrofoil to Amorgos"
    )
    changed = len(memory.events.list(user_id="ana", limit=1000)) - before
    assert changed < len(LONG) / 10_000  # not all of it is written anew
    best = memory.search("hydrofoil to Amorgos", user_id="ana")[0].memory
    assert "hydrofoil to Amorgos" in best.text
    assert (best.type.value, best.tier.value, best.source_type.value) == ("semantic_fact", "personal", "document")
    tool.call(create("/memories/short", "y"))
    tool.call(replace("/memories/short", "y", LONG))
    tool.call(replace("/memories/short", LONG, "short again"))
    assert tool.read("/memories/short") == "short again"
    assert memory.audit.verify(user_id="ana").ok


def test_two_files_with_the_same_words_are_two_files(memory: Memory, tool: RecollectMemoryTool):
    memory.add("My sister Anna works at Siemens", user_id="ana")
    stated = {m.id: m.value for m in memory.list(user_id="ana") if m.key is not None}
    tool.call(create("/memories/one", "My sister Anna works at Siemens"))
    tool.call(create("/memories/two", "My sister Anna works at Siemens"))
    tool.call(replace("/memories/one", "Siemens", "Bosch"))
    assert tool.read("/memories/one") == "My sister Anna works at Bosch"
    assert tool.read("/memories/two") == "My sister Anna works at Siemens"
    assert "Siemens" in stated.values()
    assert stated == {m.id: m.value for m in memory.list(user_id="ana") if m.key is not None}  # no file states a fact


def test_every_change_is_in_the_log_and_every_state_can_be_read_back(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/plan.md", "draft"))
    tool.call(replace("/memories/plan.md", "draft", LONG))
    tool.call(rename("/memories/plan.md", "/memories/done/plan.md"))
    tool.call(replace("/memories/done/plan.md", LONG, "final"))
    versions = tool.history("/memories/done/plan.md")
    assert [version.text for version in versions] == ["draft", LONG, LONG, "final"]
    assert [version.address.path for version in versions] == [(), (), ("done",), ("done",)]
    assert {version.actor for version in versions} == {"agent"}
    assert tool.read("/memories/done/plan.md", seq=versions[1].seq) == LONG
    tool.call(delete("/memories/done"))
    tool.call(create("/memories/done/plan.md", "anew"))
    versions = tool.history("/memories/done/plan.md")
    assert [version.text for version in versions] == ["draft", LONG, LONG, "final", None, "anew"]
    with pytest.raises(NotFound):
        tool.read("/memories/done/plan.md", seq=versions[4].seq)
    with pytest.raises(NotFound):
        tool.history("/memories/plan.md")
    memory.rollback(user_id="ana", to=versions[3].seq)
    assert tool.read("/memories/done/plan.md") == "final"
    assert memory.audit.verify(user_id="ana").ok


def test_what_is_deleted_is_found_no_more_but_its_history_is(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/secret", "the kestrel nests in the belfry"))
    (found,) = memory.list(user_id="ana")
    tool.call(delete("/memories/secret"))
    assert len(memory.search("kestrel", user_id="ana")) == 0
    assert [e.type.value for e in memory.history(found.id, user_id="ana")] == ["memory_added", "memory_deleted"]
    assert [version.text for version in tool.history("/memories/secret")] == ["the kestrel nests in the belfry", None]


def test_files_are_the_users_and_the_agents_own(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/f", "ana's"))
    coder = RecollectMemoryTool(memory, user_id="ana", agent_id="coder")
    coder.call(create("/memories/f", "the coder's"))
    bob = RecollectMemoryTool(memory, user_id="bob")
    assert told(bob, view("/memories/f")).startswith("ToolError: The path /memories/f does not exist")
    assert (tool.read("/memories/f"), coder.read("/memories/f")) == ("ana's", "the coder's")
    assert bob.clear_all_memory() == "All memory cleared"
    assert coder.clear_all_memory() == "All memory cleared"
    assert tool.read("/memories/f") == "ana's"
    memory.erase(user_id="ana")
    assert told(tool, view("/memories/f")).startswith("ToolError: The path /memories/f does not exist")


def test_a_part_of_a_file_is_changed_through_the_file_alone(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/f", LONG))
    head, part = (memory.list(user_id="ana").memories[place] for place in (0, 4))
    with pytest.raises(Conflict, match="entry"):
        memory.update(part.id, user_id="ana", text="broken")
    with pytest.raises(Conflict, match="entry"):
        memory.update(head.id, user_id="ana", metadata={})
    with pytest.raises(Conflict, match="entry"):
        memory.delete(part.id, user_id="ana")
    assert tool.read("/memories/f") == LONG
    memory.erase(user_id="ana", memory_id=part.id)  # who may erase, may: the file is what is left of it
    assert tool.read("/memories/f") == LONG.replace(part.text, "")
    tool.call(insert("/memories/f", 0, "new"))
    assert tool.read("/memories/f") == "new\n" + LONG.replace(part.text, "") + "\n"


def test_a_file_can_be_made_anew_where_the_head_of_one_was_erased(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/f", LONG))
    head = memory.list(user_id="ana").memories[0]
    memory.erase(user_id="ana", memory_id=head.id)
    assert told(tool, view("/memories/f")).startswith("ToolError: The path /memories/f does not exist")
    tool.call(create("/memories/f", LONG.upper()))
    assert tool.read("/memories/f") == LONG.upper()
    assert len(memory.list(user_id="ana", limit=100).memories) == len(LONG) // 10_000 + 1


def test_an_erased_file_leaves_nothing_behind(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/f", "the kestrel nests in the belfry"))
    tool.call(delete("/memories/f"))
    tool.call(create("/memories/f", LONG))
    assert sum(certificate.rows["memory"] for certificate in tool.erase("/memories/f")) == len(LONG) // 10_000 + 2
    assert memory.list(user_id="ana").memories == ()
    with pytest.raises(NotFound):
        tool.history("/memories/f")
    with pytest.raises(NotFound):
        tool.erase("/memories/f")


def test_of_edits_at_once_none_is_lost(memory: Memory, tool: RecollectMemoryTool):
    tool.call(create("/memories/log", "begin\n"))
    answers: list[str] = []

    def edit(number: int) -> None:
        mine = RecollectMemoryTool(memory, user_id="ana")
        answers.append(told(mine, insert("/memories/log", 1, f"line {number}")))

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = sum(answer == "The file /memories/log has been edited." for answer in answers)
    assert done == 8
    assert sorted(tool.read("/memories/log").splitlines()) == ["begin", *(f"line {number}" for number in range(8))]
    assert len(tool.history("/memories/log")) == 9


@pytest.mark.anyio
async def test_of_two_who_create_one_file_one_is_told(async_memory: AsyncMemory):
    tools = [AsyncRecollectMemoryTool(async_memory, user_id="ana") for _ in range(4)]
    calls = [tool.call(create("/memories/f", f"by {number}")) for number, tool in enumerate(tools)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ToolError)]
    assert len(refused) == 3
    assert {error.content for error in refused} == {"File /memories/f already exists"}
    winner = next(number for number, answer in enumerate(answers) if isinstance(answer, str))
    assert await tools[0].read("/memories/f") == f"by {winner}"
    answers = await asyncio.gather(
        tools[0].call(create("/memories/d", "a file")), tools[1].call(create("/memories/d/e", "in it")),
        return_exceptions=True,
    )  # fmt: skip
    assert sum(isinstance(answer, ToolError) for answer in answers) == 1


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
