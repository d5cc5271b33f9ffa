"""Describing: what OpenAPI says beyond what the routes say themselves: problems, examples, areas.

The examples are requests that were sent and answers that came back: ``tools/generate_api_examples.py`` sends them to a
service of its own and writes ``examples.json``; a test sends them again.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from recollect import errors
from recollect.doors.api import problem

METHODS: Final = ("get", "put", "post", "patch", "delete")
JSON: Final = "application/json"
PROBLEMS: Final[Mapping[str, type[errors.RecollectError]]] = {
    "NotAuthenticated": errors.NotAuthenticated,
    "NotAllowed": errors.NotAllowed,
    "NotFound": errors.NotFound,
    "Invalid": errors.ValidationError,
    "RateLimited": errors.RateLimited,
}
"""What every route that needs a key may answer, by the name under which OpenAPI describes it."""
DETAILS: Final = {
    "NotAuthenticated": "the API key is not valid: it is unknown, expired or revoked; use one that is in force",
    "NotAllowed": "this key has read access; this needs write",
    "NotFound": "user 'ben' has no memory 019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e",
    "Invalid": "limit: input should be less than or equal to 1000",
    "RateLimited": "this key may be used 6,000 times a minute; try again in 4 s",
}

TAGS: Final = {
    "memories": "What is remembered: add, read, list, change, delete, one by one or as a stream.",
    "search and context": "What is worth reading for a question, what a turn needs, and why something is missing.",
    "relationships": "Typed ties between two memories.",
    "collections": "Named groups of memories.",
    "conversations": "What was said in which order.",
    "entities": "People, places and organisations, and what ties them.",
    "knowledge graph": "What a program notes as entities, observations and relations.",
    "events": "The log: line by line, or as it is written.",
    "past": "What changed between two moments, and the way back.",
    "traces": "Questions kept with their answers, to be asked again as of their time.",
    "quarantine": "What sources that are not believed have said.",
    "erasure": "What goes for good, with a certificate.",
    "identity and profile": "What a user is known by.",
    "sessions": "The session that a user is in.",
    "working memory": "What is on a user's mind just now.",
    "goals": "What a user wants to reach.",
    "procedures and tools": "What worked, what is to be learned from, and which tools were called.",
    "projects and channels": "What several people share, and where they talk.",
    "rights": "Sources, policies, API keys, and who called what. For admins.",
    "operation": "Models, jobs, the hot tier, the log's proof, whole users. For admins.",
    "moving": "Everything that is a user's, out and in, as JSON lines.",
    "health": "Whether it lives, whether it can serve, and how each part is.",
    "mem0": "mem0's own routes, for its clients.",
}


def described(plain: dict[str, Any]) -> dict[str, Any]:
    """The description with problems, examples and areas.

    Args:
        plain: what FastAPI says; it is changed.
    """
    used: set[str] = set()
    for operation in operations(plain):
        used.update(operation.get("tags", ()))
        _add_problems(operation)
        _add_examples(operation, _examples().get(operation["operationId"], {}))
    plain["tags"] = [{"name": name, "description": said} for name, said in TAGS.items() if name in used]
    plain.setdefault("components", {})["responses"] = {name: _response(name) for name in PROBLEMS}
    plain["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    return plain


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of an OpenAPI document, in its order."""
    for path in document["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


@cache
def _examples() -> Mapping[str, Any]:
    text = (files("recollect.doors.api") / "examples.json").read_text(encoding="utf-8")
    return json.loads(text)


def _add_problems(operation: dict[str, Any]) -> None:
    if not operation.get("security"):
        return
    for name, family in PROBLEMS.items():
        status = str(problem.KINDS[family].status)
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})


def _response(name: str) -> dict[str, Any]:
    kind = problem.KINDS[PROBLEMS[name]]
    told = problem.Problem(
        type=f"urn:recollect:problem:{kind.name}",
        title=kind.title,
        status=kind.status,
        detail=DETAILS[name],
        field="limit" if name == "Invalid" else None,
        remedy=kind.remedy,
        request_id="3f1a2b4c5d6e",
    )
    schema, example = {"$ref": "#/components/schemas/Problem"}, told.model_dump(exclude_none=True)
    return {"description": kind.title, "content": {problem.MEDIA_TYPE: {"schema": schema, "example": example}}}


def _add_examples(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    sent, answered = example.get("request", {}), example.get("response", {})
    for parameter in operation.get("parameters", ()):
        place = {"path": "path", "query": "query", "header": "headers"}.get(parameter["in"], "")
        if parameter["name"] in sent.get(place, {}):
            parameter["example"] = sent[place][parameter["name"]]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "body" in sent:
            content["examples"] = {"example": {"value": sent["body"]}}
    response = operation["responses"].get(str(answered.get("status")), {})
    for content in response.get("content", {}).values():
        content.pop("example", None)
        content["examples"] = {"example": {"value": answered["body"]}}
