"""Draft: one thing said on its way to becoming a record; each step of the pipeline returns it with more filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from recollect.domain.content import content_hash, doubted, said_in
from recollect.domain.ids import new_id
from recollect.domain.reading.facts import KeyedFact
from recollect.domain.record import EntityMention, MemoryType, Provenance, Sensitivity, SourceType, Tier, Trust
from recollect.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was said, what was read from it so far, and what the caller fixed.

    Attributes:
        id: the id the record will have, if it becomes one.
        scope, text, speaker, source_type, provenance, extra: as the caller gave them.
        told_at: when it was said, None if unknown; relative times in the text are read against it.
        role: who said it in a chat: user, assistant or tool.
        is_turn: it is one message of a chat, kept word for word; facts in it become records of their own.
        reads_facts: whether the text may state facts about the people in it.
        verbatim: it is kept as it is, however little it says, and nothing is derived from it.
        source_id, trust, sensitivity, author_id: see ``Memory``; what is not trusted counts as another content.
        channel_id, audience, subject: see ``Memory``; what is said elsewhere or aside counts as another content.
        type, tier, occurred_at, importance: fixed by the caller, or None until a step decides.
        key, value, negated, single: the fact that the record states; see ``KeyedFact``.
        derived_from: the draft whose text stated this fact.
        entities, facts, emotion, confidence, reason, vectors: filled in by the steps.
        rules: the standing instructions of the user that its text gives.
        salience: what the gate judged. held: it is below the gate. times: how often it came up.
        working_name: the item of working memory that it came up as before.
        before: what was said right before it in its conversation, oldest first, each led by its speaker's name.
        quotes_wrong: it corrects a value and quotes the wrong one, which nobody should be reminded of.
    """

    id: UUID = field(default_factory=new_id)
    scope: Scope
    text: str
    speaker: str | None = None
    role: str = "user"
    told_at: datetime | None = None
    is_turn: bool = False
    reads_facts: bool = True
    verbatim: bool = False
    source_type: SourceType = SourceType.CONVERSATION
    provenance: Provenance = field(default_factory=Provenance)
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    source_id: str | None = None
    trust: Trust = Trust.TRUSTED
    sensitivity: Sensitivity = Sensitivity.NORMAL
    author_id: str | None = None
    channel_id: str | None = None
    audience: tuple[str, ...] = ()
    subject: str | None = None
    type: MemoryType | None = None
    tier: Tier | None = None
    occurred_at: datetime | None = None
    importance: float | None = None
    key: str | None = None
    value: str | None = None
    negated: bool = False
    single: bool = False
    derived_from: UUID | None = None
    entities: tuple[EntityMention, ...] = ()
    facts: tuple[KeyedFact, ...] = ()
    rules: tuple[str, ...] = ()
    emotion: float = 0.0
    confidence: float = 0.5
    reason: str = ""
    vectors: npt.NDArray[np.float32] | None = None
    salience: float = 1.0
    held: bool = False
    times: int = 1
    working_name: str | None = None
    before: tuple[str, ...] = ()
    quotes_wrong: bool = False

    @property
    def content_hash(self) -> str:
        """What makes two drafts the same, see ``domain/content.py``."""
        plain = doubted(content_hash(self.speaker, self.text), self.trust)
        return said_in(plain, self.channel_id, self.audience)
