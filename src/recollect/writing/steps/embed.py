"""Embed: the vectors of all drafts in one batch."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.chunking import views
from recollect.errors import ModelError
from recollect.ports.embedder import Embedder, embedded
from recollect.writing.draft import Draft


async def embed(drafts: Sequence[Draft], embedder: Embedder) -> tuple[list[Draft], str]:
    """Fills in the vectors, one a chunk of each text.

    Returns:
        The drafts, and what went wrong, or "". When the embedder fails the drafts stay without vectors: what was said
        is stored and found by its words all the same.
    """
    try:
        found = await embedded(embedder, [views(draft.speaker, draft.text, draft.before) for draft in drafts])
    except ModelError as error:
        return list(drafts), f"stored without vectors: {error}"
    return [replace(draft, vectors=vectors) for draft, vectors in zip(drafts, found, strict=True)], ""
