"""A program written for mem0's library, run after changing the import, and every argument name that mem0 has."""

import warnings
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from recollect import AsyncMemory, Memory
from recollect.errors import NotFound, ValidationError

TODAY = datetime.now(UTC).date()
TALK = [
    {"role": "user", "content": "I'm Alex and I live in Lyon. I'm allergic to peanuts."},
    {"role": "assistant", "content": "Noted: no peanuts for you, Alex."},
]


PROGRAM = """
from mem0 import Memory

config = {"llm": {"provider": "openai", "config": {"model": "gpt-4.1-nano"}}, "version": "v1.1"}
memory = Memory.from_config(config)

def chat_with_memories(message, user_id="default_user"):
    relevant = memory.search(query=message, filters={"user_id": user_id}, top_k=3)
    known = chr(10).join(f"- {entry['memory']}" for entry in relevant["results"])
    messages = [{"role": "system", "content": f"User memories: {known}"}, {"role": "user", "content": message}]
    messages.append({"role": "assistant", "content": "I see."})
    memory.add(messages, user_id=user_id)
    return known

chat_with_memories("I'm allergic to peanuts and I live in Lyon.")
said = chat_with_memories("What should I not eat?")
for row in memory.get_all(filters={"user_id": "default_user"})["results"]:
    for entry in memory.history(memory_id=row["id"]):
        assert entry["event"] in ("ADD", "UPDATE", "DELETE")
memory.delete_all(user_id="default_user")
left = memory.get_all(filters={"user_id": "default_user"})["results"]
memory.close()
"""
"""What mem0's own documentation shows, with a scripted answer in place of a chat model."""


