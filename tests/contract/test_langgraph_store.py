"""LangGraph's own store in memory and ours answer the same cases in the same way: what one does, the other does.

LangGraph ships no tests for stores (its conformance kit is for checkpointers), so its ``InMemoryStore`` is the measure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from langgraph.store.base import (
    BaseStore,
    GetOp,
    InvalidNamespaceError,
    Item,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchItem,
    SearchOp,
)
from langgraph.store.memory import InMemoryStore

from recollect import AsyncMemory, Memory
from recollect.integrations.langgraph import AsyncRecollectStore, RecollectStore


@dataclass(frozen=True)
class Step:
    """One call of a store's method."""

    method: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]

    def outcome(self, store: BaseStore) -> Any:
        """What it answers, or the kind of error that it ends in."""
        try:
            return seen(getattr(store, self.method)(*self.arguments, **self.named))
        except (ValueError, TypeError) as error:
            return type(error)


def do(method: str, *arguments: Any, **named: Any) -> Step:
    return Step(method, arguments, named)


def put(namespace: tuple[Any, ...], key: Any, value: Any) -> Step:
    return do("put", namespace, key, value)


def get(namespace: tuple[Any, ...], key: Any) -> Step:
    return do("get", namespace, key)


def search(*prefix: Any, **named: Any) -> Step:
    return do("search", prefix, **named)


def spaces(**named: Any) -> Step:
    return do("list_namespaces", **named)


def batch(*ops: Any) -> Step:
    return do("batch", list(ops))


def seen(answer: Any) -> Any:
    """What must be the same of an answer: everything but the times."""
    if isinstance(answer, SearchItem):
        return ("found", answer.namespace, answer.key, answer.value, answer.score is None)
    if isinstance(answer, Item):
        return ("item", answer.namespace, answer.key, answer.value)
    return [seen(one) for one in cast("list[Any]", answer)] if isinstance(answer, list) else answer


def ordered(answer: Any) -> Any:
    """Stores need not agree in which order namespaces come when several are searched; within one they must."""
    if not isinstance(answer, list):
        return answer
    several = cast("list[Any]", answer)
    if several and isinstance(several[0], tuple) and several[0][0] == "found":
        return sorted(several, key=_namespace)
    return [ordered(one) for one in several]


def _namespace(found: tuple[Any, ...]) -> Any:
    return found[1]


DOCS: Mapping[str, dict[str, Any]] = {
    "one": {"n": 1, "color": "red", "tags": ["a", "b"], "deep": {"x": 1, "y": {"z": None}}, "ok": True},
    "two": {"n": 2, "color": "blue", "tags": [], "deep": {"x": 2}, "ok": False},
    "three": {"n": 3.5, "color": "red", "tags": ["a"], "deep": {"x": 2, "y": {"z": 3}}, "ok": None},
    "none": {"n": -1, "other": "red"},
}

FILLED = (
    *(put(("docs",), key, value) for key, value in DOCS.items()),
    put(("docs", "below"), "deep", {"n": 9, "color": "red"}),
    put(("other",), "one", {"n": 1, "color": "red"}),
)

NAMESPACES = (
    ("a", "b", "c"), ("a", "b", "d", "e"), ("a", "b", "d", "i"), ("a", "b", "f"), ("a", "c", "f"), ("b", "a", "f"),
    ("users", "123"), ("users", "456", "settings"), ("admin", "users", "789"), ("b", "a"), ("a",),
)  # fmt: skip

FILTERS: Sequence[dict[str, Any]] = (
    {}, {"color": "red"}, {"color": "green"}, {"missing": None}, {"ok": None}, {"ok": True}, {"n": 2}, {"n": 2.0},
    {"n": {"$gt": 1}}, {"n": {"$gte": 2}}, {"n": {"$lt": 2}}, {"n": {"$lte": 1}}, {"n": {"$gte": 1, "$lt": 3}},
    {"color": {"$eq": "red"}}, {"color": {"$ne": "red"}}, {"missing": {"$ne": 1}}, {"missing": {"$eq": None}},
    {"tags": ["a"]}, {"tags": ["a", "b"]}, {"tags": ("a",)}, {"tags": []}, {"deep": {"x": 2}},
    {"deep": {"y": {"z": 3}}}, {"deep": {"missing": None}}, {"color": "red", "n": {"$gt": 2}}, {"color": {"a": 1}},
    {"n": {"$gt": "1"}}, {"n": {"$regex": "x"}},
)  # fmt: skip

PAGES = ((1, 0), (2, 1), (10, 3), (10, 99), (0, 0), (5, 0))

