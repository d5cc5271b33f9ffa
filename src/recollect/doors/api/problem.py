"""Problems: how errors look over HTTP, as ``application/problem+json`` (RFC 9457).

Each has a stable ``type``, a ``title``, the ``status``, a ``detail`` that says what was wrong and what would be right,
the ``field`` at fault where there is one, a ``remedy``, and the ``request_id`` that logs and traces carry too.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from recollect import errors
from recollect.doors.api.paths import methods_of, written_out
from recollect.ports.redaction import Redacted

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:recollect:problem:invalid",
                    "title": "The request cannot be used",
                    "status": 422,
                    "detail": "limit: must be a whole number from 1 to 1000, not 0",
                    "field": "limit",
                    "remedy": "change the field that is named and send the request again",
                    "request_id": "3f1a2b4c5d6e",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    remedy: str | None = None
    request_id: str | None = None


class Kind(NamedTuple):
    """What is said of a class of errors."""

    status: int
    name: str
    title: str
    remedy: str


KINDS: Mapping[type[errors.RecollectError], Kind] = {
    errors.TooLarge: Kind(413, "too-large", "The request is too large", "send less at once; bulk adds take any number"),
    errors.ValidationError: Kind(
        422, "invalid", "The request cannot be used", "change the field that is named and send the request again"
    ),
    errors.NotFound: Kind(404, "not-found", "There is no such thing", "look the id up; another user's are not shown"),
    errors.NotAllowed: Kind(403, "not-allowed", "This is not allowed", "use a key, a role or a user who may"),
    errors.NotAuthenticated: Kind(
        401, "not-authenticated", "A valid API key is needed", "send it as `Authorization: Bearer <key>`"
    ),
    errors.RateLimited: Kind(429, "rate-limited", "Too many requests", "wait as long as Retry-After says"),
    errors.VersionConflict: Kind(
        412, "version-conflict", "It has changed since it was read", "read it again and repeat the change"
    ),
    errors.IdempotencyConflict: Kind(
        409, "idempotency-conflict", "The idempotency key was used for another request", "use a new key"
    ),
    errors.Conflict: Kind(409, "conflict", "This contradicts what is stored", "read what is stored and decide anew"),
    errors.StoreFull: Kind(507, "store-full", "The database has no space left", "make room on its disk"),
    errors.StoreUnavailable: Kind(503, "store-unavailable", "The database cannot be reached", "try again in a moment"),
    errors.StoreError: Kind(
        503, "store-failed", "The database could not do its part", "`recollect doctor` says what is wrong with it"
    ),
    errors.ModelError: Kind(
        503, "model-failed", "A model could not do its part", "`recollect doctor` says what is wrong with it"
    ),
    errors.UsageError: Kind(503, "closing", "The server is being shut down", "try again in a moment"),
    errors.RecollectError: Kind(500, "failed", "The server could not do it", "see the server's log"),
}
"""By class, what is more particular first."""

UNEXPECTED = Kind(500, "failed", "The server could not do it", "see the server's log for the request's id")
MALFORMED = Kind(400, "malformed", "The request cannot be read", "send JSON, with `Content-Type: application/json`")
RETRY_S = 1
"""When to try again where only the server can tell."""


def kind_of(error: errors.RecollectError) -> Kind:
    """What is said of this error."""
    return next(kind for family, kind in KINDS.items() if isinstance(error, family))


def problem_response(
    request: Request, kind: Kind, detail: str, *, field: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The response that says so."""
    problem = Problem(
        type=f"urn:recollect:problem:{kind.name}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        field=field,
        remedy=kind.remedy,
        request_id=getattr(request.state, "request_id", None),
    )
    content = problem.model_dump(exclude_none=True)
    return JSONResponse(content, kind.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Lets the application answer errors with problems."""
    app.add_exception_handler(errors.RecollectError, _own)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def respond(
    request: Request, error: errors.RecollectError | RequestValidationError | HTTPException
) -> JSONResponse:
    """What is answered to an error of ours, of a request that does not fit, or of the framework."""
    if isinstance(error, errors.RecollectError):
        return await _own(request, error)
    return await (_malformed if isinstance(error, RequestValidationError) else _http)(request, error)


async def _own(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.RecollectError)  # noqa: S101 - registered for these alone
    kind, headers = kind_of(error), dict[str, str]()
    if kind.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="recollect"'
    if isinstance(error, errors.RateLimited):
        wait = str(max(1, round(error.retry_after_s)))
        headers |= {"Retry-After": wait, "X-RateLimit-Limit": str(error.limit), "X-RateLimit-Remaining": "0"}
        headers["X-RateLimit-Reset"] = wait
    elif kind.status == 503:
        headers["Retry-After"] = str(RETRY_S)
        _log.warning("not served: %s", Redacted(error))
    field = error.field if isinstance(error, errors.ValidationError) else None
    return problem_response(request, kind, str(error), field=field, headers=headers)


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    """A body or a parameter that does not fit the schema: the first thing that does not is told."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for these alone
    first = cast(Mapping[str, Any], error.errors()[0])
    if first["type"] == "json_invalid":
        place = f"the body is no JSON: {first['ctx']['error']} at character {first['loc'][-1]}"
        return problem_response(request, MALFORMED, place)
    if first["loc"][0] == "path" and written_out(request):  # only a template's route takes this method
        return await _http(request, HTTPException(405))
    place = [str(part) for part in first["loc"]]
    field = ".".join(place[1:]) or place[0]
    why = said(first) if field != "body" or first["type"] == "missing" else _not_json(request) or said(first)
    return problem_response(request, KINDS[errors.ValidationError], f"{field}: {why}", field=field)


def _not_json(request: Request) -> str | None:
    """What to say of a body that was sent as something else than JSON, which is what curl does unless it is told."""
    sent = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if sent == "application/json" or sent.endswith("+json"):
        return None
    return "was not sent as JSON; add `Content-Type: application/json`"


def said(first: Mapping[str, Any]) -> str:
    """What pydantic says of the first thing that does not fit, as a part of a sentence."""
    if first["type"] == "extra_forbidden":
        return "is not known here; see /docs for what is"
    message = str(first["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


async def _http(request: Request, error: Exception) -> JSONResponse:
    """What the framework refuses by itself: unknown paths, methods, bodies that are no JSON or too large."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these alone
    known = {
        400: MALFORMED,
        404: Kind(404, "no-such-path", "There is no such path", "see /docs for those that there are"),
        405: Kind(405, "no-such-method", "The path does not take this method", "see /docs for those that it takes"),
        413: KINDS[errors.TooLarge],
        415: Kind(415, "unknown-encoding", "The body's form is not known here", "send it plain, or packed with gzip"),
    }
    other = Kind(error.status_code, "refused", "The request was refused", "see /docs")
    kind = known.get(error.status_code, other)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the framework names those of the first route only
        headers["Allow"] = ", ".join(methods_of(request))
    return problem_response(request, kind, _detail(request, error), headers=headers)


def _detail(request: Request, error: HTTPException) -> str:
    """What was wrong, where the framework says no more than the status's name."""
    path = request.url.path
    if error.status_code == 404 and len(path) > 1 and path.endswith("/"):
        return "no route leads there; try it without the slash at its end"
    own = {404: "no route leads there", 405: f"this path does not take {request.method}"}
    plain = str(error.detail) == HTTPStatus(error.status_code).phrase
    return own.get(error.status_code, str(error.detail)) if plain else str(error.detail)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """A mistake of ours: its text may quote what users said, so that only its kind is told."""
    _log.error("a request failed: %s", Redacted(error, frames=True))
    return problem_response(request, UNEXPECTED, "something unforeseen happened; nothing was half-written")