def test_such_a_program_runs_after_changing_the_import_alone(home: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECOLLECT_HOME", home)
    monkeypatch.setenv("RECOLLECT_TENANT_ID", f"tenant-{uuid4()}")
    there: dict[str, Any] = {}
    with pytest.warns(UserWarning, match="ignored of mem0's configuration: llm"):
        exec(PROGRAM.replace("from mem0 import", "from recollect import"), there)  # noqa: S102 - it is written above
    assert "peanuts" in there["said"]
    assert there["left"] == []


def test_every_call_of_a_program_written_for_mem0s_library(memory: Memory):
    m = memory  # in mem0: m = Memory()

    added = m.add(TALK, user_id="alex", run_id="chat-1", metadata={"topic": "food"})
    assert added["results"][0]["event"] == "ADD"
    first = added["results"][0]["id"]
    assert added["results"][0]["memory"] == TALK[0]["content"]
    assert len({row["id"] for row in added["results"]}) == len(added["results"]) >= 2

    found = m.search("What must Alex not eat?", user_id="alex", limit=2)
    assert len(found["results"]) <= 2
    best = found["results"][0]
    assert "peanuts" in best["memory"]
    assert 0 <= best["score"] <= 1
    assert best["user_id"] == "alex"
    assert best["run_id"] == "chat-1"
    assert best["metadata"]["topic"] == "food"
    assert "\n".join(f"- {entry['memory']}" for entry in found["results"]).startswith("- ")
    assert found.get("results") == found["results"]
    assert "results" in found
    assert "relations" not in found

    everything = m.get_all(user_id="alex")
    assert first in {row["id"] for row in everything["results"]}

    assert m.get(first)["memory"] == TALK[0]["content"]
    m.update(memory_id=first, data="I'm Alex and I moved to Paris")
    assert m.get(first)["memory"] == "I'm Alex and I moved to Paris"
    m.update(first, "I'm Alex and I moved to Nice")
    history = m.history(memory_id=first)
    assert [row["event"] for row in history] == ["ADD", "UPDATE", "UPDATE"]
    assert history[-1]["old_memory"] == "I'm Alex and I moved to Paris"
    assert history[-1]["new_memory"] == "I'm Alex and I moved to Nice"

    m.delete(memory_id=first)
    with pytest.raises(NotFound):
        m.get(first)
    assert m.history(first)[-1]["event"] == "DELETE"
    assert m.delete_all(user_id="alex")["message"] == "Memories deleted successfully!"
    assert m.get_all(user_id="alex")["results"] == []


def test_the_ids_may_stand_in_the_filters(memory: Memory):
    drinks = {"topic": "drinks", "stars": 5}
    memory.add("I like tea", user_id="ana", agent_id="cook", run_id="r1", infer=False, metadata=drinks)
    memory.add("I like bread", user_id="ana", infer=False, metadata={"topic": "food"})
    memory.add("I like rain", user_id="ben", infer=False)

    def texts(**given: Any) -> set[str]:
        searched = {row["memory"] for row in memory.search("What do I like?", **given)["results"]}
        assert searched == {row["memory"] for row in memory.get_all(**given)["results"]}
        return searched

    both = {"I like tea", "I like bread"}
    assert texts(filters={"user_id": "ana"}) == both
    assert len(memory.search("What do I like?", filters={"user_id": "ana"}, top_k=1)["results"]) == 1
    assert [one["memory"] for one in memory.get_all(filters={"user_id": "ana"}, limit=1)["results"]] == ["I like bread"]
    assert texts(filters={"user_id": "ana", "topic": "drinks"}) == {"I like tea"}
    assert texts(filters={"AND": [{"user_id": "ana"}, {"stars": {"gte": 4}}]}) == {"I like tea"}
    assert texts(filters={"user_id": "ana", "agent_id": "cook"}) == {"I like tea"}
    assert texts(filters={"AND": [{"user_id": "ana"}, {"run_id": "r1"}]}) == {"I like tea"}
    assert texts(filters={"AND": [{"user_id": "ana"}, {"NOT": [{"topic": "food"}]}]}) == {"I like tea"}
    assert texts(filters={"user_id": "ana", "run_id": "*"}) == {"I like tea"}
    assert texts(filters={"OR": [{"user_id": "ana"}, {"user_id": "ben"}]}) == {*both, "I like rain"}
    assert texts(filters={"user_id": {"in": ["ben", "cleo"]}}) == {"I like rain"}
    assert texts(filters={"user_id": "ana", "metadata": {"topic": "food"}}) == {"I like bread"}
    assert texts(filters={"user_id": "ana", "keywords": {"contains": "bread"}}) == {"I like bread"}
    assert texts(filters={"user_id": "ana", "created_at": {"gte": str(TODAY)}}) == both
    assert texts(filters={"user_id": "ana", "created_at": {"lt": str(TODAY - timedelta(days=1))}}) == set()
    assert texts(user_id="ana", run_id="r1") == {"I like tea"}


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        ({}, "user_id"),
        ({"topic": "food"}, "user_id"),
        ({"user_id": "*"}, "filters.user_id"),
        ({"user_id": {"ne": "ana"}}, "filters.user_id"),
        ({"OR": [{"user_id": "ana"}, {"topic": "food"}]}, "filters"),
        ({"NOT": [{"user_id": "ana"}]}, "filters"),
        ({"AND": [{"user_id": "ana"}, {"user_id": "ben"}]}, "filters"),
        ({"user_id": {"in": ["ana"], "ne": "ana"}}, "filters.user_id"),
        ({"user_id": {"in": [f"u{n}" for n in range(30)]}}, "filters"),
        ({"AND": []}, "filters.AND"),
        ({"user_id": "ana", "updated_at": {"gt": "2026-01-01"}}, "filters.updated_at"),
        ({"user_id": "ana", "created_at": {"gt": "yesterday"}}, "filters.created_at"),
        ({"user_id": "ana", "topic": {"like": "f"}}, "filters"),
    ],
)
def test_filters_that_name_nobody_or_mean_nothing_are_refused(memory: Memory, filters: dict[str, object], where: str):
    memory.add("I like bread", user_id="ana", metadata={"topic": "food"})
    for method in (lambda: memory.search("bread", filters=filters), lambda: memory.get_all(filters=filters)):
        with pytest.raises(ValidationError) as error:
            method()
        assert error.value.field.startswith(where)
    with pytest.raises(ValidationError):
        memory.delete_all(filters=filters)
    assert len(memory.list(user_id="ana"))


def test_no_argument_is_swallowed(memory: Memory):
    memory.add("I like bread", user_id="ana")
    calls = (
        lambda: memory.add("x", user_id="ana", vector="y"),  # type: ignore[call-arg]
        lambda: memory.search("x", user_id="ana", vector="y"),  # type: ignore[call-arg]
        lambda: memory.get_all(user_id="ana", vector="y"),  # type: ignore[call-arg]
        lambda: memory.update("x", "y", user_id="ana", vector="y"),  # type: ignore[call-arg]
    )
    for call in calls:
        with pytest.raises(ValidationError, match="vector"):
            call()