LISTINGS: Sequence[dict[str, Any]] = (
    {}, {"prefix": ("a", "b")}, {"suffix": ("f",)}, {"prefix": ("a",), "suffix": ("f",)}, {"prefix": ("nothing",)},
    {"prefix": ("a", "b"), "max_depth": 3}, {"prefix": ("a", "b"), "limit": 2}, {"prefix": ("a", "b"), "offset": 2},
    {"prefix": ("a", "*", "f")}, {"suffix": ("*", "f")}, {"prefix": ("users", "123")}, {"prefix": ("*", "users")},
    {"suffix": ("settings",)}, {"max_depth": 1}, {"max_depth": 2}, {"max_depth": 9}, {"limit": 3, "offset": 2},
    {"offset": 100}, {"limit": 0}, {"prefix": ("*",)}, {"suffix": ("*", "*", "*", "*")}, {"suffix": ("b", "a", "f")},
    {"prefix": ("a",), "suffix": ("a",)},
)  # fmt: skip

VALUES: Sequence[dict[str, Any]] = (
    {}, {"": ""}, {"text": "NUL \x00 and half \ud83e a fox 🦊"}, {"a.b": {"$gt": 1}}, {"n": 10**30, "m": -(2**63) - 1},
    {"f": 0.1 + 0.2, "tiny": 5e-324, "huge": 1.7976931348623157e308, "whole": 1.0, "e": 1e16, "zero": -0.0},
    {"nested": [[[], {}], [None, True, False, {"k": [1, "1", 1.5]}]]}, {"text": "x" * 30_000},
    {"words": " ".join(f"word{number}" for number in range(12_000))},
    {"recollect:entry": {"space": "files"}, "__proto__": 1},
)  # fmt: skip

KEYS = ("", " ", "a/b", "é🦊", "'; --", "%s", "a.b", "k" * 500)

