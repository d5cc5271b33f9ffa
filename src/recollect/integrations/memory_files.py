"""Files of an agent's memory: what Anthropic's memory tool does, done to entries; the texts are those of its SDK.

A directory is there as long as it holds a file. An edit is made from what was read and written only if that is still
so; otherwise it is made again from what is there by then, so that of two edits at once neither is lost.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypedDict, TypeVar

from recollect.domain.certificate import Certificate
from recollect.domain.entry import Address, Entry, Version
from recollect.domain.scope import Scope
from recollect.errors import Conflict, NotFound, VersionConflict
from recollect.integrations.memory_lines import inserted, listing, numbered, replaced
from recollect.integrations.memory_paths import ROOT, SPACE, address_of, names_at, names_of, path_of
from recollect.memory.arguments import scope_of
from recollect.memory.entry_book import EntryBook
from recollect.memory.entry_changes import Drop, Move, Put, Wish
from recollect.memory.memory import AsyncFacade
from recollect.memory.sync.facade import SyncFacade
from recollect.ports.entries import Named, Under

T = TypeVar("T")
Names = tuple[str, ...]

TRIES: Final = 25


class Owner(TypedDict):
    """Whose the files are, as the book of entries is told."""

    user_id: str
    agent_id: str


class MemoryFiles:
    """One user's files, or those of one of the user's agents.

    Args:
        memory: where they are kept.
        user_id: whose they are.
        agent_id: which agent's alone; "" for all of the user's agents.
        actor: who changes them, as the log has it.
    """

    def __init__(
        self, memory: AsyncFacade | SyncFacade, *, user_id: str, agent_id: str = "", actor: str = "agent"
    ) -> None:
        self._book = EntryBook(memory)
        self._owner = Owner(user_id=user_id, agent_id=agent_id)
        self._actor = actor

    async def view(self, path: str, view_range: Sequence[int] | None = None) -> str:
        """A file with line numbers, or what a directory holds, two levels deep.

        Raises:
            NotFound: neither is there.
        """
        names = names_of(path)
        _, file, below = await self._look(names)
        if file is not None:
            return numbered(path, file.text, view_range)
        if not below and names:
            raise NotFound(f"The path {path} does not exist. Please provide a valid path.")
        sizes = {names_at(address)[len(names) :]: len(entry.text.encode()) for address, entry in below.items()}
        return listing(path_of(names), sizes)

    async def read(self, path: str, *, seq: int | None = None) -> str:
        """The file as it is, or as it was after that line of the log; see ``history``.

        Raises:
            NotFound: it is not there, or was not then.
        """
        names = names_of(path)
        if seq is not None:
            for version in await self.history(path):
                if version.seq == seq and version.text is not None:
                    return version.text
            raise NotFound(f"The file {path} had no version {seq}")
        return (await self._file(names, path)).text

    async def history(self, path: str) -> tuple[Version, ...]:
        """Every state of the file, oldest first, under whatever name it was kept; also of one that was deleted.

        Raises:
            NotFound: there never was one.
        """
        names = names_of(path)
        if not names:
            raise NotFound(f"The path {path} is not a file.")
        return await self._book.history(address_of(names), **self._owner)

    async def create(self, path: str, file_text: str) -> str:
        """Makes a file.

        Raises:
            Conflict: there is a file or a directory of that name, or a file where a directory would be.
        """
        names = names_of(path)
        if not names:
            raise Conflict(f"File {path} already exists")

        async def once() -> str:
            seq, file, below = await self._look(names)
            if file is not None or below:
                raise Conflict(f"File {path} already exists")
            await self._check_directories(names)
            await self._write([Put(address=address_of(names), text=file_text, fresh=True)], seq)
            return f"File created successfully at: {path}"

        return await self._again(once, path)

    async def str_replace(self, path: str, old_str: str, new_str: str) -> str:
        """Replaces what is there once, and shows the lines around it.

        Raises:
            NotFound: there is no such file, or the words are not in it. Conflict: they are in it more than once.
        """
        names = names_of(path)

        async def once() -> str:
            file = await self._file(names, path)
            text, told = replaced(path, file.text, old_str, new_str)
            await self._write([Put(address=file.address, text=text, base=file)])
            return told

        return await self._again(once, path)

    async def insert(self, path: str, insert_line: int, insert_text: str) -> str:
        """Puts lines after the line of that number; 0 is the beginning.

        Raises:
            NotFound: there is no such file. ValidationError: it has not so many lines.
        """
        names = names_of(path)

        async def once() -> str:
            file = await self._file(names, path)
            text = inserted(file.text, insert_line, insert_text)
            await self._write([Put(address=file.address, text=text, base=file)])
            return f"The file {path} has been edited."

        return await self._again(once, path)

    async def delete(self, path: str) -> str:
        """Deletes a file, or a directory with all that it holds; their history stays.

        Raises:
            NotFound: neither is there. Conflict: it is ``/memories`` itself.
        """
        names = names_of(path)
        if not names:
            raise Conflict(f"Cannot delete the {ROOT} directory itself")

        async def once() -> str:
            seq, file, below = await self._look(names)
            gone = [file] if file is not None else list(below.values())
            if not gone:
                raise NotFound(f"The path {path} does not exist")
            await self._write([Drop(address=one.address, base=one) for one in gone], seq if file is None else None)
            return f"Successfully deleted {path}"

        return await self._again(once, path)

    async def erase(self, path: str) -> tuple[Certificate, ...]:
        """Destroys a file and its history for good, also of one that was deleted; ``delete`` keeps the history.

        Raises:
            NotFound: there never was one.
        """
        names = names_of(path)
        if not names:
            raise NotFound(f"The path {path} is not a file.")
        return await self._book.erase(address_of(names), **self._owner)

    async def rename(self, old_path: str, new_path: str) -> str:
        """Gives a file or a directory another place; the history goes with it.

        Raises:
            NotFound: it is not there. Conflict: something is there already, or it would lie within itself.
        """
        old, new = names_of(old_path, "old_path"), names_of(new_path, "new_path")
        if not old:
            raise Conflict(f"Cannot rename the {ROOT} directory itself")

        async def once() -> str:
            seq, file, below = await self._look(old)
            _, taken, beneath = await self._look(new)
            if taken is not None or beneath or not new:
                raise Conflict(f"The destination {new_path} already exists")
            moved = {address_of(new): file} if file is not None else _moved(below, old, new)
            if not moved:
                raise NotFound(f"The path {old_path} does not exist")
            if new[: len(old)] == old:
                raise Conflict(f"Cannot move {old_path} into itself")
            await self._check_directories(new)
            await self._write([Move(base=entry, to=to) for to, entry in moved.items()], seq)
            return f"Successfully renamed {old_path} to {new_path}"

        return await self._again(once, old_path)

    async def clear(self) -> str:
        """Deletes every file; their history stays."""

        async def once() -> str:
            seq, _, below = await self._look(())
            await self._write([Drop(address=one.address, base=one) for one in below.values()], seq)
            return "All memory cleared"

        return await self._again(once, ROOT)

    async def _look(self, names: Names) -> tuple[int, Entry | None, dict[Address, Entry]]:
        """Where the log stands, the file of that name, and what lies below the directory of that name."""
        scope = await self._scope()
        below = Under(scope=scope, space=SPACE, path=names, whole=True)
        if not names:
            seq, (found,) = await self._book.look_up([below])
            return seq, None, found
        address = address_of(names)
        seq, (files, found) = await self._book.look_up([Named(scope=scope, hashes=[address.content_hash()]), below])
        return seq, files.get(address), found

    async def _file(self, names: Names, path: str) -> Entry:
        """The file of that name; what else is there is looked at only to say why there is none."""
        if names:
            (file,) = await self._book.named([address_of(names)], **self._owner)
            if file is not None:
                return file
        _, _, below = await self._look(names)
        if below or not names:
            raise NotFound(f"The path {path} is not a file.")
        raise NotFound(f"The path {path} does not exist. Please provide a valid path.")

    async def _check_directories(self, names: Names) -> None:
        """Refuses a file as a directory."""
        above = [address_of(names[:depth]) for depth in range(1, len(names))]
        found = await self._book.named(above, **self._owner, whole=False)
        for address, entry in zip(above, found, strict=True):
            if entry is not None:
                raise Conflict(f"The path {path_of(names_at(address))} is not a directory.")

    async def _write(self, wishes: Sequence[Wish], seq: int | None = None) -> None:
        await self._book.write(wishes, **self._owner, actor=self._actor, seq=seq)

    async def _again(self, once: Callable[[], Awaitable[T]], path: str) -> T:
        """Does it, and again from the beginning when somebody else was faster."""
        for _ in range(TRIES):
            try:
                return await once()
            except VersionConflict:
                continue
        raise Conflict(f"The path {path} is being changed by others all the time; view it and try again.")

    async def _scope(self) -> Scope:
        parts = await self._book.core.ready()
        return scope_of(parts.tenant_id, self._owner["user_id"], self._owner)


def _moved(below: dict[Address, Entry], old: Names, new: Names) -> dict[Address, Entry]:
    return {address_of((*new, *names_at(address)[len(old) :])): entry for address, entry in below.items()}