def test_two_names_of_the_same_must_agree(memory: Memory):
    assert memory.add("I like bread", user_id="ana", run_id="r", conversation_id="r").id
    disagreeing = (
        lambda: memory.add("x y z", user_id="ana", run_id="r", conversation_id="s"),
        lambda: memory.add("x y z", user_id="ana", messages="other"),
        lambda: memory.search("x", user_id="ana", top_k=1, limit=2),
        lambda: memory.search("x", user_id="ana", threshold=0.1, min_score=0.2),
        lambda: memory.get_all(user_id="ana", top_k=1, limit=2),
    )
    for call in disagreeing:
        with pytest.raises(ValidationError, match="is another name of"):
            call()
    with pytest.raises(ValidationError, match=r"^data: is another name of text"):
        memory.update(uuid4(), "a", data="b")


def test_an_agent_alone_and_a_run_alone_have_memories_of_their_own(memory: Memory):
    alone = memory.add("The oven runs hot", agent_id="cook")["results"][0]
    memory.add("Dinner is at eight", run_id="r1")
    memory.add("I hate the oven", user_id="ana", agent_id="cook")
    row = memory.get(alone["id"])
    assert (row["user_id"], row["agent_id"]) == (None, "cook")
    found = memory.search("What about the oven?", agent_id="cook")["results"]
    assert [one["memory"] for one in found] == ["The oven runs hot"]
    found = memory.search("What about the oven?", filters={"agent_id": "cook"})["results"]
    assert [one["memory"] for one in found] == ["The oven runs hot"]
    assert [one["memory"] for one in memory.get_all(run_id="r1")["results"]] == ["Dinner is at eight"]
    either = memory.get_all(filters={"OR": [{"user_id": "ana"}, {"agent_id": "cook"}]})["results"]
    assert {one["memory"] for one in either} == {"The oven runs hot", "I hate the oven"}
    assert memory.delete_all(agent_id="cook")["deleted"] == 1
    assert memory.get_all(agent_id="cook")["results"] == []
    assert len(memory.get_all(run_id="r1")["results"]) == 1
    assert len(memory.get_all(user_id="ana")["results"]) == 1
    for call in (lambda: memory.add("x"), lambda: memory.search("x"), memory.get_all, memory.delete_all):
        with pytest.raises(ValidationError, match="user_id: is missing"):
            call()


def test_what_has_expired_is_not_found_unless_asked_for(memory: Memory):
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    gone = memory.add("The code is 4711", user_id="ana", expiration_date=str(yesterday)).id
    memory.add("The code is 1234", user_id="ana", expiration_date=TODAY)
    memory.add("I live in Lyon", user_id="ana", expiration_date=str(yesterday))
    assert gone is not None

    def texts(*, show_expired: bool = False) -> set[str]:
        listed = memory.get_all(user_id="ana", show_expired=show_expired)["results"]
        found = memory.search("code Lyon live", user_id="ana", show_expired=show_expired)["results"]
        assert {row["memory"] for row in listed} == {row["memory"] for row in found}
        return {row["memory"] for row in listed}

    every = {"The code is 4711", "The code is 1234", "I live in Lyon"}
    assert texts() == {"The code is 1234"}
    assert texts(show_expired=True) == every
    row = memory.get(gone)
    assert row["expiration_date"] == str(yesterday)
    assert row["metadata"] == {}
    memory.update(gone, expiration_date=str(tomorrow))
    assert texts() == {"The code is 4711", "The code is 1234"}
    memory.update(gone, expiration_date=str(yesterday), metadata={"a": 1})
    assert texts() == {"The code is 1234"}
    memory.update(gone, metadata={"a": 2})
    assert texts() == {"The code is 1234"}
    memory.update(gone, "The code was 4711")
    assert texts() == {"The code is 1234"}
    memory.update(gone, expiration_date=None)
    assert texts() == {"The code was 4711", "The code is 1234"}
    assert memory.get(gone)["metadata"] == {"a": 2}
    memory.add("I live in Oslo", user_id="ben", infer=True)
    memory.add("I live in Rome", user_id="ben")
    for former, wanted in ((True, {"I live in Rome"}), (False, {"I live in Oslo", "I live in Rome"})):
        for rows in (
            memory.get_all(user_id="ben", latest_only=former)["results"],
            memory.search("Where do I live?", filters={"user_id": "ben"}, latest_only=former)["results"],
        ):
            assert {row["memory"] for row in rows} == wanted
    with pytest.raises(ValidationError, match="expiration_date"):
        memory.add("x", user_id="ana", expiration_date="soon")


