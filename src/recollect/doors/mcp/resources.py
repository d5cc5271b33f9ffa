"""Resources: what a client may attach to a chat unasked: identity, recent memories, one memory, the knowledge graph."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from mcp.types import ReadResourceResult, Resource, ResourceTemplate, TextResourceContents

from recollect.domain.packet_form import on_one_line
from recollect.domain.tokens import ESTIMATE
from recollect.doors.mcp.answer import as_json, paragraphs, recalled, shortened, within
from recollect.doors.mcp.caller import Caller
from recollect.doors.mcp.memory_form import MemoryEntry
from recollect.doors.mcp.tools.graph_form import ROOM, graph_data, indented
from recollect.errors import NotFound

RECENT: Final = 30
LONGEST_VALUE: Final = 500
"""Characters of an identity field's value."""
MARKDOWN: Final = "text/markdown"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Offered:
    """A resource.

    Attributes:
        uri: where it is; one that ends in ``/`` or ``=`` is a form, and what follows is handed to ``read``.
        name, title, description: what clients show. parameter: what follows the uri, for a form.
        read: writes it. media_type: of what it writes.
    """

    uri: str
    name: str
    title: str
    description: str
    read: Callable[[Caller, str], Awaitable[str]]
    parameter: str = ""
    media_type: str = MARKDOWN

    def described(self) -> Resource:
        """What a client is told of it."""
        return Resource(
            uri=self.uri,
            name=self.name,
            title=self.title,
            description=self.description,
            mime_type=self.media_type,
        )

    def template(self) -> ResourceTemplate:
        """The same for a form."""
        return ResourceTemplate(
            uri_template=f"{self.uri}{{{self.parameter}}}",
            name=self.name,
            title=self.title,
            description=self.description,
            mime_type=self.media_type,
        )


async def identity(caller: Caller, _: str) -> str:
    """What the user is known by, a line a field, as many as there is room for."""
    fields = (await caller.memory.identity.get(user_id=caller.own_user())).plain
    lines: list[str] = []
    room = ROOM
    for name, value in fields.items():
        told = value if isinstance(value, str) else as_json(value)
        line = on_one_line(f"{name}: {shortened(told, LONGEST_VALUE)}")
        room -= ESTIMATE.count(line + "\n")
        if room < 0:
            break
        lines.append(line)
    more = "" if len(lines) == len(fields) else f"({len(fields) - len(lines)} more fields have no room here)"
    return paragraphs(recalled(lines), more) or "Nothing is known of this user yet."


async def recent(caller: Caller, _: str) -> str:
    """The newest memories."""
    page = await caller.memory.list(user_id=caller.user(), limit=RECENT, project_id=caller.project)
    return recalled([entry.line for entry in within(map(MemoryEntry, page))]) or "There are no memories yet."


async def one(caller: Caller, memory_id: str) -> str:
    """One memory."""
    await caller.reach(caller.user(), unquote(memory_id))
    found = await caller.memory.get(unquote(memory_id), user_id=caller.user(), project_id=caller.project)
    return recalled([MemoryEntry(found).line])


async def graph(caller: Caller, cursor: str) -> str:
    """A page of the knowledge graph."""
    page = await caller.memory.graph.read(user_id=caller.own_user(), max_tokens=ROOM, cursor=unquote(cursor) or None)
    return indented(graph_data(page).model_dump(mode="json", by_alias=True))


IDENTITY = Offered("memory://identity", "identity", "Identity", "What the user is known by.", identity)
NEWEST = Offered("memory://recent", "recent", "Recent memories", f"The newest {RECENT} memories.", recent)
ONE = Offered("memory://memory/", "memory", "A memory", "One memory by its id.", one, parameter="memory_id")


WHOLE = Offered(
    "memory://knowledge-graph",
    "knowledge-graph",
    "Knowledge Graph",
    "The knowledge graph with its entities and relations; with nextCursor in it, more follows.",
    graph,
    media_type=JSON,
)
MORE = Offered(
    "memory://knowledge-graph?cursor=",
    "knowledge-graph-page",
    "A page of the knowledge graph",
    "The knowledge graph from a nextCursor on.",
    graph,
    parameter="cursor",
    media_type=JSON,
)
GRAPH: Final[tuple[Offered, ...]] = (WHOLE, MORE)


def offered(*, graph: bool) -> tuple[Offered, ...]:
    """The resources of a profile."""
    return (IDENTITY, NEWEST, ONE, *(GRAPH if graph else ()))


def listed(those: Sequence[Offered]) -> list[Resource]:
    """Those that can be read as they are."""
    return [one.described() for one in those if not one.parameter]


def templates(those: Sequence[Offered]) -> list[ResourceTemplate]:
    """The forms among them."""
    return [one.template() for one in those if one.parameter]


async def read(those: Sequence[Offered], caller: Caller, uri: str) -> ReadResourceResult:
    """What stands under a uri.

    Raises:
        NotFound: nothing does.
    """
    for one_of in sorted(those, key=lambda one_of: len(one_of.uri), reverse=True):
        rest = uri.removeprefix(one_of.uri) if one_of.parameter and uri.startswith(one_of.uri) else ""
        if rest or uri == one_of.uri:
            text = await one_of.read(caller, rest)
            contents = TextResourceContents(uri=uri, mime_type=one_of.media_type, text=text)
            return ReadResourceResult(contents=[contents])
    raise NotFound(f"there is no resource {uri[:80]!r}; resources/list names them")
