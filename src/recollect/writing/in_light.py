"""In light: each message with what was said right before it, in its conversation or in the same call."""

from collections.abc import Sequence
from dataclasses import replace

from recollect.domain.chunking import TURNS_BEFORE, lead_of
from recollect.domain.record import Trust
from recollect.ports.said_before import SaidBefore
from recollect.writing.draft import Draft

Place = tuple[str | None, tuple[str, ...]]


async def in_light(drafts: Sequence[Draft], store: SaidBefore) -> list[Draft]:
    """The drafts with ``before`` filled in.

    What was heard by others, or comes from a quarantined source, is no light; facts read from a text have none.

    Raises:
        StoreError: the database cannot be asked.
    """
    said: dict[Place, tuple[str, ...]] = {}
    found: list[Draft] = []
    for draft in drafts:
        if draft.derived_from is not None or draft.scope.conversation_id is None:
            found.append(draft)
            continue
        place = draft.channel_id, draft.audience
        if place not in said:
            said[place] = await store.last_said(draft.scope, *place)
        found.append(replace(draft, before=said[place]))
        if draft.trust is not Trust.QUARANTINED:
            said[place] = (*said[place], lead_of(draft.speaker) + draft.text)[-TURNS_BEFORE:]
    return found
