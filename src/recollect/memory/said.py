"""What a caller hands to ``add``, as drafts: a string, one chat message, a list of messages, or a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from recollect.domain.chunking import split_document
from recollect.domain.ids import new_id
from recollect.domain.mem0_form import EXPIRES, parse_day
from recollect.domain.record import MemoryType, Provenance, ProvenanceSource, Sensitivity, SourceType, Tier, Trust
from recollect.domain.scope import Scope, check_id
from recollect.domain.times import parse_time
from recollect.errors import ValidationError
from recollect.memory.arguments import member, optional_time
from recollect.memory.group_chat import ALONE, Talk
from recollect.ports.clock import Clock
from recollect.writing.draft import Draft
from recollect.writing.steps.admit import check_text
from recollect.writing.steps.echo import without_recalled

Message = Mapping[str, Any]
Content = str | Message | Sequence[Message | str]

MAX_ITEMS = 10_000
MAX_CHARACTERS = 1_000_000
MESSAGE_FIELDS = frozenset({"role", "content", "name", "at", "id", "metadata"})
ROLES = frozenset({"user", "assistant", "tool", "system", "developer"})


@dataclass(frozen=True, slots=True)
class Said:
    """Reads content into drafts, with what the caller said about all of it."""

    scope: Scope
    given: Mapping[str, Any]
    clock: Clock
    content_limit: int
    source_id: str | None = None
    trust: Trust = Trust.TRUSTED
    author_id: str | None = None
    talk: Talk = ALONE

    def drafts(self, content: object) -> list[Draft]:
        """The drafts for ``content``; a message that is longer than one memory becomes several.

        Raises:
            ValidationError: naming the message and the field at fault.
        """
        if isinstance(content, str):
            return self._from_text(content)
        kind, messages = type(content).__name__, content
        if isinstance(content, Mapping):
            messages = [cast(Message, content)]
        if isinstance(messages, bytes):
            raise ValidationError("content", "is bytes; decode it to a string first")
        if not isinstance(messages, Sequence):
            raise ValidationError("content", f"must be text, a message or a list of messages, not {kind}")
        listed = cast(Sequence[object], messages)
        if not listed:
            raise ValidationError("content", "is an empty list; there is nothing to remember")
        if len(listed) > MAX_ITEMS:
            raise ValidationError("content", f"has {len(listed):,} messages; add at most {MAX_ITEMS:,} at once")
        return [draft for place, message in enumerate(listed) for draft in self._from_message(place, message)]

    def _from_text(self, text: str) -> list[Draft]:
        draft = self._draft("content", text, speaker=self.given.get("speaker"), at=self._told_at())
        if draft.source_type is SourceType.DOCUMENT:
            return self._cut(draft)
        return [draft]

    def _from_message(self, place: int, message: object) -> list[Draft]:
        where = f"messages[{place}]"
        if isinstance(message, str):
            message = {"role": "user", "content": message}
        if not isinstance(message, Mapping):
            raise ValidationError(where, f"must be an object with role and content, not {type(message).__name__}")
        fields = cast(Mapping[str, Any], message)
        role = fields.get("role", "user")
        if not isinstance(role, str) or role not in ROLES:
            raise ValidationError(f"{where}.role", f"must be one of {', '.join(sorted(ROLES))}, not {role!r}")
        for name in fields:
            if name not in MESSAGE_FIELDS and role in ("user", "system", "developer"):
                raise ValidationError(
                    f"{where}.{name}", f"is unknown; a message has {', '.join(sorted(MESSAGE_FIELDS))}"
                )
        text = _text_of(f"{where}.content", fields.get("content"))
        if role in ("system", "developer") or (role != "user" and not text.strip()):
            return []  # instructions, and an assistant's message that holds tool calls alone, are nobody's memory
        at = self._told_at() if "at" not in fields else _time_or_none(f"{where}.at", fields["at"])
        speaker = fields.get("name") or (self.given.get("speaker") if role == "user" else None) or role
        draft = self._draft(f"{where}.content", text, speaker=speaker, at=at, message=fields, role=role)
        return self._cut(draft)

    def _draft(
        self,
        where: str,
        text: str,
        *,
        speaker: object,
        at: datetime | None,
        message: Message | None = None,
        role: str = "user",
    ) -> Draft:
        check_text(where, text)
        if len(text) > MAX_CHARACTERS:
            raise ValidationError(
                where, f"has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be taken at once"
            )
        given = self.given
        fields = message or {}
        source = (
            member("source_type", SourceType, given["source_type"]) if given.get("source_type") is not None else None
        )
        extra = {**_object("metadata", given.get("metadata")), **_object("metadata", fields.get("metadata"))}
        if given.get("expiration_date") is not None:
            extra[EXPIRES] = parse_day("expiration_date", given["expiration_date"])
        evidence = (check_id("id", fields["id"]),) if fields.get("id") is not None else ()
        return Draft(
            scope=self.scope,
            text=text,
            speaker=check_id("speaker", speaker) if speaker is not None else None,
            told_at=at,
            is_turn=message is not None or self.scope.conversation_id is not None,
            role=role,
            # What others say about the user is kept as their words; only the user and trusted sources state facts.
            reads_facts=role == "user" and source in (None, SourceType.CONVERSATION) and self._read,
            verbatim=not given.get("infer", True),
            source_type=source or (SourceType.TOOL_OUTPUT if role == "tool" else SourceType.CONVERSATION),
            provenance=Provenance(source=_vouched_by(role), evidence=evidence),
            extra=extra,
            source_id=self.source_id,
            trust=self.trust,
            sensitivity=member("sensitivity", Sensitivity, given.get("sensitivity", Sensitivity.NORMAL)),
            author_id=self.author_id,
            channel_id=self.talk.channel_id,
            audience=self.talk.audience,
            subject=self.talk.subject,
            type=member("type", MemoryType, given["type"]) if given.get("type") is not None else None,
            tier=member("tier", Tier, given["tier"]) if given.get("tier") is not None else None,
            occurred_at=optional_time("occurred_at", given),
        )

    @property
    def _read(self) -> bool:
        """Whether facts may be read from what the user said."""
        return self.trust is Trust.TRUSTED and bool(self.given.get("infer", True))

    def _told_at(self) -> datetime | None:
        at = self.given.get("at", "now")
        return self.clock.now() if at == "now" else _time_or_none("at", at)

    def _cut(self, draft: Draft) -> list[Draft]:
        if len(draft.text) <= self.content_limit:
            return [draft]
        sifted, echoed = without_recalled(draft)  # before it is cut: half a packet would not be recognised
        if sifted is None or echoed:
            return [draft] if sifted is None else self._cut(sifted)
        parts = split_document(draft.text, self.content_limit)
        return [
            replace(draft, id=new_id(), text=part, extra={**draft.extra, "part": number, "parts": len(parts)})
            for number, part in enumerate(parts, start=1)
        ]


def _time_or_none(field: str, value: object) -> datetime | None:
    return None if value is None else parse_time(field, value)


def _vouched_by(role: str) -> ProvenanceSource:
    if role == "tool":
        return ProvenanceSource.TOOL_RESULT
    return ProvenanceSource.USER_EXPLICIT if role == "user" else ProvenanceSource.AGENT_INFERRED


def _object(field: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValidationError(field, f"must be an object, not {type(value).__name__}")
    return cast(Mapping[str, Any], value)


def _text_of(field: str, content: object) -> str:
    """A message's text: a string, or the text parts of a list of parts; None and parts without text are empty."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence) or isinstance(content, bytes):
        raise ValidationError(field, f"must be text or a list of parts, not {type(content).__name__}")
    parts = [cast(Message, part) for part in cast(Sequence[object], content) if isinstance(part, Mapping)]
    return "\n".join(text for part in parts if isinstance(text := part.get("text"), str))
