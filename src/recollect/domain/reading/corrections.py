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

from recollect.domain.reading.correction_forms import Swap, alone, swap
from recollect.domain.reading.correction_words import (
    BREAK,
    BREAKS,
    FIRST_WORDS,
    LEAD,
    OPENING,
    STAR,
    TRAIL,
    bare,
    is_value,
)
from recollect.domain.reading.facts import KeyedFact, read_facts
from recollect.domain.reading.sentences import READ_LIMIT, hide_quotes, sentences

_LONGEST = 300
# What can be denied as a fact; "I don't eat meat" and "I don't like Mondays" tell a taste instead.
_DENIABLE = frozenset(
    {
        "location", "employer", "occupation", "diet", "relationship_status", "name", "spouse", "partner", "origin",
        "birthday", "nationality", "age", "allergy", "condition", "email", "phone", "address", "pet", "vehicle", "school",
    }
)  # fmt: skip
# Without an opener, no form does without one of these.
_CUES = (
    "not ",
    "n't",
    "n’t",
    "dont",
    "never",
    "nicht ",
    "pas ",
    "no ",
    "non ",
    "não ",
    "spel",
    "writ",
    " with",
    "actually",
)
_OPENER_NAMES = re.compile(r"\bmy\s+(name|birthday|age|address|email|phone|job|employer|location)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"(?:i|we)(?:['’]?m|['’]re|['’]ve|\s+am|\s+are|\s+have|\s+was)?\s*(?:\s(?:not|never)|\s(?:don|didn|haven|wasn|aren)['’]?t|\s(?:do|did)\s+not)\s",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\b(?:any\s?more|any\s+longer|no\s+longer|used\s+to|yet|until|only)\b", re.IGNORECASE)
_TAIL = re.compile(r"(?:\s*[,(]\s*|\s+)(?:and\s+)?not\s+(?P<old>[^,;:.!?~]{1,40}?)[)\s.!]*$", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:name|called|named)\b", re.IGNORECASE)
_ACTUALLY = re.compile(r"(?:i|we|my)\b[^,.;:]{0,20}?\bactually\b", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)
_BUT = re.compile(r"\s+but\s+(?:(?:in|at|for|as|an?)\s+){0,2}(?P<new>[^,;:.!?~]{1,40}?)[\s.!]*$", re.IGNORECASE)
_THIRD = re.compile(r"(?P<who>he|she)(?=['’\s])", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|wrote|writes|asked|replied|replies|answered|thinks?|thought|translate|story|imagine|if|when|unless|suppose|wish|would|maybe|example|sentence)\b",
    re.IGNORECASE,
)
# "I never lived in Paris" denies as "I don't live in Paris" does, which the fact rules read.
_PAST = tuple(
    (re.compile(pattern, re.IGNORECASE), present)
    for pattern, present in (
        (r"i(?:['’]ve|\s+have)?\s+never\s+(?:lived|been\s+living|moved|resided)\s+(?:in|to)\s+", "I don't live in "),
        (r"i\s+(?:didn['’]?t|did\s+not)\s+(?:live|move)\s+(?:in|to)\s+", "I don't live in "),
        (r"i(?:['’]ve|\s+have)?\s+never\s+(?:worked|been\s+employed)\s+(?=at\s|for\s|as\s)", "I don't work "),
        (r"i\s+(?:didn['’]?t|did\s+not)\s+work\s+(?=at\s|for\s|as\s)", "I don't work "),
        (r"i(?:['’]ve|\s+have|\s+was|\s+am)?\s*(?:['’]m)?\s+never\s+(?:been\s+)?(?=married|engaged|divorced|an?\s|vegan|vegetarian)", "I'm not "),
        (r"i\s+(?:wasn['’]t|was\s+not)\s+(?=married|engaged|divorced|an?\s|vegan|vegetarian)", "I'm not "),
    )
)  # fmt: skip
_STUDIED = re.compile(
    r"i(?:['’]ve|\s+have)?\s+never\s+(?:studied\s+at|attended)\s+(?P<v>[^,;:.!?~]{2,60}?)[\s.!]*$", re.IGNORECASE
)
_NEVER_SAID = re.compile(
    r"i\s+(?:never\s+(?:said|told\s+you)|(?:didn['’]?t|did\s+not)\s+(?:say|tell\s+you))\s+(?:that\s+)?(?=i\b|my\b|i['’])",
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

    ``opens``: its first word may take something back. ``opened_at``: where the one before did so, if it did.
    """

    text: str
    start: int
    end: int
    opens: bool
    opened_at: int | None


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
            found = _clause(unit, at)
            if found:
                said, opened_at, begin = found
                blanked = text[:opened_at] + " " * (begin - opened_at) + text[begin:]
                return Correction(said.old, said.new, said.attribute, blanked, opened_at, unit.end, said.subject)
    return None


def _units(text: str) -> list[_Unit]:
    found: list[_Unit] = []
    opened: int | None = None
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
            found.append(_Unit(body, sentence.start, end, opens, opened))
        opening = OPENING.match(body) if opens and len(body) < 60 else None
        opened = sentence.start if opening and opening.end() == len(body) else None
    return found


def _follows(last: str, body: str) -> bool:
    """Whether two sentences make one correction: "It's in May. Not June!", "Not Bosch. Siemens."."""
    if len(last) > 100 or last.endswith((",", ":")):
        return False
    denied = last.lower().removeprefix("no, ")
    return body.startswith("Not ") or (denied[:4] == "not " and "," not in denied and " " not in body)


def _starts(unit: _Unit, cues: Sequence[str]) -> list[int]:
    """Where a clause of the sentence may begin that may correct; none behind words that report or suppose."""
    sentence = unit.text
    denies = _holds(sentence.lower(), cues)
    found = [0] if denies or unit.opens or unit.opened_at is not None else []
    if not _holds(sentence, BREAKS):
        return found
    for count, cut in enumerate(BREAK.finditer(sentence)):
        if count == 4 or _REPORTED.search(sentence, 0, cut.start()):
            break
        if denies or _may_open(sentence, cut.end()):
            found.append(cut.end())
    return found


def _clause(unit: _Unit, at: int) -> tuple[Swap, int, int] | None:
    """Reads the clause at ``at``; returns what it says, where its opener begins and where its own words do."""
    carried = unit.opened_at if at == 0 else None
    opening = OPENING.match(unit.text, at)
    star = STAR.match(unit.text, at) if unit.text[at : at + 1] in "*mMnNsS" else None
    if not (opening or star or carried is not None or _holds(unit.text.lower(), _CUES)):
        return None
    begin = _behind(LEAD.match(unit.text, at), at)
    trail = TRAIL.search(unit.text, max(begin, len(unit.text) - 40))
    text = unit.text[: trail.start()] if trail else unit.text
    whole = text[begin:]
    said = swap(whole)
    if opening and not said:
        begin = opening.end()
        said = _named(_opened(text[begin:]), opening.group())
    elif star and not said:
        begin = star.end()
        said = alone(text[begin:])
    elif not said:
        said = _opened(whole) if carried is not None else _unopened(whole)
    start = carried if carried is not None else unit.start + at
    return (said, start, unit.start + begin) if said else None


def _behind(match: re.Match[str] | None, at: int) -> int:
    return match.end() if match else at


def _may_open(text: str, at: int) -> bool:
    first = text[at : at + 16].split(None, 1)[:1]
    return bool(first) and (first[0].rstrip(",.!:;?…-").lower() in FIRST_WORDS or first[0][0] == "*")


def _holds(text: str, parts: Sequence[str]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator costs more than what it looks for
        if part in text:
            return True
    return False


def _named(said: Swap | None, opener: str) -> Swap | None:
    """Takes the attribute from the opener: "you got my name wrong, it's Ana"."""
    named = said and said.attribute is None and _OPENER_NAMES.search(opener)
    return replace(said, attribute=named.group(1).lower()) if said and named else said


def _opened(clause: str) -> Swap | None:
    return (swap(clause) or alone(clause) or _unopened(clause) or _stated(clause)) if clause else None


def _unopened(clause: str) -> Swap | None:
    """Reads what corrects without an opener: one thing and not another, or a denial."""
    tail = _TAIL.search(clause[-60:]) if "not " in clause else None
    if tail and is_value(bare(tail.group("old"))):
        third = _THIRD.match(clause)
        # The rules read "I lives" as they read "he lives"; whom "he" means is for others to find out.
        told = "I" + clause[third.end() :] if third else clause
        found = _stated(told, bare(tail.group("old")))
        if found:
            return Swap(found.old, found.new, found.attribute, third.group("who").lower()) if third else found
    if _DENIES.match(clause):
        return _denial(clause)
    # "My name is actually Anna", "I actually live in Lyon".
    return _stated(clause) if _ACTUALLY.match(clause) else None


def _stated(clause: str, old: str | None = None) -> Swap | None:
    """Reads a full statement: a fact of which there is one, or the name of someone near."""
    named = bool(_CALLED.search(clause))
    for fact in read_facts(clause, None):
        held = fact.single or (named and fact.subject == "user") or (old and fact.attribute in _DENIABLE)
        if held and not fact.negated and (old or fact.attribute != "goal"):
            return Swap(old, fact.value, fact.attribute, fact.subject)
    return None


def _denial(clause: str) -> Swap | None:
    if _ENDED.search(clause):
        return None
    said = _NEVER_SAID.match(clause)
    if said:
        stated = _stated(clause[said.end() :])
        return Swap(stated.new, None, stated.attribute) if stated else None
    studied = _STUDIED.match(clause)
    if studied:
        return Swap(studied.group("v"), None, "school") if is_value(studied.group("v")) else None
    return _denied_fact(_present(clause))


def _present(clause: str) -> str:
    for pattern, present in _PAST:
        match = pattern.match(clause)
        if match:
            return present + clause[match.end() :]
    return clause


def _denied_fact(clause: str) -> Swap | None:
    facts = [fact for fact in read_facts(clause, None) if fact.subject == "user" and fact.attribute in _DENIABLE]
    denied = next((fact for fact in facts if fact.negated), None)
    if denied is None or (denied.attribute == "occupation" and ", but" in clause):
        return None
    if denied.attribute == "employer" and (_WITH.search(clause) or not is_value(bare(denied.value))):
        return None
    but = _BUT.search(clause)
    instead = bare(but.group("new")) if but and is_value(bare(but.group("new"))) else None
    return Swap(denied.value, _instead(denied, facts) or instead, denied.attribute)


def _instead(denied: KeyedFact, facts: list[KeyedFact]) -> str | None:
    """The value told in the same breath: "I'm not 34, I'm 35"."""
    told = (fact for fact in facts if fact.attribute == denied.attribute and not fact.negated)
    return next((fact.value for fact in told), None)
