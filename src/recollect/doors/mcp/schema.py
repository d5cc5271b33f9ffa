"""Schemas: what pydantic says of a model, as short as a client's prompt wants it, and without references.

Every tool's schema stands in the prompt of every turn, and some clients cannot follow ``$ref``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

REFERENCE = "#/$defs/"


def taken(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a tool's arguments; what may be left out is not also said to be null."""
    lenient = model.model_config.get("extra") == "ignore"
    return _lean(model.model_json_schema(mode="validation"), optional=True, open_ended=lenient)


def given(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a tool's answer."""
    return _lean(model.model_json_schema(mode="serialization"))


def _lean(whole: dict[str, Any], **how: bool) -> dict[str, Any]:
    own = {name: value for name, value in whole.items() if name != "description"}
    return cast("dict[str, Any]", _Lean(whole.get("$defs", {}), **how).of(own))


@dataclass(frozen=True, slots=True)
class _Lean:
    """Rewrites a schema.

    Attributes:
        definitions: what references stand for.
        optional: whether "or null, null by default" is left away. open_ended: and "no other names".
    """

    definitions: Mapping[str, Any]
    optional: bool = False
    open_ended: bool = False

    def of(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self.of(entry) for entry in cast("list[Any]", schema)]
        if not isinstance(schema, dict):
            return schema
        entries = self._resolved(cast("dict[str, Any]", schema))
        kept = {name: self._inner(name, value) for name, value in entries.items() if not self._idle(name, value)}
        if self.optional and {"type": "null"} in kept.get("anyOf", ()):
            return _without_null(kept)
        return kept

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema with what it refers to in its place; a description of its own says more than the model's."""
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        meant: dict[str, Any] = dict(self.definitions[reference.removeprefix(REFERENCE)])
        meant.pop("description", None)
        return {**self.of(meant), **{name: value for name, value in schema.items() if name != "$ref"}}

    def _inner(self, name: str, value: Any) -> Any:
        """What stands under a keyword; under ``properties`` names are names, whatever they are called."""
        if name == "properties":
            return {field: self.of(one) for field, one in cast("dict[str, Any]", value).items()}
        return self.of(value)

    def _idle(self, name: str, value: Any) -> bool:
        """Whether it tells a model nothing: definitions that stand in their places, titles made of names."""
        if name == "additionalProperties" and value is False:
            return self.open_ended
        return name == "$defs" or (name == "title" and isinstance(value, str))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what may be null, without that."""
    choices = [choice for choice in schema["anyOf"] if choice != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf" and (name, value) != ("default", None)}
    return {**choices[0], **rest} if len(choices) == 1 else {"anyOf": choices, **rest}
