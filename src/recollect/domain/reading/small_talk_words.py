"""The phrases of small talk in six languages as one automaton over words, so that a text is matched in microseconds.

The phrases are patterns such as ``(very|so|) good``. Written out they would be millions; as an automaton, in which the
choices of a group lead to the same place, they are some ten thousand steps.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from recollect.domain.reading.small_talk_phrases import english, french, german, italian, portuguese, spanish

START: Final = 0
"""Where any phrase may begin."""
CALLED: Final = 1
"""Where somebody may be named, or thanked for something: after a greeting and the like."""

_GROUP = re.compile(r"\(([^()]*)\)|([^\s()]+)")
_RUN = re.compile(r"(.)\1+")
_STRETCHED = re.compile(r"(.)\1\1|([aiu])\2|([aeiouykhms])\3$|^.{3,}([a-z])\4$|^(?=.{5}).*([aeiou])\5")
"""Letters that people repeat; "Bonn" and "noon" stay what they are."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ı": "i"} | dict.fromkeys("'’‘`´ʼ", ""))
_LANGUAGES = (english, german, french, spanish, italian, portuguese)


def folded(text: str) -> str:
    """The text in lower case, without accents and apostrophes: what people leave out when they type in haste."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_FOLDED))
    return letters if letters.isascii() else "".join(each for each in letters if not unicodedata.combining(each))


def unstretched(word: str) -> str:
    """The word with every run of a letter cut to one."""
    return _RUN.sub(r"\1", word)


class Phrases:
    """The automaton. A state is a number; a word leads from a state to any number of states."""

    def __init__(self) -> None:
        self._steps: dict[tuple[int, str], list[int]] = {}
        self._states = 2
        self._spellings: dict[str, list[str]] = {}
        self.words: set[str] = set()
        for language in _LANGUAGES:
            self._add(language.CALLING, START, (START, CALLED))
            self._add(language.AFTER, CALLED, (START, CALLED))
            self._add(language.PLAIN, START, (START,))
        for word in sorted(self.words):
            self._spellings.setdefault(unstretched(word), []).append(word)

    def after(self, states: Iterable[int], word: str) -> set[int]:
        """The states that a word leads to from any of these."""
        return {state for each in states for state in self._steps.get((each, word), ())}

    def spelled(self, word: str) -> list[str]:
        """The words that may be meant by one with repeated letters (``heyyy``), or the word itself."""
        if word in self.words or not _STRETCHED.search(word):
            return [word]
        return self._spellings.get(unstretched(word), [word])

    def _add(self, patterns: str, begin: int, ends: tuple[int, ...]) -> None:
        for pattern in _entries(patterns):
            self._add_groups(_groups(pattern), begin, ends)
            if pattern != (spelled_out := pattern.translate(_UMLAUTS)):
                self._add_groups(_groups(spelled_out), begin, ends)

    def _add_groups(self, groups: list[list[list[str]]], begin: int, ends: tuple[int, ...]) -> None:
        """Adds one pattern; a group that may be left out keeps the places before it open."""
        places = [begin]
        for at, choices in enumerate(groups):
            rest_may_be_left_out = all([] in later for later in groups[at + 1 :])
            self._states += 1
            target = self._states
            for words in choices:
                for place in places:
                    self._add_words(place, words, (target, *ends) if rest_may_be_left_out else (target,))
            places = [*places, target] if [] in choices else [target]

    def _add_words(self, place: int, words: list[str], targets: tuple[int, ...]) -> None:
        self.words.update(words)
        for word in words[:-1]:
            self._states += 1
            self._steps.setdefault((place, word), []).append(self._states)
            place = self._states
        if words:
            self._steps.setdefault((place, words[-1]), []).extend(targets)


@cache
def phrases() -> Phrases:
    """All phrases; read once, in some tens of milliseconds."""
    return Phrases()


def _entries(patterns: str) -> Iterator[str]:
    for entry in patterns.split(","):
        if pattern := " ".join(entry.split()):
            yield pattern


def _groups(pattern: str) -> list[list[list[str]]]:
    """The pattern's groups in order, each as its choices, each choice as its words."""
    found: list[list[list[str]]] = []
    for match in _GROUP.finditer(pattern):
        choices = match.group(1).split("|") if match.group(1) is not None else [match.group(2)]
        found.append([folded(choice).replace("-", " ").split() for choice in choices])
    return found
