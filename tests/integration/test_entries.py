"""Entries beneath the integrations: what the log gives, large users, two processes' facades, models that change."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anthropic.lib.tools import ToolError
from tests.memory_calls import LONG, create, delete, insert, rename, replace

from recollect import AsyncMemory, Memory, bootstrap
from recollect.adapters.postgres.operator import Operator
from recollect.domain.entry import MARK, Address
from recollect.domain.replayed import ReplayReport
from recollect.errors import NotAllowed, ValidationError, VersionConflict
from recollect.integrations.anthropic_memory import RecollectMemoryTool
from recollect.integrations.langgraph import RecollectStore
from recollect.memory.entry_book import EntryBook
from recollect.memory.entry_changes import Put
from recollect.settings import load_settings

PLACE = Address("files", ("d",), "f")


@pytest.fixture
def operator(home: str) -> Iterator[Operator]:
    """Who looks after the database."""
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        yield operator


def test_the_log_adds_up_to_the_rows(memory: Memory, operator: Operator):
    tool, store = RecollectMemoryTool(memory, user_id="ana"), RecollectStore(memory, user_id="ana")
    for call in (
        create("/memories/g", ""), create("/memories/f", LONG[:60_000]), replace("/memories/f", "1000: the", "a"),
        insert("/memories/f", 1, "x" * 20_000), rename("/memories/f", "/memories/d/f"), delete("/memories/g"),
        replace("/memories/d/f", "x" * 20_000, ""), create("/memories/g", "again"),
    ):  # fmt: skip
        tool.call(dict(call))
    store.put(("a",), "k", {"n": 1e16, "text": "NUL \x00"}, ttl=1)
    store.get(("a",), "k")
    store.delete(("a",), "k")
    tenant = memory.audit.verify(user_id="ana").reports[0].tenant_id

    async def verified() -> ReplayReport:
        return await operator.verify(tenant, None, lambda _: None, vectors=True)

    report = anyio.run(verified)
    assert (report.faulty, report.events > 30) == ([], True)


def test_an_export_brings_files_and_items_along(memory: Memory, home: str):
    tool, store = RecollectMemoryTool(memory, user_id="ana"), RecollectStore(memory, user_id="ana")
    tool.call(create("/memories/d/f", LONG))
    store.put(("a", "b"), "k", {"n": 1e16, "text": "a kestrel"})
    lines = list(memory.export(user_id="ana"))
    with Memory(home=home, tenant_id="where entries are brought") as elsewhere:
        assert elsewhere.load(lines, user_id="ben").failed == 0
        moved, items = RecollectMemoryTool(elsewhere, user_id="ben"), RecollectStore(elsewhere, user_id="ben")
        assert moved.read("/memories/d/f") == LONG
        assert items.search((), query="kestrel")[0].value == {"n": 1e16, "text": "a kestrel"}
        moved.call(replace("/memories/d/f", "1000: the ferry", "1000: a boat"))
        items.put(("a", "b"), "k", {"n": 2})
        assert len(items.search(())) == 1


def test_a_user_too_large_for_the_arrays_is_served_too(home: str):
    with Memory(home=home, tenant_id="entries of a large user", resident_rows=0) as memory:
        store = RecollectStore(memory, user_id="ana")
        for number in range(30):
            store.put(("n", str(number % 3)), str(number), {"text": f"note {number} about tea", "n": number})
        store.put(("n", "1"), "kestrel", {"text": "the kestrel nests in the belfry", "n": 99})
        memory.add("a kestrel flew over the house", user_id="ana")
        assert store.search(("n",), query="where does the kestrel nest?", limit=1)[0].key == "kestrel"
        assert store.search(("n", "2"), query="kestrel", limit=100)[-1].namespace == ("n", "2")
        assert len(store.search(("n",), query="tea", filter={"n": {"$lt": 5}})) == 5


def test_two_processes_at_once_lose_nothing(home: str):
    """Two facades share no memory: what keeps them apart is the database alone."""
    with Memory(home=home, tenant_id="entries of two") as one, Memory(home=home, tenant_id="entries of two") as other:
        tools = [RecollectMemoryTool(memory, user_id="ana") for memory in (one, other)]
        tools[0].call(create("/memories/log", "begin\n"))
        refused: list[str] = []

        def edit(tool: RecollectMemoryTool, name: str) -> None:
            for number in range(6):
                tool.call(insert("/memories/log", 1, f"{name} {number}"))
                try:
                    tool.call(create(f"/memories/{number}", name))
                except ToolError as error:
                    refused.append(str(error.content))

        threads = [threading.Thread(target=edit, args=pair) for pair in zip(tools, ("one", "other"), strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(tools[1].read("/memories/log").splitlines()) == 13
        assert sorted(refused) == [f"File /memories/{number} already exists" for number in range(6)]
        assert one.audit.verify(user_id="ana").ok


def test_a_mark_that_somebody_wrote_makes_no_entry(memory: Memory):
    mark = PLACE.mark(0) | {"parts": 1, "version": 1, "value": '"forged"'}
    memory.add("forged words", user_id="ana", metadata={MARK: mark})
    memory.add("other forged words", user_id="ana", metadata={MARK: {"space": "langgraph", "under": "[]", "part": 0}})
    memory.add("more forged words", user_id="ana", metadata={MARK: {"space": 1, "part": "0"}})
    for number, path in enumerate(([["a"]], "a", None, [], ["a"])):
        mark = {"space": "langgraph", "under": ["[]"], "part": 0, "parts": 1, "path": path, "name": "k", "value": "{}"}
        memory.add(f"still more forged words {number}", user_id="ana", metadata={MARK: mark})
    tool, store = RecollectMemoryTool(memory, user_id="ana"), RecollectStore(memory, user_id="ana")
    with pytest.raises(ToolError, match="does not exist"):
        tool.call({"command": "view", "path": "/memories/d/f"})
    assert str(tool.call({"command": "view", "path": "/memories"})).endswith("0B\t/memories")
    tool.call(create("/memories/d/f", "genuine"))
    assert tool.read("/memories/d/f") == "genuine"
    assert store.search(()) == store.search((), query="forged") == store.search((), filter={"a": None}) == []
    assert store.search((), query="forged", filter={"a": None}) == []
    assert store.list_namespaces(prefix=("a", "b")) == []  # and it breaks nothing
    assert len(tool.history("/memories/d/f")) == 1
    forged = memory.search("forged words", user_id="ana")[0].memory
    assert memory.update(forged.id, user_id="ana", text="mine to change").text == "mine to change"


def test_a_policy_can_forbid_to_write_them(memory: Memory):
    tool, store = RecollectMemoryTool(memory, user_id="ana"), RecollectStore(memory, user_id="ana")
    tool.call(create("/memories/f", "before the policy"))
    rule = """package recollect.refuses
