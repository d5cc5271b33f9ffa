"""Chat messages from a file: a JSON array, one JSON object a line, or an object with ``messages``."""

import json
import sys
from pathlib import Path
from typing import Any, cast

from recollect.errors import ValidationError


def read_messages(path: Path) -> list[Any]:
    """The messages in the file; ``-`` is standard input. What a message may hold is checked when it is added.

    Raises:
        ValidationError: naming the file, and the line where it is not JSON.
    """
    name = "standard input" if str(path) == "-" else str(path)
    return messages_in(read_text(path, name), name)


def messages_in(text: str, name: str) -> list[Any]:
    """The messages in a text.

    Raises:
        ValidationError: with the name, and the line where it is not JSON.
    """
    if not text.strip():
        raise ValidationError(name, "is empty; it must hold chat messages as JSON")
    whole = _whole_document(text, name)
    messages = whole if whole is not None else _lines(text, name)
    if not messages:
        raise ValidationError(name, "holds no messages")
    return messages


def read_text(path: Path, name: str) -> str:
    """The UTF-8 text of a file, or of standard input for ``-``.

    Raises:
        ValidationError: it cannot be read, or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ValidationError(name, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ValidationError(name, f"is not UTF-8 text (byte {error.start})") from None


def text_or_stdin(text: str) -> str:
    """The text, or what stands on standard input for ``-``, without its last line break.

    Raises:
        ValidationError: that is not UTF-8.
    """
    return read_text(Path("-"), "standard input").rstrip("\r\n") if text == "-" else text


def _whole_document(text: str, name: str) -> list[Any] | None:
    """The messages if the text is one JSON document; None if it is to be read line by line."""
    try:
        document: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        if text.lstrip().startswith("["):
            raise ValidationError(name, f"is not a JSON array: {error}") from None
        return None
    if isinstance(document, dict):
        fields = cast(dict[str, Any], document)
        inner = fields.get("messages", [fields])
        return cast(list[Any], inner) if isinstance(inner, list) else [inner]
    return cast(list[Any], document) if isinstance(document, list) else [document]


def _lines(text: str, name: str) -> list[Any]:
    messages: list[Any] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                messages.append(json.loads(line))
            except (json.JSONDecodeError, RecursionError) as error:
                raise ValidationError(f"{name}, line {number}", f"is not JSON: {error}") from None
    return messages