CASES: Mapping[str, Sequence[Step]] = {
    "nothing is there": [
        search("a"), search(), spaces(), do("delete", ("a",), "k"), get(("a",), "k"), search(query="anything"),
    ],
    "put, get, put again, delete": [
        put(("a", "b"), "k", {"v": 1}), get(("a", "b"), "k"), get(("a",), "k"), put(("a", "b"), "k", {"w": 2}),
        get(("a", "b"), "k"), search("a"), do("delete", ("a", "b"), "k"), get(("a", "b"), "k"), search("a"),
        do("delete", ("a", "b"), "k"), put(("a", "b"), "k", {"x": 3}), search(),
    ],
    "keys of any kind": [
        *(put(("a",), key, {"k": key}) for key in KEYS), *(get(("a",), key) for key in (*KEYS, "b", "a")),
        put(("a", "A"), "K", {"v": 1}), put(("a", "a"), "k", {"v": 2}), get(("a", "A"), "k"), search("a", "A"),
        put(("a",), 7, {"v": 7}), get(("a",), "7"), search("a", limit=100),
    ],
    "values come back as they were": [
        step for value in VALUES for step in (put(("v",), "k", value), get(("v",), "k"), search("v"))
    ],
    "namespaces that cannot be": [
        put((), "k", {}), put(("a.b",), "k", {}), put(("a", ""), "k", {}), put(("langgraph", "x"), "k", {}),
        put((1,), "k", {}), get(("a.b",), "k"), search("a", ""), do("delete", ("a\x00",), "k"),
        spaces(prefix=("a.b",)), spaces(suffix=("",)), put(("x", "langgraph"), "k", {"v": 1}),
        get(("x", "langgraph"), "k"), batch(PutOp(("langgraph", "x"), "k", {"v": 2})), get(("langgraph", "x"), "k"),
    ],
    "filters": [*FILLED, *(search("docs", filter=wanted) for wanted in FILTERS)],
    "pages": [
        *FILLED, *(search("docs", limit=limit, offset=offset) for limit, offset in PAGES), search(limit=3),
        *(search("docs", limit=limit, offset=offset, filter={"color": "red"}) for limit, offset in PAGES),
    ],
    "prefixes": [*FILLED, search("doc"), search("docs", "below"), search("docs", "below", "more"), search("below")],
    "namespaces": [
        *(put(namespace, f"id_{number}", {"data": number}) for number, namespace in enumerate(NAMESPACES)),
        *(spaces(**given) for given in LISTINGS), batch(ListNamespacesOp((MatchCondition("prefix", ("a",)),), 1)),
        batch(ListNamespacesOp((MatchCondition(cast(Any, "middle"), ("a",)),))),
    ],
    "a batch reads what was there before it writes": [
        put(("a",), "k", {"v": 1}),
        batch(
            PutOp(("a",), "k", {"v": 2}), GetOp(("a",), "k"), PutOp(("a",), "new", {"v": 3}), GetOp(("a",), "new"),
            SearchOp(("a",)), ListNamespacesOp(), PutOp(("a",), "k", {"v": 4}), GetOp(("a",), "k"),
            PutOp(("b",), "k", None),
        ),
        batch(GetOp(("a",), "k"), GetOp(("a",), "new"), GetOp(("a",), "k"), GetOp(("b",), "k")),
        batch(PutOp(("a",), "k", {"v": 5}), PutOp(("a",), "k", None)), get(("a",), "k"),
        batch(PutOp(("a",), "k", None), PutOp(("a",), "k", {"v": 6})), get(("a",), "k"), batch(), batch("nonsense"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_answers_as_langgraphs_own_store_does(memory: Memory, name: str):
    ours, own = RecollectStore(memory, user_id="ana"), InMemoryStore()
    for number, step in enumerate(CASES[name]):
        assert ordered(step.outcome(ours)) == ordered(step.outcome(own)), f"{number}: {step}"


def filled(store: BaseStore) -> BaseStore:
    for step in FILLED:
        step.outcome(store)
    return store


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value)[:20])
def test_the_types_of_a_value_come_back_too(memory: Memory, value: dict[str, Any]):
    store = RecollectStore(memory, user_id="ana")
    store.put(("v",), "k", value)
    item = store.get(("v",), "k")
    assert item is not None
    assert repr(item.value) == repr(value)


@pytest.mark.anyio
async def test_the_asynchronous_methods_do_the_same(async_memory: AsyncMemory):
    for store in (AsyncRecollectStore(async_memory, user_id="ana"), RecollectStore(async_memory, user_id="ben")):
        own = InMemoryStore()
        for one in (store, own):
            for key, value in DOCS.items():
                await one.aput(("docs",), key, value)
            await one.aput(("docs", "below"), "deep", {"n": 9})
            await one.adelete(("docs",), "two")
        for wanted in FILTERS:
            if "missing" not in str(wanted) and "$" not in str(wanted):
                ours, theirs = (
                    await store.asearch(("docs",), filter=wanted),
                    await own.asearch(("docs",), filter=wanted),
                )
                assert ordered(seen(ours)) == ordered(seen(theirs))
        assert seen(await store.aget(("docs",), "one")) == seen(await own.aget(("docs",), "one"))
        assert await store.aget(("docs",), "two") is None
        assert await store.alist_namespaces() == await own.alist_namespaces()
        with pytest.raises(InvalidNamespaceError):
            await store.aput(("langgraph",), "k", {})


@pytest.mark.parametrize(
    "wanted", [{"missing": {"$gt": 1}}, {"color": {"$lt": 3}}, {"deep": {"$gte": 1}}, {"tags": {"$gt": 0}}]
)
def test_what_cannot_be_ordered_does_not_pass(memory: Memory, wanted: dict[str, Any]):
    store = filled(RecollectStore(memory, user_id="ana"))
    assert store.search(("docs",), filter=wanted) == []  # LangGraph's store in memory raises TypeError here


def test_texts_are_ordered_as_texts(memory: Memory):
    store = RecollectStore(memory, user_id="ana")
    for day in ("2026-01-01", "2026-05-05", "2026-12-31"):
        store.put(("days",), day, {"day": day})
    found = store.search(("days",), filter={"day": {"$gte": "2026-05-05"}})
    assert [item.key for item in found] == ["2026-05-05", "2026-12-31"]


def test_an_unknown_operator_raises(memory: Memory):
    store = filled(RecollectStore(memory, user_id="ana"))
    with pytest.raises(ValueError, match=r"Unsupported operator: \$regex"):
        store.search(("docs",), filter={"n": {"$regex": "x"}})


@pytest.mark.parametrize(
    "value", [{"n": math.nan}, {"n": math.inf}, {"d": object()}, {"b": b"x"}, {1: "one"}, {"a": [{2: 3}]}]
)
def test_what_is_no_json_is_refused_and_nothing_of_the_batch_is_written(memory: Memory, value: dict[Any, Any]):
    store = RecollectStore(memory, user_id="ana")
    with pytest.raises(ValueError, match="value"):
        store.batch([PutOp(("a",), "good", {"v": 1}), PutOp(("a",), "bad", value)])
    assert store.search(()) == []
