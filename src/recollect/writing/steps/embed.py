"""Embed: the vectors of all drafts in one batch."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.chunking import views
from recollect.errors import ModelError
from recollect.ports.embedder import Embedder
from recollect.writing.draft import Draft


async def embed(drafts: Sequence[Draft], embedder: Embedder) -> tuple[list[Draft], str]:
    """Fills in the vectors, one a chunk of each text.

    Returns:
        The drafts, and what went wrong, or "". When the embedder fails the drafts stay without vectors: what was said
        is stored and found by its words all the same.
    """
    texts = [views(draft.speaker, draft.text) for draft in drafts]
    try:
        vectors = await embedder.embed([view for group in texts for view in group])
    except ModelError as error:
        return list(drafts), f"stored without vectors: {error}"
    embedded: list[Draft] = []
    start = 0
    for draft, group in zip(drafts, texts, strict=True):
        embedded.append(replace(draft, vectors=vectors[start : start + len(group)]))
        start += len(group)
    return embedded, ""
