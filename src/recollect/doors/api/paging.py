"""Pages and lists of things: their models, and the cursor of lists that do not tell it by themselves."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import create_model

from recollect.doors.api.wire import Wire, on_the_wire, wire_model
from recollect.memory.page import Page

T = TypeVar("T")


@cache
def page_model(kind: type[Any]) -> type[Wire]:
    """A page of things: ``items``, and ``next_cursor``, which is null on the last page."""
    fields: dict[str, Any] = {"items": (list[wire_model(kind)], ...), "next_cursor": (str | None, None)}
    return create_model(f"{kind.__name__}Page", __base__=Wire, **fields)


@cache
def items_model(kind: Any) -> type[Wire]:
    """All of some things: ``items``."""
    fields: dict[str, Any] = {"items": (list[on_the_wire(kind)], ...)}
    return create_model(f"{kind.__name__}List", __base__=Wire, **fields)


def paged(found: Sequence[T], limit: int, cursor_of: Callable[[T], str]) -> dict[str, Any]:
    """A page of which there is no next one when it is not full."""
    return {"items": found, "next_cursor": cursor_of(found[-1]) if found and len(found) >= limit else None}


def memory_page(page: Page) -> dict[str, Any]:
    """A page of memories in the form of every other page."""
    return {"items": page.memories, "next_cursor": page.next_cursor}
