"""Reads a correction from one message: "no, I moved to Lyon", "it's Lyon, not Paris", "I never lived in Paris".

A message is cut into sentences and these where a new clause may begin. A clause corrects if it has one of the elliptic
forms, if it opens with words that take something back ("no", "that's wrong") and states a fact, if it states one
"and not" another, or if it denies one. Everything is matched at a clause's start, so what others say and what is
only supposed or wished falls through.
"""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recollect.domain.reading.correction_forms import Swap, abroad, alone, renamed, swap
from recollect.domain.reading.correction_statements import DENIES, stated, told_wrong, unopened
from recollect.domain.reading.correction_words import (
    BREAK,
    BREAKS,
    BREAKS_OF_DENIALS,
    FIRST_WORDS,
    LEAD,
    OPENING,
    SECOND_WORDS,
    SOFT,
    STAR,
    TRAIL,
)
from recollect.domain.reading.names import FIRST_NAMES
from recollect.domain.reading.sentences import READ_LIMIT, hide_quotes, sentences

_LONGEST = 300
# Without an opener, no form does without one of these.
_CUES = (
    "not ", "n't", "n’t", "dont", "never", "nicht ", "pas ", "no ", "non ", "não ", "spel", "writ", " with", "actually", "you said",
    "you wrote", "you thought",
)  # fmt: skip
# What sets an opener apart from a value behind it; "I meant Lyon" needs no more.
_APART = re.compile(
    r"(?:[^\w\s*]\s*|\b(?:meant?|say|said|actually|sorry|sry|meinte|dire|decir|dizer)\s+)$", re.IGNORECASE
)
_TWO_WORDS = re.compile(r"\s*(\*|[\w'’]+)\W{0,3}([\w'’]*)")
_POINTING = re.compile(r"(?:that|this|it)(?:['’]?s\s+not|\s+is\s+not|\s+isn['’]t)\s+(?:my|where\s+i)\s", re.IGNORECASE)
_OPENER_NAMES = re.compile(r"\bmy\s+(name|birthday|age|address|email|phone|job|employer|location)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|wrote|writes|asked|replied|replies|answered|thinks?|thought|translate|story|novel|film|movie|game|screenplay|imagine|if|when|unless|suppose|wish|would|maybe|example|sentence)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What one message puts right.

    Attributes:
        old: the value said to be wrong, or None when it is not named.
        new: the value put in its place, or None when the message only denies.
        attribute: the attribute it names ("name", "birthday", "location"), or None.
        text: the message with the correcting opener blanked out, positions kept, so that ``read_facts`` can read a
            full statement in it.
        start, end: the clause's place in the message.
        subject: whom it is about: ``user``, ``he``, ``she``, ``they``, ``it``, or the subject of the stated fact.
    """

    old: str | None
    new: str | None
    attribute: str | None
    text: str
    start: int
    end: int
    subject: str = "user"


@dataclass(slots=True)
class _Unit:
    """A sentence, or a sentence and the "Not Paris." behind it.

    ``opens``: its first word may take something back. ``opened_at``: where the one before did so, if it did, and
    ``opener`` its words.
    """

    text: str
    start: int
    end: int
    opens: bool
    opened_at: int | None
    opener: str


def read_correction(text: str) -> Correction | None:
    """Reads the first correction in ``text``, a message of the user; None when there is none.

    Args:
        text: any text; only the first 20,000 characters are read.
    """
    shown = hide_quotes(text[:READ_LIMIT])
    lowered = shown.lower()
    cues = [cue for cue in _CUES if cue in lowered]
    for unit in _units(shown):
        for at in _starts(unit, cues):
            found = _clause(unit, at, cues)
            if found:
                said, opened_at, begin = found
                blanked = text[:opened_at] + " " * (begin - opened_at) + text[begin:]
                return Correction(said.old, said.new, said.attribute, blanked, opened_at, unit.end, said.subject)
    return None


def _units(text: str) -> list[_Unit]:
    found: list[_Unit] = []
    opened: int | None = None
    opener = ""
    for sentence in sentences(text):
        body, end = sentence.text, sentence.start + len(sentence.text)
        last = found[-1] if found else None
        if last and not sentence.question and len(body) < 40 and _follows(last.text, body):
            joined = (
                last.text.rstrip(" .!") + ", " + body[0].lower() * (body[:4] == "Not ") + body[body[:4] == "Not " :]
            )
            last.text, last.end = joined, end
            continue
        opens = _may_open(body, 0)
        if len(body) <= _LONGEST and not sentence.question:
            found.append(_Unit(body, sentence.start, end, opens, opened, opener))
        opening = OPENING.match(body) if opens and len(body) < 60 else None
        opened = sentence.start if opening and opening.end() == len(body) else None
        opener = body
    return found


def _follows(last: str, body: str) -> bool:
    """Whether two sentences make one correction: "It's in May. Not June!", "Not Bosch. Siemens."."""
    if len(last) > 100 or last.endswith((",", ":")):
        return False
    denied = last.lower().removeprefix("no, ")
    if _POINTING.match(denied) and "," not in denied:
        return body.startswith(("It's ", "It’s ", "It is ", "My ", "I ", "I'm ", "I’m "))
    if DENIES.match(last) and "," not in last and len(last) < 60:
        return body.startswith(("I ", "I'm ", "I’m ", "I am ", "It's ", "It’s "))
    return body.startswith("Not ") or (denied[:4] == "not " and "," not in denied and " " not in body)


def _starts(unit: _Unit, cues: Sequence[str]) -> list[int]:
    """Where a clause of the sentence may begin that may correct; none behind words that report or suppose."""
    sentence = unit.text
    denies = _holds(sentence.lower(), cues)
    found = [0] if denies or unit.opens or unit.opened_at is not None else []
    if not _holds(sentence, BREAKS_OF_DENIALS if denies else BREAKS):
        return found
    for count, cut in enumerate(BREAK.finditer(sentence)):
        if count == 4 or _REPORTED.search(sentence, 0, cut.start()):
            break
        if denies or _may_open(sentence, cut.end()):
            found.append(cut.end())
    return found


def _clause(unit: _Unit, at: int, cues: Sequence[str]) -> tuple[Swap, int, int] | None:
    """Reads the clause at ``at``; returns what it says, where its opener begins and where its own words do."""
    carried = unit.opened_at if at == 0 else None
    opening = OPENING.match(unit.text, at)
    star = STAR.match(unit.text, at) if unit.text[at : at + 1] in "*mMnNsS" else None
    denies = _holds(unit.text[at:].lower(), cues)
    if not (opening or star or denies or carried is not None):
        return None
    trail = TRAIL.search(unit.text, max(at, len(unit.text) - 40))
    text = unit.text[: trail.start()] if trail else unit.text
    begin = _behind(LEAD.match(text, at), at)
    whole = text[begin:]
    said = (told_wrong(whole) or swap(whole)) if denies else None
    if not said and (opening or star):
        begin = _behind(opening or star, at)
        said = _behind_opener(text[begin:], opening.group()) if opening else _behind_star(unit, text, begin)
    elif not said:
        said = _behind_opener(whole, unit.opener) if carried is not None else unopened(whole)
    start = carried if carried is not None else unit.start + at
    return (said, start, unit.start + begin) if said else None


def _behind(match: re.Match[str] | None, at: int) -> int:
    return match.end() if match else at


def _may_open(text: str, at: int) -> bool:
    match = _TWO_WORDS.match(text, at)
    if match is None:
        return False
    first = match[1].lower()
    return first in FIRST_WORDS or (first in SECOND_WORDS and match[2].lower() in SECOND_WORDS[first])


def _holds(text: str, parts: Sequence[str]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator costs more than what it looks for
        if part in text:
            return True
    return False


def _behind_opener(clause: str, opener: str) -> Swap | None:
    """Reads what follows an opener, which may name the attribute: "you got my name wrong, it's Ana"."""
    said = _opened(clause, apart=bool(_APART.search(opener)))
    if said is None or said.attribute is not None:
        return said
    if said.old is None and (said.new or "").lower() in FIRST_NAMES and SOFT.match(opener):
        return None
    named = _OPENER_NAMES.search(opener)
    return replace(said, attribute=named.group(1).lower()) if named else said


def _behind_star(unit: _Unit, text: str, begin: int) -> Swap | None:
    """Reads "*Lyon", alone in a message, and "make that Lyon"; not "*Title*" nor "Make It Interactive"."""
    starred = text[begin - 1 : begin] == "*"
    if starred and (unit.start > 0 or "*" in text[begin:]):
        return None
    return alone(text[begin:], sure=not starred)


def _opened(clause: str, *, apart: bool) -> Swap | None:
    if not clause:
        return None
    return (
        swap(clause)
        or renamed(clause)
        or alone(clause, apart=apart)
        or unopened(clause)
        or stated(clause)
        or abroad(clause, opened=True)
    )
