"""What a policy hides is hidden on every route of the REST door, mem0's among them."""

import pytest
from tests.acceptance.test_api_two_tenants import ENDLESS, LAST, WRITING, walk
from tests.api_requests import REQUESTS, told
from tests.api_things import things_of

from api_server import Api

pytestmark = pytest.mark.anyio

WORD = "tapirword"
FILTER = """package recollect.wall
import rego.v1

applies if input.action == "read"

filter := {"sensitivity": {"ne": "restricted"}}
"""
RULE = FILTER.replace(
    'filter := {"sensitivity": {"ne": "restricted"}}', 'allow if input.memory.sensitivity != "restricted"'
)
READING = {label for label in REQUESTS if label not in WRITING and label not in LAST}


@pytest.mark.parametrize("module", [FILTER, RULE])
async def test_no_route_tells_what_a_policy_hides(api: Api, module: str):
    things = await things_of(api.memory, "ana", "borneoword", "Nairobi")
    said = f"My {WORD} is what is my favourite colour"
    hidden = await api.memory.add(said, user_id="ana", sensitivity="restricted", conversation_id="c-hidden")
    about = {**things, "memory": str(hidden.id), "conversation": "c-hidden"}
    seen = await walk(api, api.client, about, "ana", READING)
    telling = {label for label, answer in seen.answers.items() if WORD in told(answer)}
    assert {"POST /v1/search", "GET /v1/export", ENDLESS, "POST /v3/memories/", "GET /v1/events"} <= telling
    await api.memory.policies.add("wall", module)
    seen = await walk(api, api.client, about, "ana", READING)
    assert not seen.but(lambda _, answer: WORD not in told(answer) and answer.status_code < 500)
