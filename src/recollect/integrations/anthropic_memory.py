"""A backend for the memory tool of Anthropic's SDK: the files that Claude keeps under ``/memories``, in Recollect.

    tool = RecollectMemoryTool(memory, user_id="ana")
    runner = client.beta.messages.tool_runner(model=..., max_tokens=..., messages=[...], tools=[tool])

What a file is: one memory, or several if it is longer than a memory may be (``content_limit``, 10,000 characters), up
to 100,000 characters. Its type is ``semantic_fact``, for that is what notes hold, and none of the types that are loaded
unasked or fade; its tier ``personal``, so that it stays; its source type ``document``, and its provenance the agent's
inference: what a model wrote down about the user is not what the user said. Its name stands in its metadata, and is all
that its content hash rests on. Nothing is read into a file and nothing of it left out: it passes no gate and no search
for echoes, states no facts that could fight with what the user says, and comes back character for character. Its words
are found by ``memory.search`` like any other memory's. What Postgres cannot keep as text, NUL and unpaired surrogates,
is refused.

Each change is a line of the log: ``tool.history(path)`` lists the states of a file, ``tool.read(path, seq=...)`` gives
an older one, and what is deleted leaves ``/memories`` and every search, but not its history; ``tool.erase(path)``
destroys both.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, cast

try:
    from anthropic.lib.tools import ToolError
    from anthropic.tools.memory import BetaAbstractMemoryTool, BetaAsyncAbstractMemoryTool
    from anthropic.types.beta import (
        BetaCacheControlEphemeralParam,
        BetaMemoryTool20250818CreateCommand,
        BetaMemoryTool20250818DeleteCommand,
        BetaMemoryTool20250818InsertCommand,
        BetaMemoryTool20250818RenameCommand,
        BetaMemoryTool20250818StrReplaceCommand,
        BetaMemoryTool20250818ViewCommand,
    )
except ImportError as error:
    raise ImportError(f"{__name__} needs the anthropic package; pip install 'recollect[anthropic]'") from error

from recollect.domain.certificate import Certificate
from recollect.domain.entry import Version
from recollect.errors import RecollectError, ValidationError
from recollect.integrations.memory_files import MemoryFiles
from recollect.memory.background import LOOP
from recollect.memory.memory import AsyncFacade
from recollect.memory.sync.facade import SyncFacade


class RecollectMemoryTool(BetaAbstractMemoryTool):
    """The memory tool on a ``Memory``, for ``Anthropic``'s client.

    Raises from its commands what the SDK tells the model: ``ToolError``.

    Args:
        memory: where the files are kept.
        user_id: whose they are.
        agent_id: which agent's alone; "" for all of the user's agents.
        cache_control: as the SDK has it.
    """

    def __init__(
        self,
        memory: SyncFacade,
        *,
        user_id: str,
        agent_id: str = "",
        cache_control: BetaCacheControlEphemeralParam | None = None,
    ) -> None:
        super().__init__(cache_control=cache_control)
        self.files = MemoryFiles(memory, user_id=user_id, agent_id=agent_id)

    def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """Shows a file with line numbers, or what a directory holds."""
        return _told_here(partial(self.files.view, _place(command), _range(command)))

    def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """Makes a file."""
        return _told_here(partial(self.files.create, _place(command), _text("file_text", _given(command, "file_text"))))

    def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """Replaces a passage that is there once."""
        return _told_here(partial(self.files.str_replace, _place(command), *_passages(command)))

    def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """Puts lines after a line."""
        return _told_here(partial(self.files.insert, _place(command), *_lines(command)))

    def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """Deletes a file or a directory."""
        return _told_here(partial(self.files.delete, _place(command)))

    def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """Gives a file or a directory another place."""
        return _told_here(partial(self.files.rename, *_places(command)))

    def clear_all_memory(self) -> str:
        """Deletes every file of this user and agent."""
        return _told_here(self.files.clear)

    def read(self, path: str, *, seq: int | None = None) -> str:
        """The file as it is, or as it was after that line of the log.

        Raises:
            NotFound: it is not there, or was not then.
        """
        return LOOP.call(partial(self.files.read, path, seq=seq))

    def history(self, path: str) -> tuple[Version, ...]:
        """Every state of the file, oldest first; also of one that was deleted.

        Raises:
            NotFound: there never was one.
        """
        return LOOP.call(partial(self.files.history, path))

    def erase(self, path: str) -> tuple[Certificate, ...]:
        """Destroys a file and its history for good, also of one that was deleted.

        Raises:
            NotFound: there never was one.
        """
        return LOOP.call(partial(self.files.erase, path))


class AsyncRecollectMemoryTool(BetaAsyncAbstractMemoryTool):
    """The memory tool on an ``AsyncMemory``, for ``AsyncAnthropic``'s client; see ``RecollectMemoryTool``."""

    def __init__(
        self,
        memory: AsyncFacade,
        *,
        user_id: str,
        agent_id: str = "",
        cache_control: BetaCacheControlEphemeralParam | None = None,
    ) -> None:
        super().__init__(cache_control=cache_control)
        self.files = MemoryFiles(memory, user_id=user_id, agent_id=agent_id)

    async def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """Shows a file with line numbers, or what a directory holds."""
        return await _told(partial(self.files.view, _place(command), _range(command)))

    async def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """Makes a file."""
        return await _told(
            partial(self.files.create, _place(command), _text("file_text", _given(command, "file_text")))
        )

    async def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """Replaces a passage that is there once."""
        return await _told(partial(self.files.str_replace, _place(command), *_passages(command)))

    async def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """Puts lines after a line."""
        return await _told(partial(self.files.insert, _place(command), *_lines(command)))

    async def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """Deletes a file or a directory."""
        return await _told(partial(self.files.delete, _place(command)))

    async def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """Gives a file or a directory another place."""
        return await _told(partial(self.files.rename, *_places(command)))

    async def clear_all_memory(self) -> str:
        """Deletes every file of this user and agent."""
        return await _told(self.files.clear)

    async def read(self, path: str, *, seq: int | None = None) -> str:
        """The file as it is, or as it was after that line of the log; raises as the synchronous one."""
        return await self.files.read(path, seq=seq)

    async def history(self, path: str) -> tuple[Version, ...]:
        """Every state of the file, oldest first; also of one that was deleted; raises as the synchronous one."""
        return await self.files.history(path)

    async def erase(self, path: str) -> tuple[Certificate, ...]:
        """Destroys a file and its history for good, also of one that was deleted; raises as the synchronous one."""
        return await self.files.erase(path)


