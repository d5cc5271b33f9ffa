"""The wire: the domain's dataclasses as JSON, with a schema for each that OpenAPI shows and answers are checked by.

``wire_model(Goal)`` has the fields of ``Goal``: times in ISO 8601, ids and enumerations as text, bytes in hexadecimal,
and the caller's own ``extra`` under the name that callers give it, ``metadata``. What is nobody's business outside
(``HIDDEN``) is left out.
"""

import dataclasses
import types
from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

HIDDEN = frozenset({"tenant_id", "sealed", "digest", "origin"})
RENAMED = {"extra": "metadata"}


class Wire(BaseModel):
    """What is sent: made from the attributes of a domain object."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


def _hex(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


Hex = Annotated[str, BeforeValidator(_hex)]


@cache
def wire_model(kind: type[Any], *, without: tuple[str, ...] = (), whole: bool = False) -> type[Wire]:
    """The model of a dataclass or a ``TypedDict``.

    Args:
        kind: the class.
        without: more fields that are left out.
        whole: leave nothing out, for what is signed.
    """
    hints = get_type_hints(kind)
    names = list(hints) if is_typeddict(kind) else [entry.name for entry in dataclasses.fields(kind)]
    fields: dict[str, Any] = {}
    for own in names:
        if (own in HIDDEN and not whole) or own in without:
            continue
        name = RENAMED.get(own, own)
        fields[name] = (on_the_wire(hints[own]), Field(validation_alias=own if name != own else None))
    return create_model(kind.__name__, __base__=Wire, **fields)


def on_the_wire(hint: Any) -> Any:
    """The type that stands for another in JSON."""
    if isinstance(hint, TypeVar):
        return Any
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(map(on_the_wire, arguments))]  # noqa: UP007 - made from a list
    if isinstance(origin, type):
        return _collection(origin, arguments)
    if hint is bytes:
        return Hex
    return wire_model(hint) if dataclasses.is_dataclass(hint) or is_typeddict(hint) else hint


def _collection(origin: type[Any], arguments: Sequence[Any]) -> Any:
    if dataclasses.is_dataclass(origin):
        raise TypeError(f"{origin.__name__} is generic: write its model out")
    if issubclass(origin, Mapping):
        return dict[str, on_the_wire(arguments[1])]
    if issubclass(origin, tuple) and arguments[-1] is not Ellipsis:
        return tuple[tuple(map(on_the_wire, arguments))]  # pyright: ignore[reportInvalidTypeArguments] - made from a list
    if issubclass(origin, (Sequence, Set)):
        return list[on_the_wire(arguments[0])]
    raise TypeError(f"{origin.__name__} has no form on the wire")


def plain(model: type[Wire], value: object) -> Any:
    """The value as JSON-ready objects."""
    return cast(Any, model.model_validate(value).model_dump(mode="json"))
