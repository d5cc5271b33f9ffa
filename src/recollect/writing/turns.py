"""Turns: which telling in which conversation a change belongs to."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from recollect.domain.conversation import Turn
from recollect.domain.tokens import estimate_tokens
from recollect.ports.store import Change, WriteTransaction
from recollect.writing.draft import Draft


def with_turns(
    changes: Sequence[Change],
    drafts: Sequence[Draft],
    stored_as: Mapping[UUID, UUID],
    transaction: WriteTransaction,
    now: datetime,
) -> list[Change]:
    """The changes, those that were said in a conversation with their turn.

    A repeated import, with the same words at the same time, adds no turn; the same words said again do.
    """
    conversation_id = drafts[0].scope.conversation_id if drafts else None
    found = list(changes)
    if conversation_id is None:
        return found
    index = transaction.conversation.turn_count if transaction.conversation is not None else 0
    places: dict[UUID, deque[int]] = {}
    for place, change in enumerate(found):
        places.setdefault(change.after.id, deque()).append(place)
    for draft in drafts:
        memory_id = stored_as.get(draft.id)
        if draft.derived_from is not None or memory_id is None:
            continue
        if draft.told_at is not None and (memory_id, draft.told_at) in transaction.told:
            continue
        if not places.get(memory_id):
            continue
        turn = Turn(
            tenant_id=draft.scope.tenant_id,
            user_id=draft.scope.user_id,
            conversation_id=conversation_id,
            index=index,
            memory_id=memory_id,
            role=draft.role,
            speaker=draft.speaker,
            said_at=draft.told_at,
            written_at=now,
            tokens=estimate_tokens(draft.text),
        )
        place = places[memory_id].popleft()
        found[place] = replace(found[place], turn=turn)
        index += 1
    return found
