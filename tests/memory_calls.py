"""Calls of Anthropic's memory tool, as a model makes them, for tests."""

from collections.abc import Mapping
from typing import Any

from anthropic.lib.tools import ToolError
from anthropic.tools.memory import BetaAbstractMemoryTool

Call = Mapping[str, Any]

LONG = "".join(f"{number}: the ferry to Naxos leaves at {number % 24} o'clock\n" for number in range(2_500))[:99_000]
"""A file of ten memories."""


def told(tool: BetaAbstractMemoryTool, call: Call) -> str:
    """What the tool says, or what it raises."""
    try:
        return str(tool.call(dict(call)))
    except ToolError as error:
        return f"ToolError: {error.content}"


def create(path: str, text: str) -> Call:
    return {"command": "create", "path": path, "file_text": text}


def replace(path: str, old: str, new: str) -> Call:
    return {"command": "str_replace", "path": path, "old_str": old, "new_str": new}


def view(path: str, *lines: int) -> Call:
    return {"command": "view", "path": path, **({"view_range": list(lines)} if lines else {})}


def insert(path: str, line: int, text: str) -> Call:
    return {"command": "insert", "path": path, "insert_line": line, "insert_text": text}


def delete(path: str) -> Call:
    return {"command": "delete", "path": path}


def rename(old: str, new: str) -> Call:
    return {"command": "rename", "old_path": old, "new_path": new}
