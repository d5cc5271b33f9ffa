"""Paths: which methods one takes, and which query parameters a route knows.

A path that is written out in a route, such as ``/v1/memories/bulk``, is that route's and nobody else's, also where
another route's template, ``/v1/memories/{memory_id}``, would fit it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from recollect.errors import ValidationError


def methods_of(request: Request) -> list[str]:
    """The methods that the request's path takes; none when no route has it."""
    routes: Sequence[APIRoute] = request.app.state.routes
    path = request.scope["path"]
    found = written_out(request) or [route for route in routes if route.path_regex.match(path)]
    return sorted({method for route in found for method in route.methods or ()})


def written_out(request: Request) -> list[APIRoute]:
    """The routes whose path is literally the request's."""
    routes: Sequence[APIRoute] = request.app.state.routes
    return [route for route in routes if route.path == request.scope["path"]]


def check_query(request: Request) -> None:
    """Refuses query parameters that the route does not know, and single ones that are there twice.

    Of what is swallowed, and of two values, nobody could tell which was meant.

    Raises:
        ValidationError: naming the parameter. HTTPException: the path is another route's, which has not this method.
    """
    if not request.scope["query_string"]:
        return
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.include_in_schema:
        return  # mem0's own routes take what its clients send
    known = _known(route)
    for name in request.query_params:
        twice = name in known and not known[name] and len(request.query_params.getlist(name)) > 1
        if name in known and not twice:
            continue
        if route.path != request.scope["path"] and written_out(request):
            raise HTTPException(405)  # only a template's route takes this method
        takes = f"is not known here; it takes {', '.join(known) or 'no parameters'}"
        raise ValidationError(name[:60], "must be there once" if twice else takes)


def _known(route: APIRoute) -> Mapping[str, bool]:
    """By the names of the route's query parameters, whether they may be repeated."""
    known: dict[str, bool] = {}
    for parameter in route.dependant.query_params:
        kind: Any = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            known |= {name: _is_list(field.annotation) for name, field in kind.model_fields.items()}
        else:
            known[parameter.alias] = _is_list(kind)
    return known


def _is_list(hint: Any) -> bool:
    origin = get_origin(hint)
    return origin is list or any(_is_list(one) for one in get_args(hint))
