"""Decides what a capitalised name names: by the gazetteers, by its own words, by the words around it."""

import re
from dataclasses import dataclass

from recollect.domain.reading.entity_words import (
    KIN_NAMES,
    ORGANISATION_CUES,
    PERSON_CUES,
    PERSON_VERBS,
    PLACE_CUES,
    TITLES,
    WORK_WORDS,
)
from recollect.domain.reading.gazetteer import (
    ORGANISATION_WORDS,
    ORGANISATIONS,
    PLACE_OR_PERSON,
    PLACE_PREFIXES,
    PLACE_WORDS,
    PLACES,
    WORD_PLACES,
)
from recollect.domain.reading.names import AMBIGUOUS_NAMES, FIRST_NAMES
from recollect.domain.reading.person_words import PETS, RELATIVES
from recollect.domain.record import EntityType

_PERSON, _PLACE, _ORGANISATION = EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION
_AFTER = re.compile(r",?\s+(['’\w]+)")
_MEETING = frozenset(
    {
        "lunch",
        "dinner",
        "coffee",
        "breakfast",
        "met",
        "talked",
        "spoke",
        "chatted",
        "date",
        "drinks",
        "brunch",
        "married",
    }
)
_INTERJECTIONS = frozenset(
    {
        "wow",
        "yeah",
        "oh",
        "yes",
        "sorry",
        "sure",
        "congrats",
        "ok",
        "okay",
        "no",
        "absolutely",
        "right",
        "bye",
        "morning",
    }
)
_SURNAME = re.compile(r"(?:O['’]|Mc|Mac)[A-Z]")


@dataclass(frozen=True, slots=True)
class Run:
    """A capitalised name where it stands.

    Attributes:
        whole: the text it stands in. start: where. text: the name.
        initial: it opens a sentence. title: a title stood before it.
    """

    whole: str
    start: int
    text: str
    initial: bool
    title: bool

    @property
    def before(self) -> list[str]:
        """The up to four words before it, lower-case, nearest last."""
        words = self.whole[max(0, self.start - 40) : self.start].lower().split()
        return [word.strip(",.;:!?\"'“”()") for word in words[-4:]]

    @property
    def after(self) -> str:
        """The word behind it, lower-case, or nothing at a sentence's end."""
        match = _AFTER.match(self.whole, self.start + len(self.text))
        return match.group(1).lower() if match else ""

    @property
    def after_possessive(self) -> bool:
        """Whether its "'s" makes an owner of it rather than being part of a shop's name."""
        return self.text.endswith(("'s", "’s")) and not (self.before[-1:] == ["at"] and not self.after)

    @property
    def reads_as_person(self) -> bool:
        """Whether a word that may also be none is a name here: "Mark finished" but not "Will you"."""
        follows = self.whole[self.start + len(self.text) : self.start + len(self.text) + 1]
        return (self.after in PERSON_VERBS and self.after not in {"can", "and"}) or follows in {",", "'", "’"}

    @property
    def reads_as_name(self) -> bool:
        """Whether an unknown word at a sentence's start is a name: "Tanzim said", or CamelCase."""
        return self.after in {"said", "says", "told", "lives", "works", "loves", "thinks"} or bool(
            re.search(r"[a-z][A-Z]", self.text)
        )


def kind_of(run: Run) -> EntityType:
    """Returns what ``run`` names; OTHER when nothing tells."""
    words = run.text.lower().split(" ")
    return _by_form(run, words) or _by_gazetteer(run, words) or _by_context(run, words) or EntityType.OTHER


