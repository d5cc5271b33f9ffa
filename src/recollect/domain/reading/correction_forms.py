"""The elliptic forms of a correction: "Lyon, not Paris", "that's not my name", "she's called Marie, not Maria"."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re
from dataclasses import dataclass

from recollect.domain.reading.correction_words import bare, is_known, is_value
from recollect.domain.reading.fact_subjects import ANIMAL, KIN, relation
from recollect.domain.reading.person_words import CONDITIONS

_V = r"[^,;:.!?~]{1,40}?"
_MAIL = r"[^,;:!?~\s]{1,60}"
_NEW, _OLD = rf"(?P<new>{_V}|{_MAIL})", rf"(?P<old>{_V}|{_MAIL})"
_END = r"[\s.!…]*$"
_NOT = r"(?:not|nicht|pas|no|non|não)"
_IS = r"(?:(?:(?:it|that|this)\s+)?should\s+(?:be|say|read)|(?:it|that|this)(?:['’]?s|\s+is|\s+was)(?:\s+actually)?|its|i\s+(?:actually\s+|clearly\s+)?(?:meant|mean|said)|es\s+ist|das\s+ist|c['’]est|es|è|é)"
_IS_NOT = r"(?:(?:it|that|this)(?:['’]?s\s+not|\s+is\s+not|\s+isn['’]t|\s+wasn['’]t)|(?:ce\s+n['’]est\s+)?pas|no\s+es|non\s+è|não\s+é|nicht|not|no(?=\s)|non(?=\s)|não)"
_SO = r"(?:(?:but|rather|sondern|mais|sino|ma|mas)\s+)?(?:(?:it(?:['’]s|\s+is)|i\s+said|c['’]est|es|è|é)\s+)?(?:rather\s+)?"
_OWNED = {
    "name": "name", "first name": "name", "last name": "last_name", "surname": "last_name", "family name": "last_name", "birthday": "birthday", "date of birth": "birthday",
    "age": "age", "phone number": "phone", "phone": "phone", "number": "phone", "address": "address", "email": "email",
    "email address": "email", "e-mail": "email", "job": "occupation", "occupation": "occupation", "profession": "occupation",
    "employer": "employer", "company": "employer", "hometown": "origin", "home town": "origin", "city": "location",
    "location": "location", "nationality": "nationality", "native language": "language", "mother tongue": "language",
    "blood type": "blood_type", "pronouns": "pronouns", "time zone": "time_zone", "timezone": "time_zone", "car": "vehicle",
    "diet": "diet", "religion": "religion", "star sign": "star_sign",
}  # fmt: skip
_WHAT = "|".join(sorted((re.escape(word) for word in _OWNED), key=len, reverse=True))
_POINTLESS = frozenset({"part", "thing", "moment", "scene", "place", "time", "person", "way", "bit", "day", "one"})
_MINE = (
    rf"(?:my|our|the(?=\s+name))\s+(?:(?P<kin>{KIN}|{ANIMAL})(?:['’]s?\s+name(?=['’\s])|(?=(?:['’]s|\s+is)\s+(?:called|named)))|"
    rf"favou?rite\s+(?P<favourite>\w+)|(?P<what>{_WHAT}))"
)
_BEING = r"(?:['’]s|\s+is|\s+are)\s+(?:called\s+|named\s+|spelled\s+|spelt\s+)?"
_NOT_BEING = r"(?:\s+isn['’]t|\s+is\s+not|['’]s\s+not)\s+"
_THEIR = r"(?:(?P<owner>his|her|their|its)\s+name|(?P<who>he|she|they|it)(?=(?:['’]s|\s+is|['’]re|\s+are)\s+(?:called|named)))"

_SWAPS = tuple(
    re.compile(pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"(?P<is>{_IS}\s+)?{_NEW}(?:,\s*(?:and\s+)?{_NOT}|\s+(?:and\s+)?(?:not|nicht|pas))\s+{_OLD}",
        rf"(?P<is>){_IS_NOT}\s+{_OLD}(?:\s*[,.;]\s*|\s+-+\s+|\s+(?=but\s|sondern\s)){_SO}{_NEW}",
        rf"(?P<is>)i\s+(?:didn['’]t\s+say|never\s+said)\s+{_OLD},?\s+(?:but\s+)?(?:i\s+said\s+)?{_NEW}",
    )
)
_OWN_SWAPS = tuple(
    re.compile(pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"{_MINE}{_BEING}{_NEW}(?:,\s*|\s+)(?:and\s+)?not\s+{_OLD}",
        rf"{_MINE}{_NOT_BEING}{_OLD}(?:(?:,|\s+but)\s*{_SO}{_NEW})?",
        rf"(?:(?:you\s+can|please|everyone|they|people)\s+)?call(?:s)?\s+(?P<me>me)\s+{_NEW},?\s+not\s+{_OLD}",
        rf"{_THEIR}(?:['’]re\s+\w+\s+|{_BEING}){_NEW}(?:,\s*|\s+)not\s+{_OLD}",
        rf"(?P<who>he|she|they|it)(?:['’]s\s+not|['’]re\s+not|\s+is\s+not|\s+isn['’]t)\s+(?:called|named)\s+{_OLD},?\s+(?:but\s+)?(?:(?:he|she|they|it)(?:['’](?:s|re)|\s+(?:is|are))\s+)?(?:called\s+|named\s+)?{_NEW}",
        rf"{_THEIR}{_NOT_BEING}{_OLD},?\s+{_SO}{_NEW}",
    )
)
_RENAMED = re.compile(rf"{_THEIR}(?:['’]re\s+\w+\s+|{_BEING}){_NEW}{_END}", re.IGNORECASE)
_POINTED = re.compile(
    rf"(?:that|this|it)(?:['’]?s\s+not|\s+is\s+not|\s+isn['’]t)\s+(?:(?:my|our|(?P<owner>his|her))\s+(?:(?P<kin>{KIN}|{ANIMAL})['’]s?\s+name|(?P<what>{_WHAT}))|where\s+i\s+(?P<verb>live|work))(?:\s+at\s+all)?{_END}",
    re.IGNORECASE,
)
_THERE = re.compile(
    rf"i(?:['’]ve|\s+have)?\s+(?:don['’]?t|do\s+not|never|didn['’]?t)\s+(?P<verb>live|work)(?:e?d)?\s+there{_END}",
    re.IGNORECASE,
)
_LACKS = re.compile(
    rf"i\s+(?:don['’]?t|do\s+not|never)\s+(?:have|had)\s+(?:an?\s+|any\s+)?(?:(?P<kin>{KIN}|{ANIMAL})|(?P<condition>{'|'.join(CONDITIONS)}))(?=[\s.!…]*$|,\s)",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"(?:(?:it|that|my\s+name)(?:['’]?s|\s+is)\s+)(?:actually\s+)?(?P<how>(?:spelled|spelt|written)\s+)?(?:with\s+(?:an?\s+|one\s+|two\s+)\w{1,2}(?:['’]s)?\s*[:,]\s*)?"
    rf"(?P<new>\w{{2,20}})(?P<letters>,?\s+(?:with|without)\s+(?:an?\s+|one\s+|two\s+|the\s+)\w{{1,2}}(?:['’]?s)?)?{_END}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?:{_IS}\s+)?(?P<new>{_V}|{_MAIL}){_END}", re.IGNORECASE)
# The plainest statements in other languages, which the fact rules do not read.
_ABROAD = tuple(
    (re.compile(rf"(?:{start})\s+(?P<new>{_V})(?:,?\s+{_NOT}\s+(?P<old>{_V}))?{_END}", re.IGNORECASE), attribute)
    for start, attribute in (
        (r"ich\s+(?:wohne|lebe)\s+in|j['’]habite|je\s+vis|(?:yo\s+)?vivo|abito|moro", "location"),
        (r"ich\s+arbeite\s+bei|je\s+travaille|trabajo\s+en|lavoro|trabalho\s+na?", "employer"),
        (r"ich\s+heiße|mein\s+name\s+ist|je\s+m['’]appelle|me\s+llamo|mi\s+chiamo|o?\s*meu\s+nome\s+é", "name"),
    )
)


@dataclass(frozen=True, slots=True)
class Swap:
    """What a form says: the value that is wrong, the one in its place, of what, and of whom."""

    old: str | None
    new: str | None
    attribute: str | None = None
    subject: str = "user"


def swap(clause: str) -> Swap | None:
    """Reads the forms that need no opener."""
    return _own_swap(clause) or _bare_swap(clause) or _denied(clause) or _spelled(clause)


def alone(clause: str, *, apart: bool = True, sure: bool = False) -> Swap | None:
    """Reads a single value: what is left of "no, Lyon" and "I meant Lyon" without the opener.

    Args:
        clause: what follows the opener.
        apart: a comma or the like stands between, else the value must follow "it's": no heading is "No Heads".
        sure: only a value that the word lists know will do.
    """
    match = _ALONE.match(clause)
    if not match or not (apart or match.start("new")):
        return None
    value = bare(match.group("new"))
    return Swap(None, value) if (is_known(value) if sure else is_value(value)) else None


def abroad(clause: str, *, opened: bool) -> Swap | None:
    """Reads "ich wohne in Bonn, nicht in Köln"; without an opener only when the wrong value is named."""
    for pattern, attribute in _ABROAD:
        match = pattern.match(clause)
        if match:
            new, old = bare(match.group("new")), bare(match.group("old") or "")
            if is_value(new) and (is_value(old) or (opened and not old)):
                return Swap(old or None, new, attribute)
    return None


def renamed(clause: str) -> Swap | None:
    """Reads "his name is Max", behind an opener: of somebody near who was just spoken of."""
    match = _RENAMED.match(clause)
    new = bare(match.group("new")) if match else ""
    return Swap(None, new, "name", _subject(match.groupdict())) if match and is_value(new) else None


def _bare_swap(clause: str) -> Swap | None:
    for pattern in _SWAPS:
        match = pattern.match(clause)
        if match:
            old, new = bare(match.group("old")), bare(match.group("new"))
            initial = match.start("new") == 0
            if is_value(old) and is_value(new, initial=initial) and old != new:
                return Swap(old, new)
    return None


def _own_swap(clause: str) -> Swap | None:
    for pattern in _OWN_SWAPS:
        match = pattern.match(clause)
        if match:
            found = _of_owner(match)
            if found:
                return found
    return None


def _of_owner(match: re.Match[str]) -> Swap | None:
    groups = match.groupdict()
    new = bare(groups["new"]) if groups.get("new") else None
    old = bare(groups["old"])
    favourite = (groups.get("favourite") or "").lower()
    short = bool(favourite) and all(part is None or len(part.split()) < 3 for part in (old, new))
    if favourite in _POINTLESS or not (short or (is_value(old) and (new is None or is_value(new)))):
        return None
    return Swap(old, new, _attribute(groups), _subject(groups))


def _attribute(groups: dict[str, str | None]) -> str:
    kin, favourite, what = groups.get("kin"), groups.get("favourite"), groups.get("what")
    if kin:
        return relation(kin)[0]
    if favourite:
        return f"favourite_{favourite.lower()}"
    return _OWNED[" ".join(what.lower().split())] if what else "name"


def _subject(groups: dict[str, str | None]) -> str:
    word = (groups.get("owner") or groups.get("who") or "").lower()
    return {"his": "he", "her": "she", "their": "they", "its": "it"}.get(word, word) or "user"


def _denied(clause: str) -> Swap | None:
    pointed = _POINTED.match(clause)
    if pointed:
        groups = pointed.groupdict()
        verb = {"live": "location", "work": "employer"}.get((groups.get("verb") or "").lower())
        return Swap(None, None, verb or _attribute(groups), _subject(groups))
    there = _THERE.match(clause)
    if there:
        return Swap(None, None, {"live": "location", "work": "employer"}[there.group("verb").lower()])
    lacks = _LACKS.match(clause)
    if lacks and lacks.group("condition"):
        return Swap(lacks.group("condition"), None, "condition")
    return Swap(None, None, relation(lacks.group("kin"))[0]) if lacks else None


def _spelled(clause: str) -> Swap | None:
    match = _SPELLED.match(clause)
    if not match or not (match.group("how") or match.group("letters")):
        return None
    name = match.group("new")
    return Swap(None, name, "name") if is_known(name) or name[0].isupper() else None
