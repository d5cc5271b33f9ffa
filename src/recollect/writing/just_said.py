"""Just said: of what a bare "no, Lyon" speaks is what was said right before it, and nothing else.

"No, Lyon" puts right where the user lives when they have just said that they live in Paris, or were just told so. As
the answer to "Shall I book a train to Paris?" it puts nothing right, though Paris is where they live.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from recollect.domain.hearing import place_of_item
from recollect.domain.hot import HotItem, HotKind
from recollect.domain.reading.corrected import is_called
from recollect.domain.reading.facts import read_facts
from recollect.domain.reading.small_talk import small_talk
from recollect.writing.draft import Draft

_REFUSES = re.compile(r"[\W_]*(?:no|nope|nah|nono|nein|non|não)\b", re.IGNORECASE)
_OF_THE_USER = re.compile(
    r"\b(?:you|your|yours|du|dein\w*|dir|dich|sie|ihr\w*|tu|te|ton|tes|vous|votre|vos|tú|tus?|usted|vives|você|seu|sua)\b",
    re.IGNORECASE,
)
# "Shall I book you a flight to Paris?" asks what to do, not whether that is where the user lives.
_PROPOSES = re.compile(
    r"\b(?:shall|should|could|would|can\s+i|may\s+i|let['’]?s|let\s+me|do\s+you\s+(?:want|need|mean)|how\s+about|what\s+about)\b",
    re.IGNORECASE,
)
_YOU_ARE, _YOU, _YOUR = (re.compile(rf"\b{you}\b", re.IGNORECASE) for you in ("you(?:['’]re|\\s+are)", "you", "your"))
# "Where do I live?", of which the answer was not stored.
_ASKS_OF_SELF = re.compile(r"(?!(?:can|could|would|will|please)\b)[^.!?]*\b(?:I|my)\b[^.!?]*\?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """One message: whose, what it says, and the id of the draft or record that facts cite as their evidence."""

    role: str
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Meant:
    """A fact that may be meant.

    Attributes:
        id: of its record or draft.
        key, value: the fact. evidence: ids of the messages that stated it, and its own.
    """

    id: UUID
    key: str
    value: str
    evidence: frozenset[str]


def words_before(draft: Draft, batch: Iterable[Draft], there: Sequence[HotItem]) -> list[Words]:
    """What was said before a message in its conversation, oldest first: earlier, then in the same batch."""
    place = (draft.channel_id, draft.audience)
    earlier = sorted((item for item in there if _is_here(item, draft, place)), key=lambda item: item.at)
    found = [
        Words(str(item.value.get("role", "user")), str(item.value.get("text", "")), str(item.memory_id or item.name))
        for item in earlier
    ]
    for other in batch:
        if other.id == draft.id:
            break
        if other.derived_from is None:
            found.append(Words(other.role, other.text, str(other.id)))
    return found


def meant(said: str, facts: Sequence[Meant], before: Sequence[Words], *, named: bool) -> list[Meant]:
    """The facts that the message ``said`` may be about, which does not say what it is about.

    Args:
        said: from where it corrects, with its "no" or "I meant".
        facts: what is known.
        before: what was said before the message; when nothing is known of it, each fact may be meant.
        named: the message names the value that is wrong: "Lyon, not Paris".
    """
    if not before:
        return list(facts)
    last, replies = _turn(before)
    claimed = [fact for fact in facts if any(_claims(reply.text, fact) for reply in replies)]
    if claimed and not named:  # "So your favourite colour is blue." - "No, green"
        return claimed
    refused = _REFUSES.match(said) is not None
    return [fact for fact in facts if fact in claimed or _may_be(fact, last, replies, named=named, refused=refused)]


def of_somebody(pronoun: str, facts: Sequence[Meant], before: Sequence[Words]) -> list[Meant]:
    """Whose name "No, his name is Max" puts right: the one that the user told just before, if there is only one.

    Args:
        pronoun: he, she, they or it.
        facts: what is known.
        before: what was said before the message.
    """
    last, replies = _turn(before)
    if last is None:
        return []
    asked = [reply.text for reply in replies if "?" in reply.text]
    told = [fact for fact in facts if last.id in fact.evidence and is_called(pronoun, fact.key)]
    return told if len(told) == 1 and all(_names(text, told[0].value) for text in asked) else []


def _may_be(fact: Meant, last: Words | None, replies: Sequence[Words], *, named: bool, refused: bool) -> bool:
    """Whether a fact that no reply claims may be meant, after the user's last message and what was replied to it."""
    told = last is not None and last.id in fact.evidence
    asks = last is not None and not replies and bool(_ASKS_OF_SELF.search(last.text))
    if named:
        others = [*replies, *([last] if last is not None and not (told or asks) else [])]
        return not any(_names(words.text, fact.value) for words in others)  # "Book a hotel in Paris."
    return asks or (told and not (refused and any("?" in reply.text for reply in replies)))


def _turn(before: Sequence[Words]) -> tuple[Words | None, list[Words]]:
    """The last message of the user, small talk aside, and what was replied to it."""
    replies: list[Words] = []
    for words in reversed(before):
        if words.role != "user":
            replies.append(words)
        elif not small_talk(words.text):
            return words, replies
    return None, replies


def _names(reply: str, value: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", reply, re.IGNORECASE) is not None


def _claims(reply: str, fact: Meant) -> bool:
    """Whether a reply says that the fact is so, or asks whether it is."""
    if not (_names(reply, fact.value) and _OF_THE_USER.search(reply)) or _PROPOSES.search(reply):
        return False
    mine = _YOUR.sub("my", _YOU.sub("I", _YOU_ARE.sub("I am", reply))).replace("?", ".")
    keys = {stated.key for stated in read_facts(mine, None) if stated.value.casefold() == fact.value.casefold()}
    return not keys or fact.key in keys


def _is_here(item: HotItem, draft: Draft, place: tuple[str | None, tuple[str, ...]]) -> bool:
    if item.kind is not HotKind.WORKING or place_of_item(item) != place:
        return False
    same = item.value.get("agent_id", "") == draft.scope.agent_id
    return (
        same
        and item.value.get("conversation_id") == draft.scope.conversation_id
        and (draft.told_at is None or item.at <= draft.told_at)
    )
