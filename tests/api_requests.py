"""A request to every route of the REST door, with placeholders such as ``<memory>`` for what somebody must have there.

``things_of`` in ``tests/api_things.py`` makes one of everything. A route that is missing in ``REQUESTS`` fails the
tests that walk all of them, so that none can be forgotten.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal, cast
from urllib.parse import quote

import httpx
from fastapi.routing import APIRoute

from recollect.bootstrap.service import Service
from recollect.doors.api.app import create_app
from recollect.doors.api.routes import ROUTERS
from tests.api_things import MODULE, Things

Access = Literal["none", "read", "write", "admin"]
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A request that works.

    Attributes:
        access: what it needs. query, body: what is sent; lines: a body of NDJSON.
        whose: where the user is named: with the rest ("user_id"), in the "query", in the "path", or nowhere ("").
        path: values in the path, in place of those that ``PATHS`` has.
    """

    access: Access = "read"
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: Any = None
    lines: bool = False
    whose: str = "user_id"
    path: Mapping[str, str] = field(default_factory=dict[str, str])


PATHS = {
    "memory_id": "<memory>",
    "collection_id": "<collection>",
    "conversation_id": "<conversation>",
    "name": "<name>",
    "trace_id": "<trace>",
    "field": "<field>",
    "goal_id": "<goal>",
    "strategy_id": "<strategy>",
    "reflection_id": "<reflection>",
    "project_id": "<project>",
    "channel_id": "<channel>",
    "key_id": "<key>",
    "event_id": "<memory>",
    "user_id": "<user>",
    "kind": "user",
    "rest": "anything",
}


def _read(**query: Any) -> Sample:
    return Sample(query=query)


def _asks(**body: Any) -> Sample:
    return Sample(body=body)


def _write(**body: Any) -> Sample:
    return Sample(access="write", body=body)


def _remove(**query: Any) -> Sample:
    return Sample(access="write", query=query)


def _admin(body: Any = None, **query: Any) -> Sample:
    return Sample(access="admin", whose="", body=body, query=query)


def _named(name: str, sample: Sample) -> Sample:
    return replace(sample, path={"name": name})


def _mem0(access: Access, body: Any = None, **query: Any) -> Sample:
    return Sample(access=access, body=body, query=query, whose="")


SOURCE, POLICY, ENTITY, VALUE = "<source>", "<policy>", "<entity>", "<value>"
MEM0_USER = {"filters": {"user_id": "<user>"}}