def _by_form(run: Run, words: list[str]) -> EntityType | None:
    if run.title or (words[0] in TITLES and len(words) > 1) or _SURNAME.match(run.text):
        return _PERSON
    if words[-1] in ORGANISATION_WORDS or words[0] in {"fc", "university", "bank", "ministry"}:
        return _ORGANISATION if len(words) > 1 else None
    named = words[0] in FIRST_NAMES and (run.before[-1:] or [""])[0] not in PLACE_CUES | {"at", "on", "the"}
    if len(words) == 2 and named and words[-1] in PLACE_WORDS:
        return _PERSON
    if len(words) > 1 and (words[-1] in PLACE_WORDS or words[0] in PLACE_PREFIXES or words[0].startswith("saint-")):
        return _PLACE
    if (
        len(words) == 1
        and words[0].endswith(("land", "ville", "burg", "stan", "shire"))
        and words[0] not in FIRST_NAMES
    ):
        return _PLACE
    if words[0].startswith(("saint-", "san-")) or (
        len(words) == 1 and run.after in {"river", "rainforest", "street", "valley", "region"}
    ):
        return _PLACE
    return None


def _by_gazetteer(run: Run, words: list[str]) -> EntityType | None:
    whole = " ".join(words)
    cue = run.before[-1] if run.before else ""
    named = words[0].split("-")[0] in FIRST_NAMES
    if whole in PLACE_OR_PERSON:
        return _PLACE if cue in PLACE_CUES else _PERSON
    if whole in WORD_PLACES and cue not in PLACE_CUES:
        return None
    if whole in PLACES:
        return _PLACE
    if whole in ORGANISATIONS:
        return _ORGANISATION
    if whole in KIN_NAMES:
        return _PERSON
    if named and (words[0] not in AMBIGUOUS_NAMES or len(words) == 1) and len(words) <= 3:
        return (
            _PLACE
            if cue == "in" and len(words) == 1 and run.after in {"", "and"} and words[0] in AMBIGUOUS_NAMES
            else _PERSON
        )
    return None


def _by_context(run: Run, words: list[str]) -> EntityType | None:
    before = run.before
    cue = before[-1] if before else ""
    if cue in RELATIVES or cue in PETS or (cue in {"named", "called"} and _is_being(before)):
        return _PERSON
    if ((cue == "is" and before[-2:-1] == ["name"]) or cue in {"name's", "name’s"}) or (
        cue == "this" and run.after == ""
    ):
        return _PERSON
    if cue in {"the", "a", "an", "my", "our"}:
        cue = before[-2] if len(before) > 1 else ""
        return _PLACE if cue in PLACE_CUES - {"to"} and not words[-1].endswith("s'") else None
    if cue in {"at", "for", "with"} and any(word in WORK_WORDS for word in before):
        return _ORGANISATION
    if cue in {"at", "joined", "company", "firm", "startup", "against"} and cue in ORGANISATION_CUES:
        return _ORGANISATION
    if cue in PLACE_CUES:
        return _PLACE
    return _by_people(run, words, cue)


def _by_people(run: Run, words: list[str], cue: str) -> EntityType | None:
    if run.whole[run.start - 1 : run.start] in {'"', "“", "«"} and run.start:
        return None
    if cue in {"told", "ask", "asked", "thanks", "dear", "hi", "hey", "hello"} and len(words) == 1 and not run.initial:
        return _PERSON
    vocative = cue in _INTERJECTIONS and run.whole[run.start + len(run.text) :][:1] in {",", "!", "."}
    if vocative and len(words) == 1:
        return _PERSON
    if cue == "with" and _MEETING & set(run.before):
        return _PERSON
    tells = run.after in {"said", "says", "told", "asked", "thinks", "lives", "works", "loves", "hates"}
    pair = len(words) in {2, 3} and all(word[:1].isalpha() for word in words)
    if tells or (pair and (run.initial or cue in {"by", "with", "is"}) and run.after in PERSON_VERBS | {""}):
        return _PERSON
    return _PERSON if pair and cue in PERSON_CUES and words[-1] not in PLACE_WORDS else None


def _is_being(before: list[str]) -> bool:
    return any(word in RELATIVES or word in PETS for word in before) or "is" in before
