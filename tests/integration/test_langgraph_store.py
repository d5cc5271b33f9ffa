"""LangGraph's store on Recollect, beyond what it shares with LangGraph's own: words, users, the log, speed, threads."""

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from langgraph.store.base import GetOp, Op, PutOp, Result, SearchOp

from recollect import AsyncMemory, Memory
from recollect.domain.entry import Address
from recollect.errors import NotFound, UsageError, ValidationError
from recollect.integrations.langgraph import AsyncRecollectStore, RecollectStore
from recollect.memory.background import LOOP
from recollect.memory.entry_book import EntryBook

NOTES = {
    "tea": {"text": "Ana drinks green tea in the morning"},
    "ferry": {"text": "The ferry to Naxos leaves at eight"},
    "tyres": {"text": "The winter tyres are in the cellar"},
}


@pytest.fixture
def store(memory: Memory) -> RecollectStore:
    """The store of user ana."""
    return RecollectStore(memory, user_id="ana")


# --- finding


def test_a_question_finds_what_it_is_about_below_the_prefix_alone(store: RecollectStore):
    for key, value in NOTES.items():
        store.put(("notes", "ana"), key, value)
        store.put(("other",), key, value)
    found = store.search(("notes",), query="When does the ferry to Naxos leave?")
    assert [item.namespace for item in found] == [("notes", "ana")] * 3
    assert found[0].key == "ferry"
    assert found[0].value == NOTES["ferry"]
    scores = [item.score for item in found if item.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[0] <= 1
    assert [item.key for item in store.search(("notes",), query="green tea", limit=1)] == ["tea"]
    assert len(store.search(("notes",), query="hello")) == 3  # small talk ranks nothing; they are there all the same


def test_a_filter_comes_before_the_ranking(store: RecollectStore):
    for number in range(60):
        store.put(("n",), f"{number}", {"text": f"the ferry to Naxos, note {number}", "kind": number % 30})
    found = store.search(("n",), query="ferry to Naxos", filter={"kind": 29}, limit=5)
    assert {item.key for item in found} == {"29", "59"}
    everything = store.search(("n",), query="ferry to Naxos", limit=100)
    assert len({item.key for item in everything}) == 60
    pages = [store.search(("n",), query="ferry to Naxos", limit=25, offset=offset) for offset in (0, 25, 50, 75)]
    assert [item.key for page in pages for item in page] == [item.key for item in everything]


def test_what_an_item_is_found_by(memory: Memory):
    store = RecollectStore(memory, user_id="ana", fields=["title", "parts[*].text"])
    store.put(("d",), "fields", {"title": "kestrel", "secret": "belfry", "parts": [{"text": "osprey"}]})
    store.put(("d",), "none", {"title": "kestrel"}, index=False)
    store.put(("d",), "own", {"title": "kestrel", "secret": "belfry"}, index=["secret"])

    def found(query: str) -> list[str]:
        return [item.key for item in store.search(("d",), query=query) if item.score is not None]

    assert found("kestrel")[0] == found("osprey")[0] == "fields"
    assert found("belfry")[0] == "own"
    assert "none" not in found("kestrel")
    assert {item.key for item in store.search(("d",), query="kestrel")} == {"fields", "own", "none"}
    assert store.search(("d",), filter={"title": "kestrel"}, query="kestrel", limit=9)[-1].key == "none"
    assert [hit.memory.text for hit in memory.search("kestrel", user_id="ana", limit=1)] == ["kestrel\nosprey"]
    with pytest.raises(ValidationError, match="fields"):
        RecollectStore(memory, user_id="ana", fields="title")


def test_a_long_item_is_one_item(store: RecollectStore):
    words = " ".join(f"word{number}" for number in range(9_000))
    store.put(("long",), "k", {"text": f"{words} the kestrel nests in the belfry"})
    store.put(("long",), "other", {"text": "a short one"})
    assert store.search(("long",), query="where does the kestrel nest?", limit=1)[0].key == "k"
    assert [item.key for item in store.search(("long",), limit=2)] == ["k", "other"]
    store.put(("long",), "k", {"text": "short now"})
    assert len(store.search((), query="kestrel", limit=5)) == 2


def test_text_is_replaced_with_its_words(store: RecollectStore):
    store.put(("a",), "k", {"text": "a kestrel"})
    store.put(("a",), "k", {"text": "an osprey"})
    assert store.search(("a",), query="osprey")[0].value == {"text": "an osprey"}
    item = store.get(("a",), "k")
    assert item is not None
    assert item.updated_at > item.created_at
    assert item.created_at.tzinfo is not None


# --- whose they are, and what becomes of them


def test_users_agents_and_tenants_do_not_see_each_other(memory: Memory, store: RecollectStore, home: str):
    store.put(("a",), "k", {"v": "ana"})
    ben, coder = RecollectStore(memory, user_id="ben"), RecollectStore(memory, user_id="ana", agent_id="coder")
    with Memory(home=home, tenant_id="another tenant of the store") as elsewhere:
        for other in (ben, coder, RecollectStore(elsewhere, user_id="ana")):
            assert other.get(("a",), "k") is None
            assert other.search(()) == other.search((), query="ana") == other.list_namespaces() == []
            other.put(("a",), "k", {"v": "other"})
            other.delete(("a",), "k")
    item = store.get(("a",), "k")
    assert item is not None
    assert item.value == {"v": "ana"}
    with pytest.raises(ValidationError, match="reserved"):
        RecollectStore(memory, user_id="recollect:project:p").search(())


def test_the_namespace_can_say_whose_an_item_is(memory: Memory):
    def whose(namespace: tuple[str, ...]) -> str:
        if len(namespace) < 2 or namespace[0] != "users":
            raise LookupError(f"{namespace} names no user")
        return namespace[1]

    store = RecollectStore(memory, user_id=whose)
    store.batch([PutOp(("users", who, "notes"), "k", {"text": f"{who} likes tea"}) for who in ("ana", "ben")])
    assert [m.text for m in memory.list(user_id="ana")] == ["text: ana likes tea"]
    found = store.batch([GetOp(("users", "ben", "notes"), "k"), SearchOp(("users", "ana"), query="tea")])
    assert "ben likes tea" in str(found[0])
    assert "ben" not in str(found[1])
    assert store.list_namespaces(prefix=("users", "ben")) == [("users", "ben", "notes")]
    for impossible in (lambda: store.search(("users",)), store.list_namespaces, lambda: store.get(("x",), "k")):
        with pytest.raises(LookupError):
            impossible()
    memory.erase(user_id="ana")
    assert store.get(("users", "ana", "notes"), "k") is None
    assert store.get(("users", "ben", "notes"), "k") is not None


def test_items_are_in_the_log_with_their_history(memory: Memory, store: RecollectStore):
    store.put(("a",), "k", {"v": 1})
    store.put(("a",), "k", {"v": 2})
    seq = memory.events.list(user_id="ana")[-1].seq
    store.delete(("a",), "k")
    kinds = [event.type.value for event in memory.events.list(user_id="ana")]
    assert kinds == ["memory_added", "memory_updated", "memory_deleted"]
    memory.rollback(user_id="ana", to=seq)
    item = store.get(("a",), "k")
    assert item is not None
    assert item.value == {"v": 2}


def test_nothing_is_read_into_an_item(memory: Memory, store: RecollectStore):
    for key in ("one", "two"):
        store.put(("a",), key, {"text": "My sister Anna works at Siemens"})
    memory.add("My sister Anna works at Siemens", user_id="ana")
    store.put(("a",), "three", {"text": "ok"})
    assert len(store.search(("a",))) == 3
    kinds = {m.type.value for m in memory.list(user_id="ana") if m.source_type.value == "document"}
    assert kinds == {"semantic_fact"}
    assert all(m.key is None for m in memory.list(user_id="ana") if m.source_type.value == "document")


def test_a_policy_decides_of_items_too(memory: Memory, store: RecollectStore):
    store.put(("a",), "k", {"text": "the salary is high"})
    rule = """package recollect.hides
import rego.v1
applies if input.action == "read"
filter := {"source_id": {"eq": "nobody"}}
"""
    memory.policies.add("hides", rule)
    assert store.get(("a",), "k") is None
    assert store.search(()) == store.search((), query="salary") == []
    with pytest.raises(NotFound):
        LOOP.call(lambda: EntryBook(memory).history(Address("langgraph", ("a",), "k"), user_id="ana"))


# --- speed


@pytest.mark.anyio
async def test_a_batch_takes_few_round_trips(async_memory: AsyncMemory):
    store = RecollectStore(async_memory, user_id="ana")
    parts = await async_memory.core.ready()

    async def trips(*ops: Op) -> int:
        counted = parts.count_round_trips()
        await store.abatch(ops)
        return counted[0]

    assert await trips(PutOp(("a", "0"), "0", {"text": "note 0"})) <= 3  # whether there are policies is asked first
    assert await trips(*(PutOp(("a", str(n % 7)), str(n), {"text": f"note {n}"}) for n in range(50))) == 2
    assert await trips(*(GetOp(("a", str(n % 7)), str(n)) for n in range(50))) == 1
    assert await trips(*(SearchOp(("a", str(n % 7))) for n in range(50))) == 1
    assert await trips(*(GetOp(("a", "1"), str(n)) for n in range(20)), SearchOp(("a",), {"text": "note 3"})) == 2
    assert await trips(*(PutOp(("a", str(n % 7)), str(n), {"text": f"new {n}"}) for n in range(50))) == 2
    assert await trips(*(PutOp(("a", str(n % 7)), str(n), None) for n in range(50))) <= 7
    many = RecollectStore(async_memory, user_id=lambda namespace: namespace[0])
    for number in range(20):
        await many.aput((f"user {number}",), "k", {"v": number})
    counted = parts.count_round_trips()
    found = await many.abatch([GetOp((f"user {number}",), "k") for number in range(20)])
    assert len([item for item in found if item is not None]) == 20
    assert counted[0] <= 2  # one, and one more where it is time to ask again whether there are policies


@pytest.mark.anyio
async def test_a_question_takes_as_many_round_trips_among_many_items_as_among_few(async_memory: AsyncMemory):
    store = RecollectStore(async_memory, user_id="ana")
    parts = await async_memory.core.ready()
    found: list[int] = []
    for size in (20, 200):
        await store.abatch([PutOp(("a",), str(n), {"text": f"ferry number {n} to Naxos"}) for n in range(size)])
        await store.asearch(("a",), query="ferry")
        counted = parts.count_round_trips()
        assert len(await store.asearch(("a",), query="ferry 7", limit=5)) == 5
        found.append(counted[0])
    assert found[0] == found[1] <= 3


# --- threads and loops


@pytest.mark.anyio
async def test_writes_at_once_are_all_kept_and_calls_of_a_moment_go_together(
    async_memory: AsyncMemory, monkeypatch: pytest.MonkeyPatch
):
    store = AsyncRecollectStore(async_memory, user_id="ana")
    await asyncio.gather(*(store.aput(("a",), str(number % 10), {"v": number}) for number in range(50)))
    found = await store.asearch(("a",), limit=100)
    assert sorted(item.value["v"] for item in found) == list(range(40, 50))  # the last of each key, as LangGraph says
    asked: list[int] = []
    done = store.store.abatch

    async def counting(ops: Iterable[Op]) -> list[Result]:
        several = list(ops)
        asked.append(len(several))
        return await done(several)

    monkeypatch.setattr(store.store, "abatch", counting)
    assert len(await asyncio.gather(*(store.aget(("a",), str(n % 10)) for n in range(20)))) == 20
    assert asked == [10]  # one batch, and each of the ten once
    plain = RecollectStore(async_memory, user_id="ana")
    await asyncio.gather(*(plain.aput(("b",), "k", {"v": number}) for number in range(10)))
    assert len(await plain.asearch(("b",))) == 1


@pytest.mark.anyio
async def test_either_kind_of_method_works_on_either_kind_of_memory(async_memory: AsyncMemory, memory: Memory):
    on_async, on_sync = RecollectStore(async_memory, user_id="ana"), RecollectStore(memory, user_id="ana")
    await on_async.aput(("a",), "k", {"v": 1})
    await on_sync.aput(("a",), "k", {"v": 1})
    with pytest.raises(UsageError, match="await"):
        on_async.get(("a",), "k")
    found = await asyncio.to_thread(on_async.get, ("a",), "k")
    assert found is not None
    assert found.value == {"v": 1}
    assert on_sync.get(("a",), "k") is not None
    assert await on_sync.asweep_ttl() == await on_async.asweep_ttl() == 0
    thread = threading.Thread(target=on_sync.put, args=(("a",), "k", {"v": 2}))
    thread.start()
    await asyncio.to_thread(thread.join)
    item = await on_sync.aget(("a",), "k")
    assert item is not None
    assert item.value == {"v": 2}


def test_an_async_memory_without_its_loop_says_what_to_do(home: str):
    with pytest.raises(UsageError, match="AsyncMemory"):
        RecollectStore(AsyncMemory(home=home), user_id="ana").get(("a",), "k")


@pytest.mark.parametrize("page", [{"limit": -1}, {"offset": -1}, {"limit": True}, {"limit": 1.5}])
def test_a_page_that_cannot_be_is_refused(store: RecollectStore, page: dict[str, Any]):
    with pytest.raises(ValidationError, match=next(iter(page))):
        store.search((), **page)


def test_a_key_that_cannot_be_kept_is_refused(store: RecollectStore):
    for key in ("\x00", "half \ud83e", "k" * 2_000):
        with pytest.raises(ValidationError, match="name"):
            store.put(("a",), key, {"v": 1})
    with pytest.raises(ValidationError, match="path"):
        store.put(("half \ud83e",), "k", {"v": 1})
    assert store.get(("half \ud83e",), "k\x00") is None
    assert store.search(("half \ud83e",)) == store.search(("half \ud83e",), query="anything") == []
