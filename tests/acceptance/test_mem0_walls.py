"""What mem0's own client cannot do: reach others, delete by mistake, make the server fail; and its errors."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api_server import ApiServer
from mem0_library import Connect, client, connect, mem0, plain, texts

__all__ = ["client", "connect", "mem0"]


def test_delete_all_never_deletes_more_than_was_named(client: Any, mem0: Any, api_server: ApiServer):
    for user_id in ("ana", "ben", "cleo"):
        plain(client, f"I am {user_id}", user_id=user_id, run_id="r1")
    plain(client, "I am elsewhere", user_id="ana")
    assert "event_id" in client.delete_all(user_id="ana", run_id="r1")
    assert texts(client.get_all(filters={"user_id": "ana"})) == {"I am elsewhere"}
    client.delete_all(filters={"user_id": "ana"})  # sent as Python writes it
    client.delete_all(mem0.client.types.DeleteAllMemoryOptions(filters={"AND": [{"user_id": "ben"}]}))
    for user_id in ("ana", "ben"):
        assert client.get_all(filters={"user_id": user_id})["results"] == []
    nobody: tuple[dict[str, Any], ...] = (
        {},
        {"filters": {}},
        {"filters": "{'user_id': "},
        {"filters": "__import__('os')"},
        {"filters": "['user_id']"},
        {"filters": {"topic": "food"}},
        {"user_id": ""},
        {"user_id": "*"},
        {"usr_id": "cleo"},
        {"user_id": "cleo", "filters": "nonsense"},
    )
    for named in nobody:
        with pytest.raises(mem0.exceptions.ValidationError):
            client.delete_all(**named)
    with api_server.client() as raw:
        assert raw.delete("/v1/memories/").status_code == 400
        assert raw.delete("/memories").status_code == 400
    assert texts(client.get_all(filters={"user_id": "cleo"})) == {"I am cleo"}


def test_two_tenants_reach_nothing_of_each_other(client: Any, connect: Connect, mem0: Any, api_server: ApiServer):
    other = connect(api_server.issue("admin", tenant_id=api_server.other_tenant_id))
    memory_id = plain(client, "Our secret is zanzibar", user_id="ana", agent_id="cook", run_id="r1")
    calls: tuple[Callable[[], Any], ...] = (
        lambda: other.get(memory_id),
        lambda: other.update(memory_id, text="mine now"),
        lambda: other.delete(memory_id),
        lambda: other.history(memory_id),
        lambda: other.feedback(memory_id, "POSITIVE"),
        lambda: other.batch_update([{"memory_id": memory_id, "text": "mine now"}]),
        lambda: other.batch_delete([{"memory_id": memory_id}]),
        lambda: other.delete_users(user_id="ana"),
    )
    for call in calls:
        with pytest.raises(mem0.exceptions.MemoryNotFoundError) as error:
            call()
        assert "zanzibar" not in str(error.value)
    assert other.users()["results"] == []
    for filters in ({"user_id": "ana"}, {"agent_id": "cook"}, {"run_id": "r1"}, {"OR": [{"user_id": "ana"}]}):
        assert other.search("secret", filters=filters)["results"] == []
        assert other.get_all(filters=filters)["results"] == []
    other.delete_all(user_id="ana")
    assert client.get(memory_id)["memory"] == "Our secret is zanzibar"


def test_a_users_key_reaches_that_user_alone(client: Any, connect: Connect, mem0: Any, api_server: ApiServer):
    ben = connect(api_server.issue("write", user_id="ben"))
    secret = plain(client, "Our secret is zanzibar", user_id="ana", agent_id="cook", run_id="r1")
    own = plain(ben, "I like tea", user_id="ben", agent_id="cook")
    assert client.get(plain(ben, "The oven is hot", agent_id="cook"))["user_id"] == "ben"
    by_id: tuple[Callable[[], Any], ...] = (
        lambda: ben.get(secret),
        lambda: ben.update(secret, text="mine now"),
        lambda: ben.delete(secret),
        lambda: ben.history(secret),
        lambda: ben.feedback(secret, "POSITIVE"),
        lambda: ben.batch_update([{"memory_id": own, "text": "x"}, {"memory_id": secret, "text": "mine now"}]),
        lambda: ben.batch_delete([{"memory_id": own}, {"memory_id": secret}]),
    )
    for call in by_id:
        with pytest.raises(mem0.exceptions.MemoryNotFoundError):
            call()
    filters: tuple[dict[str, Any], ...] = (
        {"user_id": "ana"},
        {"user_id": {"in": ["ben", "ana"]}},
        {"OR": [{"user_id": "ben"}, {"user_id": "ana"}]},
        {"OR": [{"agent_id": "cook"}, {"user_id": "ana"}]},
        {"AND": [{"OR": [{"user_id": "ana"}]}]},
    )
    for one in filters:
        for method in (partial(ben.search, "secret"), ben.get_all, ben.delete_all):
            with pytest.raises(mem0.exceptions.AuthenticationError):
                method(filters=one)
    hidden: tuple[dict[str, Any], ...] = (
        {"agent_id": "cook"},
        {"run_id": "r1"},
        {"NOT": [{"user_id": "ben"}]},
        {"user_id": "ben"},
        {"user_id": "ben", "agent_id": "*"},
        {"OR": [{"agent_id": "cook"}, {"run_id": "r1"}]},
        {},
    )
    for one in hidden:
        assert "Our secret is zanzibar" not in texts(ben.search("secret", filters=one))
        assert "Our secret is zanzibar" not in texts(ben.get_all(filters=one))
    with pytest.raises(mem0.exceptions.AuthenticationError):
        ben.add("x is y", user_id="ana")
    for named in ({"user_id": "ana"}, {"user_id": "ben"}, {"agent_id": "cook"}):
        with pytest.raises(mem0.exceptions.AuthenticationError):
            ben.delete_users(**named)
    assert [(row["type"], row["name"]) for row in ben.users()["results"]] == [("user", "ben")]
    ben.delete_all(agent_id="cook")
    ben.delete_all(run_id="r1")
    assert client.get(secret)["memory"] == "Our secret is zanzibar"
    assert client.get_all(filters={"user_id": "ben"})["results"] == []


def test_a_projects_key_reaches_that_project_alone(client: Any, connect: Connect, mem0: Any, api_server: ApiServer):
    atlas = connect(api_server.issue("write", project_id="atlas"))
    secret = plain(client, "Our secret is zanzibar", user_id="ana")
    own = plain(atlas, "The plan is tea", user_id="ana")
    assert client.get(own)["app_id"] == "atlas"
    assert texts(atlas.get_all(filters={"user_id": "ana"})) == {"The plan is tea"}
    assert texts(atlas.search("secret plan", filters={"user_id": "ana"})) == {"The plan is tea"}
    for call in (atlas.get, atlas.delete, atlas.history, lambda one: atlas.update(one, text="x")):  # type: ignore[misc]
        with pytest.raises(mem0.exceptions.MemoryNotFoundError):
            call(secret)
    for call in (
        atlas.users,
        lambda: atlas.delete_users(user_id="ana"),
        lambda: atlas.add("x", user_id="a", app_id="b"),
    ):
        with pytest.raises(mem0.exceptions.AuthenticationError):
            call()
    atlas.delete_all(user_id="ana")
    assert texts(client.get_all(filters={"user_id": "ana"})) == {"Our secret is zanzibar"}


def test_errors_have_the_clients_own_classes(client: Any, connect: Connect, mem0: Any, api_server: ApiServer):
    errors = mem0.exceptions
    with httpx.Client() as raw, pytest.raises(ValueError, match="API key"):
        mem0.MemoryClient(host=api_server.url, api_key="rk_wrong", client=raw)
    revoked, reader = api_server.issue("write"), connect(api_server.issue("read"))
    late = connect(revoked)
    key_id = next(key.id for key in api_server.call(lambda memory: memory.keys.list()) if str(key.id.hex) in revoked)
    api_server.call(lambda memory: memory.keys.revoke(key_id))
    with pytest.raises(errors.AuthenticationError):
        late.search("x", filters={"user_id": "ana"})
    with pytest.raises(errors.AuthenticationError, match="read access"):
        reader.add("x", user_id="ana")
    with pytest.raises(errors.AuthenticationError, match="admin"):
        reader.users()
    with pytest.raises(errors.MemoryNotFoundError, match="there is no memory"):
        client.get(str(uuid4()))
    with pytest.raises(errors.ValidationError, match="memory_id"):
        client.get("no-uuid")
    wrong: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("custom_instructions", lambda: client.add("x", user_id="ana", custom_instructions="be brief")),
        ("user_id", lambda: client.add("x")),
        ("filters.topic", lambda: client.add("x", filters={"topic": "y"})),
        ("expiration_date", lambda: client.add("x", user_id="ana", expiration_date="soon")),
        ("messages", lambda: client.add([{"text": "x"}], user_id="ana")),
        ("filters", lambda: client.search("x", filters={"topic": "y"})),
        ("top_k", lambda: client.search("x", filters={"user_id": "ana"}, top_k="many")),
        ("limit", lambda: client.search("x", filters={"user_id": "ana"}, top_k=0)),
        ("fields", lambda: client.search("x", filters={"user_id": "ana"}, fields=["secret"])),
        ("nonsense", lambda: client.search("x", filters={"user_id": "ana"}, nonsense=1)),
        ("page_size", lambda: client.get_all(filters={"user_id": "ana"}, page_size=1000)),
    )
    plain(client, "I like tea", user_id="ana")
    for field, call in wrong:
        with pytest.raises(errors.ValidationError) as error:
            call()
        assert field in str(error.value), str(error.value)
        assert not str(error.value).startswith("{")


def test_a_key_that_is_used_too_often_is_told_when_again(connect: Connect, mem0: Any, api_server: ApiServer):
    hasty = connect(api_server.issue("write", requests_per_minute=2))
    hasty.get_all(filters={"user_id": "ana"})
    with pytest.raises(mem0.exceptions.RateLimitError) as error:
        hasty.get_all(filters={"user_id": "ana"})
    assert 1 <= error.value.debug_info["retry_after"] <= 60
    assert error.value.debug_info["x_ratelimit_limit"] == "2"
    assert error.value.debug_info["x_ratelimit_remaining"] == "0"


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer"])
def test_the_key_may_come_with_either_word(api_server: ApiServer, scheme: str):
    sent = {"Authorization": f"{scheme} {api_server.key}"}
    assert httpx.get(f"{api_server.url}/v1/ping/", headers=sent).json()["status"] == "ok"
    assert httpx.get(f"{api_server.url}/v1/ping/", headers={"Authorization": f"{scheme} rk_x.y.z"}).status_code == 401


BODIES: tuple[Any, ...] = (
    None, 1, "x", [], [1], {}, {"filters": 1}, {"filters": {"AND": 1}}, {"filters": {"AND": [1]}},
    {"filters": {"user_id": {"in": 1}}}, {"filters": {"user_id": None}}, {"filters": {"user_id": {"gt": 1}}},
    {"filters": {"user_id": "a\x00"}}, {"filters": {"user_id": "x" * 300}}, {"filters": {"": {}}},
    {"filters": {"user_id": "a", "metadata": 1}}, {"filters": {"user_id": "a", "created_at": {"gt": {}}}},
    {"filters": {"user_id": "a", "x.y.z.": [["x"]]}}, {"filters": {"user_id": "a", "NOT": []}},
    {"filters": {"user_id": "a", "keywords": 1}}, {"filters": {"user_id": "a", "categories": {"in": "x"}}},
    {"filters": {"user_id": "a", "created_at": 1e300}}, {"query": "", "filters": {"user_id": "a"}},
    {"query": "q" * 20_000, "filters": {"user_id": "a"}}, {"query": "x", "filters": {"user_id": "recollect:tenant"}},
    {"query": "x", "filters": {"user_id": "a"}, "top_k": 10**12}, {"messages": [], "user_id": "a"},
    {"messages": [{"role": "king", "content": "x"}], "user_id": "a"}, {"messages": {"role": 1}, "user_id": "a"},
    {"messages": "x", "user_id": "a", "timestamp": 1e300}, {"messages": "x", "user_id": "recollect:tenant"},
    {"messages": "x", "user_id": "a", "metadata": {"a": "\x00"}}, {"messages": "\x00", "user_id": "a"},
    {"messages": [{"role": "user", "content": [1]}], "user_id": "a"}, {"text": "\x00"}, {"expiration_date": "x"},
    {"query": "x", "filters": {"user_id": "a"}, "reference_date": "nan"}, {"memories": [{"memory_id": "x"}]},
    {"query": "x", "filters": {"user_id": "a"}, "metadata": {"a": {"b": {"c": [1, {"d": 1}]}}}},
    {"feedback": "GOOD", "memory_id": "x"}, {"query": "x", "filters": {"user_id": {"eq": ["a", "b"]}}},
)  # fmt: skip


def test_no_body_makes_the_server_fail(api_server: ApiServer):
    with api_server.client() as raw:
        routes = [("POST", f"/v3/memories/{part}") for part in ("", "add/", "search/")]
        routes += [("PUT", f"/v1/memories/{uuid4()}/"), ("PUT", "/v1/batch/"), ("DELETE", "/v1/batch/")]
        routes += [
            ("POST", "/v1/feedback/"),
            ("POST", "/memories"),
            ("POST", "/search"),
            ("PUT", f"/memories/{uuid4()}"),
        ]
        for method, path in routes:
            for body in BODIES:
                answer = raw.request(method, path, json=body)
                assert answer.status_code < 500, (method, path, body, answer.text)
                if answer.status_code >= 400:
                    assert isinstance(answer.json()["detail"], str)
                    assert answer.headers["content-type"] == "application/json"
        for query in (
            "user_id=%00",
            "user_id=recollect:tenant",
            "filters=" + "(" * 5_000,
            "filters=" + "[" * 5_000,
            "filters={1:2}",
        ):
            assert raw.delete(f"/v1/memories/?{query}").status_code == 400, query