import rego.v1
applies if { input.action == "write"; input.memory.source_type == "document" }
allow if false
deny contains "no documents"
"""
    memory.policies.add("refuses", rule)
    for call in (create("/memories/g", "x"), replace("/memories/f", "before", "after"), delete("/memories/f")):
        with pytest.raises(ToolError, match="no documents"):
            tool.call(dict(call))
    with pytest.raises(NotAllowed, match="no documents"):
        store.put(("a",), "k", {"v": 1})
    assert tool.read("/memories/f") == "before the policy"
    assert store.search(()) == []


def test_long_files_leave_room_for_others_in_a_packet(memory: Memory):
    tool = RecollectMemoryTool(memory, user_id="ana")
    tool.call(create("/memories/ferries", LONG))
    memory.add("My sister Anna works at Siemens", user_id="ana")
    packet = memory.context("Where does Anna work, and when does the ferry to Naxos leave?", user_id="ana")
    text = packet.render(budget_tokens=400)
    assert "Siemens" in text
    assert len(text) < 400 * 6


@pytest.mark.anyio
async def test_a_write_from_what_has_changed_writes_nothing(async_memory: AsyncMemory):
    book = EntryBook(async_memory)
    await book.write([Put(address=PLACE, text="one")], user_id="ana")
    (read,) = await book.named([PLACE], user_id="ana")
    other = Address("files", (), "other")
    wishes = [Put(address=other, text="beside it"), Put(address=PLACE, text="two", base=read)]
    await book.write(wishes[1:], user_id="ana")
    with pytest.raises(VersionConflict):
        await book.write(wishes, user_id="ana")
    now, beside = await book.named([PLACE, other], user_id="ana")
    assert now is not None
    assert (now.text, now.version, beside) == ("two", 2, None)
    found = await asyncio.gather(
        *(book.write([Put(address=PLACE, text=f"three {n}", base=now)], user_id="ana") for n in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, VersionConflict) for one in found) == 4


@pytest.mark.anyio
@pytest.mark.parametrize(
    "place", [Address("files", ("\x00",), "f"), Address("files", (), "\udc80"), Address("f", (), "x" * 2000)]
)
async def test_names_that_cannot_be_kept_are_refused(async_memory: AsyncMemory, place: Address):
    with pytest.raises(ValidationError):
        await EntryBook(async_memory).write([Put(address=place, text="x")], user_id="ana")
    with pytest.raises(ValidationError):
        await EntryBook(async_memory).named([place], user_id="ana")