REQUESTS: Mapping[str, Sample] = {
    "POST /v1/memories": _write(content="My sister Anna works at Siemens", conversation_id="monday"),
    "GET /v1/memories": _read(limit=20),
    "POST /v1/memories/list": _asks(filters={"importance": {"gte": 0.0}}),
    "GET /v1/memories/{memory_id}": _read(),
    "PATCH /v1/memories/{memory_id}": _write(text="My sister Anna works at Bosch"),
    "DELETE /v1/memories/{memory_id}": _remove(),
    "POST /v1/memories/{memory_id}/revise": _write(evidence="Anna works at Bosch now"),
    "GET /v1/memories/{memory_id}/history": _read(),
    "POST /v1/memories/used": _write(memory_ids=["<memory>"]),
    "POST /v1/memories/bulk": Sample(access="write", body={"content": "I like green tea"}, lines=True),
    "POST /v1/search": _asks(query="What is the secret?", explain=True, trace=True),
    "POST /v1/context": _asks(query="What is the secret?"),
    "POST /v1/why-not": _asks(query="What is the secret?", memory_id="<memory>"),
    "POST /v1/relationships": _write(source_id="<other>", target_id="<memory>", type="supports"),
    "DELETE /v1/relationships": _remove(source_id="<memory>", target_id="<other>", type="related"),
    "GET /v1/memories/{memory_id}/relationships": _read(),
    "POST /v1/collections": _write(name="Lima", description="A trip"),
    "GET /v1/collections": _read(),
    "GET /v1/collections/{collection_id}": _read(),
    "PATCH /v1/collections/{collection_id}": _write(name="Peru 2027"),
    "DELETE /v1/collections/{collection_id}": _remove(),
    "POST /v1/collections/{collection_id}/memories": _write(memory_ids=["<memory>"]),
    "GET /v1/collections/{collection_id}/memories": _read(),
    "DELETE /v1/collections/{collection_id}/memories": _remove(memory_ids=["<memory>"]),
    "GET /v1/conversations": _read(),
    "GET /v1/conversations/{conversation_id}": _read(),
    "PATCH /v1/conversations/{conversation_id}": _write(title="About the move"),
    "GET /v1/turns": _read(conversation_id="<conversation>"),
    "GET /v1/entities": _read(),
    "GET /v1/entities/{name}": _named(ENTITY, _read()),
    "PATCH /v1/entities/{name}": _named(ENTITY, _write(description="Somebody")),
    "POST /v1/entities/merge": _write(name="<entity>", into="Anna"),
    "POST /v1/entities/unmerge": _write(name="<entity>"),
    "GET /v1/entity-duplicates": _read(),
    "GET /v1/entity-relations": _read(name="<entity>"),
    "GET /v1/entity-neighbours": _read(name="<entity>", depth=2),
    "GET /v1/entity-related": _read(name=["<entity>"]),
    "GET /v1/events": _read(),
    "GET /v1/watch": _read(after_seq=0),
    "GET /v1/diff": _read(t1="<before>", t2="<after>"),
    "POST /v1/rollback": _write(to=1),
    "GET /v1/traces": _read(),
    "GET /v1/traces/{trace_id}": _read(),
    "DELETE /v1/traces/{trace_id}": _remove(),
    "POST /v1/traces/{trace_id}/replay": _asks(),
    "GET /v1/quarantine": _read(),
    "POST /v1/quarantine/{memory_id}/release": Sample(access="admin", body={}, path={"memory_id": "<doubted>"}),
    "DELETE /v1/quarantine/{memory_id}": Sample(access="write", path={"memory_id": "<doubted>"}),
    "POST /v1/memories/{memory_id}/erase": _write(),
    "POST /v1/certificates/verify": Sample(body={"certificate": "<certificate>"}, whose=""),
    "GET /v1/graph": _read(),
    "GET /v1/graph/find": _read(query="<entity>"),
    "GET /v1/graph/nodes": _read(name=["<entity>"]),
    "POST /v1/graph/entities": _write(entities=[{"name": "Tom", "type": "person", "observations": ["likes tea"]}]),
    "POST /v1/graph/entities/delete": _write(names=["<entity>"]),
    "POST /v1/graph/relations": _write(relations=[{"source": "<entity>", "type": "knows", "target": "Tom"}]),
    "POST /v1/graph/relations/delete": _write(relations=[{"source": "<entity>", "type": "knows", "target": "Tom"}]),
    "POST /v1/graph/observations": _write(observations=[{"name": "<entity>", "contents": ["likes tea"]}]),
    "POST /v1/graph/observations/delete": _write(observations=[{"name": "<entity>", "contents": ["likes tea"]}]),
    "GET /v1/export": _read(embeddings=True),
    "POST /v1/import": Sample(access="write", body={"text": "I like tea", "at": None}, lines=True, whose="query"),
    "GET /v1/users": _admin(),
    "GET /v1/users/{user_id}": Sample(whose="path"),
    "GET /v1/identity": _read(),
    "PUT /v1/identity/{field}": _write(value={"word": "nothing"}),
    "PATCH /v1/identity/{field}": _write(patch={"more": "nothing"}),
    "POST /v1/identity/{field}/remove": _write(),
    "GET /v1/identity/{field}/history": _read(),
    "GET /v1/profile": _read(),
    "PATCH /v1/profile": _write(preferences={"language": "French"}),
    "POST /v1/sessions": _write(state={"active_task": "plan a trip"}),
    "GET /v1/sessions": _read(),
    "GET /v1/sessions/current": _read(),
    "PATCH /v1/sessions/current": _write(state={"active_task": "book"}, active_goal_id="<goal>"),
    "POST /v1/sessions/current/end": _write(reason="goodbye"),
    "GET /v1/working": _read(),
    "DELETE /v1/working": _remove(),
    "GET /v1/working/recent": _read(),
    "POST /v1/working/thoughts": _write(text="Look for a train first"),
    "GET /v1/working/thoughts": _read(),
    "POST /v1/working/sensed": _write(text="and then she said"),
    "GET /v1/working/sensed": _read(),
    "GET /v1/working/focus": _read(),
    "PUT /v1/working/focus": _write(goal_id="<goal>"),
    "GET /v1/working/values": _read(),
    "PUT /v1/working/values/{name}": _named(VALUE, _write(value=["boots"])),
    "GET /v1/working/values/{name}": _named(VALUE, _read()),
    "DELETE /v1/working/values/{name}": _named(VALUE, _remove()),
    "POST /v1/goals": _write(title="Book the flight", parent_id="<goal>"),
    "GET /v1/goals": _read(),
    "GET /v1/goals/tree": _read(),
    "GET /v1/goals/{goal_id}": _read(),
    "PATCH /v1/goals/{goal_id}": _write(title="Book the train"),
    "DELETE /v1/goals/{goal_id}": _remove(),
    "POST /v1/goals/{goal_id}/complete": _write(outcome="booked"),
    "POST /v1/goals/{goal_id}/abandon": _write(outcome="too far"),
    "POST /v1/goals/{goal_id}/pause": _write(),
    "POST /v1/goals/{goal_id}/resume": _write(),
    "POST /v1/procedures": _write(description="Search for trains first", task="book a trip"),
    "GET /v1/procedures": _read(task="book a trip"),
    "POST /v1/procedures/{strategy_id}/tried": _write(succeeded=True),
    "POST /v1/reflections": _write(task="book a trip", goal_id="<goal>"),
    "GET /v1/reflections": _read(),
    "POST /v1/reflections/{reflection_id}/retry": _write(),
    "POST /v1/tools": _write(tool="search_trains", arguments={"to": "Lyon"}, succeeded=True),
    "GET /v1/tools": _read(),
    "GET /v1/tools/stats": _read(),
    "POST /v1/projects": _write(project_id="zeus", name="Zeus"),
    "GET /v1/projects": _read(),
    "GET /v1/projects/{project_id}": _read(),
    "PATCH /v1/projects/{project_id}": _write(name="Atlas 2"),
    "GET /v1/projects/{project_id}/members": _read(),
    "PUT /v1/projects/{project_id}/members": _write(member_id="mallory", role="member"),
    "DELETE /v1/projects/{project_id}/members": _remove(member_id="<member>"),
    "POST /v1/projects/{project_id}/promote": _write(memory_id="<memory>"),
    "GET /v1/projects/{project_id}/channels": _read(),
    "POST /v1/channels": _write(channel_id="C9", project_id="<project>"),
    "GET /v1/channels/{channel_id}": _read(),
    "DELETE /v1/channels/{channel_id}": _remove(),
    "POST /v1/sources": _admin({"name": "wiki", "trust": "known"}),
    "GET /v1/sources": _admin(),
    "GET /v1/sources/{name}": _named(SOURCE, _admin()),
    "PATCH /v1/sources/{name}": _named(SOURCE, _admin({"trust": "trusted"})),
    "DELETE /v1/sources/{name}": _named(SOURCE, _admin()),
    "POST /v1/policies": _admin({"name": "open", "module": MODULE.format(name="open", word="nothing")}),
    "GET /v1/policies": _admin(),
    "POST /v1/policies/explain": Sample(access="admin", query={"memory_id": "<memory>"}),
    "GET /v1/policies/{name}": _named(POLICY, _admin()),
    "PATCH /v1/policies/{name}": _named(POLICY, _admin({"active": False})),
    "DELETE /v1/policies/{name}": _named(POLICY, _admin()),
    "POST /v1/policies/{name}/test": _named(POLICY, _admin({})),
    "POST /v1/keys": _admin({"name": "the website", "access": "read"}),
    "GET /v1/keys": _admin(),
    "GET /v1/keys/{key_id}": _admin(),
    "DELETE /v1/keys/{key_id}": _admin(),
    "GET /v1/access": _admin(user_id="<user>"),
    "GET /v1/models": _admin(),
    "POST /v1/models": _admin({"name": "static"}),
    "POST /v1/models/reembed": _admin({"name": "static"}),
    "POST /v1/models/switch": _admin({"name": "static"}),
    "DELETE /v1/models/{name}": _named("no-such-model", _admin()),
    "GET /v1/jobs": _admin(),
    "POST /v1/jobs/run": _admin({"job": "sweep"}),
    "GET /v1/hot": _admin(),
    "POST /v1/hot/rebuild": _admin(user_id="<user>"),
    "POST /v1/hot/sweep": _admin(),
    "GET /v1/audit": _admin(user_id="<user>"),
    "DELETE /v1/users": _admin(user_id="<user>"),
    "GET /health/live": Sample(access="none", whose=""),
    "GET /health/ready": Sample(access="none", whose=""),
    "GET /health/deep": Sample(whose=""),
    "GET /v1/status": Sample(whose=""),
    "GET /metrics": _admin(),
    # mem0's hosted API; its ids alone say whose a memory is
    "GET /v1/ping/": _mem0("read"),
    "POST /v3/memories/add/": _mem0("write", {"messages": "I like green tea", "user_id": "<user>"}),
    "POST /v3/memories/search/": _mem0("read", {"query": "What is the secret?", **MEM0_USER}),
    "POST /v3/memories/": _mem0("read", MEM0_USER),
    "DELETE /v1/memories/": _mem0("write", user_id="<user>"),
    "GET /v1/memories/{memory_id}/": _mem0("read"),
    "PUT /v1/memories/{memory_id}/": _mem0("write", {"text": "changed"}),
    "DELETE /v1/memories/{memory_id}/": _mem0("write"),
    "GET /v1/memories/{memory_id}/history/": _mem0("read"),
    "PUT /v1/batch/": _mem0("write", {"memories": [{"memory_id": "<memory>", "text": "changed"}]}),
    "DELETE /v1/batch/": _mem0("write", {"memories": [{"memory_id": "<memory>"}]}),
    "POST /v1/feedback/": _mem0("write", {"memory_id": "<memory>", "feedback": "POSITIVE"}),
    "GET /v1/entities/": _mem0("read"),
    "DELETE /v2/entities/{kind}/{name}/": _named("<user>", _mem0("admin")),
    # mem0's open-source server
    "POST /memories": _mem0("write", {"messages": [{"role": "user", "content": "I like tea"}], "user_id": "<user>"}),
    "GET /memories": _mem0("read", user_id="<user>"),
    "DELETE /memories": _mem0("write", user_id="<user>"),
    "GET /memories/{memory_id}": _mem0("read"),
    "PUT /memories/{memory_id}": _mem0("write", {"text": "changed"}),
    "DELETE /memories/{memory_id}": _mem0("write"),
    "GET /memories/{memory_id}/history": _mem0("read"),
    "POST /search": _mem0("read", {"query": "What is the secret?", "user_id": "<user>"}),
    "POST /reset": _mem0("admin"),
}


