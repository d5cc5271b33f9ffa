"""Every route of the REST door, called by those who may not: nothing of others is told, nothing of theirs changes.

The table of requests is ``tests/api_requests.py``; a route that is not in it fails the first test.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from tests.api_requests import NDJSON, REQUESTS, labels, request_of, routes, told
from tests.api_things import things_of

from api_server import Api, issue_key
from recollect.memory.memory import AsyncFacade

pytestmark = pytest.mark.anyio

SECRET, OWN = "zanzibarword", "borneoword"
LAST = ("DELETE /v1/users", "DELETE /v2/entities/{kind}/{name}/", "POST /reset")
"""What ends whole users: after everything else, so that there is something to find until then."""
ENDLESS = "GET /v1/watch"
WATCHED_S = 0.4
OPEN = {label for label, sample in REQUESTS.items() if sample.access == "none"}
ADMIN = {label for label, sample in REQUESTS.items() if sample.access == "admin"}
WRITING = {label for label, sample in REQUESTS.items() if sample.access in ("write", "admin")}
REFUSED = {401, 403, 404, 422}
MEM0_REFUSED = {400, 401, 403, 404}


@dataclass
class Walk:
    """What was answered, by route.

    Attributes:
        answers: each route's.
    """

    answers: Mapping[str, httpx.Response]

    def but(self, allowed: Callable[[str, httpx.Response], bool]) -> dict[str, tuple[int, str]]:
        """The answers that are not as they should be, with what they say."""
        return {
            label: (answer.status_code, answer.text[:200])
            for label, answer in self.answers.items()
            if not allowed(label, answer)
        }


async def walk(
    api: Api, client: httpx.AsyncClient, things: Mapping[str, str], user_id: str | None, only: set[str] | None = None
) -> Walk:
    """Sends a request to every route, or to some, one after the other."""
    wanted = [label for label in REQUESTS if label not in LAST and (only is None or label in only)]
    wanted += [label for label in LAST if only is None or label in only]
    answers: dict[str, httpx.Response] = {}
    for label in wanted:
        sending = client.request(**request_of(label, things, user_id))
        answers[label] = await (_ended(api, sending) if label == ENDLESS else sending)
    return Walk(answers)


async def _ended(api: Api, sending: Any) -> httpx.Response:
    """The answer of a stream that goes on until the server ends it."""
    task = asyncio.ensure_future(sending)
    await asyncio.wait({task}, timeout=WATCHED_S)
    api.app.state.closing.set()
    try:
        return await task
    finally:
        api.app.state.closing.clear()


async def stock(memory: AsyncFacade, user_id: str, project_id: str) -> dict[str, Any]:
    """All that could have been changed: the user's log has every change, and beside it stands what is not logged."""
    working = memory.working
    return {
        "events": (await memory.events.list(user_id=user_id, limit=1000)).events,
        "memories": list(await memory.list(user_id=user_id, limit=1000)),
        "shared": list(await memory.list(user_id=user_id, project_id=project_id, limit=1000)),
        "members": list(await memory.projects.members(project_id, user_id=user_id)),
        "project": await memory.projects.get(project_id, user_id=user_id),
        "thoughts": list(await working.thoughts(user_id=user_id)),
        "values": {name: value.value for name, value in (await working.all(user_id=user_id)).items()},
        "traces": list(await memory.traces.list(user_id=user_id)),
        "sources": list(await memory.sources.list()),
        "policies": list(await memory.policies.list()),
        "models": [state.model for state in await memory.models.list()],
    }


def silent(_: str, answer: httpx.Response) -> bool:
    """Whether nothing of the victim is told, and nothing fails."""
    return SECRET not in told(answer) and answer.status_code < 500


def test_every_route_is_in_the_table() -> None:
    assert sorted(labels()) == sorted(REQUESTS)
    assert len(list(routes())) == len(REQUESTS)


async def test_the_owner_sees_the_secret_where_the_others_are_looked_at(api: Api) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    looking = {label for label in REQUESTS if label not in WRITING} | ADMIN - set(LAST)
    seen = await walk(api, api.client, things, "ana", looking)
    assert not seen.but(lambda _, answer: answer.status_code in (200, 201, 204, 404))
    telling = {label for label, answer in seen.answers.items() if SECRET in told(answer)}
    assert len(telling) > 45, sorted(set(seen.answers) - telling)


