"""Reads what a correction states or denies in full: "I live in Lyon, not Paris", "I never worked at Acme"."""

# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

import re
from dataclasses import replace

from recollect.domain.reading.correction_forms import Swap, abroad
from recollect.domain.reading.correction_words import bare, is_value
from recollect.domain.reading.facts import KeyedFact, read_facts

# What can be denied as a fact; "I don't eat meat" and "I don't like Mondays" tell a taste instead.
_DENIABLE = frozenset(
    {
        "location", "employer", "occupation", "diet", "relationship_status", "name", "spouse", "partner", "origin",
        "birthday", "nationality", "age", "allergy", "condition", "email", "phone", "address", "pet", "vehicle", "school",
    }
)  # fmt: skip
_TAILS = ("not ", "never ", "you said ", "you wrote ")
DENIES = re.compile(
    r"(?:i|we)(?:['’]?m|['’]re|['’]ve|\s+am|\s+are|\s+have|\s+was)?\s*(?:\s(?:not|never)|\s(?:don|didn|haven|wasn|aren)['’]?t|\s(?:do|did)\s+not)\s",
    re.IGNORECASE,
)
# What often follows a negation and is no fact; a look at it spares reading the sentence for facts.
_NO_FACT = re.compile(
    r"(?:\bdo\s+not|\bdon['’]?t|\bdidn['’]?t|\bhaven['’]?t)\s+(?!(?:currently\s+|actually\s+|even\s+|really\s+)?(?:live|living|reside|work|come)\b)|"
    r"\bnot\s+(?:sure|going|really|able|good|feeling|trying|looking|happy|even|too|so|very|that|the|using|familiar|ready|comfortable|"
    r"confident|interested|only|just|certain|here|getting|being|entirely|exactly)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\b(?:any\s?more|any\s+longer|no\s+longer|used\s+to|yet|until|only)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:\s*[,(]\s*|\s+)(?:(?:and\s+)?(?:not|never)|you\s+(?:said|wrote))\s+(?P<old>[^,;:.!?~]{1,40}?)[)\s.!]*$",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:name|called|named)\b", re.IGNORECASE)
_YOU_SAID = re.compile(
    r"(?P<you>you\s+(?:said|say|think|thought|wrote|assumed?|have)\s+(?:that\s+)?)(?=i\b|my\b)[^.;!?]{4,60}?(?P<but>,?\s+but\s+)(?=i\b|my\b)",
    re.IGNORECASE,
)
_ACTUALLY = re.compile(r"(?:i|we|my)\b[^,.;:]{0,20}?\bactually\b", re.IGNORECASE)
_WAS = re.compile(r"^(i)\s+was\s+", re.IGNORECASE)
_WITH = re.compile(r"\bwith\b", re.IGNORECASE)
_BUT = re.compile(r"\s+but\s+(?:(?:in|at|for|as|an?)\s+){0,2}(?P<new>[^,;:.!?~]{1,40}?)[\s.!]*$", re.IGNORECASE)
_THIRD = re.compile(r"(?P<who>he|she)(?=['’\s])", re.IGNORECASE)
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


def told_wrong(clause: str) -> Swap | None:
    """Reads "you said I live in Paris, but I live in Lyon": what was said and what is so."""
    match = _YOU_SAID.match(clause)
    said = stated(clause[match.end("you") : match.start("but")]) if match else None
    so = stated(clause[match.end() :]) if match and said else None
    return replace(so, old=said.new) if said and so and said.attribute == so.attribute else None


def unopened(clause: str) -> Swap | None:
    """Reads what corrects without an opener: one thing and not another, or a denial."""
    tail = _TAIL.search(clause, max(0, len(clause) - 60)) if any(tail in clause for tail in _TAILS) else None
    if tail and is_value(bare(tail.group("old"))):
        third = _THIRD.match(clause)
        # The rules read "I lives" as they read "he lives"; whom "he" means is for others to find out.
        told = ("I" + clause[third.end() : tail.start()]) if third else clause[: tail.start()]
        found = stated(told, bare(tail.group("old")))
        if found:
            return Swap(found.old, found.new, found.attribute, third.group("who").lower()) if third else found
    if DENIES.match(clause):
        return _denial(clause)
    # "My name is actually Anna", "I actually live in Lyon".
    return stated(clause) if _ACTUALLY.match(clause) else abroad(clause, opened=False)


def stated(clause: str, old: str | None = None) -> Swap | None:
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
        claim = stated(_WAS.sub(r"\1'm ", clause[said.end() :]))
        return Swap(claim.new, None, claim.attribute) if claim else None
    studied = _STUDIED.match(clause)
    if studied:
        return Swap(studied.group("v"), None, "school") if is_value(studied.group("v")) else None
    present = _present(clause)
    return None if _NO_FACT.search(present[:40]) else _denied_fact(present)


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
    named = is_value(bare(denied.value)) and not _WITH.search(clause)
    if denied.attribute in {"employer", "location"} and not named:
        return None
    but = _BUT.search(clause)
    instead = bare(but.group("new")) if but and is_value(bare(but.group("new"))) else None
    return Swap(denied.value, _instead(denied, facts) or instead, denied.attribute)


def _instead(denied: KeyedFact, facts: list[KeyedFact]) -> str | None:
    """The value told in the same breath: "I'm not 34, I'm 35"."""
    told = (fact for fact in facts if fact.attribute == denied.attribute and not fact.negated)
    return next((fact.value for fact in told), None)