@cache
def document() -> Mapping[str, Any]:
    """The OpenAPI document, which needs no service."""
    return create_app(cast(Service, SimpleNamespace(telemetry=None))).openapi()


def routes(*, described: bool = False) -> Iterator[tuple[str, str]]:
    """Every route of the REST door: its method and the template of its path; not those of mem0 that only refuse.

    Args:
        described: only those that the OpenAPI document has.
    """
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.name != "refuse" and (route.include_in_schema or not described):
                yield from ((method, route.path_format) for method in sorted(route.methods or ()))


def labels(*, described: bool = False) -> list[str]:
    """Every route as ``REQUESTS`` names it."""
    return [f"{method} {path}" for method, path in routes(described=described)]


def request_of(label: str, things: Things, user_id: str | None) -> dict[str, Any]:
    """What httpx is to send.

    Args:
        label: the route.
        things: what the placeholders mean.
        user_id: who is named as the user, where one is; None for nobody.
    """
    sample = REQUESTS[label]
    method, template = label.split(" ")
    known = {**things, "user": things["user"] if user_id is None else user_id}
    path = re.sub(r"\{(\w+)\}", lambda found: quote(_filled((PATHS | dict(sample.path))[found[1]], known)), template)
    sent: dict[str, Any] = {"method": method, "url": path, "params": _filled(dict(sample.query), known)}
    body = _filled(sample.body, known)
    if sample.whose in ("user_id", "query") and user_id is not None:
        (sent["params"] if body is None or sample.whose == "query" else body)["user_id"] = user_id
    if sample.lines:
        return sent | {"content": json.dumps(body).encode() + b"\n", "headers": {"Content-Type": NDJSON}}
    return sent if body is None else sent | {"json": body}


def _filled(value: Any, things: Things) -> Any:
    """The value with things in place of their placeholders."""
    if isinstance(value, str):
        if value == "<certificate>":
            return json.loads(things["certificate"])
        return re.sub(r"<(\w+)>", lambda found: things[found[1]], value)
    if isinstance(value, Mapping):
        return {name: _filled(one, things) for name, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_filled(one, things) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def told(answer: httpx.Response) -> str:
    """Everything that an answer says, in lower case."""
    return f"{dict(answer.headers)} {answer.text}".casefold()