async def test_another_tenant_gets_nothing_and_changes_nothing(api: Api) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    other = api.service.of_tenant(api.other_tenant_id)
    await things_of(other, "ana", OWN, "Lagos")
    stranger = await api.caller(await issue_key(api.service, api.other_tenant_id))
    before = await stock(api.memory, "ana", things["project"])
    seen = await walk(api, stranger, things, "ana")
    assert not seen.but(silent)
    assert await stock(api.memory, "ana", things["project"]) == before


@pytest.mark.parametrize("named", ["ana", None])
async def test_a_key_of_one_user_gets_nothing_of_another(api: Api, named: str | None) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    await things_of(api.memory, "ben", OWN, "Lagos")
    ben = await api.new_caller("write", user_id="ben")
    before = await stock(api.memory, "ana", things["project"])
    seen = await walk(api, ben, things, named)
    assert not seen.but(silent)
    assert not seen.but(lambda label, answer: label not in ADMIN or answer.status_code == 403)
    if named:
        naming = {label for label, sample in REQUESTS.items() if sample.whose} - {"POST /v1/memories/bulk"}
        assert not seen.but(lambda label, answer: label not in naming or answer.status_code == 403)
    assert await stock(api.memory, "ana", things["project"]) == before


@pytest.mark.parametrize("user_id", [None, "ana"])
async def test_a_key_of_one_project_gets_nothing_beside_it(api: Api, user_id: str | None) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    await api.memory.projects.create("other", user_id="ana")
    bound = await api.new_caller("write", project_id="other", **({"user_id": user_id} if user_id else {}))
    before = await stock(api.memory, "ana", things["project"])
    seen = await walk(api, bound, things, "ana")
    assert not seen.but(silent)
    assert not seen.but(lambda label, answer: label not in ADMIN or answer.status_code == 403)
    after = await stock(api.memory, "ana", things["project"])
    memories, events = before.pop("memories"), before.pop("events")
    assert [memory for memory in after.pop("memories") if memory.project_id != "other"] == memories
    assert after.pop("events")[: len(events)] == events
    assert [trace for trace in after.pop("traces") if trace in before["traces"]] == before.pop("traces")
    assert after == before


@pytest.mark.parametrize(("access", "refused"), [("read", WRITING), ("write", ADMIN)])
async def test_a_key_that_allows_less_changes_nothing(api: Api, access: Any, refused: set[str]) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    key = await api.new_caller(access)
    before = await stock(api.memory, "ana", things["project"])
    seen = await walk(api, key, things, "ana", refused)
    assert not seen.but(lambda _, answer: answer.status_code == 403)
    assert not seen.but(silent)
    assert await stock(api.memory, "ana", things["project"]) == before


async def test_without_a_valid_key_there_is_nothing(api: Api) -> None:
    things = await things_of(api.memory, "ana", SECRET, "Nairobi")
    before = await stock(api.memory, "ana", things["project"])
    tenant, key_id, secret = api.key.split(".")
    stranger = await issue_key(api.service, api.other_tenant_id)
    revoked = await api.issue("admin")
    await api.memory.keys.revoke(revoked.split(".")[1])
    wrong = {
        "none": None,
        "no key at all": "hello",
        "another secret": f"{tenant}.{key_id}.{stranger.split('.')[2]}",
        "another id": f"{tenant}.{stranger.split('.')[1]}.{secret}",
        "another tenant": f"{stranger.split('.')[0]}.{key_id}.{secret}",
        "revoked": revoked,
    }
    for token in wrong.values():
        seen = await walk(api, await api.caller(token), things, "ana")
        assert not seen.but(lambda label, answer: answer.status_code == (200 if label in OPEN else 401))
        assert not seen.but(silent)
    assert await stock(api.memory, "ana", things["project"]) == before


async def test_a_line_of_a_bulk_add_is_refused_like_a_single_add(api: Api) -> None:
    ben = await api.new_caller("write", user_id="ben")
    line = b'{"content": "I like tea", "user_id": "ana"}\n'
    answer = await ben.post("/v1/memories/bulk", content=line, headers={"Content-Type": NDJSON})
    assert (answer.json()["status"], answer.json()["line"]) == (403, 1)
    assert list(await api.memory.list(user_id="ana")) == []