def test_a_fact_that_expires_can_be_told_again(memory: Memory):
    yesterday = str(TODAY - timedelta(days=1))
    memory.add("I live in Lyon", user_id="ana", expiration_date=yesterday)
    memory.add("I live in Lyon", user_id="ana")
    assert [row["memory"] for row in memory.get_all(user_id="ana")["results"]] == ["I live in Lyon"]
    assert memory.get_all(user_id="ana")["results"][0]["expiration_date"] is None
    memory.add("I live in Paris", user_id="ana")
    assert [row["memory"] for row in memory.get_all(user_id="ana")["results"]] == ["I live in Paris"]
    fact = memory.get_all(user_id="ana")["results"][0]["id"]
    memory.update(fact, expiration_date=yesterday)
    assert memory.get_all(user_id="ana")["results"] == []
    memory.update(fact, expiration_date=None)
    assert [row["memory"] for row in memory.get_all(user_id="ana")["results"]] == ["I live in Paris"]


def test_without_inference_a_text_is_stored_as_it_is(memory: Memory):
    inferred = memory.add("My sister Anna lives in Rome. She works at Siemens.", user_id="ana")
    assert len(inferred["results"]) > 1
    plain = memory.add("My sister Anna lives in Rome. She works at Siemens.", user_id="ben", infer=False)
    assert [row["memory"] for row in plain["results"]] == ["My sister Anna lives in Rome. She works at Siemens."]
    assert memory.add("ok", user_id="ben")["results"] == []
    assert memory.add("ok", user_id="ben", infer=False)["results"][0]["memory"] == "ok"
    assert memory.add("ok", user_id="ben", infer=False)["results"][0]["event"] == "NONE"
    rules = memory.add("Please always answer in French. I live in Oslo.", user_id="ben", infer=False)
    assert len(rules["results"]) == 1
    with pytest.raises(ValidationError, match="infer"):
        memory.add("ok", user_id="ben", infer="no")  # type: ignore[arg-type]


def test_the_other_options_of_mem0(memory: Memory):
    told = memory.add(messages={"role": "user", "content": "I ran ten miles"}, user_id="ana", timestamp=1_760_000_000)
    assert told.id is not None
    assert memory.get(told.id).told_at == datetime.fromtimestamp(1_760_000_000, UTC)
    way = memory.add("To deploy, run make release", user_id="ana", memory_type="procedural_memory").id
    assert way is not None
    assert memory.get(way).type.value == "procedure"
    with pytest.raises(ValidationError, match="memory_type"):
        memory.add("x", user_id="ana", memory_type="episodic")
    with pytest.warns(UserWarning, match="prompt has no effect"):
        memory.add("I ran nine miles", user_id="ana", prompt="Extract sports only")
    found = memory.search(
        "How far did I run?", user_id="ana", rerank=True, explain=True, threshold=0.01, reference_date=date(2026, 1, 1)
    )
    assert found["results"][0]["score_details"]
    assert found["results"][0]["score"] >= 0.01
    assert memory.search("How far did I run?", user_id="ana", threshold=1.0)["results"] == []
    wrong = {"threshold": 2, "top_k": 0, "rerank": "yes", "show_expired": 1, "reference_date": "soon"}
    named = {"threshold": "min_score", "top_k": "limit"}
    for name, value in wrong.items():
        with pytest.raises(ValidationError, match=named.get(name, name)):
            memory.search("How far did I run?", user_id="ana", **{name: value})  # type: ignore[arg-type]


