"""The memory tool's files: character for character, with their history, and whole when several edit at once."""

import asyncio
import threading

import pytest
from anthropic.lib.tools import ToolError
from tests.memory_calls import LONG, create, delete, insert, rename, replace, told, view

from recollect import AsyncMemory, Memory
from recollect.errors import Conflict, NotFound
from recollect.integrations.anthropic_memory import AsyncRecollectMemoryTool, RecollectMemoryTool


@pytest.fixture
def tool(memory: Memory) -> RecollectMemoryTool:
    """The tool of user ana."""
    return RecollectMemoryTool(memory, user_id="ana")


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
    head, part = (memory.list(user_id="ana").memories[place] for place in (-1, 4))
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
    head = memory.list(user_id="ana").memories[-1]
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


def test_a_file_is_read_as_it_was_at_one_moment(memory: Memory, tool: RecollectMemoryTool):
    states = [letter * 35_000 for letter in "ab"]
    tool.call(create("/memories/f", states[0]))
    ended = threading.Event()
    seen: set[str] = set()

    def read() -> None:
        reader = RecollectMemoryTool(memory, user_id="ana")
        while not ended.is_set():
            try:
                seen.add(reader.read("/memories/f"))
            except NotFound:
                seen.add(states[0])

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(6):
        tool.call(replace("/memories/f", states[number % 2], states[1 - number % 2]))
        tool.call(delete("/memories/f"))
        tool.call(create("/memories/f", states[1 - number % 2]))
    ended.set()
    thread.join()
    assert seen == set(states)


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
