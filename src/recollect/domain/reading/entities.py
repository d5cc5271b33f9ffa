"""Reads names of people, places and organisations, dates and numbers, by rules and small gazetteers.

A run of capitalised words is a name; what stands in it, before it and after it tells what it names. The first word of a
sentence is capitalised anyway, so it counts only when a gazetteer knows it or more capitals follow.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from recollect.domain.reading.entity_kinds import Run, kind_of
from recollect.domain.reading.entity_words import COMMON_STARTS, KIN_NAMES, NEVER, TITLES
from recollect.domain.reading.gazetteer import CITIES, COUNTRIES, ORGANISATIONS, PLACES, WORD_PLACES
from recollect.domain.reading.names import AMBIGUOUS_NAMES, FIRST_NAMES
from recollect.domain.reading.person_words import NATIONALITIES
from recollect.domain.reading.sentences import READ_LIMIT
from recollect.domain.reading.time_words import NUMBERS
from recollect.domain.reading.when import find_times
from recollect.domain.record import EntityMention, EntityType

_UPPER = "A-ZÀ-ÖØ-Þ"
_WORD = rf"(?!I\b)(?:(?:St|Dr|Mr|Mrs|Ms|Prof|Mt)\.|[{_UPPER}](?:[\w&]|['’-](?=\w))*|[a-z]{{1,2}}[A-Z]\w+)"
_RUN = re.compile(rf"(?<!\w){_WORD}(?:\s(?:(?:of|de|del|da|do|la|le|of\sthe)\s)?{_WORD}){{0,5}}")
_COUNTS = "|".join(word for word in NUMBERS if word not in {"zero", "one"})
_NUMBER = re.compile(
    rf"(?<![\w.])[$€£]?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w]|[.,]\d)|\b(?P<word>{_COUNTS})\b",
    re.IGNORECASE,
)
_LOWER_NAME = re.compile(
    r"\b(?P<cue>in|to|from|near|with|and|named|called|sister|brother|friend|wife|husband|at|for)\s+"
    r"(?P<name>[a-zà-ÿ]{2,20}(?:\s[a-zà-ÿ]{2,20})?)"
)
_AND = re.compile(r",?\s+(?:and|&)\s+|,\s+")
_PAIRED = frozenset({EntityType.PERSON, EntityType.PLACE})
_CAPITAL = re.compile(rf"[{_UPPER}]")


def read_entities(text: str, speaker: str | None) -> tuple[EntityMention, ...]:
    """Reads the entities that ``text`` names, in order of appearance; none overlap.

    Args:
        text: any text; only the first 20,000 characters are read.
        speaker: who says it; their own name in the text is a person's, whatever else it might be.
    """
    text = text[:READ_LIMIT]
    found = [EntityMention(hit.text, hit.name, EntityType.DATE, hit.start, hit.end) for hit in find_times(text)]
    taken = [(mention.start, mention.end) for mention in found]
    found += _free(_numbers(text), taken)
    names = (
        _paired(text, list(_names(text, speaker))) if _CAPITAL.search(text.replace("I ", "  ")) else _lower_names(text)
    )
    found += _free(names, taken)
    return tuple(sorted(found, key=lambda mention: mention.start))


def _free(mentions: Iterable[EntityMention], taken: list[tuple[int, int]]) -> list[EntityMention]:
    """Drops what lies inside an expression of time. Both come in order, so one pass is enough."""
    kept: list[EntityMention] = []
    at = 0
    for mention in mentions:
        while at < len(taken) and taken[at][1] <= mention.start:
            at += 1
        if at == len(taken) or taken[at][0] >= mention.end:
            kept.append(mention)
    return kept


def _numbers(text: str) -> Iterable[EntityMention]:
    for match in _NUMBER.finditer(text):
        digits = match.group("digits")
        name = digits.replace(",", "") if digits else str(NUMBERS[match.group("word").lower()])
        yield EntityMention(match.group(), name, EntityType.NUMBER, match.start(), match.end())


def _names(text: str, speaker: str | None) -> Iterable[EntityMention]:
    shouting = sum(map(str.isupper, text)) * 2 > sum(map(str.isalpha, text))
    own = (speaker or "").lower()
    for match in _RUN.finditer(text):
        run = _trimmed(text, match, shouting)
        if run is None:
            continue
        kind = EntityType.PERSON if run.text.lower() == own else kind_of(run)
        yield EntityMention(run.text, run.text, kind, run.start, run.start + len(run.text))


def _paired(text: str, names: list[EntityMention]) -> list[EntityMention]:
    """Names joined by "and" name the same kind of thing: with Anna, so with "Anna and Ngozi"."""
    for at in range(len(names) - 1):
        first, second = names[at], names[at + 1]
        if not _AND.fullmatch(text, first.end, second.start):
            continue
        if first.type in _PAIRED and second.type is EntityType.OTHER:
            names[at + 1] = replace(second, type=first.type)
        elif second.type in _PAIRED and first.type is EntityType.OTHER:
            names[at] = replace(first, type=second.type)
    return names


def _trimmed(text: str, match: re.Match[str], shouting: bool) -> Run | None:
    """Cuts off opening words and titles; None when no name is left."""
    start, words = match.start(), match.group().split(" ")
    initial = _opens_sentence(text, start)
    title = False
    while words and _is_opening(words, initial):
        title = words[0].lower() in TITLES
        start += len(words[0]) + 1
        words, initial = words[1:], False
    while words and words[0] in {"of", "de", "del", "da", "do", "la", "le", "the"}:
        start += len(words[0]) + 1
        words = words[1:]
    body = " ".join(words)
    run = Run(text, start, body, initial, title)
    if run.after_possessive:
        body = re.sub(r"['’]s$", "", body)
        run = Run(text, start, body, initial, title)
    return run if body and _is_name(run, shouting) else None


def _is_opening(words: list[str], initial: bool) -> bool:
    """Tells whether the first word of a run is a title or just opens the sentence."""
    word = words[0].lower()
    if word in NEVER and word != "us":
        return True
    if word in TITLES:
        return len(words) > 1
    known = word in FIRST_NAMES or word in PLACES or word in ORGANISATIONS
    if word == "the":
        return initial or (words[0] == "The" and len(words) == 1)
    return word in COMMON_STARTS and initial and not known


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip()
    return not before or before[-1] in ".!?:;\n\"“'‘(-–—*•~" or "\n" in text[max(0, start - 3) : start]


def _is_name(run: Run, shouting: bool) -> bool:
    lowered = run.text.lower()
    words = lowered.split(" ")
    known = lowered in PLACES or lowered in ORGANISATIONS
    if lowered in WORD_PLACES and run.initial:
        return False
    if len(words) == 1:
        if words[0] in NATIONALITIES or words[0] in NEVER or len(words[0]) < 2:
            return False
        if run.text.isupper() and not known:
            return False
        if run.initial and not run.title:
            return known or _is_first_name(words[0], run)
        return known or words[0] in FIRST_NAMES or words[0] not in COMMON_STARTS
    return not shouting or known


def _is_first_name(word: str, run: Run) -> bool:
    if word in KIN_NAMES:
        return True
    if word.split("-", maxsplit=1)[0] not in FIRST_NAMES and not re.match(r"(?:O['’]|Mc)[A-Z]", run.text):
        return run.reads_as_name
    return word not in AMBIGUOUS_NAMES or run.reads_as_person


def _lower_names(text: str) -> Iterable[EntityMention]:
    """Names in a text without capitals: only those that the gazetteers know, behind a word that names take."""
    for match in _LOWER_NAME.finditer(text):
        pair = match.group("name")
        for name in (pair, pair.split(" ")[0]):
            kind = _lower_kind(name, match.group("cue"))
            if kind:
                start = match.start("name")
                yield EntityMention(name, name.title(), kind, start, start + len(name))
                break


def _lower_kind(name: str, cue: str) -> EntityType | None:
    if cue in {"in", "to", "from", "near"} and (name in COUNTRIES or name in CITIES):
        return EntityType.PLACE
    if cue in {"at", "for"} and name in ORGANISATIONS and name not in {"visa", "meta", "shell", "zoom", "apple"}:
        return EntityType.ORGANISATION
    if cue not in {"in", "at", "from", "near", "to"} and name in FIRST_NAMES and name not in AMBIGUOUS_NAMES:
        return EntityType.PERSON
    return None