def test_delete_all_can_be_taken_back_and_reset_cannot(memory: Memory, home: str):
    for text in ("I like tea", "I live in Lyon", "I live in Paris"):
        memory.add(text, user_id="ana")
    memory.add("I like rain", user_id="ben")
    gone = memory.delete_all(user_id="ana")
    assert memory.list(user_id="ana", statuses=["active", "superseded", "archived"]).memories == ()
    memory.rollback(user_id="ana", job=gone["job_id"])
    assert {row["memory"] for row in memory.get_all(user_id="ana")["results"]} == {"I like tea", "I live in Paris"}
    with Memory(home=home, tenant_id=f"other {uuid4()}") as other:
        other.add("I like snow", user_id="ana")
        assert memory.reset()["users"] == 2
        assert memory.get_all(user_id="ben")["results"] == []
        assert len(other.get_all(user_id="ana")["results"]) == 1


def test_whose_a_memory_is_is_looked_up_within_the_tenant(memory: Memory, home: str):
    own = memory.add("I like tea", user_id="ana").id
    memory.projects.create("atlas", user_id="ana")
    shared = memory.add("The plan is tea", user_id="ana", project_id="atlas", share=True).id
    assert own is not None
    assert shared is not None
    with Memory(home=home, tenant_id=f"other {uuid4()}") as other:
        for call in (other.get, other.history, other.delete, partial(other.update, text="mine")):
            with pytest.raises(NotFound):
                call(own)
    for call in (memory.get, memory.history, memory.delete, partial(memory.update, text="mine")):
        with pytest.raises(NotFound):
            call(shared)
        with pytest.raises(NotFound):
            call(uuid4())
    with pytest.raises(NotFound):
        memory.get(own, user_id="ben")


def test_the_access_log_says_whose_memories_were_read_though_nobody_was_named(memory: Memory):
    own = memory.add("I like tea", user_id="ana").id
    assert own is not None
    memory.get(own)
    memory.search("tea", filters={"OR": [{"user_id": "ana"}, {"user_id": "ben"}]})
    memory.add("The oven is hot", agent_id="cook")
    memory.delete(own)
    noted = {(entry.method, entry.user_id) for entry in memory.access.list()}
    assert noted >= {
        ("get", "ana"),
        ("search", "ana"),
        ("search", "ben"),
        ("add", "mem0:agent:cook"),
        ("delete", "ana"),
    }
    assert "" not in {user_id for method, user_id in noted if method in ("get", "search", "add", "delete")}


def test_our_answers_stay_what_they_are(memory: Memory):
    receipt = memory.add("I like tea", user_id="ana")
    found = memory.search("tea", user_id="ana")
    assert found[0].memory.id == receipt.id
    assert found[0] in found
    assert found[:1] == found.hits[:1]  # type: ignore[index]
    assert found[0]["id"] == found["results"][0]["id"] == str(receipt.id)
    assert memory.list(user_id="ana")[0]["memory"] == "I like tea"
    for wrong in ("text", "hits"):
        with pytest.raises(KeyError, match="there are"):
            found[wrong]
    with pytest.raises(TypeError):
        memory.get(str(receipt.id))[0]  # type: ignore[index]


@pytest.mark.anyio
async def test_the_asynchronous_face_has_the_same_methods(async_memory: AsyncMemory):
    await async_memory.add(TALK, user_id="alex")
    assert (await async_memory.search("peanuts", filters={"user_id": "alex"}, top_k=1))["results"][0]["memory"]
    assert (await async_memory.get_all(user_id="alex"))["results"]
    await async_memory.delete_all(user_id="alex")
    assert (await async_memory.get_all(user_id="alex"))["results"] == []


def test_from_config_takes_our_settings_and_says_what_it_ignores(home: str):
    config = {
        "vector_store": {"provider": "qdrant", "config": {"host": "localhost"}},
        "llm": {"provider": "openai", "config": {"model": "gpt-4.1-nano"}},
        "history_db_path": "history.db",
        "version": "v1.1",
        "recollect": {"home": home, "tenant_id": f"tenant-{uuid4()}"},
    }
    with pytest.warns(UserWarning, match="history_db_path, llm, vector_store"), Memory.from_config(config) as memory:
        assert memory.add("I like tea", user_id="ana")["results"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Memory.from_config({"home": home, "version": "v1.1"}) as memory:
            assert memory.status().embedder
    with pytest.raises(ValidationError, match=r"config\.vektor"):
        Memory.from_config({"vektor": {}})
    with pytest.raises(ValidationError, match=r"config\.recollect"):
        AsyncMemory.from_config({"recollect": {"hoem": home}})
