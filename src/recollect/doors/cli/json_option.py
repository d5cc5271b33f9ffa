"""JSON that is typed as an argument or the value of an option."""

import json
from typing import Any, cast

import typer


def json_object(text: str | None, option: str) -> dict[str, Any] | None:
    """The object in the text, or None if the option was not used.

    Raises:
        typer.BadParameter: it is no JSON object.
    """
    if text is None:
        return None
    try:
        value: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"is not JSON: {error}", param_hint=option) from None
    if not isinstance(value, dict):
        raise typer.BadParameter('must be a JSON object, such as \'{"from": "email"}\'', param_hint=option)
    return cast(dict[str, Any], value)


def typed_value(text: str, argument: str, *, typed: bool) -> Any:
    """The text itself or, with ``typed``, the JSON in it.

    Raises:
        typer.BadParameter: it should be JSON and is not.
    """
    if not typed:
        return text
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"is not JSON: {error}", param_hint=argument) from None
