"""The facade's methods that move everything of a user's out and in: ``export`` and ``load``."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

from recollect.domain.move import LoadReport
from recollect.memory.core import Core
from recollect.memory.moving import inward, outward
from recollect.memory.moving.source import Lines
from recollect.memory.recorded import recorded


class MovingMethods:
    """What the facade has for files of JSON lines; what they look like says ``docs/moving.md``."""

    AREA: str = ""
    core: Core

    def export(self, *, user_id: str, embeddings: bool = False) -> AsyncGenerator[dict[str, Any]]:
        """Yields everything that is a user's as JSON objects, a line of a file each; ``load`` reads them back.

        Args:
            user_id: whose. What policies hide from the user is left out.
            embeddings: whether each memory has its vectors too; ``load`` makes them anew in any case.

        Returns:
            A header, then memories of every status, and all that is kept beside them; see ``docs/moving.md``.

        Example:
            >>> [line["kind"] async for line in memory.export(user_id="dora")][:2]
            ['header', 'memory']
        """
        return outward.export(self.core, user_id, embeddings=embeddings)

    @recorded
    async def load(
        self,
        lines: Lines,
        *,
        user_id: str | None = None,
        on_conflict: str = "skip",
        dry_run: bool = False,
        job_id: UUID | str | None = None,
        actor: str = "user",
    ) -> LoadReport:
        """Reads an export, or lines of one's own (``{"text": ..., "at": ...}``, chat messages), in batches.

        Reading the same lines again changes nothing. Times are those of the lines, never the present.

        Args:
            lines: texts or objects, one by one; a file that is open will do.
            user_id: whose they become; if not given, whose the header or each line says they are.
            on_conflict: what to do when something else is there under a line's id: ``skip`` the line, or ``fail``.
            dry_run: only tell what would happen.
            job_id: binds what is written, so that ``rollback(job=...)`` takes it back; a new one by default.
            actor: who does it.

        Raises:
            ValidationError: an argument, or the header's format, cannot be used; a line that cannot is in the report.
            Conflict: with ``fail``; the parts of the file before that line are stored.

        Example:
            >>> (await memory.load(['{"text": "I like tea", "at": null}'], user_id="eva")).imported
            1
        """
        return await inward.load(
            self.core, lines, user_id, on_conflict=on_conflict, dry_run=dry_run, job_id=job_id, actor=actor
        )
