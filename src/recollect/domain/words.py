"""Words: how a text becomes the stems that are matched, and which words say nothing about what is meant."""

import re
import threading
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol, cast

import Stemmer

_WORD = re.compile(r"[^\W_]+")

STOP_WORDS = frozenset(
    """
    a about above across after afterwards again against ago ain all almost alone along already also although always am
    among an and another any anybody anyhow anyone anything anyway anywhere are aren around as at away back be became
    because become been before behind being below beside besides between beyond both but by came can cannot cause come
    could couldn d did didn do does doesn doing don done down during each either else enough etc even ever every
    everybody everyone everything everywhere far few for former from further get gets getting give given go goes going
    gone got had hadn happen happened happens has hasn have haven having he hence her here hers herself him himself
    his how however i if in indeed instead into is isn it its itself just keep know last later least less let like
    likely ll m made make makes many may maybe me mean might mine more most mostly much must my myself near need
    neither never new next no nobody none nor not nothing now nowhere of off often oh ok okay on once one only onto or
    other others otherwise our ours ourselves out over own per perhaps please put quite rather re really s said same
    say says see seem seems several shall she should shouldn since so some somebody someone something sometime
    sometimes somewhere still such t take taken tell than that the their theirs them themselves then there therefore
    these they thing things this those though through throughout thus till to together too toward towards try two
    under until up upon us use used using various ve very via was wasn we well went were weren what whatever when
    whenever where whether which while who whoever whole whom whose why will with within without won would wouldn yeah
    yes yet you your yours yourself yourselves
    """.split()  # noqa: SIM905 - a list of 290 literals would fill the file
)
"""English words that occur everywhere, question words and the pieces of contractions among them (NLTK's list and
spaCy's, joined and freed of words such as "empty" or "third" that may be the point of a question)."""


class _Stems(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's name


_stemmer = cast(_Stems, Stemmer.Stemmer("english", 0))  # pyright: ignore[reportUnknownMemberType]
_stemmer_lock = threading.Lock()  # a Stemmer keeps its working buffers


def words(text: str) -> list[str]:
    """The text's words in lower case, in order: runs of letters and digits (``don't`` gives ``don`` and ``t``)."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) English stem of a word in lower case."""
    with _stemmer_lock:
        return _stemmer.stemWord(word)


def stems(text: str) -> list[str]:
    """The stems of the text's words, in order, without stop words."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def stem_key(stemmed: str) -> int:
    """A stem as a 63-bit integer: the same in every process, so that an index needs no vocabulary of its own.

    Two of 100,000 stems share a key with a probability of one in a billion, and would then count as one word.
    """
    return int.from_bytes(blake2b(stemmed.encode(), digest_size=8).digest()) >> 1


@lru_cache(maxsize=65_536)
def word_key(word: str) -> int:
    """The key of the stem of a word in lower case, or -1 for a stop word."""
    return -1 if word in STOP_WORDS else stem_key(stem(word))
