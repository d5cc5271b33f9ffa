"""Memories over REST: conditional requests, every filter, the past, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from api_server import Api

pytestmark = pytest.mark.anyio

SAID = "My sister Anna works at Siemens"
PROBLEM = "urn:recollect:problem:"


async def added(api: Api, content: str = SAID, **given: Any) -> str:
    answer = await api.client.post("/v1/memories", json={"content": content, "user_id": "ben", **given})
    assert answer.status_code == 201, answer.text
    return answer.json()["items"][0]["memory_id"]


async def written_at(api: Api) -> str:
    """When the log's last line was written."""
    return (await api.client.get("/v1/events", params={"user_id": "ben"})).json()["items"][-1]["recorded_at"]


async def test_a_change_needs_the_version_that_was_read(api: Api) -> None:
    place = f"/v1/memories/{await added(api)}"
    read = await api.client.get(place, params={"user_id": "ben"})
    tag = read.headers["etag"]
    change = {"user_id": "ben", "text": "My sister Anna works at Bosch"}
    changed = await api.client.patch(place, json=change, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    late = await api.client.patch(place, json={**change, "text": "No"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["type"]) == (412, f"{PROBLEM}version-conflict")
    odd = await api.client.patch(place, json=change, headers={"If-Match": "three"})
    assert (odd.status_code, odd.json()["field"]) == (422, "If-Match")
    shown = await api.client.get(place, params={"user_id": "ben"})
    assert shown.json()["text"] == change["text"]


async def test_what_has_not_changed_is_not_sent_again(api: Api) -> None:
    place = f"/v1/memories/{await added(api)}"
    tag = (await api.client.get(place, params={"user_id": "ben"})).headers["etag"]
    same = await api.client.get(place, params={"user_id": "ben"}, headers={"If-None-Match": f'"99", W/{tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    other = await api.client.get(place, params={"user_id": "ben"}, headers={"If-None-Match": '"99"'})
    assert other.status_code == 200


async def test_the_list_takes_every_filter_of_the_facade(api: Api) -> None:
    await added(api, metadata={"topic": "family"}, conversation_id="monday")
    await added(api, "I like green tea", metadata={"topic": "drinks"})
    condition = {"user_id": "ben", "filters": {"metadata.topic": "drinks"}, "types": None}
    found = await api.client.post("/v1/memories/list", json=condition)
    assert [memory["text"] for memory in found.json()["items"]] == ["I like green tea"], found.text
    turns = {"user_id": "ben", "conversation_id": "monday", "types": ["turn"], "limit": 1}
    assert len((await api.client.post("/v1/memories/list", json=turns)).json()["items"]) == 1
    bad = await api.client.post("/v1/memories/list", json={"user_id": "ben", "filters": {"no_such_field": 1}})
    assert (bad.status_code, bad.json()["type"]) == (422, f"{PROBLEM}invalid")


async def test_pages_follow_each_other(api: Api) -> None:
    for number in range(5):
        await added(api, f"I have read book number {number} of the series")
    seen: list[str] = []
    cursor = None
    while True:
        asked = {"user_id": "ben", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await api.client.get("/v1/memories", params=asked)).json()
        seen += [memory["id"] for memory in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) >= 5


async def test_the_past_is_asked_where_the_present_is(api: Api) -> None:
    memory_id = await added(api)
    before = await written_at(api)
    change = {"user_id": "ben", "text": "My sister Anna works at Bosch"}
    await api.client.patch(f"/v1/memories/{memory_id}", json=change)
    now = await written_at(api)
    then = {"user_id": "ben", "known_at": before}
    assert (await api.client.get(f"/v1/memories/{memory_id}", params=then)).json()["text"] == SAID
    listed = await api.client.get("/v1/memories", params={**then, "types": ["turn", "semantic_fact", "episodic_event"]})
    assert SAID in [memory["text"] for memory in listed.json()["items"]], listed.text
    filtered = await api.client.post("/v1/memories/list", json=then)
    assert SAID in [memory["text"] for memory in filtered.json()["items"]]
    found = await api.client.post("/v1/search", json={**then, "query": "Where does Anna work?"})
    assert "Siemens" in found.json()["hits"][0]["memory"]["text"], found.text
    told = await api.client.get("/v1/diff", params={"user_id": "ben", "t1": before, "t2": now})
    texts = [field for change in told.json()["changed"] for field in change["fields"] if field["name"] == "text"]
    assert texts == [{"name": "text", "old": SAID, "new": change["text"]}], told.text
    ahead = await api.client.get("/v1/memories", params={"user_id": "ben", "known_at": "2999-01-01T00:00:00Z"})
    assert ahead.status_code == 422
    naive = await api.client.get("/v1/memories", params={"user_id": "ben", "known_at": "2026-01-01T00:00:00"})
    assert (naive.status_code, naive.json()["field"]) == (422, "known_at")


async def test_a_rollback_is_planned_done_and_taken_back(api: Api) -> None:
    memory_id = await added(api)
    await api.client.delete(f"/v1/memories/{memory_id}", params={"user_id": "ben"})
    events = (await api.client.get("/v1/events", params={"user_id": "ben", "types": ["memory_deleted"]})).json()[
        "items"
    ]
    back = {"user_id": "ben", "to": events[0]["seq"] - 1}
    plan = (await api.client.post("/v1/rollback", json={**back, "dry_run": True})).json()
    assert (plan["dry_run"], plan["event_id"], plan["counts"]["back"] > 0) == (True, None, True), plan
    gone = await api.client.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})
    assert (gone.status_code, gone.json()["type"]) == (404, f"{PROBLEM}not-found")
    done = (await api.client.post("/v1/rollback", json=back)).json()
    assert (await api.client.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 200
    assert done["changes"][0]["after"]["text"]
    await api.client.post("/v1/rollback", json={"user_id": "ben", "to": done["from_seq"]})
    assert (await api.client.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 404
    both = await api.client.post("/v1/rollback", json={**back, "before": "2026-01-01T00:00:00Z"})
    assert both.status_code == 422


async def test_used_revised_and_explained(api: Api) -> None:
    memory_id = await added(api)
    used = await api.client.post("/v1/memories/used", json={"user_id": "ben", "memory_ids": [memory_id]})
    assert used.json()["items"][0]["access_count"] == 1
    await api.client.post("/v1/search", json={"user_id": "ben", "query": "Where does Anna work?"})
    evidence = {"user_id": "ben", "evidence": "Anna works at Bosch now", "text": "My sister Anna works at Bosch"}
    revised = await api.client.post(f"/v1/memories/{memory_id}/revise", json=evidence)
    assert (revised.status_code, revised.json()["text"]) == (200, evidence["text"]), revised.text
    asked = {"user_id": "ben", "memory_id": memory_id, "query": "Where does Anna work?", "types": ["goal"]}
    why = await api.client.post("/v1/why-not", json=asked)
    assert why.json()["reason"] == "filter", why.text
    history = (await api.client.get(f"/v1/memories/{memory_id}/history", params={"user_id": "ben"})).json()["items"]
    assert [event["type"] for event in history][:2] == ["memory_added", "memory_used"]


async def test_the_same_request_sent_twice_has_one_effect(api: Api) -> None:
    said, key = {"user_id": "ben", "content": SAID}, {"Idempotency-Key": str(uuid4())}
    first = await api.client.post("/v1/memories", json=said, headers=key)
    again = await api.client.post("/v1/memories", json=said, headers=key)
    assert again.json()["items"] == first.json()["items"]
    assert again.json()["event_ids"] == first.json()["event_ids"]
    other = await api.client.post("/v1/memories", json={**said, "content": "I like tea"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (409, f"{PROBLEM}idempotency-conflict")
    refused = await api.client.post("/v1/collections", json={"user_id": "ben", "name": "x"}, headers=key)
    assert (refused.status_code, refused.json()["field"]) == (422, "Idempotency-Key")
    assert (await api.client.get("/v1/collections", params={"user_id": "ben"})).json()["items"] == []


async def test_a_key_reaches_what_it_is_for_and_nothing_else(api: Api) -> None:
    memory_id = await added(api)
    reader = await api.new_caller("read")
    assert (await reader.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 200
    assert (await reader.delete(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 403
    ana = await api.new_caller("write", user_id="ana")
    assert (await ana.get(f"/v1/memories/{memory_id}")).status_code == 404
    assert (await ana.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 403
    stranger = await api.new_caller("admin", tenant_id=api.other_tenant_id)
    assert (await stranger.get(f"/v1/memories/{memory_id}", params={"user_id": "ben"})).status_code == 404


async def test_messages_of_tools_are_taken_as_chat_formats_have_them(api: Api) -> None:
    turns = [
        {"role": "user", "content": "What is the weather in Lyon?"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "1", "function": {"name": "weather"}}]},
        {"role": "tool", "content": "22 degrees", "tool_call_id": "1"},
    ]
    taken = await api.client.post("/v1/memories", json={"user_id": "ben", "content": turns, "conversation_id": "c"})
    assert taken.status_code == 201, taken.text
    odd = [{"role": "user", "content": "I moved to Lyon", "mood": "happy"}]
    refused = await api.client.post("/v1/memories", json={"user_id": "ben", "content": odd})
    assert (refused.status_code, refused.json()["field"]) == (422, "messages[0].mood")
