"""Relationships, collections, conversations, entities, traces, quarantine and erasure over REST."""

from typing import Any

import pytest

from api_server import Api

pytestmark = pytest.mark.anyio

BEN = {"user_id": "ben"}


async def added(api: Api, content: str, **given: Any) -> str:
    answer = await api.client.post("/v1/memories", json={"content": content, **BEN, **given})
    assert answer.status_code == 201, answer.text
    return answer.json()["items"][0]["memory_id"]


async def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_relationships(api: Api) -> None:
    one, two = await added(api, "I moved to Lyon"), await added(api, "I found a flat in Lyon")
    tie = {**BEN, "source_id": two, "target_id": one, "type": "follows"}
    made = await ok(await api.client.post("/v1/relationships", json={**tie, "confidence": 0.5}), 201)
    assert made["confidence"] == 0.5
    listed = await ok(
        await api.client.get(f"/v1/memories/{one}/relationships", params={**BEN, "direction": "incoming"})
    )
    assert [found["source_id"] for found in listed["items"]] == [two]
    away = await ok(await api.client.get(f"/v1/memories/{one}/relationships", params={**BEN, "direction": "outgoing"}))
    assert away["items"] == []
    await ok(await api.client.delete("/v1/relationships", params=tie), 204)
    await ok(await api.client.delete("/v1/relationships", params=tie), 404)
    itself = await api.client.post("/v1/relationships", json={**tie, "target_id": two})
    assert (itself.status_code, itself.json()["field"]) == (422, "target_id")


async def test_collections(api: Api) -> None:
    memory_id = await added(api, "I booked a flight to Lima")
    made = await ok(await api.client.post("/v1/collections", json={**BEN, "name": "Peru"}), 201)
    place = f"/v1/collections/{made['id']}"
    await ok(await api.client.post("/v1/collections", json={**BEN, "name": "Peru"}), 409)
    members = {**BEN, "memory_ids": [memory_id]}
    put = await ok(await api.client.post(f"{place}/memories", json=members))
    assert put["items"][0]["memory_id"] == memory_id
    held = await ok(await api.client.get(f"{place}/memories", params=BEN))
    assert [memory["id"] for memory in held["items"]] == [memory_id]
    renamed = await ok(await api.client.patch(place, json={**BEN, "name": "Peru 2027"}))
    assert renamed["name"] == (await ok(await api.client.get(place, params=BEN)))["name"] == "Peru 2027"
    await ok(await api.client.delete(f"{place}/memories", params=members), 204)
    assert (await ok(await api.client.get(f"{place}/memories", params=BEN)))["items"] == []
    await ok(await api.client.delete(place, params=BEN), 204)
    assert (await ok(await api.client.get("/v1/collections", params=BEN)))["items"] == []


@pytest.mark.parametrize("name", ["monday", "team/2026 ä?#", "turns", "a%2Fb"])
async def test_conversations_have_any_id(api: Api, name: str) -> None:
    await added(api, "Hello, I am Ben and I live in Lyon", conversation_id=name)
    await added(api, "My sister Anna works at Siemens", conversation_id=name)
    listed = await ok(await api.client.get("/v1/conversations", params=BEN))
    assert [found["id"] for found in listed["items"]] == [name]
    place = api.client.build_request("GET", "/v1/conversations/").url.raw_path.decode() + _quoted(name)
    titled = await ok(await api.client.patch(place, json={**BEN, "title": "First words", "metadata": {"a": 1}}))
    assert titled == await ok(await api.client.get(place, params=BEN))
    assert (titled["title"], titled["metadata"], titled["turn_count"]) == ("First words", {"a": 1}, 2)
    turns = await ok(await api.client.get("/v1/turns", params={**BEN, "conversation_id": name, "limit": 1}))
    assert turns["items"][0]["text"].startswith("Hello")
    rest = {**BEN, "conversation_id": name, "cursor": turns["next_cursor"]}
    assert len((await ok(await api.client.get("/v1/turns", params=rest)))["items"]) == 1


def _quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


