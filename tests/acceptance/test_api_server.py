"""The two ways in which tests reach the API give each test a tenant of its own."""

import httpx
import pytest

from api_server import Api, ApiServer

pytestmark = pytest.mark.anyio


async def test_in_process_each_caller_has_its_own_tenant(api: Api) -> None:
    said = {"content": "My sister Anna works at Siemens", "user_id": "ben"}
    assert (await api.client.post("/v1/memories", json=said)).status_code == 201
    mine = await api.client.get("/v1/memories", params={"user_id": "ben"})
    assert "My sister Anna works at Siemens" in [memory["text"] for memory in mine.json()["items"]]
    other = await api.new_caller("admin", tenant_id=api.other_tenant_id)
    assert (await other.get("/v1/memories", params={"user_id": "ben"})).json()["items"] == []
    nobody = await api.caller(None)
    assert (await nobody.get("/v1/memories", params={"user_id": "ben"})).status_code == 401


def test_served_it_answers_real_clients(api_server: ApiServer) -> None:
    with api_server.client() as client:
        assert client.post("/v1/memories", json={"content": "I moved to Lyon", "user_id": "ana"}).status_code == 201
    assert len(api_server.call(lambda memory: memory.list(user_id="ana"))) > 0
    reader = api_server.issue("read", user_id="ana")
    sent = {"Authorization": f"Bearer {reader}"}
    refused = httpx.post(f"{api_server.url}/v1/memories", headers=sent, json={"content": "I moved to Nice"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:recollect:problem:not-allowed")
