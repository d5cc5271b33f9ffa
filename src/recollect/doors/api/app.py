"""The application: middleware, routes and errors put together.

A request goes through them in this order: observing (request id, log, metrics, span), CORS if it is on, gzip, the limit
of the body's size, the route; there the caller's key, the arguments, the facade.
"""

import asyncio
import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.routing import APIRoute
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES as ZIPPED_BEFORE
from starlette.types import ASGIApp

from recollect.bootstrap.service import Service
from recollect.doors.api import docs_page, problem
from recollect.doors.api.body import BodyLimit
from recollect.doors.api.describing import described
from recollect.doors.api.observing import Observing
from recollect.doors.api.routes import ROUTERS

SUMMARY = "Memory for LLM agents: stored in milliseconds without a model, found again, provable, reversible."
ZIP_FROM = 1_000
"""Bytes from which an answer is compressed for those who accept that."""
STREAMS = ("application/x-ndjson",)
"""What is sent line by line, as it comes: compressing it would hold lines back."""
RATE_LIMIT_HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
MAX_BODY = 8_000_000
"""Bytes of a request's body; bulk adds are streams of any length, of which each line is limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the server behaves beside its settings.

    Attributes:
        allow_origins: origins whose pages may call it (CORS); none by default.
        max_body: bytes of a request's body.
        only_loopback: whether it listens on loopback only.
        access_log: whether each request is logged.
    """

    allow_origins: Sequence[str] = ()
    max_body: int = MAX_BODY
    only_loopback: bool = False
    access_log: bool = True


def create_app(service: Service, options: Options | None = None) -> FastAPI:
    """The application around an open service, which whoever opened it closes.

    Args:
        service: the memories of all tenants.
        options: how it behaves.
    """
    chosen = options or Options()
    app = _Observed(
        title="Recollect",
        summary=SUMMARY,
        version=importlib.metadata.version("recollect"),
        redirect_slashes=False,
        docs_url=None,  # ours fetches nothing from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        responses=problem_responses(),
        telemetry={"tracing": False},
    )
    app.state.service = service
    app.state.options = chosen
    app.state.closing = asyncio.Event()
    app.state.routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    app.add_middleware(BodyLimit, most=chosen.max_body)
    app.add_middleware(
        GZipMiddleware, minimum_size=ZIP_FROM, compresslevel=5, exclude_content_types=(*ZIPPED_BEFORE, *STREAMS)
    )
    if chosen.allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=chosen.allow_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "X-Request-ID", "Retry-After", *RATE_LIMIT_HEADERS],
        )
    problem.install(app)
    docs_page.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app


class _Observed(FastAPI):
    """An application in which also what answers unforeseen errors is observed, and whose description has examples."""

    def openapi(self) -> dict[str, Any]:
        """The description, made when it is first asked for."""
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """All that a request goes through, with observing around it."""
        service: Service = self.state.service
        return Observing(super().build_middleware_stack(), service.telemetry)


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """What every route may answer when it does not answer what it is for."""
    content = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "default": {"model": problem.Problem, "description": "A problem (RFC 9457)", "content": content},
    }


def _operation_id(route: APIRoute) -> str:
    """The name that generated clients give the call: the function's, such as ``search_memories``."""
    return route.name
