"""mem0's own client, unchanged, against our server: every call, and the open-source server's routes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api_server import ApiServer
from mem0_library import TALK, Connect, client, connect, mem0, plain, texts

__all__ = ["client", "connect", "mem0"]

IDS = ("ali/ce", "zoë ñ", "über/straße?x=1&y=2#z", "a%2Fb", "日本", "a..b", "x/profile")


def test_add_search_and_read(client: Any):
    added = client.add(TALK, user_id="alex", run_id="chat-1", metadata={"topic": "food"})
    assert added["status"] == "SUCCEEDED"
    row = added["results"][0]
    assert (row["event"], row["memory"], row["data"]["memory"]) == ("ADD", TALK[0]["content"], TALK[0]["content"])

    found = client.search("What must Alex not eat?", filters={"user_id": "alex"}, top_k=2)["results"]
    assert 1 <= len(found) <= 2
    best = found[0]
    assert "peanuts" in best["memory"]
    assert 0.1 <= best["score"] <= 1
    assert set(best["score_breakdown"]) == {"semantic", "bm25", "entity"}
    assert (best["user_id"], best["run_id"], best["session_id"]) == ("alex", "chat-1", "chat-1")
    assert best["metadata"] == {"topic": "food"}

    got = client.get(row["id"])
    assert got["memory"] == TALK[0]["content"]
    assert datetime.fromisoformat(got["created_at"]).tzinfo is not None
    for field in ("agent_id", "app_id", "categories", "expiration_date", "structured_attributes", "replaced_by"):
        assert got[field] is None
    assert got["synthesized"] is False
    everything = client.get_all(filters={"user_id": "alex"})
    assert everything["count"] == len(everything["results"]) >= 2
    assert (everything["next"], everything["previous"]) == (None, None)


def test_what_is_added_may_be_a_text_a_message_or_messages(client: Any, mem0: Any):
    client.add("I like tea", user_id="ana", infer=False)
    client.add({"role": "user", "content": "I like rain"}, user_id="ana", infer=False)
    client.add([{"role": "user", "content": "I like snow"}], filters={"user_id": "ana"}, infer=False)
    options = mem0.client.types.AddMemoryOptions(filters={"user_id": "ana"}, infer=False, timestamp=1_760_000_000)
    client.add("I like fog", options)
    assert texts(client.get_all(filters={"user_id": "ana"})) == {
        "I like tea",
        "I like rain",
        "I like snow",
        "I like fog",
    }
    assert client.add("ok", user_id="ana")["results"] == []


def test_options_of_search(client: Any, mem0: Any):
    plain(client, "I like tea", user_id="ana", agent_id="cook", metadata={"stars": 5, "categories": ["drinks"]})
    plain(client, "I like bread", user_id="ana", run_id="r1", metadata={"stars": 1, "categories": ["food"]})

    def found(filters: Any = None, **options: Any) -> set[str]:
        return texts(client.search("What do I like?", filters=filters or {"user_id": "ana"}, **options))

    both = {"I like tea", "I like bread"}
    assert found() == both
    assert found(rerank=True, keyword_search=True, version="v2", output_format="v1.1") == both
    assert found(threshold=1.0) == set()
    assert found(threshold=0.0) == both
    assert len(found(top_k=1)) == 1
    assert found(categories=["food", "games"]) == {"I like bread"}
    assert found(metadata={"stars": 5}) == {"I like tea"}
    assert found({"AND": [{"user_id": "ana"}, {"metadata": {"stars": {"gte": 2}}}]}) == {"I like tea"}
    assert found({"AND": [{"user_id": "ana"}, {"categories": {"contains": "food"}}]}) == {"I like bread"}
    assert found({"AND": [{"user_id": "ana"}, {"NOT": [{"run_id": "r1"}]}]}) == {"I like tea"}
    assert found({"user_id": "ana", "agent_id": {"in": ["cook", "waiter"]}}) == {"I like tea"}
    assert found({"user_id": "ana", "run_id": "*"}) == {"I like bread"}
    assert found({"AND": [{"user_id": "ana"}, {"keywords": {"icontains": "BREAD"}}]}) == {"I like bread"}
    tomorrow = str(datetime.now(UTC).date() + timedelta(days=1))
    assert found({"AND": [{"user_id": "ana"}, {"created_at": {"gte": tomorrow}}]}) == set()
    row = client.search("What do I like?", filters={"user_id": "ana"}, fields=["memory", "score"])["results"][0]
    assert set(row) == {"id", "memory", "score"}
    options = mem0.client.types.SearchMemoryOptions(filters={"user_id": "ana"}, top_k=1, reference_date="2026-01-01")
    assert len(client.search("What do I like?", options)["results"]) == 1


def test_options_of_get_all_and_its_pages(client: Any):
    for number in range(5):
        plain(
            client, f"Note number {number}", user_id="ana", metadata={"categories": ["odd" if number % 2 else "even"]}
        )
    first = client.get_all(filters={"user_id": "ana"}, page=1, page_size=2)
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    second = client.get_all(filters={"user_id": "ana"}, page=2, page_size=2)
    last = client.get_all(filters={"user_id": "ana"}, page=3, page_size=2)
    assert (len(last["results"]), last["next"]) == (1, None)
    assert "page=2&page_size=2" in first["next"]
    assert "page=1&page_size=2" in second["previous"]
    assert len(texts(first) | texts(second) | texts(last)) == 5
    assert texts(client.get_all(filters={"user_id": "ana"}, categories=["odd"])) == {"Note number 1", "Note number 3"}
    today = datetime.now(UTC).date()
    day = timedelta(days=1)
    assert client.get_all(filters={"user_id": "ana"}, start_date=str(today), end_date=str(today))["count"] == 5
    assert client.get_all(filters={"user_id": "ana"}, start_date=str(today + day))["count"] == 0
    assert client.get_all(filters={"user_id": "ana"}, end_date=str(today - day))["count"] == 0


def test_what_expired_and_what_was_replaced(client: Any):
    yesterday = str(datetime.now(UTC).date() - timedelta(days=1))
    gone = plain(client, "The code is 4711", user_id="ana", expiration_date=yesterday)
    who = {"filters": {"user_id": "ana"}}
    assert client.get(gone)["expiration_date"] == yesterday
    for shown in (client.get_all(**who), client.search("code", **who)):
        assert shown["results"] == []
    for shown in (client.get_all(show_expired=True, **who), client.search("code", show_expired=True, **who)):
        assert texts(shown) == {"The code is 4711"}
    assert client.update(gone, expiration_date=None)["expiration_date"] is None
    assert texts(client.get_all(**who)) == {"The code is 4711"}
    client.add("I live in Oslo", user_id="ben")
    added = client.add("I live in Rome", user_id="ben")["results"]
    new = next(row["id"] for row in added if row["memory"] == "User lives in Rome")
    who = {"filters": {"user_id": "ben"}}
    assert "User lives in Oslo" not in texts(client.get_all(**who))
    assert texts(client.get_all(**who)) == texts(client.get_all(latest_only=True, **who))
    assert "User lives in Oslo" in texts(client.get_all(latest_only=False, **who))
    assert "User lives in Oslo" in texts(client.search("Where does he live?", latest_only=False, **who))
    assert client.delete(new, delete_linked=True)["cascade_count"] == 1
    assert texts(client.get_all(latest_only=False, **who)) == {"I live in Oslo", "I live in Rome"}


def test_update_delete_and_history(client: Any, mem0: Any):
    memory_id = plain(client, "I like tea", user_id="ana", metadata={"a": 1})
    changed = client.update(memory_id, text="I like green tea", metadata={"b": 2})
    assert (changed["memory"], changed["metadata"]) == ("I like green tea", {"a": 1, "b": 2})
    client.update(memory_id, mem0.client.types.UpdateMemoryOptions(text="I like black tea"))
    assert client.get(memory_id)["memory"] == "I like black tea"
    assert client.delete(memory_id) == {"message": "Memory deleted successfully!"}
    with pytest.raises(mem0.exceptions.MemoryNotFoundError):
        client.get(memory_id)
    rows = client.history(memory_id)
    assert [row["event"] for row in rows] == ["ADD", "UPDATE", "UPDATE", "DELETE"]
    assert (rows[1]["old_memory"], rows[1]["new_memory"]) == ("I like tea", "I like green tea")
    assert {row["memory_id"] for row in rows} == {memory_id}
    assert rows[0]["input"] == [{"role": "user", "content": "I like tea"}]
    assert rows[3]["new_memory"] is None
    with pytest.raises(mem0.exceptions.ValidationError, match="timestamp"):
        client.update(plain(client, "I like snow", user_id="ana"), timestamp=1)


def test_many_at_once(client: Any, mem0: Any):
    ids = [plain(client, f"Note number {number}", user_id="ana") for number in range(3)]
    message = client.batch_update([{"memory_id": ids[0], "text": "Zero"}, {"memory_id": ids[1], "metadata": {"a": 1}}])
    assert message["message"] == "Successfully updated 2 memories"
    assert client.get(ids[0])["memory"] == "Zero"
    assert client.get(ids[1])["metadata"] == {"a": 1}
    with pytest.raises(mem0.exceptions.MemoryNotFoundError):
        client.batch_delete([{"memory_id": ids[0]}, {"memory_id": str(uuid4())}])
    assert client.get(ids[0])["memory"] == "Zero"
    assert client.batch_delete([{"memory_id": one} for one in ids[:2]])["message"] == "Successfully deleted 2 memories"
    assert texts(client.get_all(filters={"user_id": "ana"})) == {"Note number 2"}
    for wrong in ([], [{"memory_id": ids[2]}] * 1_001, [{"id": ids[2]}]):
        with pytest.raises(mem0.exceptions.ValidationError):
            client.batch_delete(wrong)


@pytest.mark.parametrize("name", IDS)
def test_ids_of_every_kind_work(client: Any, name: str):
    plain(client, "I am here", user_id=name, agent_id=name, run_id=name)
    assert texts(client.search("Where am I?", filters={"user_id": name, "agent_id": name})) == {"I am here"}
    plain(client, "I stay", user_id=f"{name} too")
    assert name in {row["name"] for row in client.users()["results"] if row["type"] == "user"}
    client.delete_all(user_id=name)
    assert client.get_all(filters={"user_id": name})["results"] == []
    client.delete_users(user_id=name)
    assert name not in {row["name"] for row in client.users()["results"] if row["type"] == "user"}
    assert texts(client.get_all(filters={"user_id": f"{name} too"})) == {"I stay"}


def test_users_agents_apps_and_runs(client: Any, mem0: Any):
    plain(client, "I like tea", user_id="ana", agent_id="cook", run_id="r1")
    plain(client, "The oven is hot", agent_id="cook")
    plain(client, "Dinner is at eight", run_id="r2")
    plain(client, "The app is new", app_id="kitchen")
    plain(client, "I like snow", user_id="ana", app_id="kitchen")
    found = client.users()
    assert {(row["type"], row["name"]) for row in found["results"]} == {
        ("user", "ana"), ("agent", "cook"), ("run", "r1"), ("run", "r2"), ("app", "kitchen"),
    }  # fmt: skip
    assert (found["total_users"], found["total_agents"], found["total_runs"], found["total_apps"]) == (1, 1, 2, 1)
    assert texts(client.get_all(filters={"agent_id": "cook"})) == {"The oven is hot"}
    assert texts(client.get_all(filters={"app_id": "kitchen"})) == {"The app is new"}
    assert texts(client.get_all(filters={"user_id": "ana", "app_id": "kitchen"})) == {"I like snow"}
    row = client.get_all(filters={"run_id": "r2"})["results"][0]
    assert (row["user_id"], row["run_id"]) == (None, "r2")
    client.delete_users(agent_id="cook")
    assert client.get_all(filters={"agent_id": "cook"})["results"] == []
    assert texts(client.get_all(filters={"user_id": "ana"})) == {"I like snow"}
    client.delete_users(app_id="kitchen")
    client.delete_users(run_id="r2")
    assert client.get_all(filters={"user_id": "ana"})["results"] == []
    assert client.get_all(filters={"run_id": "r2"})["results"] == []
    with pytest.raises(mem0.exceptions.MemoryNotFoundError):
        client.delete_users(user_id="nobody")


def test_reset_empties_the_tenant_and_no_other(client: Any, connect: Connect, api_server: ApiServer):
    other = connect(api_server.issue("admin", tenant_id=api_server.other_tenant_id))
    plain(client, "I like tea", user_id="ana", agent_id="cook", run_id="r1")
    plain(client, "The oven is hot", agent_id="cook")
    plain(other, "I like snow", user_id="ana")
    assert "reset" in client.reset()["message"]
    assert client.users()["results"] == []
    assert texts(other.get_all(filters={"user_id": "ana"})) == {"I like snow"}


def test_feedback_and_what_there_is_not(client: Any, mem0: Any, api_server: ApiServer):
    memory_id = plain(client, "I like tea", user_id="ana")
    assert client.feedback(memory_id, "POSITIVE")["feedback"] == "POSITIVE"
    assert api_server.call(lambda memory: memory.get(memory_id, user_id="ana")).access_count == 1
    with pytest.raises(mem0.exceptions.ValidationError, match="POSITIVE"):
        client.feedback(memory_id, "NEGATIVE", "wrong")
    absent: tuple[Callable[[], Any], ...] = (
        lambda: client.get_summary(filters={"user_id": "ana"}),
        lambda: client.create_memory_export("{}", user_id="ana"),
        lambda: client.get_memory_export(user_id="ana"),
        lambda: client.get_profile("ana"),
        lambda: client.generate_profile("ana"),
        client.get_profile_settings,
        client.project.get,
    )
    for call in absent:
        with pytest.raises(mem0.exceptions.MemoryNotFoundError) as error:
            call()
        assert not str(error.value).startswith("{"), "the reason is to be read, not JSON"


@pytest.mark.anyio
async def test_the_asynchronous_client(mem0: Any, api_server: ApiServer):
    async with mem0.AsyncMemoryClient(host=api_server.url, api_key=api_server.key) as client:
        added = await client.add(TALK, user_id="ali/ce", metadata={"topic": "food"})
        memory_id = added["results"][0]["id"]
        found = await client.search("What must Alex not eat?", filters={"user_id": "ali/ce"}, top_k=1)
        assert "peanuts" in found["results"][0]["memory"]
        assert (await client.get(memory_id))["memory"] == TALK[0]["content"]
        assert (await client.update(memory_id, text="I'm Alex and I live in Nice"))["memory"].endswith("Nice")
        assert [row["event"] for row in await client.history(memory_id)] == ["ADD", "UPDATE"]
        assert (await client.get_all(filters={"user_id": "ali/ce"}, page=1, page_size=1))["count"] >= 1
        await client.batch_update([{"memory_id": memory_id, "text": "I'm Alex"}])
        await client.batch_delete([{"memory_id": memory_id}])
        with pytest.raises(mem0.exceptions.MemoryNotFoundError):
            await client.delete(memory_id)
        with pytest.raises(mem0.exceptions.ValidationError):
            await client.delete_all()
        await client.delete_all(user_id="ali/ce")
        assert {row["name"] for row in (await client.users())["results"]} == {"ali/ce"}
        await client.delete_users(user_id="ali/ce")
        with pytest.raises(ValueError, match="No entities"):
            await client.reset()


def test_the_open_source_servers_routes(api_server: ApiServer):
    with httpx.Client(base_url=api_server.url, headers={"X-API-Key": api_server.key}, timeout=60) as raw:
        said = {"messages": TALK, "user_id": "alex", "run_id": "chat-1", "metadata": {"topic": "food"}}
        added = raw.post("/memories", json=said).json()["results"]
        memory_id = added[0]["id"]
        assert (added[0]["event"], added[0]["memory"]) == ("ADD", TALK[0]["content"])
        asked: dict[str, Any] = {"query": "What must Alex not eat?", "filters": {"user_id": "alex"}, "top_k": 1}
        assert "peanuts" in raw.post("/search", json=asked).json()["results"][0]["memory"]
        asked = {"query": "What must Alex not eat?", "user_id": "alex", "limit": 1, "explain": True}
        assert raw.post("/search", json=asked).json()["results"][0]["score_details"]
        listed = raw.get("/memories", params={"user_id": "alex", "top_k": 1000}).json()["results"]
        assert {row["id"] for row in listed} >= {row["id"] for row in added}
        assert len(raw.get("/memories", params={"user_id": "alex", "top_k": 1}).json()["results"]) == 1
        assert raw.get("/memories").status_code == 400
        assert raw.get(f"/memories/{memory_id}").json()["memory"] == TALK[0]["content"]
        changed = raw.put(f"/memories/{memory_id}", json={"text": "I'm Alex", "expiration_date": "2099-01-01"}).json()
        assert (changed["memory"], changed["expiration_date"]) == ("I'm Alex", "2099-01-01")
        assert len(raw.get(f"/memories/{memory_id}/history").json()) == 2
        assert raw.delete(f"/memories/{memory_id}").json() == {"message": "Memory deleted successfully!"}
        assert raw.get(f"/memories/{memory_id}").status_code == 404
        assert raw.get(f"/memories/{memory_id}").headers["content-type"] == "application/json"
        assert raw.delete("/memories", params={"user_id": "alex"}).status_code == 200
        assert raw.get("/memories", params={"user_id": "alex"}).json() == {"results": []}
        raw.post("/memories", json={"messages": "I like tea", "user_id": "ben", "infer": False})
        limited = httpx.post(f"{api_server.url}/reset", headers={"X-API-Key": api_server.issue("write", user_id="ben")})
        assert limited.status_code == 403
        assert raw.post("/reset").json()["users"] == 2
        assert httpx.get(f"{api_server.url}/memories", headers={"X-API-Key": "rk_x"}).status_code == 401