def _told_here(work: Callable[[], Awaitable[str]]) -> str:
    return LOOP.call(partial(_told, work))


async def _told(work: Callable[[], Awaitable[str]]) -> str:
    """What is said when it is done; what goes wrong is told to the model as the tool's error."""
    try:
        return await work()
    except ValidationError as error:
        whole = error.problem[:1].isupper()  # as this tool says it; otherwise it is what the field lacks
        raise ToolError(error.problem if whole else f"The {error.field} {error.problem}") from error
    except RecollectError as error:
        raise ToolError(str(error)) from error


def _given(command: object, name: str) -> Any:
    """A parameter; a model may leave one out, or give another kind of value, and the SDK passes it on as it is."""
    return getattr(command, name, None)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ToolError(f"Invalid `{name}` parameter: it must be a string")
    return value


def _place(command: object) -> str:
    return _text("path", _given(command, "path"))


def _places(command: object) -> tuple[str, str]:
    return _text("old_path", _given(command, "old_path")), _text("new_path", _given(command, "new_path"))


def _range(command: object) -> Sequence[int] | None:
    value = _given(command, "view_range")
    if value is None:
        return None
    if not isinstance(value, list) or not all(_whole(one) for one in cast("list[object]", value)):
        raise ToolError("Invalid `view_range` parameter: it must be two whole numbers, the first and the last line")
    return cast("list[int]", value)


def _passages(command: object) -> tuple[str, str]:
    new = _given(command, "new_str")  # left out, it is nothing: the passage is taken away
    return _text("old_str", _given(command, "old_str")), _text("new_str", "" if new is None else new)


def _lines(command: object) -> tuple[int, str]:
    line = _given(command, "insert_line")
    if not _whole(line):
        raise ToolError("Invalid `insert_line` parameter: it must be a whole number")
    return line, _text("insert_text", _given(command, "insert_text"))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