async def test_entities(api: Api) -> None:
    await added(api, "My sister Anna works at Siemens")
    await added(api, "Annie likes green tea")
    names = [found["name"] for found in (await ok(await api.client.get("/v1/entities", params=BEN)))["items"]]
    assert "Anna" in names
    assert (await ok(await api.client.get("/v1/entities/Anna", params=BEN)))["type"] == "person"
    said = {**BEN, "type": "organisation", "description": "makes trains", "aliases": ["AC/DC"]}
    await ok(await api.client.patch("/v1/entities/Siemens", json=said))
    assert (await ok(await api.client.get("/v1/entities/AC/DC", params=BEN)))["name"] == "Siemens"
    merged = await ok(await api.client.post("/v1/entities/merge", json={**BEN, "name": "Annie", "into": "Anna"}))
    assert merged["merged"] == ["Annie"]
    await ok(await api.client.post("/v1/entities/unmerge", json={**BEN, "name": "Annie"}), 204)
    pairs = (await ok(await api.client.get("/v1/entity-duplicates", params=BEN)))["items"]
    assert {"Anna", "Annie"} in [{pair["name"], pair["into"]} for pair in pairs]
    relations = await ok(await api.client.get("/v1/entity-relations", params={**BEN, "name": "Anna"}))
    assert "Siemens" in [relation["object"] for relation in relations["items"]]
    near = await ok(await api.client.get("/v1/entity-neighbours", params={**BEN, "name": "Anna", "depth": 2}))
    assert "Siemens" in [found["name"] for found in near["items"]]
    related = await ok(await api.client.get("/v1/entity-related", params={**BEN, "name": ["Anna", "Siemens"]}))
    assert {"Anna", "Siemens"} <= {found["name"] for found in related["items"]}
    await ok(await api.client.get("/v1/entities/Nobody", params=BEN), 404)
    await ok(await api.client.get("/v1/entity-neighbours", params={**BEN, "name": "Anna", "depth": 9}), 422)


async def test_traces(api: Api) -> None:
    await added(api, "My sister Anna works at Siemens")
    asked = {**BEN, "query": "Where does Anna work?", "trace": True}
    found = await ok(await api.client.post("/v1/search", json=asked))
    place = f"/v1/traces/{found['trace_id']}"
    kept = await ok(await api.client.get(place, params=BEN))
    assert [hit["memory_id"] for hit in kept["hits"]] == [hit["memory"]["id"] for hit in found["hits"]]
    assert (await ok(await api.client.get("/v1/traces", params=BEN)))["items"] == [kept]
    again = await ok(await api.client.post(f"{place}/replay", json=BEN))
    assert (again["same"], again["differences"]) == (True, [])
    assert len(again["result"]["hits"]) == len(found["hits"])
    await ok(await api.client.delete(place, params=BEN), 204)
    await ok(await api.client.get(place, params=BEN), 404)


async def test_quarantine(api: Api) -> None:
    doubted = await added(api, "Ben's password is hunter2", source="a web page")
    other = await added(api, "Ben wants to buy a yacht", source="a web page")
    listed = await ok(await api.client.get("/v1/quarantine", params=BEN))
    assert {memory["id"] for memory in listed["items"]} == {doubted, other}
    writer = await api.new_caller("write", user_id="ben")
    assert (await writer.post(f"/v1/quarantine/{doubted}/release", json={})).status_code == 403
    await ok(await writer.delete(f"/v1/quarantine/{other}"), 204)
    released = await ok(await api.client.post(f"/v1/quarantine/{doubted}/release", json={**BEN, "trust": "trusted"}))
    assert released["trust"] == "trusted"
    assert (await ok(await api.client.get("/v1/quarantine", params=BEN)))["items"] == []


async def test_erasure_leaves_a_certificate_that_can_be_verified(api: Api) -> None:
    memory_id = await added(api, "Nobody needs to know this about my doctor")
    certificate = await ok(await api.client.post(f"/v1/memories/{memory_id}/erase", json=BEN))
    assert (certificate["erased"], memory_id in certificate["memory_ids"]) == ("memory", True)
    assert await ok(await api.client.post("/v1/certificates/verify", json={"certificate": certificate})) == {
        "valid": True
    }
    changed = {**certificate, "actor": "somebody else"}
    assert await ok(await api.client.post("/v1/certificates/verify", json={"certificate": changed})) == {"valid": False}
    await ok(await api.client.post("/v1/certificates/verify", json={"certificate": {"format": "none"}}), 422)
    await ok(await api.client.get(f"/v1/memories/{memory_id}", params=BEN), 404)
    events = (await ok(await api.client.get("/v1/events", params={**BEN, "limit": 1})))["items"]
    assert (events[0]["type"], events[0]["payload"]) == ("memory_added", None)


async def test_events_are_listed_from_any_line_on(api: Api) -> None:
    await added(api, "My sister Anna works at Siemens")
    await added(api, "I like green tea")
    first = await ok(await api.client.get("/v1/events", params={**BEN, "limit": 1}))
    assert (first["items"][0]["seq"], first["next_after_seq"]) == (1, 1)
    rest = await ok(await api.client.get("/v1/events", params={**BEN, "after_seq": 1, "types": ["memory_added"]}))
    assert rest["items"][0]["seq"] == 2
    assert rest["next_after_seq"] is None
    since = {**BEN, "since": rest["items"][-1]["recorded_at"]}
    assert rest["items"][-1] in (await ok(await api.client.get("/v1/events", params=since)))["items"]
    await ok(await api.client.get("/v1/events", params={**BEN, "since": "yesterday"}), 422)
