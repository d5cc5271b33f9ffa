"""Beginnings: with what words the alternatives of a pattern begin, so that most texts need not be searched for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ALTERNATIVE = re.compile(r"(?:[^|()]|\((?:[^()]|\([^()]*\))*\))+")
_LEAD = re.compile(r"(?P<first>[a-z]+)(?: (?P<second>[a-z]+)(?P<ends>$| ))?(?P<then>.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """How a pattern's alternatives begin: with a whole word, with two of them, or with a part of a word."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    parts: tuple[str, ...]
    short: frozenset[str]
    """The first letters of ``parts``, as many as the shortest has."""

    def any_of(self, words: Sequence[str]) -> bool:
        """Whether one of the words, in lower case, may begin an alternative."""
        if not self.words.isdisjoint(words) or not self.pairs.isdisjoint(pairwise(words)):
            return True
        size = len(next(iter(self.short), ""))
        return any(word[:size] in self.short and word.startswith(self.parts) for word in words)


def beginnings(alternatives: str) -> Beginnings:
    r"""The beginnings of a pattern's alternatives, each of which begins with a letter.

    Args:
        alternatives: such as ``r"no longer|switch\w*|turns? out"``.
    """
    words: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    parts: set[str] = set()
    for alternative in _ALTERNATIVE.findall(alternatives):
        lead = _LEAD.match(alternative)
        if lead is None:
            raise ValueError(f"{alternative!r} does not begin with a letter")
        if lead["second"]:
            pairs.add((lead["first"], lead["second"]))
        elif lead["then"] in ("", " "):
            words.add(lead["first"])
        else:
            parts.add(lead["first"][:-1] if lead["then"] in "?*" else lead["first"])
    size = min(map(len, parts), default=0)
    return Beginnings(
        frozenset(words), frozenset(pairs), tuple(sorted(parts)), frozenset(part[:size] for part in parts)
    )
